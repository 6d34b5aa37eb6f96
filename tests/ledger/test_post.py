"""Booking an entry: what is kept, what is refused, and that a repeated request changes nothing."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from villages import Village

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.journal.queries import history
from cunzhi.ledger.actions import Leg, account, open_book, post
from cunzhi.ledger.models import Account, Entry
from cunzhi.ledger.queries import balance


def award(by: Actor, village: Village, amount: Any = 30, key: str = "award:1", **other: Any) -> Entry:
    legs = [Leg(village.pot, village.household(1), amount)]
    said = {"book": village.points, "memo": "points.award", "record": "case:1", "legs": legs, **other}
    return post(by=by, key=key, **said)


def test_post_moves_the_amount(by: Actor, village: Village) -> None:
    entry = award(by, village)
    assert (balance(village.pot), balance(village.household(1))) == (970, 30)
    assert Entry.objects.get(pk=entry.pk).key == "award:1"
    assert entry.postings.get().amount == 30


def test_post_is_noted_with_its_legs_and_without_the_words_of_its_basis(by: Actor, village: Village) -> None:
    entry = award(by, village, basis="王大明 said so")
    (note,) = history("case:1")
    assert note.verb == "ledger.post" and note.place_code == village.place_code
    assert note.detail["key"] == entry.key
    assert note.detail["legs"] == [[village.pot.pk, village.household(1).pk, 30]]
    assert "王大明" not in str(note.detail) and len(note.private_hash) == 64


def test_post_with_the_same_key_and_content_gives_the_first_entry(by: Actor, village: Village) -> None:
    first, again = award(by, village), award(by, village)
    assert first == again and first.at == again.at
    assert balance(village.household(1)) == 30
    assert history("case:1").count() == 1


def test_post_repeated_after_the_giver_was_emptied_gives_the_first_entry(by: Actor, village: Village) -> None:
    first = award(by, village, amount=1000)
    assert award(by, village, amount=1000) == first


@pytest.mark.parametrize("other", [{"amount": 31}, {"memo": "points.other"}, {"record": "case:2"}, {"basis": "else"}])
def test_post_with_the_same_key_and_other_content_is_refused(by: Actor, village: Village, other: Any) -> None:
    award(by, village)
    with pytest.raises(Refused) as refusal:
        award(by, village, **other)
    assert refusal.value.code == "ledger.key.other"
    assert balance(village.household(1)) == 30


def test_post_with_the_same_key_and_another_stated_time_is_refused(by: Actor, village: Village) -> None:
    moment = clock.now() - timedelta(hours=2)
    first = award(by, village, at=moment)
    assert award(by, village, at=moment) == first == award(by, village)
    with pytest.raises(Refused, match="Something else was booked"):
        award(by, village, at=moment - timedelta(hours=1))


@pytest.mark.parametrize("amount", [0, -5, True, 3.0, "3", None, 2**53 + 1])
def test_post_of_what_is_no_amount_is_refused(by: Actor, village: Village, amount: Any) -> None:
    with pytest.raises(Refused) as refusal:
        award(by, village, amount=amount)
    assert refusal.value.code == "ledger.amount" and refusal.value.field == "amount"


def test_post_below_the_floor_names_what_is_left_and_what_was_needed(by: Actor, village: Village) -> None:
    award(by, village)
    legs = [Leg(village.household(1), village.spent, 31)]
    with pytest.raises(Refused) as refusal:
        post(by=by, book=village.points, key="spend:1", memo="points.spend", record="case:2", legs=legs)
    assert refusal.value.code == "ledger.short.household"
    assert (refusal.value.params["left"], refusal.value.params["needed"]) == (30, 31)
    assert "30" in refusal.value.say("zh-hans") and "31" in refusal.value.say("en")
    assert not Entry.objects.filter(key="spend:1").exists()


def test_post_counts_all_legs_of_a_giver_together(by: Actor, village: Village) -> None:
    award(by, village)
    legs = [Leg(village.household(1), village.spent, 20), Leg(village.household(1), village.household(2), 20)]
    with pytest.raises(Refused) as refusal:
        post(by=by, book=village.points, key="spend:1", memo="points.spend", record="case:2", legs=legs)
    assert refusal.value.params["needed"] == 40


def test_post_counts_what_a_giver_receives_in_the_same_entry(by: Actor, village: Village) -> None:
    legs = [Leg(village.pot, village.household(1), 50), Leg(village.household(1), village.spent, 50)]
    post(by=by, book=village.points, key="both", memo="points.both", record="case:2", legs=legs)
    assert balance(village.household(1)) == 0 and balance(village.spent) == 50


def test_post_from_an_account_without_floor_is_never_short(by: Actor, village: Village) -> None:
    legs = [Leg(village.source, village.pot, 2**40)]
    post(by=by, book=village.points, key="big", memo="points.fund", record="book:1", legs=legs)
    assert balance(village.source) == -(2**40) - 1000


def test_post_respects_a_floor_that_is_not_zero(by: Actor, village: Village) -> None:
    overdraft = account(book=village.points, kind="allowance", holder="household:1", floor=-20)
    legs = [Leg(overdraft, village.spent, 20)]
    post(by=by, book=village.points, key="owe", memo="points.owe", record="case:3", legs=legs)
    with pytest.raises(Refused) as refusal:
        post(by=by, book=village.points, key="owe more", memo="points.owe", record="case:3", legs=[legs[0]])
    assert refusal.value.code == "ledger.short.other" and refusal.value.params["left"] == 0


def test_post_over_two_books_is_refused(by: Actor, village: Village) -> None:
    with pytest.raises(Refused) as refusal:
        award(by, village, legs=[Leg(village.pot, village.given, 1)])
    assert refusal.value.code == "ledger.legs.book"


def test_post_of_nothing_or_to_itself_is_refused(by: Actor, village: Village) -> None:
    with pytest.raises(Refused, match="must move something"):
        award(by, village, legs=[])
    with pytest.raises(Refused, match="to itself"):
        award(by, village, legs=[Leg(village.pot, village.pot, 1)])


@pytest.mark.parametrize(
    ("field", "text"),
    [("key", "k" * 121), ("memo", "m" * 129), ("record", "r" * 65), ("basis", "b" * 201), ("key", "")],
)
def test_post_with_a_text_that_does_not_fit_is_refused(by: Actor, village: Village, field: str, text: str) -> None:
    with pytest.raises(Refused) as refusal:
        award(by, village, **{field: text})
    assert refusal.value.code in ("ledger.text.long", "ledger.text.none") and refusal.value.field == field


def test_post_ahead_of_its_day_is_refused(by: Actor, village: Village) -> None:
    with pytest.raises(Refused) as refusal:
        award(by, village, at=clock.now() + timedelta(days=3))
    assert refusal.value.code == "ledger.future"


def test_post_without_a_time_zone_is_our_mistake(by: Actor, village: Village) -> None:
    with pytest.raises(ValueError, match="time zone"):
        award(by, village, at=datetime(2026, 1, 1))  # noqa: DTZ001


def test_post_on_an_account_that_is_not_saved_is_our_mistake(by: Actor, village: Village) -> None:
    with pytest.raises(ValueError, match="saved"):
        award(by, village, legs=[Leg(village.pot, Account(book=village.points, kind="x", floor=0), 1)])


def test_refused_post_leaves_the_transaction_around_it_usable(by: Actor, village: Village) -> None:
    with transaction.atomic():
        with pytest.raises(Refused):
            award(by, village, amount=1001)
        award(by, village, amount=7)
    assert balance(village.household(1)) == 7


def test_post_with_many_legs_is_one_entry(by: Actor, village: Village) -> None:
    legs = [Leg(village.pot, village.household(number % 3), 1) for number in range(700)]
    entry = post(by=by, book=village.points, key="many", memo="points.many", record="case:9", legs=legs)
    assert entry.postings.count() == 700 and balance(village.pot) == 300


def test_clock_that_jumps_back_does_not_stop_bookings(by: Actor, village: Village) -> None:
    award(by, village, key="first")
    with clock.at(clock.now() - timedelta(days=2)):
        award(by, village, key="second")
    assert balance(village.household(1)) == 60
    assert Entry.objects.get(key="second").at < Entry.objects.get(key="first").at


def test_account_is_made_once_with_the_floor_of_the_chart(village: Village) -> None:
    assert village.household(4) == village.household(4) and village.household(4).floor == 0
    assert village.spent.floor is None
    with pytest.raises(ValueError, match="floor"):
        account(book=village.points, kind="spent", floor=0)


def test_open_book_gives_the_book_that_is_there(by: Actor, village: Village) -> None:
    assert open_book(by=by, place_code=village.place_code, kind="points") == village.points
    assert history(f"book:{village.points.pk}").filter(verb="book.open").count() == 1
