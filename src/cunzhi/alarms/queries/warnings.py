"""Which public warnings hold, where and for whom. What is expired or replaced is not found any more."""

from django.db.models import Q, QuerySet

from cunzhi.alarms.models import Colour, Warned
from cunzhi.alarms.queries.alarms import GRAVITY
from cunzhi.base import clock
from cunzhi.base.fields import under

ISSUE = "warnings.issue"


def in_force(place_code: str = "") -> QuerySet[Warned]:
    """What holds now, the gravest first; of a place, with what holds above it and in any part of it."""
    now = clock.now()
    held = Warned.objects.filter(effective__lte=now, expires__gt=now, replaced_by__isnull=True)
    held = held.exclude(kind=Warned.Type.CANCEL)
    if place_code:
        above = [place_code[:length] for length in range(2, len(place_code) + 1)]
        inside = under(place_code, "places__place_code")
        held = held.filter(Q(places__place_code__in=above) | inside).distinct()
    return held.order_by(GRAVITY.desc(), "-sent", "-id").prefetch_related("places")


def in_feed() -> QuerySet[Warned]:
    """What programs are told: all that holds, and the cancels of what would still hold."""
    now = clock.now()
    live = Q(replaced_by__isnull=True, effective__lte=now, expires__gt=now)
    return Warned.objects.filter(live).order_by("-sent", "-id")


def still_held(place_codes: list[str], hazard: str) -> list[Warned]:
    """Our own warnings of a hazard at exactly these places that a new one should replace."""
    held = in_force().filter(received=False, hazard=hazard, places__place_code__in=place_codes).distinct()
    return list(held)


def grave(warned: Warned) -> bool:
    """Whether everybody is told, and not only those who asked for it."""
    return Colour(warned.colour).rank >= Colour.ORANGE.rank
