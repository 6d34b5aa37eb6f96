"""Which plan holds where, what it asks for at a colour, and the shelters of a place."""

from django.db.models import Q, QuerySet

from cunzhi.base import clock
from cunzhi.base.fields import under
from cunzhi.emergencies.models import Duty, Plan, Shelter
from cunzhi.registry.access import Access, in_force

PLAN = "emergencies.plan"
TOWNSHIP = 9


def above(place_code: str) -> list[str]:
    """The codes of a place and of all above it."""
    return [place_code[:length] for length in range(2, len(place_code) + 1)]


def plan_for(place_code: str, hazard: str) -> Plan | None:
    """The plan of a hazard nearest above a place."""
    held = Plan.objects.filter(in_force(clock.today()), hazard=hazard, place_code__in=above(place_code))
    return max(held, key=lambda one: len(one.place_code), default=None)


def plans_seen(access: Access, verb: str) -> QuerySet[Plan]:
    """The plans in force where one serves, and those above that hold there too."""
    condition = Q(pk__in=[])
    for code in access.places(verb):
        condition |= under(code) | Q(place_code__in=above(code))
    return Plan.objects.filter(in_force(clock.today()), condition).order_by("hazard", "place_code")


def duties_of(plan: Plan | None, colour: str) -> list[Duty]:
    """The duties that a colour calls for, in order."""
    return [one for one in plan.duties.order_by("number") if colour in one.minutes] if plan else []


def shelters_at(place_code: str) -> QuerySet[Shelter]:
    """The shelters that people of a place may go to: in it, and in its township where it is smaller than that."""
    return shelters_open().filter(under(place_code[:TOWNSHIP])).order_by("place_code", "name")


def shelters_open() -> QuerySet[Shelter]:
    """Every shelter that is one today. One that begins and ends on the same day never was."""
    return Shelter.objects.filter(in_force(clock.today()))
