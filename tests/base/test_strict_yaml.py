"""Strict YAML: what is written is what is meant, and mistakes are named with file and line."""

from datetime import date, time
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, field_validator

from cunzhi.base.strict_yaml import YamlRefused, load, load_as


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Colour(Enum):
    RED = "red"


class TextField(Strict):
    kind: Literal["text"]
    label: str
    text: str = ""


class AmountField(Strict):
    kind: Literal["amount"]
    most: int


class Form(Strict):
    title: str
    version: int
    open_to_all: bool = False
    valid_from: date | None = None
    opens_at: time | None = None
    rate: Decimal = Decimal(0)
    colour: Colour = Colour.RED
    fields: tuple[Annotated[TextField | AmountField, Field(discriminator="kind")], ...] = ()
    labels: dict[str, TextField] = {}
    choice: TextField | int = 0
    anything: Any = None

    @field_validator("title")
    @classmethod
    def not_bad(cls, title: str) -> str:
        if title == "bad":
            raise ValueError("the title must not be bad")
        return title


def problems(text: str) -> list[str]:
    with pytest.raises(YamlRefused) as refused:
        load_as(Form, text, name="f.yaml")
    assert str(refused.value).splitlines() == [str(problem) for problem in refused.value.problems]
    return [str(problem) for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("true", True), ("false", False), ("yes", "yes"), ("no", "no"), ("on", "on"), ("off", "off"), ("True", "True"),
        ("0", 0), ("12", 12), ("-3", -3), ("0123", "0123"), ("500113", 500113), ("0x1F", "0x1F"), ("0o17", "0o17"),
        ("1_000", "1_000"), ("1:30", "1:30"), ("09:00", "09:00"), ("1.5", 1.5), (".5", 0.5), ("1e3", 1000.0),
        ("01.5", "01.5"), ("1.2.3", "1.2.3"), (".inf", ".inf"), ("null", None), ("~", None), ("", None),
        ("2026-07-01", date(2026, 7, 1)), ("2026-7-1", "2026-7-1"), ("'12'", "12"), ("!!str 12", "12"),
        ('"yes"', "yes"),
    ],
)  # fmt: skip
def test_load_scalar_as_yaml_1_2_means_it(written: str, meant: object) -> None:
    value = load(f"a: {written}", name="f.yaml")["a"]
    assert value == meant
    assert type(value) is type(meant)


def test_load_empty_text_is_nothing() -> None:
    assert load("# only a comment\n", name="f.yaml") is None


def test_load_duplicate_keys_names_all_of_them_with_their_first_line() -> None:
    with pytest.raises(YamlRefused) as refused:
        load("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n", name="f.yaml")
    assert str(refused.value) == (
        "f.yaml:4: b.c: the key is already there in line 3\nf.yaml:5: a: the key is already there in line 1"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 2026-02-30", "f.yaml:1: a: '2026-02-30' is not a day of the calendar"),
        ("a:\n\tb: 1", "f.yaml:2: a tab indents this line; use spaces"),
        ("a: 1\nb: @x", "f.yaml:2: a text that begins with @ needs quotes"),
        ("a: [1,\n2\n", "(while parsing a flow sequence that begins in line 1)"),
        ("a: 1\n---\nb: 2", "f.yaml:2: but found another document"),
        ("a: 1\nb: \x07", "f.yaml:2: holds a control character"),
        ("a: *unknown", "f.yaml:1: found undefined alias"),
        ("a: !!python/object/apply:os.getcwd []", "the tag !!python/object/apply:os.getcwd is not understood"),
        ("a: !secret x", "the tag !secret is not understood"),
        ("a: {<<: {b: 1}}", "merging with <<"),
        ("? [1]\n: 2", "a key must be a word or a number"),
        ("a: " + "9" * 5000, "is not a number that can be worked with"),
        ("[" * 100_000, "nested more than 40 levels deep"),
        ("a: &a [*a]", "nested more than 40 levels deep"),
    ],
)
def test_load_broken_text_says_what_and_where(text: str, said: str) -> None:
    with pytest.raises(YamlRefused) as refused:
        load(text, name="f.yaml")
    assert said in str(refused.value)


def test_load_alias_repeats_its_anchor() -> None:
    assert load("a: &x [1]\nb: *x", name="f.yaml") == {"a": [1], "b": [1]}


