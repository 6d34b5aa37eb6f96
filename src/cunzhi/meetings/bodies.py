"""Who is due at a meeting of a body, as far as the registry knows on the day."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q, QuerySet

from cunzhi.base import clock
from cunzhi.base.fields import under
from cunzhi.meetings.models import Meeting
from cunzhi.registry.access import holders_below, in_force
from cunzhi.registry.models import Membership, Person

ROLES: dict[str, tuple[str, ...]] = {
    Meeting.Body.BRANCH: ("branch_member",),
    Meeting.Body.COMMITTEES: ("branch_member", "committee_member"),
    Meeting.Body.MEMBERS: ("party_member", "branch_member"),
    Meeting.Body.REPRESENTATIVES: ("representative", "committee_member"),
}
"""The bodies whose members are appointed, and by which roles."""
OF_AGE = 18
Due = tuple[int, int | None]
"""A person, and the household for which they sit."""


def due_at(body: str, place_code: str) -> list[Due]:
    """Who is due, each once."""
    if body == Meeting.Body.HOUSEHOLDS:
        return list(_households(place_code))
    if body == Meeting.Body.ASSEMBLY:
        people: QuerySet[Person] = adults(place_code)
    else:
        people = holders_below(ROLES[body], place_code)
    return [(person, None) for person in people.values_list("id", flat=True)]


def adults(place_code: str) -> QuerySet[Person]:
    """Those of age who live there; also those whose birth is not known, for too short a roll makes a quorum easy."""
    today = clock.today()
    born_by = date(today.year - OF_AGE, today.month, min(today.day, 28) if today.month == 2 else today.day)
    grown = Q(born_on__isnull=True) | Q(born_on__lte=born_by)
    here = Person.objects.filter(under(place_code), merged_into__isnull=True, erased_on__isnull=True)
    return here.filter(grown, died_on__isnull=True, left_on__isnull=True)


def _households(place_code: str) -> Iterator[Due]:
    """One for each household: its head or, where none is named, whoever belongs to it longest."""
    held = Membership.objects.filter(
        in_force(clock.today()), under(place_code, "household__place_code"), household__until__isnull=True
    )
    living = held.filter(person__died_on__isnull=True, person__merged_into__isnull=True)
    seated: dict[int, int] = {}
    for household, person, relation in living.order_by("since", "id").values_list(
        "household_id", "person_id", "relation"
    ):
        if household not in seated or relation == Membership.Relation.HEAD:
            seated[household] = person
    return ((person, household) for household, person in seated.items())
