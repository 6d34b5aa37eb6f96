"""Double entries become one without anything being rewritten; who asks to be forgotten is."""

from datetime import date

import pytest
from town import BASIS, VILLAGE, identity_number, make_actor

from cunzhi.base import clock
from cunzhi.base.actor import Actor, system
from cunzhi.base.errors import Refused
from cunzhi.journal.models import Entry
from cunzhi.registry.access import Access
from cunzhi.registry.actions.accounts import make_account
from cunzhi.registry.actions.disclosure import unmask
from cunzhi.registry.actions.doubles import erase_person, merge_people
from cunzhi.registry.actions.facts import record_fact
from cunzhi.registry.actions.households import join_household, open_household
from cunzhi.registry.actions.people import register_person, set_phone
from cunzhi.registry.models import Account, Appointment, Disclosure, Fact, Membership, Person
from cunzhi.registry.queries import facts, households, people


@pytest.fixture
def kept(cadre: Actor) -> Person:
    return register_person(name="张大明", place_code=VILLAGE, identity=identity_number(1), by=cadre)


@pytest.fixture
def double(cadre: Actor) -> Person:
    return register_person(name="张大明", place_code=VILLAGE, phone="13812345678", by=cadre)


def test_merged_person_is_found_once_and_keeps_household_facts_and_office(
    cadre: Actor, kept: Person, double: Person
) -> None:
    home = open_household(place_code=VILLAGE, number="12", head=double, by=cadre)
    element = "person.works_away"
    record_fact(subject=double, element=element, value="here", as_of=clock.today(), source="visit", by=cadre)
    Appointment.objects.create(
        person=double, role="supervisor", place_code=VILLAGE, since=date(2026, 1, 1), basis=BASIS
    )
    merge_people(kept=kept, double=double, by=cadre)
    assert list(people.people(Access(cadre), text="张大明")) == [kept]
    assert households.household_of(kept) == home
    assert [member.person for member in households.members(home)] == [kept]
    assert facts.current_fact(kept, element).value == "here"  # type: ignore[union-attr]
    assert Access(Actor(person_id=kept.pk, channel="test")).may("ledger.see", VILLAGE)
    assert Membership.objects.get().person_id == double.pk  # nothing was rewritten
    double.refresh_from_db()
    assert people.card(double, Access(cadre)).id == kept.pk
    with pytest.raises(Refused, match="merged"):
        set_phone(person=double, phone="", by=cadre)


def test_merging_two_in_households_keeps_the_one_of_the_kept(cadre: Actor, kept: Person, double: Person) -> None:
    home = open_household(place_code=VILLAGE, number="12", head=kept, by=cadre)
    other = open_household(place_code=VILLAGE, number="13", head=double, by=cadre)
    merge_people(kept=kept, double=double, by=cadre)
    assert households.household_of(kept) == home
    assert households.members(other) == []


def test_merging_chains_stay_one_step_deep(cadre: Actor, kept: Person, double: Person) -> None:
    third = register_person(name="张大明", place_code=VILLAGE, by=cadre)
    merge_people(kept=double, double=third, by=cadre)
    merge_people(kept=kept, double=double, by=cadre)
    third.refresh_from_db()
    assert third.merged_into == kept


def test_account_of_the_double_passes_on(cadre: Actor, kept: Person, double: Person) -> None:
    account = make_account(person=double, phone="13812345678", by=cadre)
    merge_people(kept=kept, double=double, by=cadre)
    account.refresh_from_db()
    assert account.person == kept and account.is_active


def test_merging_two_identities_oneself_or_one_person_is_refused(cadre: Actor, kept: Person, double: Person) -> None:
    other = register_person(name="张大明", place_code=VILLAGE, identity=identity_number(3), by=cadre)
    me = Person.objects.get(pk=cadre.person_id)
    for one, two, code in (
        (kept, other, "two_identities"),
        (kept, kept, "same_person"),
        (me, double, "not_oneself_merged"),
    ):
        with pytest.raises(Refused) as refusal:
            merge_people(kept=one, double=two, by=cadre)
        assert refusal.value.code == f"registry.{code}"


def test_erased_person_leaves_an_id_and_nothing_else(cadre: Actor, kept: Person, double: Person) -> None:
    make_account(person=double, phone="13812345678", by=cadre)
    home = open_household(place_code=VILLAGE, number="12", head=kept, by=cadre)
    record_fact(subject=kept, element="person.works_away", value="here", as_of=clock.today(), source="v", by=cadre)
    unmask(person=kept, field="identity", purpose="visit", words="张大明家访", by=cadre)
    merge_people(kept=kept, double=double, by=cadre)
    erased = erase_person(person=kept, basis="本人书面申请", by=cadre)
    assert (erased.name, erased.identity_sealed, erased.identity_blind, erased.born_on) == ("", "", None, None)
    assert not Fact.objects.exists() and not Account.objects.exists()
    assert households.members(home) == []
    assert not people.people(Access(cadre), text="张").exists()
    assert Disclosure.objects.get().words == "(erased)"
    assert Entry.objects.filter(record=kept.record, verb="person.erased").exists()
    with pytest.raises(Refused, match="erased"):
        set_phone(person=kept, phone="", by=cadre)
    register_person(name="张大明", place_code=VILLAGE, identity=identity_number(1), by=cadre)


def test_erasing_one_who_holds_office_is_refused(cadre: Actor) -> None:
    holder = Person.objects.get(pk=make_actor("supervisor", VILLAGE, name="陈监督").person_id)
    with pytest.raises(Refused, match="holds a role"):
        erase_person(person=holder, basis="本人申请", by=system("test"))


def test_member_of_a_merged_pair_cannot_join_a_second_household(cadre: Actor, kept: Person, double: Person) -> None:
    open_household(place_code=VILLAGE, number="12", head=double, by=cadre)
    merge_people(kept=kept, double=double, by=cadre)
    other = open_household(place_code=VILLAGE, number="13", by=cadre)
    with pytest.raises(Refused) as refusal:
        join_household(person=kept, household=other, relation="head", by=cadre)
    assert refusal.value.code == "registry.in_a_household"
