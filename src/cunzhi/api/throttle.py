"""How many requests a minute: counted by token, by person signed in, or by address for those who have neither.

The counts lie in Django's cache, which is each process's own where no shared one is set: with N processes that answer,
the limits are N times as high. They guard against mistakes and floods; no secret depends on them.
"""

import math
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.module_loading import import_string

from cunzhi.base import clock

MINUTE = 60


@dataclass
class Limits:
    """Requests a minute."""

    caller: int = 600
    address: int = 120
    failed: int = 30
    values: int = 120_000
    """Values that one device may send."""
    stills: int = 30
    """Pictures that one device may send: each is decoded, which costs a hundred times a value."""


LIMITS = Limits()


def over(name: str, most: int, more: int = 1) -> bool:
    """Count one more (or several) under a name; whether that is too many in this minute."""
    key = f"api:{name}:{int(clock.now().timestamp()) // MINUTE}"
    cache.add(key, 0, timeout=2 * MINUTE)
    try:
        return cache.incr(key, more) > most
    except ValueError:  # a full cache lost the count between the two lines
        return False


def seconds_to_wait() -> int:
    """Until the next minute begins."""
    return math.ceil(MINUTE - clock.now().timestamp() % MINUTE)


def address_of(request: HttpRequest) -> str:
    """Where a request comes from, as the settings have it found out (behind a proxy or not)."""
    return str(import_string(settings.AXES_CLIENT_IP_CALLABLE)(request))
