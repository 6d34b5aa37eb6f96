"""What a rule says about printed numbers: that they agree, or what is printed and what would be consistent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from cunzhi.evaluation.audit.interval import Interval
from cunzhi.evaluation.audit.printed import Cell, Place, Printed


class Severity(StrEnum):
    """ERROR: no unrounded values give what is printed. WARNING: they do under unusual conditions, or something that a
    claim needs is not printed. NOTE: worth a look. HELD: it agrees. UNCHECKED: the numbers printed do not suffice."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    HELD = "held"
    UNCHECKED = "unchecked"


@dataclass(frozen=True)
class Check:
    """One rule on one group of printed numbers.

    rule: name of the rule. places: where the numbers stand, the doubtful one first. printed: what is printed.
    expected: the range, or the word, that would be consistent. key: name of the sentence that says it. blanks: what
    fills the sentence. because: names of what may explain it innocently.
    """

    rule: str
    severity: Severity
    places: tuple[Place, ...]
    printed: str
    expected: str
    key: str = "held"
    blanks: Mapping[str, object] = field(default_factory=dict)
    because: tuple[str, ...] = ()


def judge(printed: Printed, implied: Interval) -> tuple[Severity, tuple[str, ...]]:
    """HELD when some value is printed so and implied; NOTE with its explanation when figures were merely cut off."""
    if printed.interval.overlaps(implied):
        return Severity.HELD, ()
    if printed.cut_off.overlaps(implied):
        return Severity.NOTE, ("cut_off",)
    return Severity.ERROR, ()


def compared(rule: str, target: Cell, others: tuple[Cell, ...], implied: Interval, *because: str) -> Check:
    """A check of one cell against the range that other cells imply for it."""
    if target.number is None:
        return unchecked(rule, (target, *others))
    severity, reason = judge(target.number, implied)
    range_shown = shown(implied, target.number.step)
    blanks = {"printed": target.number.text, "parts": ", ".join(other.text for other in others), "range": range_shown}
    return Check(
        rule,
        severity,
        places_of(target, *others),
        target.number.text,
        range_shown,
        "held" if severity is Severity.HELD else rule,
        blanks,
        because=reason or (because if severity is Severity.ERROR else ()),
    )


def unchecked(rule: str, cells: tuple[Cell, ...], key: str = "not_numbers") -> Check:
    """A check that the printed numbers do not suffice for."""
    return Check(rule, Severity.UNCHECKED, places_of(*cells), ", ".join(cell.text for cell in cells), "", key)


def places_of(*cells: Cell) -> tuple[Place, ...]:
    """Where cells stand, each once."""
    return tuple(dict.fromkeys(cell.place for cell in cells))


def shown(interval: Interval, step: Fraction = Fraction(1, 100)) -> str:
    """A range in figures, rounded outward at one figure more than `step` has."""
    grain = (step or Fraction(1)) / 10
    low, high = interval.low // grain * grain, -(-interval.high // grain) * grain
    return figures(low) if low == high else f"{figures(low)} … {figures(high)}"


def figures(value: Fraction) -> str:
    """A fraction whose decimals end, as plain decimal figures."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return format(exact.normalize(), "f")
