"""Ranges hold every result that members can give."""

from fractions import Fraction
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cunzhi.evaluation.audit.interval import Interval, total

NUMBERS = st.fractions(min_value=-1000, max_value=1000, max_denominator=1000)
POSITIVE = st.fractions(min_value=Fraction(1, 1000), max_value=1000, max_denominator=1000)


@st.composite
def members(draw: st.DrawFn, numbers: st.SearchStrategy[Fraction] = NUMBERS) -> tuple[Interval, Fraction]:
    low, inside, high = sorted(draw(st.tuples(numbers, numbers, numbers)))
    return Interval(low, high), inside


@given(members(), members())
def test_arithmetic_holds_results_of_members(one: tuple[Interval, Fraction], other: tuple[Interval, Fraction]) -> None:
    (first, a), (second, b) = one, other
    assert a + b in first + second
    assert a - b in first - second
    assert a * b in first * second
    assert abs(a) in first.magnitude()
    assert a + b in total([first, second])
    if 0 not in second:
        assert a / b in first / second


@given(members(POSITIVE), st.integers(1, 6))
def test_roots_and_logarithms_go_outward(one: tuple[Interval, Fraction], degree: int) -> None:
    reach, inside = one
    root = reach.root(degree)
    assert root.low**degree <= inside <= root.high**degree
    assert root.low**degree <= reach.low <= reach.high <= root.high**degree
    assert float(reach.log().low) - 1e-9 <= log(inside) <= float(reach.log().high) + 1e-9


def test_root_of_square_is_exact() -> None:
    assert Interval.point(Fraction(9, 4)).root() == Interval.point(Fraction(3, 2))
    assert Interval.point(0).root() == Interval.point(0)


def test_distance_is_zero_where_ranges_share_a_number() -> None:
    one, other = Interval(Fraction(0), Fraction(1)), Interval(Fraction(1), Fraction(2))
    assert one.overlaps(other) and one.meets_at_end(other)
    assert one.distance(Interval(Fraction(3), Fraction(4))) == 2
    assert not one.meets_at_end(Interval(Fraction(1, 2), Fraction(2)))


def test_impossible_ranges_are_refused() -> None:
    with pytest.raises(ValueError, match="no number"):
        Interval(Fraction(2), Fraction(1))
    with pytest.raises(ZeroDivisionError):
        Interval.point(1) / Interval(Fraction(-1), Fraction(1))
    with pytest.raises(ValueError, match="negative"):
        Interval(Fraction(-1), Fraction(1)).root()
    with pytest.raises(ValueError, match="positive"):
        Interval(Fraction(0), Fraction(1)).log()
