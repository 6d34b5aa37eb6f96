"""Moments as CAP writes them: with a numeric offset, never with Z, and without parts of a second."""

import re
from datetime import datetime

from cunzhi.base.clock import ZONE
from cunzhi.base.errors import Refused

WRITTEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")


def told(moment: datetime) -> str:
    """2026-07-01T08:00:00+08:00"""
    return moment.astimezone(ZONE).replace(microsecond=0).isoformat()


def moment_of(text: str, field: str) -> datetime:
    """A moment that somebody else wrote so."""
    if not WRITTEN.fullmatch(text):
        raise Refused("alarms.cap.no_moment", field=field, part=field, text=text[:40])
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Refused("alarms.cap.no_moment", field=field, part=field, text=text[:40]) from None
