"""Reads of the books agree with each other and cost one query where one is promised."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries
from villages import Village

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.ledger.actions import Leg, account, open_book, post
from cunzhi.ledger.queries import balance, balances, book_of, entries_of, items, statement, trial

NOW = clock.now()
DAYS = [NOW - timedelta(days=days) for days in (30, 20, 10)]


@pytest.fixture
def moved(by: Actor, village: Village) -> Village:
    """Household 1 got 50, gave 20 and got 5, ten days apart."""
    home = village.household(1)
    legs = [Leg(village.pot, home, 50), Leg(home, village.spent, 20), Leg(village.pot, home, 5)]
    for number, (leg, day) in enumerate(zip(legs, DAYS, strict=True)):
        post(by=by, book=village.points, key=f"{number}", memo=f"points.{number}", record="case:1", legs=[leg], at=day)
    return village


def test_statement_shows_what_was_left_after_each_line(moved: Village) -> None:
    lines = statement(moved.household(1))
    assert [(line.amount, line.balance) for line in lines] == [(50, 50), (-20, 30), (5, 35)]
    assert [line.other_kind for line in lines] == ["pot", "spent", "pot"]
    assert [line.at for line in lines] == DAYS


def test_statement_of_a_stretch_begins_with_what_was_there(moved: Village) -> None:
    (line,) = statement(moved.household(1), since=DAYS[1], until=DAYS[2])
    assert (line.amount, line.balance) == (-20, 30)


def test_balance_just_before_a_moment_leaves_out_what_happened_at_it(moved: Village) -> None:
    home = moved.household(1)
    assert [balance(home, at=day) for day in (*DAYS, NOW)] == [0, 50, 30, 35]
    assert balance(home, at=DAYS[2] + timedelta(microseconds=1)) == 35


def test_balance_at_a_moment_without_zone_is_our_mistake(moved: Village) -> None:
    with pytest.raises(ValueError, match="time zone"):
        balance(moved.household(1), at=NOW.replace(tzinfo=None))


def test_balances_of_many_accounts_are_one_query(
    moved: Village, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    accounts = [moved.household(1), moved.household(2), moved.pot, moved.spent]
    with django_assert_num_queries(1):
        found = balances(accounts)
    assert [found[account.pk] for account in accounts] == [35, 0, 945, 20]
    assert balances([]) == {}


def test_trial_shows_every_account_and_adds_up_to_nothing(moved: Village) -> None:
    rows = trial(moved.points)
    assert {(account.kind, total) for account, total in rows} == {
        ("source", -1000),
        ("pot", 945),
        ("household", 35),
        ("spent", 20),
    }
    assert sum(total for _, total in rows) == 0


def test_items_with_their_stock_are_one_query(
    by: Actor, village: Village, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    held = account(book=village.goods, kind="held", holder=village.soap.holder)
    legs = [Leg(village.shelf, held, 3), Leg(village.shelf, village.given, 2)]
    post(by=by, book=village.goods, key="hold", memo="goods.hold", record="case:1", legs=legs)
    with django_assert_num_queries(1):
        (stock,) = items(village.place_code)
        assert (stock.item.name, stock.left, stock.held) == ("肥皂", 5, 3)


def test_book_of_a_grid_is_the_book_of_its_village(by: Actor, village: Village) -> None:
    assert book_of(village.place_code + "003", "points") == village.points
    assert book_of(village.place_code, "money") is None
    assert book_of("", "points") is None
    own = open_book(by=by, place_code=village.place_code + "003", kind="points")
    assert book_of(village.place_code + "003", "points") == own


def test_entries_of_a_record_come_with_their_postings(
    moved: Village, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(4):
        found = [
            (entry.key, [posting.source.kind for posting in entry.postings.all()]) for entry in entries_of("case:1")
        ]
    assert found == [("0", ["pot"]), ("1", ["household"]), ("2", ["pot"])]
