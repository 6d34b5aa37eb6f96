"""What somebody may do comes with their session, and is what a question of its own would answer."""

from datetime import timedelta

import pytest
from django.test import Client
from web.village import COUNTY, VILLAGE, make_account, make_person, make_places

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.registry.access import Access
from cunzhi.registry.models import Account, Appointment, Person
from cunzhi.web.sessions import SessionStore


@pytest.fixture
def cadre(db: None) -> Account:
    make_places()
    account = make_account(make_person("王建国", "13800000002"), "village_cadre")
    today = clock.today()
    for role, since, until in (
        ("grid_worker", today - timedelta(9), today + timedelta(1)),
        ("appraiser", today - timedelta(9), today),
        ("supervisor", today + timedelta(1), None),
    ):
        Appointment.objects.create(
            person=account.person, role=role, place_code=VILLAGE, since=since, until=until, basis="村民会议"
        )
    return account


def grants_with_session(account: Account) -> object:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    store = SessionStore(client.session.session_key)
    store.load()
    return store.grants


def asked(person: Person) -> object:
    return Access(Actor(person_id=person.pk, channel="web")).grants


def test_offices_of_today_come_with_the_session(cadre: Account) -> None:
    found = grants_with_session(cadre)
    assert found == asked(cadre.person)
    assert isinstance(found, tuple) and [one.role for one in found] == ["village_cadre", "grid_worker"]


def test_who_holds_nothing_or_has_died_may_do_nothing(cadre: Account) -> None:
    assert grants_with_session(make_account(make_person("张大明", "13800000000"))) == ()
    Person.objects.filter(pk=cadre.person_id).update(died_on=clock.today())
    assert grants_with_session(cadre) == asked(cadre.person) == ()


def test_who_has_doubles_is_asked_for_apart(cadre: Account) -> None:
    """For what the double holds is theirs too."""
    double = make_person("王建国", "13800000009")
    Appointment.objects.create(person=double, role="county_officer", place_code=COUNTY, since=clock.today(), basis="x")
    Person.objects.filter(pk=double.pk).update(merged_into=cadre.person)
    assert grants_with_session(cadre) is None
    client = Client()
    client.force_login(cadre, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/figures/").status_code == 200
