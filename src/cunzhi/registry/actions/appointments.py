"""Roles are given for a place by a decision, and end by one."""

from datetime import date

from django.db import transaction

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.journal.actions import note
from cunzhi.registry.access import Access, selves
from cunzhi.registry.actions.rules import checked_words, locked_living, unless_taken
from cunzhi.registry.models import Appointment, Organisation, Person
from cunzhi.registry.queries.places import require_place
from cunzhi.registry.roles import roles


@transaction.atomic
def appoint(
    *,
    person: Person,
    role: str,
    place_code: str,
    basis: str,
    by: Actor,
    since: date | None = None,
    organisation: Organisation | None = None,
) -> Appointment:
    """A person holds a role for a place and all below it, by the meeting or document in `basis`."""
    Access(by).require("appoint", place_code)
    person, day = locked_living(person), since or clock.today()
    _refuse_oneself(person, by)
    if role not in roles():
        raise Refused("registry.role_unknown", field="role", role=role)
    place = require_place(place_code)
    if place.level != roles()[role].level:
        raise Refused("registry.role_of_another_level", field="place_code", place=place.name)
    basis = checked_words(basis, "basis")
    held = Appointment.objects.filter(person_id__in=selves(person.pk).values("id"), role=role, place_code=place_code)
    if any(one.until is None or one.until > day for one in held):
        raise Refused("registry.appointed_already", field="role")
    with unless_taken("registry.appointed_already", "role"):
        appointment = Appointment.objects.create(
            person=person,
            role=role,
            place_code=place_code,
            organisation=organisation,
            since=day,
            basis=basis,
            appointed_by_id=by.person_id,
        )
    detail = {"person": person.pk, "role": role, "since": day}
    note(
        by=by, verb="appointment.made", record=_record(appointment), place_code=place_code, detail=detail, private=basis
    )
    return appointment


@transaction.atomic
def end_appointment(*, appointment: Appointment, basis: str, by: Actor, on: date | None = None) -> Appointment:
    """A role ends with a day, by the meeting or document in `basis`; the right is gone from that day on."""
    appointment = Appointment.objects.select_for_update().get(pk=appointment.pk)
    Access(by).require("appoint", appointment.place_code)
    day = on or clock.today()
    if appointment.until is not None:
        raise Refused("registry.appointment_ended", field="appointment", on=appointment.until)
    if day < appointment.since:
        raise Refused("registry.before_appointment", field="on", since=appointment.since)
    appointment.until, appointment.end_basis = day, checked_words(basis, "basis")
    appointment.save(update_fields=["until", "end_basis"])
    note(
        by=by,
        verb="appointment.ended",
        record=_record(appointment),
        place_code=appointment.place_code,
        detail={"person": appointment.person_id, "role": appointment.role, "on": day},
        private=appointment.end_basis,
    )
    return appointment


def _refuse_oneself(person: Person, by: Actor) -> None:
    """Nobody appoints himself, neither as a double nor through somebody's help."""
    own = set(selves(person.pk).values_list("id", flat=True))
    if own & {by.person_id, by.for_person_id}:
        raise Forbidden("registry.not_oneself", field="person")


def _record(appointment: Appointment) -> str:
    return f"appointment:{appointment.pk}"
