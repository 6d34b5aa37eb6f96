"""Whose messages are taken today."""

from django.db.models import Q, QuerySet

from cunzhi.alarms.models import KnownSender
from cunzhi.alarms.queries.alarms import SET
from cunzhi.base import clock
from cunzhi.base.fields import under_any
from cunzhi.registry.access import Access


def known_now(sender: str) -> QuerySet[KnownSender]:
    """The rows by which messages of a sender are taken."""
    today = clock.today()
    held = KnownSender.objects.filter(Q(until__isnull=True) | Q(until__gt=today), sender=sender, since__lte=today)
    return held.order_by("place_code")


def senders_for(access: Access) -> QuerySet[KnownSender]:
    """The senders that somebody may enter and change."""
    return KnownSender.objects.filter(under_any(access.places(SET)), until__isnull=True).order_by("id")
