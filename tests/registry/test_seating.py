"""An office and a sign-in at once, for whom the registry may not know yet."""

from typing import Any

import pytest
from town import TOWNSHIP, VILLAGE, make_actor

from cunzhi.base.actor import Actor, system
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.registry.access import Access
from cunzhi.registry.actions.people import register_person
from cunzhi.registry.actions.seating import seat
from cunzhi.registry.models import Account, Appointment, Person
from cunzhi.registry.queries.people import account_by_phone

PHONE = "13800000001"
POST = {
    "phone": PHONE,
    "password": "mountain-road-7",
    "role": "township_officer",
    "place_code": TOWNSHIP,
    "basis": "任〔2026〕1号",
}


def seated(**other: Any) -> Appointment:
    return seat(**{"name": "张主任", "by": system("cli"), **POST, **other})


def test_somebody_new_is_registered_signs_in_and_holds_the_office(town: None) -> None:
    held = seated()
    account = account_by_phone(PHONE)
    assert account is not None and account.person == held.person and account.check_password("mountain-road-7")
    actor = Actor(person_id=held.person_id, channel="web")
    assert Access(actor).roles_at(VILLAGE) == {"township_officer"}


def test_somebody_known_keeps_the_sign_in_and_gets_the_office(town: None, cadre: Actor) -> None:
    person = register_person(name="张主任", place_code=VILLAGE, phone=PHONE, by=cadre)
    assert seated().person == person
    assert seated(role="village_cadre", place_code=VILLAGE, password="another-road-8").person == person
    account = Account.objects.get(person=person)
    assert account.check_password("mountain-road-7")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"role": "emperor"}, "registry.role_unknown"),
        ({"place_code": VILLAGE}, "registry.role_of_another_level"),
        ({"place_code": "999999"}, "registry.no_such_place"),
        ({"phone": "12"}, "base.phone.shape"),
        ({"password": "1234"}, "registry.password_weak"),
        ({"name": " "}, "registry.name_missing"),
    ],
)
def test_one_thing_wrong_leaves_nobody_registered(town: None, wrong: dict[str, str], code: str) -> None:
    with pytest.raises(Refused) as refused:
        seated(**wrong)
    assert refused.value.code == code
    assert not Person.objects.exists()


def test_phone_of_somebody_else_is_not_taken_over(town: None, cadre: Actor) -> None:
    register_person(name="王芳", place_code=VILLAGE, phone=PHONE, by=cadre)
    with pytest.raises(Refused, match="王芳"):
        seated()


def test_who_may_not_appoint_seats_nobody(cadre: Actor) -> None:
    with pytest.raises(Forbidden):
        seated(by=make_actor("appraiser", VILLAGE))
