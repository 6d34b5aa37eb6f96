"""What the audit finds in the two papers that come along, checked against arithmetic done by hand."""

import json
from collections import Counter
from functools import cache

import pytest

from cunzhi.evaluation.audit.check import Check, Severity
from cunzhi.studies.audit.reading import read_paper, shipped
from cunzhi.studies.audit.report import Audit, as_html, as_json, as_text, audit
from cunzhi.studies.audit.words import catalogue

KOU = {
    "stars": (Severity.ERROR, 1),
    "same_cell": (Severity.ERROR, 1),
    "product_test": (Severity.ERROR, 2),
    "instrument": (Severity.ERROR, 1),
    "sentence": (Severity.ERROR, 3),
    "mediation_identity": (Severity.WARNING, 1),
    "r2_gain": (Severity.WARNING, 2),
    "standardised": (Severity.WARNING, 1),
    "evidence": (Severity.WARNING, 5),
    "sample": (Severity.NOTE, 1),
}
WANG = {
    ("sentence", Severity.ERROR): 1,
    ("difference", Severity.ERROR): 1,
    ("national_mean", Severity.WARNING): 1,
    ("percentage_points", Severity.WARNING): 1,
    ("precision", Severity.NOTE): 3,
    ("sentence", Severity.NOTE): 1,
}


@cache
def audited(name: str) -> Audit:
    return audit(read_paper(shipped()[name], name=name))


def counted(found: Audit) -> Counter[tuple[str, Severity]]:
    return Counter((check.rule, check.severity) for check in found.findings)


def only(name: str, rule: str, severity: Severity, part: str = "") -> Check:
    found = [check for check in audited(name).having(severity) if check.rule == rule and part in str(check)]
    assert len(found) == 1
    return found[0]


def test_kou_has_these_findings_and_no_more() -> None:
    expected = Counter({(rule, severity): count for rule, (severity, count) in KOU.items()})
    expected["stars", Severity.NOTE] = 1
    assert counted(audited("kou_2025")) == expected


def test_wang_has_these_findings_and_no_more() -> None:
    assert counted(audited("wang_2024")) == Counter(WANG)


def test_kou_bold_cell_lost_its_stars() -> None:
    found = only("kou_2025", "stars", Severity.ERROR)
    assert (found.printed, found.expected, found.because) == ("0.342* (0.048)", "***", ("bold_asterisks",))
    said = only("kou_2025", "sentence", Severity.ERROR, "0.342*")
    assert "numbers_side_with_sentence" in said.because


@pytest.mark.parametrize(("printed", "sobel"), [("3.85***", "4.853 … 4.965"), ("3.62***", "4.391 … 4.483")])
def test_kou_sobel_from_its_parts(printed: str, sobel: str) -> None:
    found = only("kou_2025", "product_test", Severity.ERROR, printed)
    assert found.printed == printed
    assert found.expected.startswith(f"Sobel {sobel}")


def test_kou_identity_holds_for_one_mediator_and_not_for_the_other() -> None:
    held = only("kou_2025", "mediation_identity", Severity.HELD)
    assert (held.printed, held.expected) == ("0.131 … 0.133", "0.1312 … 0.1321")
    apart = only("kou_2025", "mediation_identity", Severity.WARNING)
    assert (apart.printed, apart.expected) == ("0.143 … 0.145", "0.1322 … 0.133")


def test_kou_counts_and_growth_hold() -> None:
    held = Counter(check.rule for check in audited("kou_2025").having(Severity.HELD))
    assert held["sample"] == 3
    assert held["growth"] == 6
    assert only("kou_2025", "sample", Severity.NOTE).blanks["left"] == "36"


def test_wang_means_differences_and_ratio_hold() -> None:
    held = Counter(check.rule for check in audited("wang_2024").having(Severity.HELD))
    assert held["mean"] == 8
    assert held["difference"] == 6 + 6 + 1
    assert held["ratio"] == 1


def test_wang_sentence_has_the_number_of_the_whole_country() -> None:
    found = only("wang_2024", "sentence", Severity.ERROR)
    assert found.printed == "72%"
    assert found.because == ("other_cell",)
    assert "countrywide: 72" in str(found.blanks["elsewhere"])
    assert only("wang_2024", "difference", Severity.ERROR).expected == "7.75 … 8.85"
    assert only("wang_2024", "sentence", Severity.NOTE).printed == "28,161"


def test_wang_weights_of_income_are_smooth_and_those_of_internet_are_not() -> None:
    found = only("wang_2024", "national_mean", Severity.WARNING)
    assert {place.table for place in found.places} == {"2"}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", ["kou_2025", "wang_2024"])
def test_reports_say_every_finding(name: str, language: str) -> None:
    found = audited(name)
    text = as_text(found, language, everything=True)
    assert text.count("\n\n") >= len(found.checks)
    page = as_html(found, language)
    assert page.count('<th scope="row"') == len(found.checks)
    assert "<b>" not in page
    plain = json.loads(as_json(found))
    assert [check["rule"] for check in plain["checks"]] == [check.rule for check in found.checks]
    assert all(check["says"]["zh_Hans"] and check["says"]["en"] for check in plain["checks"])


def test_sentences_are_the_same_in_both_languages() -> None:
    assert catalogue("en").keys() == catalogue("zh-hans").keys()
