"""Ranges of numbers that never lose a value: exact fractions, and roots and logarithms rounded outward."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from fractions import Fraction
from typing import Self

ROOT_PLACES = 24
LOG_DIGITS = 40


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from low to high, both ends included.

    Sums, products and quotients of fractions are exact, so the result of an operation holds every result of the
    operation on members. A quantity that occurs twice in a formula is treated as two: the range can only be too wide.
    Raises ValueError when low exceeds high.
    """

    low: Fraction
    high: Fraction

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError(f"no number lies between {self.low} and {self.high}")

    @classmethod
    def point(cls, value: int | Fraction) -> Self:
        """The range that holds one number."""
        return cls(Fraction(value), Fraction(value))

    @classmethod
    def around(cls, values: Iterable[Fraction]) -> Self:
        """The smallest range that holds all the values (at least one)."""
        known = list(values)
        return cls(min(known), max(known))

    def __add__(self, other: "Interval") -> "Interval":
        return Interval(self.low + other.low, self.high + other.high)

    def __neg__(self) -> "Interval":
        return Interval(-self.high, -self.low)

    def __sub__(self, other: "Interval") -> "Interval":
        return self + -other

    def __mul__(self, other: "Interval") -> "Interval":
        return Interval.around(a * b for a in (self.low, self.high) for b in (other.low, other.high))

    def __truediv__(self, other: "Interval") -> "Interval":
        """Raises ZeroDivisionError when the divisor's range holds zero."""
        if 0 in other:
            raise ZeroDivisionError("the divisor may be zero")
        return self * Interval(1 / other.high, 1 / other.low)

    def __contains__(self, value: int | Fraction) -> bool:
        return self.low <= value <= self.high

    def magnitude(self) -> "Interval":
        """The range of absolute values."""
        if self.low >= 0:
            return self
        return -self if self.high <= 0 else Interval(Fraction(0), max(-self.low, self.high))

    def overlaps(self, other: "Interval") -> bool:
        """Whether some number lies in both."""
        return self.distance(other) == 0

    def distance(self, other: "Interval") -> Fraction:
        """How far the two are apart; zero when they share a number."""
        return max(self.low - other.high, other.low - self.high, Fraction(0))

    def meets_at_end(self, other: "Interval") -> bool:
        """Whether the two share exactly one number, the end of both (two points that are equal share more)."""
        return self.low < self.high and other.low < other.high and (self.high == other.low or other.high == self.low)

    def root(self, degree: int = 2) -> "Interval":
        """The real root of a range without negative numbers, outward at 24 decimals. Raises ValueError below zero."""
        if self.low < 0:
            raise ValueError("roots of negative numbers are not real")
        unit = Fraction(1, 10**ROOT_PLACES)
        high = _root_below(self.high, degree)
        return Interval(_root_below(self.low, degree), high if high**degree == self.high else high + unit)

    def log(self) -> "Interval":
        """The natural logarithm of a range of positive numbers, outward. Raises ValueError at or below zero."""
        if self.low <= 0:
            raise ValueError("logarithms need positive numbers")
        with localcontext(prec=LOG_DIGITS) as context:
            context.rounding = ROUND_FLOOR
            low = (Decimal(self.low.numerator) / Decimal(self.low.denominator)).ln().next_minus()
            context.rounding = ROUND_CEILING
            high = (Decimal(self.high.numerator) / Decimal(self.high.denominator)).ln().next_plus()
        return Interval(Fraction(low), Fraction(high))


def total(ranges: Iterable[Interval]) -> Interval:
    """The sum of ranges."""
    return sum(ranges, start=Interval.point(0))


def _root_below(value: Fraction, degree: int) -> Fraction:
    """The largest multiple of 10**-24 whose power does not exceed a value that is not negative."""
    scale = 10**ROOT_PLACES
    whole = value.numerator * scale**degree // value.denominator
    if not whole:
        return Fraction(0)
    guess = 1 << -(-whole.bit_length() // degree)
    while True:
        better = ((degree - 1) * guess + whole // guess ** (degree - 1)) // degree
        if better >= guess:
            return Fraction(guess, scale)
        guess = better
