"""Working days of China and office hours: when a deadline falls, and how long something took."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import Any, Literal

import chinese_calendar

from cunzhi.base.clock import ZONE

Source = Literal["published", "computed", "weekday"]
COMPUTED_YEARS = range(1950, 2101)
SECOND = 1_000_000
HOUR = 3600 * SECOND


@dataclass(frozen=True)
class WorkingDay:
    """Whether a day is worked, and how we know: published by the State Council, computed, or only by weekday."""

    working: bool
    source: Source


@dataclass(frozen=True)
class OfficeHours:
    """The stretches of a working day, in order and apart."""

    spans: tuple[tuple[time, time], ...] = ((time(9), time(12)), (time(14), time(18)))

    def __post_init__(self) -> None:
        edges = [edge for span in self.spans for edge in span]
        if not edges or any(later <= earlier for earlier, later in pairwise(edges)):
            raise ValueError("office hours must be stretches that follow each other, each ending after it begins")


OFFICE = OfficeHours()


@cache
def is_working_day(day: date) -> WorkingDay:
    """Published days first, then computed holidays, then the weekday alone."""
    if isinstance(day, datetime):
        raise TypeError("a day is asked for, not a moment: whose clock would give its day?")
    try:
        return WorkingDay(chinese_calendar.is_workday(day), "published")
    except NotImplementedError:
        pass
    if day.year in COMPUTED_YEARS:
        return WorkingDay(bool(_computed(day.year).is_working_day(day)), "computed")
    return WorkingDay(day.weekday() < 5, "weekday")


def next_working_day(day: date) -> date:
    """The first working day after `day`."""
    return _working_day(day + timedelta(days=1), 0)


def add_working_days(day: date, count: int) -> date:
    """The last day of a term of `count` working days that begins on the day after `day`."""
    if count < 1:
        raise ValueError("a term needs at least one working day")
    return _working_day(day + timedelta(days=1), count - 1)


def add_working_hours(start: datetime, hours: float, *, office: OfficeHours = OFFICE) -> datetime:
    """The earliest moment by which `hours` have been worked since `start`, on the villages' clock."""
    if hours < 0:
        raise ValueError("working hours to add must not be negative")
    local = _local(start)
    amount = round(hours * HOUR)
    if amount == 0:
        return local
    whole = _length(office)
    target = _worked(local, office) + amount
    days = (target - 1) // whole
    return _moment(_working_day(local.date(), days), target - days * whole, office)


def working_hours_between(start: datetime, end: datetime, *, office: OfficeHours = OFFICE) -> float:
    """Hours worked from `start` to `end`; negative when `end` lies before `start`."""
    first, last = _local(start), _local(end)
    if last < first:
        return -working_hours_between(end, start, office=office)
    days = _count(first.date(), last.date())
    return (days * _length(office) + _worked(last, office) - _worked(first, office)) / HOUR


@cache
def _computed(year: int) -> Any:
    import holidays  # noqa: PLC0415 - slow, and needed beyond the published years only

    return holidays.country_holidays("CN", years=[year, year + 1])


@cache
def _working_days(year: int) -> tuple[int, ...]:
    first, after = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1
    return tuple(day for day in range(first, after) if is_working_day(date.fromordinal(day)).working)


def _working_day(day: date, index: int) -> date:
    """The `index`-th working day from `day` on, counted from 0."""
    if is_working_day(day).working and index == 0:
        return day
    year = day.year
    position = bisect_left(_working_days(year), day.toordinal()) + index
    while position >= len(_working_days(year)):
        position -= len(_working_days(year))
        year += 1
    return date.fromordinal(_working_days(year)[position])


def _count(first: date, last: date) -> int:
    """How many working days there are from `first` until before `last`."""
    whole_years = sum(len(_working_days(year)) for year in range(first.year, last.year))
    before = bisect_left(_working_days(first.year), first.toordinal())
    return whole_years - before + bisect_left(_working_days(last.year), last.toordinal())


def _worked(moment: datetime, office: OfficeHours) -> int:
    """Microseconds worked on the moment's day before it."""
    if not is_working_day(moment.date()).working:
        return 0
    now = _microseconds(moment.time())
    return sum(max(0, min(now, _microseconds(end)) - _microseconds(begin)) for begin, end in office.spans)


def _moment(day: date, worked: int, office: OfficeHours) -> datetime:
    """The earliest moment of a working day by which so many microseconds have been worked."""
    for begin, end in office.spans:
        length = _microseconds(end) - _microseconds(begin)
        if worked <= length:
            return datetime.combine(day, begin, tzinfo=ZONE) + timedelta(microseconds=worked)
        worked -= length
    raise AssertionError("more time than a working day has")


@cache
def _length(office: OfficeHours) -> int:
    return sum(_microseconds(end) - _microseconds(begin) for begin, end in office.spans)


def _microseconds(moment: time) -> int:
    return ((moment.hour * 60 + moment.minute) * 60 + moment.second) * SECOND + moment.microsecond


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(ZONE)
