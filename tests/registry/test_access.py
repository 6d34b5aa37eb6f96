"""Who may what where: by appointment, down the subtree, with an answer to why."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from town import BASIS, COUNTY, GRID, OTHER_VILLAGE, TOWNSHIP, VILLAGE, make_actor

from cunzhi.base import clock
from cunzhi.base.actor import NOBODY, Actor, system
from cunzhi.base.errors import Forbidden
from cunzhi.base.messages import say
from cunzhi.registry.access import SYSTEM, Access, Grant, explain, holders, holders_below
from cunzhi.registry.models import Appointment, Household, Person
from cunzhi.registry.roles import roles, verbs


def test_right_covers_the_place_and_all_below_it(cadre: Actor) -> None:
    access = Access(cadre)
    assert access.may("people.edit", VILLAGE) and access.may("people.edit", GRID)
    assert access.may("people.edit", TOWNSHIP) is None and access.may("people.edit", OTHER_VILLAGE) is None
    with pytest.raises(Forbidden) as refusal:
        access.require("appoint", VILLAGE)
    assert "任命" in refusal.value.say("zh-hans")


def test_access_asks_the_database_once(cadre: Actor) -> None:
    access = Access(cadre)
    with CaptureQueriesContext(connection) as asked:
        for verb in verbs():
            access.may(verb, VILLAGE)
            access.places(verb)
            access.roles_at(GRID)
    assert len(asked) == 1


def test_visitor_may_nothing_and_platform_everything(db: None) -> None:
    assert all(Access(NOBODY).places(verb) == [] for verb in verbs())
    assert all(Access(system("cli")).places(verb) == [""] for verb in verbs())


def test_unknown_verb_is_our_mistake(cadre: Actor) -> None:
    with pytest.raises(KeyError):
        Access(cadre).may("people.fly", VILLAGE)


def test_token_narrows_what_its_person_may(cadre: Actor) -> None:
    access = Access(Actor(person_id=cadre.person_id, channel="api", verbs=frozenset({"people.see"})))
    assert access.may("people.see", VILLAGE) and access.may("people.edit", VILLAGE) is None


def test_ended_appointment_grants_nothing(cadre: Actor) -> None:
    Appointment.objects.filter(person_id=cadre.person_id).update(until=clock.today())
    assert Access(cadre).grants == ()


def test_limit_keeps_rows_of_ones_places(cadre: Actor, officer: Actor) -> None:
    today = clock.today() - timedelta(days=1)
    for code in (VILLAGE, GRID, OTHER_VILLAGE):
        Household.objects.create(place_code=code, number="1", since=today)
    rows = Household.objects.all()
    assert Access(cadre).limit(rows, "people.see").count() == 2
    assert Access(officer).limit(rows, "people.see").count() == 3
    assert Access(NOBODY).limit(rows, "people.see").count() == 0


def test_holders_are_found_upward_and_downward(cadre: Actor, officer: Actor) -> None:
    holder = Person.objects.get(pk=cadre.person_id)
    assert list(holders("village_cadre", GRID)) == [holder]
    assert list(holders("village_cadre", OTHER_VILLAGE)) == []
    assert list(holders_below(["village_cadre"], TOWNSHIP)) == [holder]


def test_holders_name_the_kept_person_for_a_double(cadre: Actor) -> None:
    kept = Person.objects.create(name="李干部", place_code=VILLAGE)
    Person.objects.filter(pk=cadre.person_id).update(merged_into=kept)
    assert list(holders("village_cadre", VILLAGE)) == [kept]
    assert Access(Actor(person_id=kept.pk, channel="test")).may("people.see", VILLAGE)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_explanation_names_role_place_day_and_basis_or_whom_to_ask(cadre: Actor, language: str) -> None:
    yes = explain(Access(cadre), "people.see", GRID, language)
    assert all(word in yes for word in (roles()["village_cadre"].title.in_(language), "石岗村", "2026-01-01", BASIS))
    no = explain(Access(cadre), "appoint", GRID, language)
    assert roles()["administrator"].title.in_(language) in no
    assert explain(Access(system("cli")), "appoint", GRID, language)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_verb_has_words(language: str) -> None:
    assert all(say(f"registry.verbs.{verb}", language) for verb in verbs())


CODES = st.sampled_from(["50", COUNTY, TOWNSHIP, VILLAGE, OTHER_VILLAGE, GRID])


@given(held=st.lists(CODES, max_size=4), asked=CODES)
def test_places_and_may_agree(held: list[str], asked: str) -> None:
    """Property: the list of places and the single question give the same answer, without any place twice."""
    access = Access(Actor(person_id=1, channel="test"))
    access.__dict__["grants"] = tuple(Grant("village_cadre", code, clock.today(), "") for code in held)
    listed = access.places("people.see")
    assert any(asked.startswith(code) for code in listed) == (access.may("people.see", asked) is not None)
    assert not any(one != other and one.startswith(other) for one in listed for other in listed)
    assert SYSTEM not in access.grants


def test_roles_stand_at_levels_that_places_have(town: None) -> None:
    from cunzhi.registry.models import Place

    assert {role.level for role in roles().values()} <= set(Place.Level.values)
    assert make_actor("administrator", COUNTY).person_id
