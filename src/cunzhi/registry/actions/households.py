"""Households are opened; people join and leave them."""

from datetime import date

from django.db import transaction

from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.journal.actions import note
from cunzhi.registry.access import Access
from cunzhi.registry.actions.rules import checked_words, locked, locked_living, past_day, unless_taken
from cunzhi.registry.models import Household, Membership, Person, Place
from cunzhi.registry.queries.households import memberships
from cunzhi.registry.queries.places import require_place

HOMES = (Place.Level.VILLAGE, Place.Level.GRID)
LONGEST_NUMBER, LONGEST_ADDRESS = 20, 120


@transaction.atomic
def open_household(
    *, place_code: str, number: str, by: Actor, address: str = "", since: date | None = None, head: Person | None = None
) -> Household:
    """A new household of a village or grid, with its head when known."""
    Access(by).require("people.edit", place_code)
    place = require_place(place_code)
    if place.level not in HOMES:
        raise Refused("registry.household_needs_a_village", field="place_code", place=place.name)
    number = checked_words(number, "number", LONGEST_NUMBER)
    address = checked_words(address, "address", LONGEST_ADDRESS) if address.strip() else ""
    day = past_day(since, "since")
    with unless_taken("registry.household_number_taken", "number"):
        household = Household.objects.create(place_code=place_code, number=number, address=address, since=day)
    _note(by, "household.opened", household, {"since": day})
    if head is not None:
        join_household(person=head, household=household, relation=Membership.Relation.HEAD, by=by, since=day)
    return household


@transaction.atomic
def set_address(*, household: Household, address: str, by: Actor) -> Household:
    """Where the household's door is."""
    household = Household.objects.select_for_update().get(pk=household.pk)
    Access(by).require("people.edit", household.place_code)
    household.address = checked_words(address, "address", LONGEST_ADDRESS) if address.strip() else ""
    household.save(update_fields=["address"])
    _note(by, "household.address_set", household, private=household.address)
    return household


@transaction.atomic
def close_household(*, household: Household, by: Actor, on: date | None = None) -> Household:
    """An empty household ends; its number and its books stay."""
    household, day = Household.objects.select_for_update().get(pk=household.pk), past_day(on)
    Access(by).require("people.edit", household.place_code)
    if household.until is not None:
        raise Refused("registry.household_closed", field="household", on=household.until)
    if day < household.since:
        raise Refused("registry.before_opening", field="on", since=household.since)
    if household.memberships.filter(until__isnull=True, person__merged_into__isnull=True).exists():
        raise Refused("registry.household_not_empty", field="household")
    household.until = day
    household.save(update_fields=["until"])
    _note(by, "household.closed", household, {"on": day})
    return household


@transaction.atomic
def join_household(
    *, person: Person, household: Household, relation: str, by: Actor, since: date | None = None
) -> Membership:
    """A person belongs to a household from a day on: to one at a time, with one head."""
    person, day = locked_living(person), past_day(since, "since")
    household = Household.objects.select_for_update().get(pk=household.pk)
    Access(by).require("people.edit", household.place_code)
    if relation not in Membership.Relation.values:
        raise Refused("registry.relation_unknown", field="relation", value=relation)
    if household.until is not None:
        raise Refused("registry.household_closed", field="household", on=household.until)
    if day < household.since:
        raise Refused("registry.before_opening", field="since", since=household.since)
    last = memberships(person).last()
    if last is not None and last.until is None:
        raise Refused("registry.in_a_household", field="person", household=last.household.number)
    if last is not None and last.until is not None and last.until > day:
        raise Refused("registry.in_a_household_then", field="since", until=last.until)
    with unless_taken("registry.head_taken", "relation"):
        joined = Membership.objects.create(person=person, household=household, relation=relation, since=day)
    _note(by, "household.joined", household, {"person": person.pk, "relation": relation, "since": day})
    return joined


@transaction.atomic
def leave_household(*, person: Person, by: Actor, on: date | None = None) -> Membership:
    """A person belongs to their household no longer, but stays in the place."""
    person, day = locked(person), past_day(on)
    held = _open_membership(person)
    Access(by).require("people.edit", held.household.place_code)
    _end(held, day)
    _note(by, "household.left", held.household, {"person": person.pk, "on": day})
    return held


@transaction.atomic
def change_relation(*, person: Person, relation: str, by: Actor, on: date | None = None) -> Membership:
    """A new head after a death, a child who marries: one relation ends and another begins, in the same household."""
    person, day = locked_living(person), past_day(on)
    held = _open_membership(person)
    _end(held, day)
    return join_household(person=person, household=held.household, relation=relation, by=by, since=day)


def _open_membership(person: Person) -> Membership:
    held = memberships(person).filter(until__isnull=True).last()
    if held is None:
        raise Refused("registry.in_no_household", field="person")
    return held


def _end(held: Membership, day: date) -> None:
    if day < held.since:
        raise Refused("registry.before_joining", field="on", since=held.since)
    held.until = day
    held.save(update_fields=["until"])


def _note(
    by: Actor, verb: str, household: Household, detail: dict[str, object] | None = None, private: object = None
) -> None:
    note(by=by, verb=verb, record=household.record, place_code=household.place_code, detail=detail, private=private)
