"""Whatever is done with the books, in whatever order: they balance, no floor is broken, nothing is done twice."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from villages import BY, Village, make_village

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.ledger.actions import Leg, close_year, fund, post, reverse
from cunzhi.ledger.audit import check_books
from cunzhi.ledger.models import Entry
from cunzhi.ledger.queries import balance, statement, trial

KEYS = st.integers(0, 12)
PLACES = st.integers(0, 4)
AMOUNTS = st.integers(-1, 60)
DAYS = st.integers(0, 500)

DOINGS = st.one_of(
    st.tuples(st.just("move"), KEYS, PLACES, PLACES, AMOUNTS, DAYS),
    st.tuples(st.just("chain"), KEYS, PLACES, PLACES, AMOUNTS, DAYS),
    st.tuples(st.just("reverse"), KEYS, KEYS),
    st.tuples(st.just("fund"), KEYS, AMOUNTS),
    st.tuples(st.just("close"), st.sampled_from([2025, 2026]), st.integers(0, 20)),
)


def accounts(village: Village) -> list[Any]:
    return [village.pot, village.household(1), village.household(2), village.household(3), village.spent]


def move(village: Village, key: int, source: int, target: int, amount: int, day: int) -> None:
    places = accounts(village)
    said: dict[str, Any] = {"memo": "points.move", "record": "case:1", "at": START + timedelta(days=day)}
    legs = [Leg(places[source], places[target], amount)]
    post(by=BY, book=village.points, key=f"{village.place_code}:{key}", legs=legs, **said)


def chain(village: Village, key: int, first: int, last: int, amount: int, day: int) -> None:
    """From one to the next to the next, in one entry."""
    places = accounts(village)
    legs = [Leg(places[first], places[last], amount), Leg(places[last], village.household(9), amount)]
    with clock.at(START + timedelta(days=day)):
        post(by=BY, book=village.points, key=f"{village.place_code}:{key}", memo="chain", record="case:2", legs=legs)


def back(village: Village, key: int, of: int) -> None:
    entry = Entry.objects.filter(key=f"{village.place_code}:{of}").first()
    if entry is not None:
        reverse(by=BY, entry=entry, key=f"{village.place_code}:back:{key}", memo="points.error", record="case:1")


def put(village: Village, key: int, amount: int) -> None:
    fund(by=BY, place_code=village.place_code, amount=amount, basis="meeting", key=f"{village.place_code}:fund:{key}")


def close(village: Village, year: int, keep: int) -> None:
    close_year(by=BY, book=village.points, year=year, keep={"household": keep})


def lying(village: Village) -> dict[int, int]:
    """What lies where; accounts on which nothing lies may come into being at any time."""
    return {account.pk: total for account, total in trial(village.points) if total}


START = clock.now() - timedelta(days=400)
DO: dict[str, Callable[..., None]] = {"move": move, "chain": chain, "reverse": back, "fund": put, "close": close}


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(doings=st.lists(DOINGS, min_size=1, max_size=25))
def test_books_balance_after_whatever_was_done(doings: list[tuple[Any, ...]]) -> None:
    village = make_village(points=100)
    for name, *said in doings:
        before = lying(village)
        try:
            DO[name](village, *said)
        except Refused as refusal:
            assert lying(village) == before
            assert refusal.say("zh-hans") and refusal.say("en")
        rows = trial(village.points)
        assert sum(total for _, total in rows) == 0
        assert all(total >= account.floor for account, total in rows if account.floor is not None)
    assert check_books() == []


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(doings=st.lists(DOINGS, min_size=1, max_size=12))
def test_doing_everything_twice_changes_nothing(doings: list[tuple[Any, ...]]) -> None:
    village = make_village(points=100)
    for name, *said in doings:
        try:
            DO[name](village, *said)
        except Refused:
            continue
        once = lying(village)
        try:
            DO[name](village, *said)
        except Refused as refusal:
            assert (name, refusal.code) == ("reverse", "ledger.key.other")  # the key met another entry meanwhile
        assert lying(village) == once


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(doings=st.lists(DOINGS, min_size=1, max_size=15), day=DAYS)
def test_statement_ends_with_the_balance_of_its_day(doings: list[tuple[Any, ...]], day: int) -> None:
    village = make_village(points=100)
    for name, *said in doings:
        try:
            DO[name](village, *said)
        except Refused:
            continue
    moment = START + timedelta(days=day)
    for account, total in trial(village.points):
        lines = statement(account)
        assert (lines[-1].balance if lines else 0) == total
        until = statement(account, until=moment)
        assert (until[-1].balance if until else 0) == balance(account, at=moment)
