"""One household at a time, one head, no overlap."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from town import TOWNSHIP, VILLAGE

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.registry.actions import households as act
from cunzhi.registry.actions.people import register_person
from cunzhi.registry.models import Household, Membership, Person
from cunzhi.registry.queries import households as ask

START = date(2026, 1, 1)


def person(by: Actor, name: str = "张大明") -> Person:
    return register_person(name=name, place_code=VILLAGE, by=by)


def test_household_is_opened_with_its_head(cadre: Actor) -> None:
    head, wife = person(cadre), person(cadre, "王芳")
    home = act.open_household(place_code=VILLAGE, number="12", head=head, address="石岗 12 号", by=cadre)
    act.join_household(person=wife, household=home, relation="spouse", by=cadre)
    assert [(member.person, member.relation) for member in ask.members(home)] == [(head, "head"), (wife, "spouse")]
    assert ask.head_of(home) == head
    assert ask.same_household(head, wife)
    assert not ask.same_household(person(cadre, "外人"), person(cadre, "外人"))


@pytest.mark.parametrize(("place", "number", "field"), [(TOWNSHIP, "1", "place_code"), (VILLAGE, " ", "number")])
def test_household_that_cannot_be_is_refused(officer: Actor, place: str, number: str, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        act.open_household(place_code=place, number=number, by=officer)
    assert refusal.value.field == field


def test_household_number_twice_is_refused(cadre: Actor) -> None:
    act.open_household(place_code=VILLAGE, number="12", by=cadre)
    with pytest.raises(Refused, match="number here already"):
        act.open_household(place_code=VILLAGE, number="12", by=cadre)


def test_second_head_and_second_household_are_refused(cadre: Actor) -> None:
    head, other = person(cadre), person(cadre, "李四")
    home = act.open_household(place_code=VILLAGE, number="12", head=head, by=cadre)
    with pytest.raises(Refused) as refusal:
        act.join_household(person=other, household=home, relation="head", by=cadre)
    assert refusal.value.code == "registry.head_taken"
    elsewhere = act.open_household(place_code=VILLAGE, number="13", by=cadre)
    with pytest.raises(Refused) as refusal:
        act.join_household(person=head, household=elsewhere, relation="head", by=cadre)
    assert refusal.value.code == "registry.in_a_household"
    assert Membership.objects.count() == 1


def test_head_changes_after_the_old_one_stepped_back(cadre: Actor) -> None:
    father, son = person(cadre), person(cadre, "张小明")
    home = act.open_household(place_code=VILLAGE, number="12", head=father, by=cadre)
    act.join_household(person=son, household=home, relation="child", by=cadre)
    act.change_relation(person=father, relation="parent", by=cadre)
    act.change_relation(person=son, relation="head", by=cadre)
    assert ask.head_of(home) == son
    assert len(ask.members(home)) == 2


def test_household_closes_only_when_empty(cadre: Actor) -> None:
    head = person(cadre)
    home = act.open_household(place_code=VILLAGE, number="12", head=head, by=cadre)
    with pytest.raises(Refused, match="still has members"):
        act.close_household(household=home, by=cadre)
    act.leave_household(person=head, by=cadre)
    assert act.close_household(household=home, by=cadre).until == clock.today()
    with pytest.raises(Refused, match="closed"):
        act.join_household(person=head, household=home, relation="head", by=cadre)


def test_past_household_is_known_by_day(cadre: Actor) -> None:
    head = person(cadre)
    home = act.open_household(place_code=VILLAGE, number="12", since=START, head=head, by=cadre)
    act.leave_household(person=head, on=date(2026, 3, 1), by=cadre)
    assert ask.household_of(head, date(2026, 2, 28)) == home
    assert ask.household_of(head, date(2026, 3, 1)) is None
    assert ask.household_of(head, date(2025, 12, 31)) is None


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(days=st.lists(st.tuples(st.booleans(), st.integers(0, 200)), max_size=8))
def test_memberships_of_a_person_never_overlap(cadre: Actor, days: list[tuple[bool, int]]) -> None:
    """Property: whatever is tried in whatever order, on each day one belongs to at most one household."""
    one = person(cadre)
    for joins, day in days:
        on = START + timedelta(days=day)
        try:
            if joins:
                home = Household.objects.create(place_code=VILLAGE, number=f"h{Household.objects.count()}", since=START)
                act.join_household(person=one, household=home, relation="head", since=on, by=cadre)
            else:
                act.leave_household(person=one, on=on, by=cadre)
        except Refused:
            continue
    held = list(one.memberships.order_by("since", "id"))
    assert all(earlier.until and earlier.until <= later.since for earlier, later in pairwise(held))
