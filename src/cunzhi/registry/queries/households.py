"""Who lives with whom, on which day. Memberships of a double count for the person it was merged into."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from cunzhi.base import clock
from cunzhi.registry.access import in_force, selves
from cunzhi.registry.models import Household, Membership, Person
from cunzhi.registry.queries.people import current


@dataclass(frozen=True)
class Member:
    """One who belongs to a household, and as what."""

    person: Person
    relation: str
    since: date


def memberships(person: Person) -> QuerySet[Membership]:
    """All memberships that a person ever had, as themselves or as a double."""
    mine = Membership.objects.filter(person_id__in=selves(current(person).pk).values("id"))
    return mine.select_related("household").order_by("since", "id")


def membership_of(person: Person, on: date | None = None) -> Membership | None:
    """The membership that held on a day."""
    return memberships(person).filter(in_force(on or clock.today())).last()


def household_of(person: Person, on: date | None = None) -> Household | None:
    """The household to which a person belonged on a day."""
    found = membership_of(person, on)
    return found.household if found else None


def members(household: Household, on: date | None = None) -> list[Member]:
    """Who belonged to a household on a day, the head first."""
    held = household.memberships.filter(in_force(on or clock.today())).select_related("person__merged_into")
    found: dict[int, Member] = {}
    for one in held.order_by("since", "id"):
        person = current(one.person)
        found.setdefault(person.pk, Member(person, one.relation, one.since))
    return sorted(found.values(), key=lambda member: member.relation != Membership.Relation.HEAD)


def head_of(household: Household, on: date | None = None) -> Person | None:
    """The head of a household on a day; none when the last one died or left and no other was named."""
    first = next(iter(members(household, on)), None)
    return first.person if first and first.relation == Membership.Relation.HEAD else None


def same_household(a: Person, b: Person, on: date | None = None) -> bool:
    """Whether two people belonged to one household on a day."""
    one, other = household_of(a, on), household_of(b, on)
    return one is not None and one == other
