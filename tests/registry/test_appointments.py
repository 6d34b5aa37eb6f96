"""Roles come and go by decisions, and never from one's own hand."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from town import BASIS, COUNTY, TOWNSHIP, VILLAGE, make_actor

from cunzhi.base import clock
from cunzhi.base.actor import Actor, system
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.registry.access import Access
from cunzhi.registry.actions.appointments import appoint, end_appointment
from cunzhi.registry.models import Appointment, Person


@pytest.fixture
def administrator(town: None) -> Actor:
    return make_actor("administrator", COUNTY, name="周管理")


@pytest.fixture
def person(town: None) -> Person:
    return Person.objects.create(name="张大明", place_code=VILLAGE)


def test_appointment_gives_rights_from_its_day_until_its_end(administrator: Actor, person: Person) -> None:
    today, theirs = clock.today(), Actor(person_id=person.pk, channel="test")
    made = appoint(person=person, role="village_cadre", place_code=VILLAGE, basis=BASIS, by=administrator)
    assert made.appointed_by_id == administrator.person_id
    assert Access(theirs).may("people.edit", VILLAGE)
    end_appointment(appointment=made, basis="换届", by=administrator)
    assert Access(theirs).may("people.edit", VILLAGE) is None
    made.refresh_from_db()
    assert (made.until, made.end_basis) == (today, "换届")
    with pytest.raises(Refused, match="ended"):
        end_appointment(appointment=made, basis="换届", by=administrator)


def test_appointment_to_come_gives_no_rights_yet(administrator: Actor, person: Person) -> None:
    later = clock.today() + timedelta(days=3)
    appoint(person=person, role="village_cadre", place_code=VILLAGE, basis=BASIS, since=later, by=administrator)
    assert Access(Actor(person_id=person.pk, channel="test")).grants == ()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"basis": " "}, "basis"),
        ({"role": "king"}, "role"),
        ({"place_code": TOWNSHIP}, "place_code"),
        ({"place_code": COUNTY + "999"}, "place_code"),
    ],
)
def test_appointment_that_cannot_be_is_refused(
    administrator: Actor, person: Person, more: dict[str, str], field: str
) -> None:
    wanted = {"role": "village_cadre", "place_code": VILLAGE, "basis": BASIS} | more
    with pytest.raises(Refused) as refusal:
        appoint(person=person, by=administrator, **wanted)  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_appointing_twice_is_refused(administrator: Actor, person: Person) -> None:
    appoint(person=person, role="supervisor", place_code=VILLAGE, basis=BASIS, by=administrator)
    with pytest.raises(Refused, match="holds this role"):
        appoint(person=person, role="supervisor", place_code=VILLAGE, basis=BASIS, by=administrator)


def test_nobody_appoints_himself_not_even_as_a_double(administrator: Actor) -> None:
    me = Person.objects.get(pk=administrator.person_id)
    double = Person.objects.create(name="周管理", place_code=VILLAGE, merged_into=me)
    with pytest.raises(Forbidden):
        appoint(person=me, role="county_officer", place_code=COUNTY, basis=BASIS, by=administrator)
    with pytest.raises(Refused, match="merged"):
        appoint(person=double, role="county_officer", place_code=COUNTY, basis=BASIS, by=administrator)
    helped = make_actor("administrator", COUNTY, name="吴管理").on_behalf_of(me.pk)
    with pytest.raises(Forbidden):
        appoint(person=me, role="county_officer", place_code=COUNTY, basis=BASIS, by=helped)


def test_database_refuses_self_appointment_and_no_basis(person: Person) -> None:
    row = {"person": person, "role": "supervisor", "place_code": VILLAGE, "since": date(2026, 1, 1)}
    for wrong in ({"basis": ""}, {"basis": BASIS, "appointed_by": person}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Appointment.objects.create(**row, **wrong)  # type: ignore[misc]


def test_cadre_appoints_nobody(cadre: Actor, person: Person) -> None:
    with pytest.raises(Forbidden):
        appoint(person=person, role="shopkeeper", place_code=VILLAGE, basis=BASIS, by=cadre)


def test_platform_appoints_the_first_administrator(person: Person) -> None:
    made = appoint(person=person, role="administrator", place_code=COUNTY, basis="部署文件", by=system("cli"))
    assert made.appointed_by is None
