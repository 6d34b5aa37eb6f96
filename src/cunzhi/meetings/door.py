"""The code at the door: whoever stands before it can sign in, and a few minutes later it is another."""

import hmac
from datetime import UTC, datetime, timedelta

from django.conf import settings

from cunzhi.base import clock
from cunzhi.base.numbers import DIGITS
from cunzhi.meetings.models import Meeting

LASTS = timedelta(minutes=10)
LENGTH = 8
MISREAD = str.maketrans("OIL", "011")


def code_of(meeting: Meeting) -> str:
    """The code that hangs at the door now."""
    return _code(meeting, _turn())


def opens(meeting: Meeting, typed: str) -> bool:
    """Whether it is the code of now or the one just before, which somebody may still be typing."""
    plain = "".join(letter for letter in typed.upper().translate(MISREAD) if letter in DIGITS)
    return any(hmac.compare_digest(plain, _code(meeting, turn)) for turn in (_turn(), _turn() - 1))


def good_until() -> datetime:
    """Until when the code of now opens."""
    return datetime.fromtimestamp((_turn() + 2) * LASTS.total_seconds(), UTC)


def _turn() -> int:
    return int(clock.now().timestamp() // LASTS.total_seconds())


def _code(meeting: Meeting, turn: int) -> str:
    digest = hmac.digest(settings.SECRETS.pepper, f"door:{meeting.pk}:{turn}".encode(), "sha256")
    return "".join(DIGITS[byte % len(DIGITS)] for byte in digest[:LENGTH])
