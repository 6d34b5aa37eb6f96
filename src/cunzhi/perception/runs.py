"""Numbers and their moments in columns: the plain case, in which nearly all that loggers send in bulk is.

What is plain is read and judged by its extremes, at a small part of the cost of judging each value. Whatever is not
wholly plain is nobody's loss: it is read again value by value, by `reading`, which knows why it refuses.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import Any

from cunzhi.perception.reading import LARGEST, Reading
from cunzhi.perception.times import YEARS

MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)"
WRITTEN = re.compile(rf"{MOMENT}(?:,{MOMENT})*", re.ASCII)
"""Moments in the one spelling that Python and PostgreSQL read alike, so that they need not be written anew."""


@dataclass(frozen=True)
class Run:
    """Values of one datastream: a number for each moment, nothing else said. `written` are the moments as they came."""

    datastream: int
    at: list[datetime]
    numbers: list[float]
    written: str = ""

    @property
    def ends(self) -> tuple[datetime, datetime]:
        return min(self.at), max(self.at)

    @property
    def once(self) -> bool:
        """Whether no moment comes twice."""
        return len(set(self.at)) == len(self.at)

    def extremes(self) -> list[Reading]:
        """Two readings of which one is refused if any of all would be: the first and the last, not whole if any is."""
        odd = next((one for one in self.numbers if not one.is_integer()), 0.0)
        return [Reading("n", odd, None, at) for at in self.ends]


def run_of(datastream: int, times: Sequence[Any], results: Sequence[Any]) -> Run | None:
    """The values as a run; None where any is not plain."""
    if {*map(type, times)} != {str} or not {*map(type, results)} <= {int, float}:
        return None
    written = ",".join(times)
    if not WRITTEN.fullmatch(written) or written.count(",") + 1 != len(times):
        return None
    try:
        numbers = [*map(float, results)]
        moments = [*map(datetime.fromisoformat, times)]
        at = [one if one.tzinfo is UTC else one.astimezone(UTC) for one in moments]
    except (ValueError, OverflowError):
        return None
    if not all(map(isfinite, numbers)) or max(map(abs, numbers)) > LARGEST:
        return None
    run = Run(datastream, at, numbers, written)
    return run if {one.year for one in run.ends} <= {*YEARS} else None
