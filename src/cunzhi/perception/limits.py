"""Limits of standards, and what holds against them: in the same unit, over the time that the standard says."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from unicodedata import normalize

Over = Literal["value", "hour", "day", "year"]
Verdict = Literal["within", "beyond", "other_unit", "too_few", "nothing"]
SETTLED = 9
"""Figures behind the point: what a sum of floats adds to a mean beyond them is no excess."""


@dataclass(frozen=True)
class Limit:
    """One number of a standard for one substance: most or least, over which time, in which unit, by which table."""

    value: float
    unit: str
    over: Over
    bound: Literal["most", "least"]
    decimals: int
    source: str

    def keeps(self, value: float) -> bool:
        """Whether a value keeps to it; what equals the limit does."""
        apart = round(value - self.value, SETTLED)
        return apart <= 0 if self.bound == "most" else apart >= 0


@dataclass(frozen=True)
class Mean:
    """A value, or the mean over a time: when that began, and of how many hours or days it was made."""

    at: datetime
    value: float
    parts: int
    least_parts: int

    @property
    def is_whole(self) -> bool:
        return self.parts >= self.least_parts


@dataclass(frozen=True)
class Held:
    """What came of holding a datastream against a limit. `mean` is None where there is nothing to compare."""

    limit: Limit
    verdict: Verdict
    mean: Mean | None = None


def judge(limit: Limit, unit: str, mean: Mean | None) -> Held:
    """Held against the limit, or why not: units that differ, no value, too few of them for a mean."""
    if not same_unit(unit, limit.unit):
        return Held(limit, "other_unit")
    if mean is None:
        return Held(limit, "nothing")
    if not mean.is_whole:
        return Held(limit, "too_few", mean)
    return Held(limit, "within" if limit.keeps(mean.value) else "beyond", mean)


def same_unit(one: str, other: str) -> bool:
    """µg/m³ is ug/m3 and mg/l is mg/L, whichever signs a keyboard has; nothing is converted."""
    return bool(one) and _plain(one) == _plain(other)


def _plain(unit: str) -> str:
    plain = "".join(normalize("NFKC", unit).split()).replace("μ", "u")
    return f"{plain[:-2]}/L" if plain.endswith("/l") else plain
