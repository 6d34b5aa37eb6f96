"""Stars against what stands beside them: coefficient and standard error, t or p, under several distributions."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import inf

from cunzhi.evaluation.audit.check import Check, Severity, places_of, shown, unchecked
from cunzhi.evaluation.audit.interval import Interval
from cunzhi.evaluation.audit.printed import Cell
from cunzhi.evaluation.panel.distributions import critical_value

SLACK = Fraction(1, 10**9)
"""Critical values come from floating point; a range is widened by this share of them, so that none is too narrow."""
T_STEP = Fraction(1, 100)


class Bracket(StrEnum):
    """What stands in brackets after a coefficient. UNKNOWN takes whatever agrees: standard error or t."""

    STANDARD_ERROR = "standard_error"
    T = "t"
    P = "p"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Reference:
    """A distribution that t is held against: the normal for infinite degrees of freedom, else t.

    certain: whether the paper's counts lead to it. What is merely possible raises no NOTE; it only prevents an ERROR.
    """

    name: str
    degrees: float = inf
    certain: bool = True


NORMAL = Reference("normal")
FEW = Reference("t(3)", 3, certain=False)
"""Stands in where units and clusters are not known: no ERROR rests on more degrees of freedom than there may be."""


def check_stars(cell: Cell, *, levels: Sequence[Fraction], references: Sequence[Reference], bracket: Bracket) -> Check:
    """Whether the stars of a cell fit its numbers for some unrounded values.

    levels: what one, two, three stars mean, as p below which they stand, in falling order. references: distributions
    that the authors may have used. HELD when all fit, NOTE when some do, ERROR when none does.
    """
    ranges = statistics(cell, bracket)
    if not ranges:
        return unchecked("stars", (cell,), "no_bracket" if cell.bracket is None else "zero_bracket")
    fitting = {one: stars_of(ranges, one, levels, bracket) for one in references}
    allowed = [one.name for one, stars in fitting.items() if cell.stars in stars]
    printed = "*" * cell.stars
    every = set().union(*fitting.values())
    every = set(range(min(every), max(every) + 1))
    blanks = {"stars": printed, "size": " / ".join(shown(one, T_STEP) for one in ranges)}
    against = [f"{one.name}: {stars_shown(stars)}" for one, stars in fitting.items() if cell.stars not in stars]
    if all(cell.stars in stars for one, stars in fitting.items() if one.certain):
        return Check("stars", Severity.HELD, places_of(cell), cell.text, stars_shown(every), blanks=blanks)
    if cell.stars in every:
        blanks |= {"under": ", ".join(allowed) or "–", "against": "; ".join(against)}
        return Check("stars", Severity.NOTE, places_of(cell), cell.text, stars_shown(every), "stars_some", blanks)
    because = reasons(cell, fewest=min(every))
    return Check("stars", Severity.ERROR, places_of(cell), cell.text, stars_shown(every), "stars_none", blanks, because)


def statistics(cell: Cell, bracket: Bracket) -> list[Interval]:
    """The ranges of |t| that a cell allows, or of p where p is printed; empty when they cannot be told."""
    if cell.number is None or cell.bracket is None:
        return []
    size, second = cell.number.interval.magnitude(), cell.bracket.interval.magnitude()
    if bracket in (Bracket.T, Bracket.P):
        return [second]
    if second.low <= 0:
        return []
    return [size / second, second] if bracket is Bracket.UNKNOWN else [size / second]


def stars_of(
    ranges: Sequence[Interval], reference: Reference, levels: Sequence[Fraction], bracket: Bracket
) -> set[int]:
    """The numbers of stars that ranges of |t| (or of p) may earn under a distribution."""
    found: set[int] = set()
    for one in ranges:
        if bracket is Bracket.P:
            fewest, most = (sum(p < level for level in levels) for p in (one.high, one.low))
        else:
            limits = [Fraction(critical_value(1 - float(level), reference.degrees)) for level in levels]
            fewest = sum(one.low >= limit * (1 + SLACK) for limit in limits)
            most = sum(one.high >= limit * (1 - SLACK) for limit in limits)
        found |= set(range(fewest, most + 1))
    return found


def stars_shown(counts: set[int]) -> str:
    """Numbers of stars as they would be printed: '**', '* / **', and a dash for none."""
    return " / ".join("*" * count or "–" for count in sorted(counts))


def reasons(cell: Cell, *, fewest: int) -> tuple[str, ...]:
    """What may explain stars that do not fit: eaten by markup, or numbers that are not those the stars came from."""
    if cell.stars < fewest:
        return ("bold_asterisks",) if cell.bold else ("asterisks_lost",)
    return ("other_errors",)
