"""Years, quarters and months, written 2026, 2026-Q3 and 2026-07, as the villages' clock counts them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import total_ordering
from typing import Literal, Self

from cunzhi.base.clock import ZONE
from cunzhi.base.errors import Refused
from cunzhi.base.text import Text

Kind = Literal["year", "quarter", "month"]
IN_A_YEAR: dict[Kind, int] = {"year": 1, "quarter": 4, "month": 12}
MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
WRITTEN = re.compile(r"(?P<year>[1-9][0-9]{3})(-Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?", re.ASCII)


class PeriodRefused(Refused, ValueError):
    """A text is not a period."""


@total_ordering
@dataclass(frozen=True)
class Period:
    """One year, quarter or month. `number` counts within the year from 1; a year's own is 1."""

    kind: Kind
    year: int
    number: int = 1

    def __post_init__(self) -> None:
        if not (1000 <= self.year <= 9999 and 1 <= self.number <= IN_A_YEAR[self.kind]):
            raise PeriodRefused("base.period.outside", kind=self.kind, year=self.year, number=self.number)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads '2026', '2026-Q3' or '2026-07'."""
        match = WRITTEN.fullmatch(text.strip())
        if match is None:
            raise PeriodRefused("base.period.unreadable", text=text)
        year = int(match["year"])
        if match["quarter"]:
            return cls("quarter", year, int(match["quarter"]))
        if match["month"]:
            return cls("month", year, int(match["month"]))
        return cls("year", year)

    @classmethod
    def of(cls, moment: datetime | date, kind: Kind) -> Self:
        """The period that holds a day or an aware moment."""
        day = _day(moment)
        return cls(kind, day.year, (day.month - 1) * IN_A_YEAR[kind] // 12 + 1)

    @property
    def first_day(self) -> date:
        return date(self.year, (self.number - 1) * 12 // IN_A_YEAR[self.kind] + 1, 1)

    @property
    def start(self) -> datetime:
        """Its first moment."""
        return datetime.combine(self.first_day, datetime.min.time(), tzinfo=ZONE)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return self.next().start

    def next(self) -> Self:
        return self._moved(1)

    def previous(self) -> Self:
        return self._moved(-1)

    def __contains__(self, moment: datetime | date) -> bool:
        return Period.of(moment, self.kind) == self

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Period) or other.kind != self.kind:
            return NotImplemented
        return (self.year, self.number) < (other.year, other.number)

    def __str__(self) -> str:
        if self.kind == "year":
            return f"{self.year}"
        return f"{self.year}-Q{self.number}" if self.kind == "quarter" else f"{self.year}-{self.number:02}"

    def _moved(self, steps: int) -> Self:
        in_a_year = IN_A_YEAR[self.kind]
        year, before = divmod(self.year * in_a_year + self.number - 1 + steps, in_a_year)
        return type(self)(self.kind, year, before + 1)


def between(first: Period, last: Period) -> Iterator[Period]:
    """All periods from `first` to `last`, both included; none when `last` lies before `first`."""
    if first.kind != last.kind:
        raise PeriodRefused("base.period.mixed", first=first, last=last)
    while first <= last:
        yield first
        first = first.next()


def in_words(period: Period) -> Text:
    """2026年7月, 2026年第3季度, 2026年; July 2026, quarter 3 of 2026, 2026."""
    year, number = period.year, period.number
    if period.kind == "year":
        return Text(zh_Hans=f"{year}年", en=f"{year}")
    if period.kind == "quarter":
        return Text(zh_Hans=f"{year}年第{number}季度", en=f"quarter {number} of {year}")
    return Text(zh_Hans=f"{year}年{number}月", en=f"{MONTHS[number - 1]} {year}")


def _day(moment: datetime | date) -> date:
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(ZONE).date()
