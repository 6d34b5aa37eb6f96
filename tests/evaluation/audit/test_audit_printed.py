"""What stands on paper is read as it stands."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cunzhi.evaluation.audit.printed import Cell, Place, read_cell, read_number
from cunzhi.evaluation.errors import DataRefused

HERE = Place("1", "row", "column")


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("0.342", "0.3415", "0.3425"),
        ("28,161", "28160.5", "28161.5"),
        ("−0.056", "-0.0565", "-0.0555"),
        ("－０．５", "-0.55", "-0.45"),
        ("13.9%", "13.85", "13.95"),
        ("1.2e-3", "0.00115", "0.00125"),
        (".5", "0.45", "0.55"),
    ],
)
def test_number_stands_for_all_that_rounds_to_it(text: str, low: str, high: str) -> None:
    reach = read_number(text).interval
    assert (reach.low, reach.high) == (Fraction(low), Fraction(high))


@pytest.mark.parametrize("text", ["", "YES", "-", "1,23", "0.3.4", "12 34", "%", "*"])
def test_number_refuses_what_is_none(text: str) -> None:
    with pytest.raises(DataRefused, match="cannot be read"):
        read_number(text)


@given(st.decimals(-10_000, 10_000, places=6), st.integers(0, 5), st.sampled_from([ROUND_HALF_UP, ROUND_HALF_EVEN]))
def test_range_holds_the_value_however_halves_are_rounded(value: Decimal, places: int, rounding: str) -> None:
    printed = format(value.quantize(Decimal(1).scaleb(-places), rounding), f",.{places}f")
    assert Fraction(value) in read_number(printed).interval


def parts(cell: Cell) -> tuple[str, int, str, bool]:
    return (cell.number.text if cell.number else "", cell.stars, cell.bracket.text if cell.bracket else "", cell.bold)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.415*** (0.052)", ("0.415", 3, "0.052", False)),
        ("0.415 (0.052)***", ("0.415", 3, "0.052", False)),
        ("-0.056 [0.082]", ("-0.056", 0, "0.082", False)),
        ("<b>0.342*</b> (0.048)", ("0.342", 1, "0.048", True)),
        ("0.342<sup>***</sup>", ("0.342", 3, "", False)),
        ("$0.342^{***}$ (0.048)", ("0.342", 3, "0.048", False)),
        ("**0.342***", ("0.342", 1, "", True)),
        ("**0.342\\*\\*\\*** (0.048)", ("0.342", 3, "0.048", True)),
        ("0.342＊＊＊", ("0.342", 3, "", False)),
        ("(0.048)", ("", 0, "0.048", False)),
        ("YES", ("", 0, "", False)),
        ("", ("", 0, "", False)),
    ],
)
def test_cell_is_read_with_stars_bracket_and_bold(text: str, expected: tuple[str, int, str, bool]) -> None:
    assert parts(read_cell(text, HERE)) == expected
