"""Case numbers and pick-up codes."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cunzhi.base.numbers import CHECK_DIGITS, NumberRefused, check_number, number_for, pickup_code

numbers = st.builds(
    lambda sequence, year: number_for(sequence, year=year), st.integers(0, 10**8), st.integers(2000, 2099)
)


def without_dashes(number: str) -> str:
    return number.replace("-", "")


def test_number_for_is_short_and_grows() -> None:
    assert re.fullmatch(r"26-0001-[0-9A-Z]", number_for(1, year=2026))
    assert number_for(19 * 1024 + 3 * 32 + 20, year=2026) == "26-0K3M-5"
    assert re.fullmatch(r"26-10000-[0-9A-Z]", number_for(32**4, year=2026))


@pytest.mark.parametrize(("sequence", "year"), [(-1, 2026), (1, 1999), (1, 2100)])
def test_number_for_impossible_case_is_our_mistake(sequence: int, year: int) -> None:
    with pytest.raises(ValueError, match="no case number"):
        number_for(sequence, year=year)


def test_number_for_never_repeats_in_a_year() -> None:
    assert len({number_for(sequence, year=2026) for sequence in range(40_000)}) == 40_000


@given(numbers)
def test_check_number_takes_what_people_type(number: str) -> None:
    full_width = "".join(chr(ord(letter) + 0xFEE0) for letter in number)
    misread = number.replace("0", "O").replace("1", "l")
    for typed in (
        number,
        number.lower(),
        without_dashes(number),
        f"  {number} ",
        number.replace("-", " – "),
        full_width,
        misread,
    ):
        assert check_number(typed) == number


@given(numbers, st.data())
def test_check_number_one_wrong_character_is_refused(number: str, data: st.DataObject) -> None:
    plain = without_dashes(number)
    place = data.draw(st.integers(0, len(plain) - 1))
    wrong = data.draw(st.sampled_from(CHECK_DIGITS))
    assume(wrong != plain[place])
    with pytest.raises(NumberRefused):
        check_number(plain[:place] + wrong + plain[place + 1 :])


@given(numbers, st.data())
def test_check_number_two_swapped_neighbours_are_refused(number: str, data: st.DataObject) -> None:
    plain = without_dashes(number)
    place = data.draw(st.integers(0, len(plain) - 2))
    swapped = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
    assume(swapped != plain)
    with pytest.raises(NumberRefused):
        check_number(swapped)


@pytest.mark.parametrize(
    ("typed", "code"), [("", "short"), ("26-1", "short"), ("XX-0001-1", "characters"), ("26-00事1-1", "characters")]
)
def test_check_number_says_why(typed: str, code: str) -> None:
    with pytest.raises(NumberRefused) as refused:
        check_number(typed)
    assert refused.value.code == f"base.number.{code}"
    assert refused.value.say("en")


def test_pickup_code_depends_on_key_and_text() -> None:
    code = pickup_code(b"key", "26-0001-1")
    assert re.fullmatch("[0-9]{6}", code)
    assert code == pickup_code(b"key", "26-0001-1")
    assert len({code, pickup_code(b"key", "26-0002-1"), pickup_code(b"other", "26-0001-1")}) == 3
