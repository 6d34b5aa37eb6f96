"""Reads of subscriptions and of how often something was read."""

from collections.abc import Iterable

from django.db.models import Sum

from cunzhi.disclosures.models import Subscription, Views
from cunzhi.registry.access import selves


def subscribers(place_code: str) -> list[int]:
    """The people who are told when a place makes something public."""
    return list(Subscription.objects.filter(place_code=place_code).values_list("person_id", flat=True))


def is_subscribed(person_id: int, place_code: str) -> bool:
    mine = selves(person_id).values("id")
    return Subscription.objects.filter(person_id__in=mine, place_code=place_code).exists()


def views_of(records: Iterable[str]) -> dict[str, int]:
    """How often each record was opened: devices a day, summed over the days."""
    wanted = list(records)
    rows = Views.objects.filter(record__in=wanted).values_list("record").annotate(total=Sum("count"))
    return dict.fromkeys(wanted, 0) | dict(rows)
