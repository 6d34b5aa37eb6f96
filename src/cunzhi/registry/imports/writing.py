"""Writes a plan into the register, by the same actions that a cadre's hand uses."""

from collections import defaultdict

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.registry.actions.households import (
    change_relation,
    join_household,
    leave_household,
    set_address,
)
from cunzhi.registry.actions.many import join_households, open_households, register_people
from cunzhi.registry.actions.people import correct_person, move_in, new_person, set_phone
from cunzhi.registry.imports.plan import Plan
from cunzhi.registry.imports.steps import Step
from cunzhi.registry.models import Household, Membership, Person
from cunzhi.registry.queries.households import membership_of

HEAD = Membership.Relation.HEAD


def write(planned: Plan, place_code: str, by: Actor) -> None:
    """People first, then households; whoever stops being head before whoever becomes one, the new ones last."""
    changed = [step for step in planned.steps if step.kind == "changed"]
    people = {step.row.row: _changed(step, by) for step in changed}
    newcomers = [step for step in planned.steps if step.person is None]
    households = _households(planned, place_code, by)
    for step in sorted(changed, key=_heads_first):
        if step.row.number:
            _belong(step, people[step.row.row], households[step.row.number], by)
    _settle(newcomers, register_people(people=[_new(step) for step in newcomers], by=by), households, by)


def _heads_first(step: Step) -> tuple[bool, bool]:
    """Heads of old give their place up, then heads are named, then all others."""
    gives_up = step.held is not None and step.held.relation == HEAD and step.row.relation != HEAD
    return (not gives_up, step.row.relation != HEAD)


def _new(step: Step) -> Person:
    row = step.row
    return new_person(
        name=row.name,
        place_code=step.place_code,
        sex=row.sex,
        born_on=row.born_on,
        identity=row.identity,
        phone=row.phone,
    )


def _changed(step: Step, by: Actor) -> Person:
    row, person = step.row, step.person
    assert person is not None  # noqa: S101 - a step that changes has somebody to change
    if "place" in step.changes:
        person = move_in(person=person, place_code=step.place_code, by=by)
    if {"identity", "sex", "born_on"} & set(step.changes):
        person = correct_person(
            person=person,
            by=by,
            identity=row.identity if "identity" in step.changes else None,
            sex=row.sex or None,
            born_on=row.born_on,
        )
    if "phone" in step.changes:
        person = set_phone(person=person, phone=row.phone, by=by)
    return person


def _households(planned: Plan, place_code: str, by: Actor) -> dict[str, Household]:
    """Every household that the rows name: as it is, with its new address, or opened now."""
    members: dict[str, list[Step]] = defaultdict(list)
    for step in planned.steps:
        if step.row.number:
            members[step.row.number].append(step)
    found: dict[str, Household] = {}
    opened = []
    for number, steps in members.items():
        address = next((step.row.address for step in steps if step.row.address), "")
        household = steps[0].household
        if household is None:
            place = next((step.place_code for step in steps if step.row.grid), place_code)
            opened.append(Household(place_code=place, number=number, address=address, since=clock.today()))
        elif address and household.address != address:
            found[number] = set_address(household=household, address=address, by=by)
        else:
            found[number] = household
    return found | {one.number: one for one in open_households(households=opened, by=by)}


def _settle(steps: list[Step], people: list[Person], households: dict[str, Household], by: Actor) -> None:
    """The newcomers join the households that their rows name."""
    memberships = [
        Membership(
            person=person,
            household=households[step.row.number],
            relation=step.row.relation or Membership.Relation.OTHER,
            since=clock.today(),
        )
        for step, person in zip(steps, people, strict=True)
        if step.row.number
    ]
    join_households(memberships=memberships, by=by)


def _belong(step: Step, person: Person, household: Household, by: Actor) -> None:
    relation = step.row.relation or (step.held.relation if step.held else Membership.Relation.OTHER)
    if "relation" in step.changes:
        change_relation(person=person, relation=relation, by=by)
    elif "household" in step.changes:
        if membership_of(person) is not None:  # a move to another village has ended it already
            leave_household(person=person, by=by)
        join_household(person=person, household=household, relation=relation, by=by)
