"""A village, its people and how they sign in."""

from datetime import date

from cunzhi.registry.models import Account, Appointment, Person, Place
from cunzhi.registry.vault import PHONE, sealed_and_blind

VILLAGE, TOWNSHIP, COUNTY = "500113101200", "500113101", "500113"
PASSWORD = "mountain-road-7"
NAMED = ((COUNTY, "巴南区", "county"), (TOWNSHIP, "圣灯山镇", "township"), (VILLAGE, "石岗村村民委员会", "village"))


def make_places() -> None:
    for code, name, level in NAMED:
        system = "gb" if level == "county" else "nbs"
        Place.objects.create(system=system, code=code, name=name, level=level, valid_from=date(2020, 1, 1))


def make_person(name: str, phone: str, place_code: str = VILLAGE) -> Person:
    sealed, blind = sealed_and_blind(phone, PHONE)
    return Person.objects.create(
        name=name, place_code=place_code, phone_sealed=sealed, phone_blind=blind, born_on=date(1956, 3, 2), sex="male"
    )


def make_account(person: Person, role: str = "", place_code: str = VILLAGE) -> Account:
    account = Account(phone_blind=person.phone_blind, person=person)
    account.set_password(PASSWORD)
    account.save()
    if role:
        Appointment.objects.create(
            person=person, role=role, place_code=place_code, since=date(2026, 1, 1), basis="巴南民政〔2026〕3号"
        )
    return account