def test_load_billion_laughs_is_refused() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for before, after in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{after}: &{after} [{', '.join(['*' + before] * 9)}]")
    with pytest.raises(YamlRefused, match="aliases repeat too much"):
        load("\n".join(lines), name="f.yaml")


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.dates() | st.text("名a 1:-#'\"%{[", max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3),
    max_leaves=12,
)


@given(plain)
def test_load_gives_back_what_was_dumped(data: object) -> None:
    assert load(yaml.safe_dump(data, allow_unicode=True), name="f.yaml") == data


@given(st.text("ab:-{}[]&*!?|>'\"%#,\n\t 01", max_size=30))
def test_load_any_text_loads_or_is_refused(text: str) -> None:
    try:
        load(text, name="f.yaml")
    except YamlRefused as refused:
        assert all(problem.line >= 1 for problem in refused.problems)


def test_load_as_reads_yaml_types_into_model_types() -> None:
    form = load_as(
        Form,
        "title: 登记\nversion: 2\nopen_to_all: true\nvalid_from: 2026-07-01\nopens_at: 09:00\nrate: 0.1\ncolour: red\n"
        "fields:\n- {kind: amount, most: 3}\nanything: {day: 2026-07-01}\n",
        name="f.yaml",
    )
    assert form.fields == (AmountField(kind="amount", most=3),)
    assert (form.opens_at, form.rate, form.colour) == (time(9), Decimal("0.1"), Colour.RED)
    assert form.valid_from == form.anything["day"] == date(2026, 7, 1)


def test_load_as_mistyped_values_says_each_with_its_line() -> None:
    assert problems("title: 3\nversion: '1'\nopen_to_all: yes\nvalid_from: 2026\nfields: {a: 1}\ncolour: blue") == [
        "f.yaml:1: title: should be a valid string, not 3; put it in quotes",
        "f.yaml:2: version: should be a valid integer, not '1'; write it without quotes and without leading zeros",
        "f.yaml:3: open_to_all: should be a valid boolean, not 'yes'; write true or false without quotes",
        "f.yaml:4: valid_from: should be a valid date, not 2026",
        "f.yaml:5: fields: should be a list",
        "f.yaml:6: colour: should be 'red', not 'blue'",
    ]


def test_load_as_number_with_leading_zero_is_a_text() -> None:
    assert problems("title: a\nversion: 0123") == [
        "f.yaml:2: version: should be a valid integer, not '0123'; write it without quotes and without leading zeros"
    ]


def test_load_as_unknown_keys_names_the_nearest_known_one() -> None:
    assert problems("titel: a\ntitle: a\nversion: 1\nxyz: 1") == [
        "f.yaml:1: titel: unknown key; did you mean title?",
        "f.yaml:4: xyz: unknown key; known here: anything, choice, colour, fields, labels, open_to_all, opens_at, "
        "rate, title, valid_from, version",
    ]


def test_load_as_missing_key_points_at_the_parent_that_is_there() -> None:
    assert problems("version: 1\nlabels:\n  one:\n    kind: text\n") == [
        "f.yaml:1: title: is missing",
        "f.yaml:3: labels.one.label: is missing",
    ]


def test_load_as_union_members_are_judged_by_their_kind() -> None:
    fields = "- kind: text\n  text: x\n  lable: b\n- kind: amount\n  most: x\n- kind: txt\n- most: 1"
    text = f"title: a\nversion: 1\nfields:\n{fields}"
    assert problems(text) == [
        "f.yaml:4: fields[0].label: is missing",
        "f.yaml:6: fields[0].lable: unknown key; did you mean label?",
        "f.yaml:8: fields[1].most: should be a valid integer, not 'x'",
        "f.yaml:9: fields[2]: tag 'txt' found using 'kind' does not match any of the expected tags: 'text', 'amount'",
        "f.yaml:10: fields[3]: needs the key 'kind'",
    ]


def test_load_as_plain_union_names_every_way_it_could_have_been() -> None:
    assert problems("title: a\nversion: 1\nchoice:\n  kind: text") == [
        "f.yaml:3: choice.label: is missing",
        "f.yaml:3: choice: should be a valid integer",
    ]


def test_load_as_own_rule_of_the_model_is_said_in_its_words() -> None:
    assert problems("title: bad\nversion: 1") == ["f.yaml:1: title: the title must not be bad"]


@pytest.mark.parametrize(("text", "said"), [("", "the file is empty"), ("- 1", "should be keys with their values")])
def test_load_as_no_mapping_at_all(text: str, said: str) -> None:
    assert problems(text) == [f"f.yaml:1: {said}"]
