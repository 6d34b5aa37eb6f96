"""Moments and spans as SensorThings writes them: ISO 8601, always with a zone, told in UTC."""

from datetime import UTC, datetime

from cunzhi.base.errors import Refused

YEARS = range(1900, 2200)
LONGEST = 40


def instant(value: object, field: str) -> datetime:
    """A moment, from '2026-07-01T08:00:00+08:00'; a moment without a zone could be any of several, and is refused."""
    if not isinstance(value, str) or not value.isascii() or len(value) > LONGEST or "T" not in value.upper():
        raise Refused("perception.no_moment", field=field)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise Refused("perception.no_moment", field=field) from None
    if moment.tzinfo is None:
        raise Refused("perception.no_zone", field=field)
    if moment.year not in YEARS:
        raise Refused("perception.no_such_year", field=field, first=YEARS.start, last=YEARS.stop - 1)
    return moment.astimezone(UTC)


def span(value: object, field: str) -> tuple[datetime, datetime | None]:
    """A moment, or two with a slash between them."""
    if not isinstance(value, str) or "/" not in value:
        return instant(value, field), None
    first, last = (instant(part, field) for part in value.split("/", 1))
    if last < first:
        raise Refused("perception.ends_first", field=field)
    return first, last


def told(moment: datetime | None) -> str | None:
    """2026-07-01T00:00:00Z, with the fraction of a second only where there is one."""
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def told_span(first: datetime | None, last: datetime | None) -> str | None:
    """Two moments with a slash, or one where the span has no end of its own."""
    return told(first) if last is None else f"{told(first)}/{told(last)}"
