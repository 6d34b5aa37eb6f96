"""Many people and households at once, for lists: the same checks and notes as one by one, in a few statements."""

from collections.abc import Iterable

from django.db import transaction

from cunzhi.base.actor import Actor
from cunzhi.journal.actions import note
from cunzhi.registry.access import Access
from cunzhi.registry.actions.people import note_registered
from cunzhi.registry.actions.rules import unless_taken
from cunzhi.registry.models import Household, Membership, Person

BATCH = 500


@transaction.atomic
def register_people(*, people: list[Person], by: Actor) -> list[Person]:
    """Keeps people made by `new_person`."""
    _require(by, {person.place_code for person in people})
    with unless_taken("registry.identity_taken", "identity"):
        kept = Person.objects.bulk_create(people, batch_size=BATCH)
    for person in kept:
        note_registered(person, by)
    return kept


@transaction.atomic
def open_households(*, households: list[Household], by: Actor) -> list[Household]:
    """Keeps new households of one village."""
    _require(by, {household.place_code for household in households})
    with unless_taken("registry.household_number_taken", "number"):
        kept = Household.objects.bulk_create(households, batch_size=BATCH)
    for household in kept:
        detail = {"since": household.since}
        note(by=by, verb="household.opened", record=household.record, place_code=household.place_code, detail=detail)
    return kept


@transaction.atomic
def join_households(*, memberships: list[Membership], by: Actor) -> list[Membership]:
    """Keeps first memberships, of people who have never been in a household."""
    _require(by, {one.household.place_code for one in memberships})
    with unless_taken("registry.head_taken", "relation"):
        kept = Membership.objects.bulk_create(memberships, batch_size=BATCH)
    for one in kept:
        detail = {"person": one.person_id, "relation": one.relation, "since": one.since}
        home = one.household
        note(by=by, verb="household.joined", record=home.record, place_code=home.place_code, detail=detail)
    return kept


def _require(by: Actor, codes: Iterable[str]) -> None:
    access = Access(by)
    for code in codes:
        access.require("people.edit", code)
