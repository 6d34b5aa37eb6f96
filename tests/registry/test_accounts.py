"""Sign-ins: one a person, one a phone."""

import pytest
from town import OTHER_VILLAGE, VILLAGE, make_actor

from cunzhi.base.actor import Actor
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.registry.actions.accounts import make_account
from cunzhi.registry.actions.people import register_person
from cunzhi.registry.models import Person
from cunzhi.registry.queries.people import account_by_phone
from cunzhi.registry.vault import vault

PHONE = "13812345678"


@pytest.fixture
def person(cadre: Actor) -> Person:
    return register_person(name="张大明", place_code=VILLAGE, by=cadre)


def test_account_is_found_by_its_phone_and_gives_the_person_one(cadre: Actor, person: Person) -> None:
    account = make_account(person=person, phone="+86 138-1234-5678", password="mountain-road-7", by=cadre)
    assert account_by_phone(PHONE) == account and account.check_password("mountain-road-7")
    person.refresh_from_db()
    assert vault().open(person.phone_sealed) == PHONE


def test_account_without_a_password_signs_in_by_code_only(cadre: Actor, person: Person) -> None:
    assert not make_account(person=person, phone=PHONE, by=cadre).has_usable_password()


def test_second_account_of_a_person_or_phone_is_refused(cadre: Actor, person: Person) -> None:
    make_account(person=person, phone=PHONE, by=cadre)
    wife = register_person(name="王芳", place_code=VILLAGE, by=cadre)
    for whom, phone, code in ((person, "13912345678", "account_there"), (wife, PHONE, "phone_has_account")):
        with pytest.raises(Refused) as refusal:
            make_account(person=whom, phone=phone, by=cadre)
        assert refusal.value.code == f"registry.{code}"


def test_weak_password_is_refused(cadre: Actor, person: Person) -> None:
    with pytest.raises(Refused, match="too simple"):
        make_account(person=person, phone=PHONE, password="12345678", by=cadre)


def test_account_for_somebody_elsewhere_is_forbidden(person: Person) -> None:
    with pytest.raises(Forbidden):
        make_account(person=person, phone=PHONE, by=make_actor("village_cadre", OTHER_VILLAGE))
