"""What must have been disclosed by now: at least each quarter, each month where money moves (Organic Law, Art. 30)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone

from cunzhi.transparency.audit.contents import Told
from cunzhi.transparency.audit.finding import Finding, doubt, wrong

KIND = "notice.publish"
CALENDAR = {
    "finance": "month",
    "funds": "month",
    "decisions": "quarter",
    "government_work": "quarter",
    "points_shop": "quarter",
}
"""Columns of the disclosure scenario, and how often each is owed."""
DUE_DAYS = 15
"""The longest that the scenario lets a village set."""
VILLAGE = 12
MONTHS = {"month": 1, "quarter": 3}
ZONE = timezone(timedelta(hours=8))
WRITTEN = re.compile(r"(\d{4})-(?:Q([1-4])|(0[1-9]|1[0-2]))")
Key = tuple[str, str, str]


def check_calendar(
    told: Sequence[Told], now: datetime, *, calendar: Mapping[str, str] = CALENDAR, places: Sequence[str] = ()
) -> Iterator[Finding]:
    """From a village's first disclosure on, every period that is over and due; `places` must have some, too."""
    seen: dict[Key, Told] = {}
    first: dict[str, date] = {}
    for one in told:
        column, period, place = (one.content.get(name, "") for name in ("column", "period", "place"))
        if one.kind == KIND and len(place) == VILLAGE and column in calendar and WRITTEN.fullmatch(period):
            seen.setdefault((place, column, period), one)
            first[place] = min(first.get(place, date.max), _start(period))
    if told:
        begin = told[0].at.astimezone(ZONE).date()
        first |= {place: begin for place in places if place not in first}
    for place in sorted(first):
        for column, kind in calendar.items():
            yield from _owed(place, column, kind, first[place], seen, now)


def _owed(
    place: str, column: str, kind: str, since: date, seen: Mapping[Key, Told], now: datetime
) -> Iterator[Finding]:
    step = MONTHS[kind]
    start = since.replace(month=(since.month - 1) // step * step + 1, day=1)
    while (due := (end := _later(start, step)) + timedelta(days=DUE_DAYS - 1)) < now.astimezone(ZONE).date():
        period = f"{start:%Y-%m}" if kind == "month" else f"{start.year}-Q{start.month // 3 + 1}"
        found = seen.get((place, column, period))
        if found is None:
            yield wrong("disclosure_missing", None, place=place, column=column, period=period, due=str(due))
        elif (late := (found.at.astimezone(ZONE).date() - due).days) > 0:
            yield doubt("disclosure_late", found.number, place=place, column=column, period=period, days=late)
        start = end


def _start(period: str) -> date:
    match = WRITTEN.fullmatch(period)
    assert match  # noqa: S101  looked at before
    return date(int(match[1]), int(match[2]) * 3 - 2 if match[2] else int(match[3]), 1)


def _later(day: date, months: int) -> date:
    whole = day.year * 12 + day.month - 1 + months
    return date(whole // 12, whole % 12 + 1, 1)
