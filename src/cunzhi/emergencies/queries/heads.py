"""How many are at each shelter, always summed from the rows, and who of those in need was not seen yet."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, Q, QuerySet, Sum

from cunzhi.alarms.queries.knocks import Knock, knocks
from cunzhi.base import clock
from cunzhi.base.fields import under
from cunzhi.emergencies.models import Arrival, Emergency, Knocked, Shelter
from cunzhi.emergencies.queries.plans import shelters_at
from cunzhi.registry.models import Household

MOST = 60
STANDS = ("open", "nobody", "help", "going", "safe", "came")
"""How a door may stand, those first at which somebody should knock now."""


@dataclass(frozen=True)
class Filling:
    """One shelter in one emergency: heads, of how many, and whether it should not be used for this hazard."""

    shelter: Shelter
    heads: int
    counted: bool
    unsafe: bool

    @property
    def left(self) -> int:
        return max(0, self.shelter.capacity - self.heads)

    @property
    def over(self) -> int:
        return max(0, self.heads - self.shelter.capacity)


@dataclass(frozen=True)
class Door:
    """A household of the knock list, and how far one got."""

    knock: Knock
    stands: str


def counting(*emergencies: Emergency) -> QuerySet[Arrival]:
    """The rows that count: of each emergency the newest of a household, and the newest of the others at a shelter."""
    rows = Arrival.objects.filter(emergency__in=emergencies)
    of_homes = rows.filter(household__isnull=False).values("emergency", "household").annotate(newest=Max("pk"))
    of_others = rows.filter(household__isnull=True).values("emergency", "how", "shelter").annotate(newest=Max("pk"))
    newest = Q(pk__in=of_homes.values("newest")) | Q(pk__in=of_others.values("newest"))
    return Arrival.objects.filter(newest).order_by("pk")


def room_in(shelters: Iterable[Shelter], running: Iterable[Emergency]) -> dict[int, int]:
    """How many more each shelter holds where somebody is counted, whatever they fled from; a drill fills none."""
    rows = counting(*(one for one in running if not one.drill))
    heads = dict(rows.order_by().values_list("shelter").annotate(Sum("heads")))
    return {one.pk: max(0, one.capacity - heads[one.pk]) for one in shelters if one.pk in heads}


def fillings(emergency: Emergency) -> list[Filling]:
    """Every shelter of the place with its heads; one elsewhere only when somebody is in it."""
    heads: defaultdict[int, int] = defaultdict(int)
    for row in counting(emergency):
        heads[row.shelter_id] += row.heads
    counted = set(Arrival.objects.filter(emergency=emergency).values_list("shelter_id", flat=True))
    near = [one for one in shelters_at(emergency.place_code) if _near(one, emergency) or one.pk in counted][:MOST]
    known = {one.pk for one in near}
    near += list(Shelter.objects.filter(pk__in=counted - known).order_by("place_code", "name"))
    return [Filling(one, heads[one.pk], one.pk in counted, emergency.hazard in one.unsafe_in) for one in near]


def _near(shelter: Shelter, emergency: Emergency) -> bool:
    """In the place itself, or where the place is a part of the shelter's."""
    village = emergency.place_code[:12]
    return shelter.place_code.startswith(village) or village.startswith(shelter.place_code)


def filling(emergency: Emergency, shelter: Shelter) -> Filling:
    """One shelter."""
    rows = [row for row in counting(emergency) if row.shelter_id == shelter.pk]
    counted = Arrival.objects.filter(emergency=emergency, shelter=shelter).exists()
    return Filling(shelter, sum(row.heads for row in rows), counted, emergency.hazard in shelter.unsafe_in)


def households_at(emergency: Emergency, shelter: Shelter) -> list[Arrival]:
    """The households whose newest row is at this shelter."""
    rows = [row for row in counting(emergency) if row.shelter_id == shelter.pk and row.household_id]
    known = Household.objects.in_bulk([row.household_id for row in rows])
    for row in rows:
        row.household = known[row.household_id or 0]
    return rows


def doors(emergency: Emergency, place_code: str) -> list[Door]:
    """The knock list of a village or grid, those of whom nobody knows first."""
    came = {row.household_id for row in counting(emergency) if row.household_id and row.heads}
    said = dict(Knocked.objects.filter(emergency=emergency).order_by("id").values_list("household_id", "found"))
    listed = knocks(place_code)
    found = [Door(one, "came" if one.household in came else said.get(one.household, "open")) for one in listed]
    return sorted(found, key=lambda one: STANDS.index(one.stands))


def doors_count(emergency: Emergency, place_code: str) -> dict[str, int]:
    """How many doors stand how; nobody's name is in it."""
    counts: defaultdict[str, int] = defaultdict(int)
    for one in doors(emergency, place_code):
        counts[one.stands] += 1
    return dict(counts)


def lives_near(home: Household, emergency: Emergency, shelter: Shelter) -> bool:
    """Whether a household is one of those who are counted there: of the emergency's place, or of the shelter's."""
    return home.place_code.startswith((emergency.place_code, shelter.place_code))


def households_in(place_code: str, number: str) -> list[Household]:
    """The households with this number at a place or below, while they last."""
    lasting = Q(until__isnull=True) | Q(until__gt=clock.today())
    return list(Household.objects.filter(under(place_code), lasting, number=number).order_by("place_code")[:5])
