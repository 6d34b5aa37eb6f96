"""Where scenarios are on."""

from datetime import date

from django.db.models import Q, QuerySet

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.engine.models import Activation
from cunzhi.registry.access import in_force


def activation_at(scenario: str, place_code: str) -> Activation:
    """The activation nearest above a place, or Refused when the scenario is not on there."""
    codes = [place_code[:length] for length in range(2, len(place_code) + 1)]
    found = Activation.objects.filter(in_force(clock.today()), scenario=scenario, place_code__in=codes)
    nearest = max(found, key=lambda activation: len(activation.place_code), default=None)
    if nearest is None:
        raise Refused("engine.not_on", scenario=scenario, place=place_code)
    return nearest


def scenarios_on(place_code: str) -> QuerySet[Activation]:
    """What is on at a place, the nearest decision first."""
    codes = [place_code[:length] for length in range(2, len(place_code) + 1)]
    return Activation.objects.filter(in_force(clock.today()), place_code__in=codes).order_by("scenario", "-place_code")


def all_through(scenario: str, first: date, after: date) -> list[str]:
    """Codes of the places for which a scenario was on from the day `first` to the day before `after`."""
    whole = Q(since__lte=first) & (Q(until__isnull=True) | Q(until__gte=after))
    return list(Activation.objects.filter(whole, scenario=scenario).values_list("place_code", flat=True))
