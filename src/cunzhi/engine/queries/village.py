"""A village's own totals: what its people did together. Never a list of who did how much."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Count, Q, Sum

from cunzhi.base import clock
from cunzhi.base.fields import under
from cunzhi.engine.models import Case
from cunzhi.ledger.charts import POINTS
from cunzhi.ledger.models import Posting
from cunzhi.registry.models import Household


@dataclass(frozen=True)
class Participation:
    """A place in one year: matters brought and settled, points credited, and how many households took part."""

    year: int
    opened: int
    settled: int
    credited: int
    taking_part: int
    households: int
    counted_at: datetime


FRESH = 60
"""Seconds for which a village's totals are shown again before they are counted again; the page says when they were."""


def recent_participation(place_code: str) -> Participation:
    """The totals as they were counted within the last minute: with many matters, counting takes longer than a page."""
    key, now = f"participation:{place_code}", clock.now()
    found: Participation | None = cache.get(key)
    if found is None or not 0 <= (now - found.counted_at).total_seconds() < FRESH:
        found = participation(place_code)
        cache.set(key, found, FRESH)
    return found


def participation(place_code: str) -> Participation:
    """The year so far at a village and below. Points count once they stand on a household's account."""
    year = clock.today().year
    since = datetime(year, 1, 1, tzinfo=clock.ZONE)
    cases = Case.objects.filter(under(place_code), opened_at__gte=since).aggregate(
        opened=Count("id"), settled=Count("id", filter=Q(closed_at__isnull=False))
    )
    credits = Posting.objects.filter(
        target__book__place_code=place_code,
        target__book__kind=POINTS,
        target__kind="household",
        source__kind="promised",
        entry__at__gte=since,
    ).aggregate(credited=Sum("amount"), taking_part=Count("target__holder", distinct=True))
    return Participation(
        year=year,
        opened=cases["opened"],
        settled=cases["settled"],
        credited=credits["credited"] or 0,
        taking_part=credits["taking_part"],
        households=Household.objects.filter(under(place_code), until__isnull=True).count(),
        counted_at=clock.now(),
    )
