"""Which rules hold where."""

from collections.abc import Iterable

from django.db.models import Q

from cunzhi.alarms.models import Colour, Rule
from cunzhi.base import clock
from cunzhi.base.fields import under
from cunzhi.perception.models import Datastream


def rules_in_force() -> list[Rule]:
    """Every rule that holds today, the gravest colour first."""
    today = clock.today()
    held = Rule.objects.filter(Q(until__isnull=True) | Q(until__gt=today), since__lte=today)
    return sorted(held, key=lambda one: (-Colour(one.colour).rank, one.pk))


def watched(rules: Iterable[Rule]) -> Q:
    """The datastreams that any of the rules speaks of."""
    condition = Q(pk__in=[])
    for one in rules:
        condition |= under(one.place_code) & Q(observed_property__name=one.observed)
    return condition


def rules_for(stream: Datastream, rules: Iterable[Rule]) -> list[Rule]:
    """Those of the rules that speak of a datastream."""
    name = stream.observed_property.name
    return [one for one in rules if one.observed == name and stream.place_code.startswith(one.place_code)]
