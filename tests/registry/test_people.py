"""People come into the register, are found, masked, corrected, moved, and mourned."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from town import COUNTY, GRID, OTHER_VILLAGE, VILLAGE, identity_number, make_actor

from cunzhi.base.actor import Actor, system
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.journal.models import Entry
from cunzhi.registry.access import Access
from cunzhi.registry.actions.households import open_household
from cunzhi.registry.actions.people import (
    correct_person,
    move_in,
    move_out,
    record_death,
    register_person,
    set_phone,
)
from cunzhi.registry.models import Person
from cunzhi.registry.queries import households, people
from cunzhi.registry.vault import vault

NUMBER, PHONE = identity_number(1), "13812345678"


def zhang(by: Actor, **more: object) -> Person:
    details = {"name": "张大明", "place_code": VILLAGE, "identity": NUMBER, "phone": PHONE, **more}
    return register_person(by=by, **details)  # type: ignore[arg-type]


def test_person_is_kept_sealed_and_reads_sex_and_birth_from_the_number(cadre: Actor) -> None:
    person = zhang(cadre)
    assert (person.sex, person.born_on) == ("male", date(1990, 1, 1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM registry_person WHERE id = %s", [person.pk])
        row = str(cursor.fetchone())
    assert NUMBER not in row and PHONE not in row
    assert vault().open(person.identity_sealed) == NUMBER


def test_journal_holds_no_personal_data(cadre: Actor) -> None:
    person = zhang(cadre)
    correct_person(person=person, name="张小明", by=cadre)
    for entry in Entry.objects.filter(record=person.record):
        assert not any(word in str(vars(entry)) for word in ("张", NUMBER, PHONE, "1990"))
        assert entry.private_hash


def test_person_with_a_number_that_is_taken_is_refused(cadre: Actor) -> None:
    zhang(cadre)
    with pytest.raises(Refused) as refusal:
        zhang(cadre, name="张二")
    assert (refusal.value.code, refusal.value.field) == ("registry.identity_taken", "identity")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"identity": NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")}, "identity"),
        ({"born_on": date(1991, 1, 1)}, "born_on"),
        ({"sex": "female"}, "sex"),
        ({"phone": "12345"}, "phone"),
        ({"name": "  "}, "name"),
        ({"place_code": VILLAGE + "999"}, "place_code"),
        ({"identity": "", "born_on": date(2999, 1, 1)}, "born_on"),
    ],
)
def test_person_with_something_wrong_is_refused_at_the_field(cadre: Actor, more: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        zhang(cadre, **more)
    assert refusal.value.field == field
    assert refusal.value.say("zh-hans") != refusal.value.say("en")
    assert not Person.objects.filter(name="张大明").exists()


def test_person_elsewhere_is_forbidden_in_words(cadre: Actor) -> None:
    with pytest.raises(Forbidden, match="register and correct people") as refusal:
        zhang(cadre, place_code=OTHER_VILLAGE)
    assert "登记和更正人员" in refusal.value.say("zh-hans")


def test_card_shows_by_who_asks(cadre: Actor, officer: Actor) -> None:
    person = zhang(cadre)
    stranger = Access(make_actor("grid_worker", OTHER_VILLAGE + "001"))
    masked, known = people.card(person, stranger), people.card(person, Access(officer))
    own = people.card(person, Access(Actor(person_id=person.pk, channel="test")))
    assert (masked.name, masked.phone, masked.age, masked.shown) == ("张**", "138****5678", None, "masked")
    assert (known.name, known.phone, known.identity) == ("张大明", "138****5678", NUMBER[:4] + "*" * 10 + NUMBER[-4:])
    assert (own.phone, own.identity, own.shown) == (PHONE, NUMBER, "own")


def test_people_are_found_by_name_number_and_phone_within_reach(cadre: Actor, officer: Actor) -> None:
    person = zhang(cadre)
    elsewhere = register_person(name="张大明", place_code=OTHER_VILLAGE, by=officer)
    mine = Access(cadre)
    for text in ("大明", NUMBER, PHONE, "138 1234 5678"):
        assert list(people.people(mine, text=text)) == [person]
    assert set(people.people(Access(officer), text="张")) == {person, elsewhere}
    assert people.find_by_identity(mine, NUMBER) == person
    assert people.find_by_identity(Access(make_actor("village_cadre", OTHER_VILLAGE)), NUMBER) is None
    assert list(people.find_by_phone(mine, PHONE)) == [person]


def test_county_officer_who_only_reads_figures_finds_nobody(cadre: Actor) -> None:
    zhang(cadre)
    assert not people.people(Access(make_actor("county_officer", COUNTY))).exists()


def test_correction_keeps_what_is_not_given(cadre: Actor) -> None:
    person = correct_person(person=zhang(cadre), name="张大鸣", by=cadre)
    assert (person.name, person.sex, vault().open(person.identity_sealed)) == ("张大鸣", "male", NUMBER)
    second = identity_number(2, "19910203")
    person = correct_person(person=person, identity=second, by=cadre)
    assert (person.sex, person.born_on) == ("female", date(1991, 2, 3))
    assert Entry.objects.filter(verb="person.corrected").last().detail["fields"] == ["born_on", "identity", "sex"]  # type: ignore[union-attr]


def test_phone_is_set_by_oneself_and_taken_away(cadre: Actor) -> None:
    person = zhang(cadre)
    oneself = Actor(person_id=person.pk, channel="test")
    assert vault().open(set_phone(person=person, phone="023-61234567", by=oneself).phone_sealed) == "023-61234567"
    assert set_phone(person=person, phone="", by=oneself).phone_sealed == ""


def test_moving_out_and_in_ends_the_household(cadre: Actor, officer: Actor) -> None:
    person = zhang(cadre)
    open_household(place_code=VILLAGE, number="12", head=person, by=cadre)
    gone = move_out(person=person, by=cadre)
    assert gone.left_on is not None and households.household_of(person) is None
    assert not people.card(gone, Access(cadre)).here
    with pytest.raises(Refused, match="moved out"):
        move_out(person=person, by=cadre)
    assert move_in(person=person, place_code=OTHER_VILLAGE, by=officer).left_on is None


def test_moving_to_a_grid_of_the_village_keeps_the_household(cadre: Actor) -> None:
    person = zhang(cadre)
    household = open_household(place_code=VILLAGE, number="12", head=person, by=cadre)
    assert move_in(person=person, place_code=GRID, by=cadre).place_code == GRID
    assert households.household_of(person) == household


def test_taking_somebody_from_another_village_is_forbidden(cadre: Actor, officer: Actor) -> None:
    person = zhang(officer, place_code=OTHER_VILLAGE)
    with pytest.raises(Forbidden):
        move_in(person=person, place_code=VILLAGE, by=cadre)


def test_death_ends_household_and_office_and_allows_nothing_more(cadre: Actor) -> None:
    person = Person.objects.get(pk=cadre.person_id)
    open_household(place_code=VILLAGE, number="3", head=person, by=cadre)
    dead = record_death(person=person, on=people.clock.today(), by=system("test"))
    assert dead.died_on and households.household_of(person) is None
    assert Access(cadre).grants == ()
    with pytest.raises(Refused, match="died"):
        set_phone(person=person, phone=PHONE, by=system("test"))


def test_day_to_come_is_refused(cadre: Actor) -> None:
    with pytest.raises(Refused) as refusal:
        record_death(person=zhang(cadre), on=date(2999, 1, 1), by=cadre)
    assert refusal.value.code == "registry.day_to_come"


@pytest.mark.parametrize(
    "columns",
    [
        {"name": ""},
        {"name": "甲", "identity_sealed": "x"},
        {"name": "甲", "phone_blind": "x"},
        {"name": "甲", "born_on": date(2000, 1, 2), "died_on": date(2000, 1, 1)},
        {"name": "甲", "erased_on": date(2026, 1, 1)},
    ],
)
def test_database_refuses_a_person_who_cannot_be(db: None, columns: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(place_code=VILLAGE, **columns)


@settings(max_examples=30)
@given(born=st.dates(date(1930, 1, 1), date(2020, 1, 1)), on=st.dates(date(2021, 1, 1), date(2050, 1, 1)))
def test_age_grows_by_one_on_each_birthday(born: date, on: date) -> None:
    years = people.age(Person(name="甲", born_on=born), on)
    assert years is not None
    birthdays = [
        year
        for year in range(born.year + 1, on.year + 1)
        if (on.year, on.month, on.day) >= (year, born.month, born.day)
    ]
    assert years == len(birthdays)
