"""Scenarios with mistakes in them: each is named with its file, its line and what to do; none is taken in silence."""

import pytest
from folders import line_of, problems, rules, spoilt

from cunzhi.engine.loader import folders, read_files
from cunzhi.engine.rules_source import load_rules

DEED, PROBLEM = "workflows/deed.yaml", "workflows/problem.yaml"
LEADING_OUT = [
    "import os",
    "from os import path",
    "import cunzhi.engine.models",
    "from typing import sys",
    "from math import __loader__",
    "from . import deed",
    "import typing\ndef f(facts):\n    return typing.sys.modules",
    "def f(facts):\n    return open('/etc/passwd')",
    "def f(facts):\n    return eval('1')",
    "def f(facts):\n    exec('1')",
    "def f(facts):\n    return __import__('os')",
    "def f(facts):\n    return __builtins__['open']",
    "def f(facts):\n    return getattr(facts, 'answers')",
    "def f(facts):\n    return ().__class__.__mro__",
    "def f(facts):\n    return facts._hidden",
    "def f(facts):\n    return (x for x in ()).gi_frame.f_builtins",
    "def f(facts):\n    match facts:\n        case object(__class__=kind):\n            return kind",
    "from typing import get_type_hints",
    "class Rule:\n    pass",
    "def f(facts):\n    while True:\n        pass",
    "def f(facts):\n    try:\n        return 1\n    except ValueError:\n        return 2",
    "def f(facts):\n    global seen\n    seen = 1",
]


def test_sound_scenarios_have_no_problems() -> None:
    assert [problems(slug, read_files(folder)) for slug, folder in folders().items()] == [[]] * len(folders())


def test_mistyped_key_is_named_with_line_and_suggestion() -> None:
    line = line_of("points", DEED, "    decides: grant")
    (said,) = spoilt("points", DEED, "    decides: grant", "    decide: grant")
    assert said == f"points/{DEED}:{line}: transitions.approve.decide: unknown key; did you mean decides?"


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        ("manifest.yaml", "days_kept: 730", "days_kept: ten", "days_kept: "),
        ("manifest.yaml", "pillar: virtue\n", "", "pillar: is missing"),
        ("manifest.yaml", "slug: points", "slug: point", "manifest.yaml:1: slug: the folder is called points"),
        ("manifest.yaml", "pillar: virtue", "pillar: yes", "pillar"),
        ("forms/deed.yaml", "type: date", "type: day", "forms/deed.yaml:9: fields[1].type"),
        ("forms/deed.yaml", "{parameter: tariff}", "{parameter: tarif}", "did you mean tariff?"),
        (DEED, "only_if: [not_too_often]", "only_if: [not_to_often]", "did you mean not_too_often?"),
        (DEED, "only_if: [not_too_often]", "only_if: [pieces]", "the rule pieces must return `Answer` here"),
        (DEED, "amount: points_for_deed", "amount: pot_covers", "the rule pot_covers must return `int` here"),
        (DEED, "by: [resident]", "by: [residents]", "did you mean resident?"),
        (DEED, "to: subject, message: received", "to: subjct, message: received", "did you mean subject?"),
        (DEED, "message: received", "message: recieved", "did you mean received?"),
        (DEED, "from: pot, to", "from: pots, to", "account of the book points is called 'pots'; did you mean pot?"),
        (DEED, "days: objection_days", "days: objections_days", "did you mean objection_days?"),
        (DEED, "working_days: appeal_days", "working_days: tariff", "no single number is called 'tariff'"),
        (DEED, "form: deed", "form: deeds", "no form is called 'deeds'; did you mean deed?"),
        (DEED, "ladder: [village_cadre", "ladder: [vilage_cadre", "did you mean village_cadre?"),
        (DEED, "open:\n", "days_kept: 731\nopen:\n", "`days_kept` is more than the 730 days of the manifest"),
        (DEED, "undo: approve", "undo: aprove", "no transition is called 'aprove'; did you mean approve?"),
        ("manifest.yaml", "appraiser, supervisor", "apraiser, supervisor", "no role is called 'apraiser'"),
        ("messages/en.yaml", "received:", "recieved:", "the sentence 'received' is missing"),
        ("messages/en.yaml", "({deed})", "", "the blanks differ from the Chinese sentence's"),
        ("rules.py", 'facts.known["pot_left"]', 'facts.known["pot_lft"]', "did you mean pot_left?"),
        ("rules.py", 'facts.numbers["daily_cap"]', 'facts.numbers["cap_daily"]', "no parameter is called 'cap_daily'"),
        ("rules.py", 'facts.answers["deed"]', 'facts.answers["dead"]', "no field is called 'dead'; did you mean deed?"),
        ("rules.py", 'no("too_often", most=most)', 'no("too_often")', "nothing fills the blank {most}"),
        ("rules.py", 'no("too_often"', 'no("too_oftn"', "no message is called 'too_oftn'; did you mean too_often?"),
        ("rules.py", "def pieces(facts: Facts)", "def pieces()", "the rule pieces must take `facts: Facts`"),
        ("rules.py", "def pieces", "1 / 0\n\n\ndef pieces", "fails when it is read: ZeroDivisionError"),
        ("parameters.yaml", "value: 20", "value: 2000", "a number lies outside 1 to 1000"),
        ("parameters.yaml", "repair_public: 6", "repair_publik: 6", "unknown rows: repair_publik"),
    ],
)
def test_mistake_in_points_is_said(path: str, old: str, new: str, said: str) -> None:
    found = spoilt("points", path, old, new)
    assert any(said in problem for problem in found), found


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("by: [subject], form: appeal", "by: [supervisor], form: appeal", "the subject cannot appeal from 'refused'"),
        ("to: refused\n    by: [appraiser]", "to: closed\n    by: [appraiser]", "this refusal ends the case"),
        ("to: closed\n    by: [township_officer]", "to: closed\n    by: [supervisor]", "not at the level of village"),
        ("by: [appraiser]\n    decides: grant", "by: [subject]\n    decides: grant", "a decision is taken by a role"),
        ("by: [appraiser]\n    decides: grant", "by: [timer]\n    decides: grant", "a decision is taken by a role"),
        ("by: [supervisor]\n    decides: grant\n", "by: [supervisor]\n", "so say `decides: grant`"),
        (
            "from: [published], to: credited",
            "from: [published, objected], to: credited",
            "the timer would grant what nobody",
        ),
    ],
)
def test_broken_promise_is_said(old: str, new: str, said: str) -> None:
    found = spoilt("points", DEED, old, new)
    assert any(said in problem for problem in found), found


