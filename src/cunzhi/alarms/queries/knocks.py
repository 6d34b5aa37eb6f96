"""Who needs a knock on the door: households by what the register knows of their need, names and phones masked."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from cunzhi.base import clock
from cunzhi.base.fields import under
from cunzhi.base.text import mask_name
from cunzhi.catalogue.queries import element as element_of
from cunzhi.registry.access import in_force
from cunzhi.registry.models import Fact, Household, Membership
from cunzhi.registry.queries.people import age

OLD = 75
OF_HOUSEHOLD = {
    "household.hazard_site": ("landslide", "debris", "flood"),
    "household.house_safety": ("c", "d"),
    "household.support": ("destitute",),
    "household.reached_by": ("call", "loudspeaker", "paper"),
}
OF_PERSON = {
    "person.disability_level": ("level_1", "level_2"),
    "person.daily_care": ("partly", "fully"),
}
"""Elements of the catalogue, and the values by which somebody is warned at the door."""
SHORTEST = 12
"""Lists are opened for a village or a grid, not for more people than anybody can knock for."""


@dataclass(frozen=True)
class Knock:
    """One door: where, whose (masked), how many live there, how many of them are old, and why."""

    number: str
    address: str
    head: str
    people: int
    old: int
    reasons: tuple[tuple[str, str], ...]
    household: int = 0

    @property
    def weight(self) -> int:
        """Who stands first: the more reasons, the earlier."""
        return len(self.reasons) + (1 if self.old else 0)


def knocks(place_code: str) -> list[Knock]:
    """The doors at a village or grid, those in most need first."""
    if len(place_code) < SHORTEST:
        return []
    homes = Household.objects.filter(under(place_code), until__isnull=True).order_by("number", "id")
    held = Membership.objects.filter(in_force(clock.today()), household__in=homes.values("id"), person__died_on=None)
    members = defaultdict(list)
    for one in held.select_related("person").order_by("since", "id"):
        members[one.household_id].append(one)
    of_home = _needs(Fact.objects.filter(household__in=homes.values("id")), OF_HOUSEHOLD, "household_id")
    of_person = _needs(Fact.objects.filter(person__in=held.values("person")), OF_PERSON, "person_id")
    found = [_knock(home, members[home.pk], of_home[home.pk], of_person) for home in homes]
    return sorted((one for one in found if one.weight), key=lambda one: (-one.weight, one.number))


def _needs(
    facts: QuerySet[Fact], wanted: Mapping[str, tuple[str, ...]], subject: str
) -> defaultdict[int, list[tuple[str, str]]]:
    """Subject -> (element, value) of what is known last and speaks of need."""
    last: dict[tuple[int, str], Any] = {}
    rows = facts.filter(element__in=wanted, as_of__lte=clock.today()).order_by("as_of", "id")
    for number, element, value in rows.values_list(subject, "element", "value"):
        last[number, element] = value
    found: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for (number, element), value in last.items():
        if value in wanted[element]:
            found[number].append((element, value))
    return found


def _knock(
    home: Household, members: list[Membership], reasons: list[tuple[str, str]],
    of_person: dict[int, list[tuple[str, str]]],
) -> Knock:  # fmt: skip
    head = next((one.person for one in members if one.relation == Membership.Relation.HEAD), None)
    personal = [reason for one in members for reason in of_person.get(one.person_id, ())]
    ages = [years for one in members if (years := age(one.person)) is not None]
    return Knock(
        number=home.number, address=home.address, head=mask_name(head.name) if head else "", people=len(members),
        old=sum(years >= OLD for years in ages), reasons=tuple(dict.fromkeys([*reasons, *personal])),
        household=home.pk,
    )  # fmt: skip


def reason_in(reason: tuple[str, str], language: str) -> str:
    """'Safety of the house: D' in the reader's language."""
    element = element_of(reason[0])
    choice = next((one.title.in_(language) for one in element.choices if one.name == reason[1]), reason[1])
    return (
        f"{element.title.in_(language)}：{choice}" if language != "en" else f"{element.title.in_(language)}: {choice}"
    )
