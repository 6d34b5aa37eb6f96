"""The one clock. Simulated doings and told stories move it; nothing else reads the time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
EXAMPLE = datetime(1971, 2, 3, 4, 5, 6, tzinfo=UTC)
"""A moment that no record bears, for building queries before the moment they ask about is known."""
_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _moment.get() or datetime.now(UTC)


def today() -> date:
    """The present day where the villages are."""
    return now().astimezone(ZONE).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Everything inside happens at `moment`."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
