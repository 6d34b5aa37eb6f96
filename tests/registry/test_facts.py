"""Facts are appended: the newest holds, the older stay, the database refuses to change any."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from town import OTHER_VILLAGE, VILLAGE, make_actor

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.catalogue.queries import UnknownElement, elements
from cunzhi.registry.actions.facts import append_fact, record_fact
from cunzhi.registry.actions.households import open_household
from cunzhi.registry.actions.people import register_person
from cunzhi.registry.models import Fact, Household, Person
from cunzhi.registry.queries.facts import current_fact, current_facts, facts_of, history

AWAY, WATER = "person.works_away", "household.drinking_water"


@pytest.fixture
def person(cadre: Actor) -> Person:
    return register_person(name="张大明", place_code=VILLAGE, by=cadre)


@pytest.fixture
def home(cadre: Actor, person: Person) -> Household:
    return open_household(place_code=VILLAGE, number="12", head=person, by=cadre)


def say(by: Actor, subject: Person | Household, element: str, value: object, days_ago: int = 0) -> Fact:
    day = clock.today() - timedelta(days=days_ago)
    return record_fact(subject=subject, element=element, value=value, as_of=day, source="visit", by=by)


def test_newer_fact_corrects_and_the_older_stays(cadre: Actor, person: Person) -> None:
    say(cadre, person, AWAY, "here", days_ago=30)
    say(cadre, person, AWAY, "beyond", days_ago=10)
    known = current_fact(person, AWAY)
    assert known is not None and (known.value, known.fresh) == ("beyond", True)
    assert current_fact(person, AWAY, clock.today() - timedelta(days=20)).value == "here"  # type: ignore[union-attr]
    assert [one.value for one in history(person, AWAY)] == ["beyond", "here"]


def test_same_day_the_later_word_holds_and_a_return_counts(cadre: Actor, person: Person) -> None:
    for value in ("here", "beyond", "here"):
        say(cadre, person, AWAY, value)
    assert current_fact(person, AWAY).value == "here"  # type: ignore[union-attr]
    assert Fact.objects.count() == 3
    say(cadre, person, AWAY, "here")
    assert Fact.objects.count() == 3  # said twice, one fact


def test_fact_goes_stale_after_its_days(cadre: Actor, person: Person) -> None:
    limit = elements()[AWAY].fresh_for
    assert limit is not None
    say(cadre, person, AWAY, "here", days_ago=limit + 1)
    assert current_fact(person, AWAY).fresh is False  # type: ignore[union-attr]
    say(cadre, person, AWAY, "here", days_ago=limit)
    assert current_fact(person, AWAY).fresh is True  # type: ignore[union-attr]


def test_many_elements_take_one_query(cadre: Actor, person: Person, home: Household) -> None:
    say(cadre, person, AWAY, "here")
    say(cadre, home, WATER, "spring")
    with CaptureQueriesContext(connection) as asked:
        known = current_facts(person, home, list(elements()))
    assert len(asked) == 1
    assert {code: one.value for code, one in known.items()} == {AWAY: "here", WATER: "spring"}
    assert current_facts(None, home, [AWAY]) == {}
    assert facts_of(home)[WATER].value == "spring"


def test_database_refuses_to_change_a_fact(cadre: Actor, person: Person) -> None:
    say(cadre, person, AWAY, "here")
    with connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
        cursor.execute("UPDATE registry_fact SET element = 'x'")


def test_fact_of_another_kind_or_day_or_value_is_refused(cadre: Actor, person: Person, home: Household) -> None:
    for subject, element, value in ((home, AWAY, "here"), (person, WATER, "tap"), (person, AWAY, "moon")):
        with pytest.raises(Refused):
            say(cadre, subject, element, value)
    with pytest.raises(Refused):
        record_fact(subject=person, element=AWAY, value="here", as_of=date(2999, 1, 1), source="v", by=cadre)
    with pytest.raises(UnknownElement):
        say(cadre, person, "person.shoe_size", 42)
    assert not Fact.objects.exists()


def test_one_speaks_of_oneself_and_ones_household_only(cadre: Actor, person: Person, home: Household) -> None:
    oneself = Actor(person_id=person.pk, channel="web")
    say(oneself, person, AWAY, "here")
    say(oneself, home, WATER, "tap")
    stranger = make_actor("village_cadre", OTHER_VILLAGE)
    for subject, element, value in ((person, AWAY, "beyond"), (home, WATER, "well")):
        with pytest.raises(Forbidden):
            say(stranger, subject, element, value)
    worker = make_actor("grid_worker", VILLAGE)
    append_fact(subject=home, element=WATER, value="well", as_of=clock.today(), source="case:1", by=worker)
    assert current_fact(home, WATER).collected_by == worker.ref  # type: ignore[union-attr]
