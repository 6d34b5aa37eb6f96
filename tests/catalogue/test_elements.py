"""The elements themselves, the rules that hold of them, and values that fit or do not."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cunzhi.catalogue.check import check
from cunzhi.catalogue.queries import UnknownElement, element, elements
from cunzhi.catalogue.spec import Element
from cunzhi.catalogue.values import ValueRefused, check_value

GOOD = """
elements:
  - code: person.shoe_size
    about: person
    title: {zh_Hans: 鞋码, en: Shoe size}
    type: integer
    least: 20
    most: 60
    owner: {zh_Hans: 村委会, en: Village committee}
    purpose: {zh_Hans: 发放雨靴, en: To hand out rubber boots}
    sensitivity: personal
    fresh_for: 365
"""


def test_shipped_elements_are_without_mistakes() -> None:
    assert check() == []
    assert len(elements()) >= 12
    assert {one.about for one in elements().values()} == {"person", "household"}


def test_unknown_element_is_our_mistake() -> None:
    with pytest.raises(UnknownElement):
        element("person.shoe_size")


@pytest.mark.parametrize(
    ("old", "new", "said", "line"),
    [
        ("type: integer", "type: number", "type", 6),
        ("fresh_for: 365", "fresh_fro: 365", "did you mean fresh_for", 12),
        ("about: person", "about: household", "begin with household", 3),
        ("least: 20", "choices: [{name: a, title: {zh_Hans: 甲, en: A}}]", "choices belong", 3),
        ("least: 20", "least: 99", "greater than most", 3),
        ("person.shoe_size", "person.age", "no element", 3),
        ("person.shoe_size", "household.size", "begin with person", 3),
        ("least: 20", "longest: 20", "longest belongs", 3),
        ("fresh_for: 365", "gb: '3304'", "name a standard", 3),
    ],
)
def test_mistake_in_a_file_is_said_with_its_line(tmp_path: Path, old: str, new: str, said: str, line: int) -> None:
    (tmp_path / "person.yaml").write_text(GOOD.replace(old, new), encoding="utf-8")
    (problem,) = check(tmp_path)
    assert said in str(problem)
    assert problem.line == line


def test_element_twice_or_in_the_wrong_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "person.yaml").write_text(GOOD, encoding="utf-8")
    assert check(tmp_path) == []
    (tmp_path / "household.yaml").write_text(GOOD, encoding="utf-8")
    said = [str(problem) for problem in check(tmp_path)]
    assert len(said) == 2
    assert "belongs into person.yaml" in said[0] and "twice" in said[1]


def made(kind: str, **more: Any) -> Element:
    words = {"zh_Hans": "词", "en": "word"}
    base = {"code": "person.x", "about": "person", "title": words, "owner": words, "purpose": words, "type": kind}
    return Element.model_validate(base | {"sensitivity": "public"} | more)


CHOICES = [{"name": name, "title": {"zh_Hans": name, "en": name}} for name in ("a", "b", "c")]


@pytest.mark.parametrize(
    ("spec", "value", "kept"),
    [
        (made("text"), "  两  字 ", "两 字"),
        (made("integer"), "12", 12),
        (made("integer", least=0), 0, 0),
        (made("decimal"), "3.50", "3.5"),
        (made("decimal"), Decimal("100"), "100"),
        (made("date"), date(2026, 3, 1), "2026-03-01"),
        (made("select_one", choices=CHOICES), "b", "b"),
        (made("select_multiple", choices=CHOICES), "c a", ["a", "c"]),
        (made("select_multiple", choices=CHOICES), [], []),
    ],
)
def test_value_that_fits_is_kept_in_one_form(spec: Element, value: Any, kept: Any) -> None:
    assert check_value(spec, value) == kept


@pytest.mark.parametrize(
    ("spec", "value", "key"),
    [
        (made("text"), "", "text"),
        (made("text"), 5, "text"),
        (made("text", longest=3), "四个汉字", "too_long"),
        (made("integer"), True, "number"),
        (made("integer"), "1.5", "whole"),
        (made("integer", most=0), 1, "too_great"),
        (made("decimal", least=0), -1, "too_small"),
        (made("decimal"), float("nan"), "number"),
        (made("date"), "2026-02-30", "date"),
        (made("select_one", choices=CHOICES), "d", "choice"),
        (made("select_multiple", choices=CHOICES), {"a": 1}, "choice"),
    ],
)
def test_value_that_does_not_fit_is_refused_in_both_languages(spec: Element, value: Any, key: str) -> None:
    with pytest.raises(ValueRefused) as refusal:
        check_value(spec, value)
    assert refusal.value.code == f"catalogue.value.{key}"
    assert "词" in refusal.value.say("zh-hans") and "word" in refusal.value.say("en")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9))
def test_kept_decimal_is_the_same_number_and_stays_as_it_is(number: Decimal) -> None:
    kept = check_value(made("decimal"), number)
    assert Decimal(kept) == number
    assert check_value(made("decimal"), kept) == kept