def test_refusal_by_two_levels_is_appealed_above_the_higher_one() -> None:
    found = spoilt(
        "living_environment",
        PROBLEM,
        "by: [grid_head, village_cadre]\n    decides",
        "by: [grid_head, township_officer]\n    decides",
    )
    assert any("an appeal is decided a level above the refusal" in problem for problem in found), found


def test_timer_that_decides_is_refused() -> None:
    found = spoilt("points", DEED, "do: credit", "do: approve")
    assert any("the timer's `do` must be a transition from here" in problem for problem in found), found


def test_state_that_is_never_reached_is_refused() -> None:
    found = spoilt("points", DEED, "from: [published], to: objected", "from: [objected], to: objected")
    line = line_of("points", DEED, "  objected:")
    assert f"points/{DEED}:{line}: no transition leads to 'objected' from the beginning" in found


def test_state_without_an_end_is_refused() -> None:
    closed = "  expired: {title"
    found = spoilt("points", "workflows/redeem.yaml", closed, "  round: {title: {zh_Hans: 转, en: Round}}\n" + closed)
    assert any("no transition leads to 'round'" in problem for problem in found), found
    assert any("from 'round' the case never comes to an end" in problem for problem in found), found


def test_free_text_is_not_made_public() -> None:
    files = read_files(folders()["points"])
    for name in ("zh_Hans", "en"):
        path = f"messages/{name}.yaml"
        files[path] = files[path].replace('published: "{name}', 'published: "{note}{name}')
    assert any("would make the free text {note} public" in problem for problem in problems("points", files))


def test_sentence_that_nobody_says_is_named() -> None:
    files = read_files(folders()["points"])
    for name in ("zh_Hans", "en"):
        files[f"messages/{name}.yaml"] += 'forgotten: "x"\n'
    assert any("nobody says 'forgotten'" in problem for problem in problems("points", files))


def test_subject_of_a_matter_without_one_is_refused() -> None:
    found = spoilt("living_environment", PROBLEM, "notify: {to: opener", "notify: {to: subject")
    assert any("no receiver is called 'subject'" in problem for problem in found), found


def test_work_can_only_be_given_to_workers() -> None:
    found = spoilt("living_environment", PROBLEM, "assigns: worker", "assigns: worked")
    assert any("its form has no field 'worked' with `choices_from: {lookup: workers}`" in one for one in found), found


def test_missing_file_is_named() -> None:
    files = {path: text for path, text in read_files(folders()["points"]).items() if path != "manifest.yaml"}
    assert problems("points", files) == ["points/manifest.yaml:1: the file is missing"]


def test_all_mistakes_are_told_at_once() -> None:
    files = read_files(folders()["points"])
    files["manifest.yaml"] = files["manifest.yaml"].replace("days_kept: 730", "days_kept: long")
    files["forms/deed.yaml"] = files["forms/deed.yaml"].replace("minutes: 2", "minute: 2")
    files["rules.py"] = f"import os\n{files['rules.py']}"
    names = {problem.split(":")[0] for problem in problems("points", files)}
    assert names == {"points/manifest.yaml", "points/forms/deed.yaml", "points/rules.py"}


def test_too_long_a_scenario_is_refused() -> None:
    files = read_files(folders()["points"])
    files["rules.py"] += "\nONE = 1" * 150
    files["messages/en.yaml"] += "# a comment costs nothing\n" * 300
    found = problems("points", files)
    assert any("a scenario has at most 150 of Python" in problem for problem in found)
    assert not any("of YAML" in problem for problem in found)
    files["parameters.yaml"] += "x:\n  y: 1\n"
    assert problems("points", files)


@pytest.mark.parametrize("text", LEADING_OUT)
def test_rule_that_leads_out_is_refused(text: str) -> None:
    assert rules(text) != []


def test_rule_that_only_looks_is_taken() -> None:
    text = (
        "import hashlib\nfrom datetime import timedelta\ndef late(facts):\n    return facts.now - timedelta(days=1)\n"
    )
    assert rules(text) == []


def test_rules_have_no_dangerous_builtins_even_when_nobody_looked() -> None:
    module = load_rules("points", "def f():\n    return open('/etc/passwd')\ndef g():\n    import os\n    return os\n")
    with pytest.raises(NameError):
        module.f()
    with pytest.raises(ImportError):
        module.g()


def test_rule_without_its_words_is_named() -> None:
    found = spoilt("points", "messages/zh_Hans.yaml", "pot_covers: 积分池余额足够,", "")
    assert any("approve: the messages do not say under rule: pot_covers" in problem for problem in found)
