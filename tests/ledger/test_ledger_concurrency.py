"""Many at the same counter: what there is is handed out once, and who comes late is told how much is left."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from crowd import Doing, by_processes, by_threads
from django.db import transaction
from villages import BY, Village, make_village

from cunzhi.base.errors import Refused
from cunzhi.ledger.actions import Leg, account, close_year, open_book, post, reverse
from cunzhi.ledger.audit import check_books
from cunzhi.ledger.models import Account, Book, Closing, Entry
from cunzhi.ledger.queries import balance

Crowd = Callable[[Doing], list[Any]]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["threads", "processes"])
def crowd(request: pytest.FixtureRequest) -> tuple[int, Crowd]:
    """How many there are, and how to let them loose."""
    if request.param == "threads":
        return 20, lambda doing: by_threads(20, doing)
    return 8, lambda doing: by_processes(8, doing)


def redeem(village: Village, household: int, key: str) -> str:
    """A bar of soap for points, both or neither."""
    try:
        with transaction.atomic():
            paid = [Leg(village.household(household), village.spent, 5)]
            post(by=BY, book=village.points, key=f"{key}:points", memo="shop.pay", record="case:1", legs=paid)
            handed = [Leg(village.shelf, village.given, 1)]
            post(by=BY, book=village.goods, key=f"{key}:goods", memo="shop.give", record="case:1", legs=handed)
    except Refused as refusal:
        return f"{refusal.code} {refusal.params['left']}: {refusal.say('en')}"
    return "handed over"


def give_points(village: Village, households: int, amount: int) -> None:
    legs = [Leg(village.pot, village.household(number), amount) for number in range(households)]
    post(by=BY, book=village.points, key="begin", memo="points.award", record="case:0", legs=legs)


def test_ten_bars_of_soap_among_two_hundred_requests(crowd: tuple[int, Crowd]) -> None:
    count, let_loose = crowd
    village = make_village(points=2000, soap=10)
    give_points(village, households=20, amount=100)

    def doing(number: int) -> list[str]:
        return [redeem(village, (number + step) % 20, f"{number}:{step}") for step in range(200 // count)]

    answers = Counter(let_loose(doing))
    late = "ledger.short.shelf 0: Only 0 left on the shelf; 1 are wanted."
    assert answers == {"handed over": 10, late: 190}
    assert (balance(village.shelf), balance(village.given), balance(village.spent)) == (0, 10, 50)
    assert check_books() == []


def test_one_household_cannot_spend_its_points_twice(crowd: tuple[int, Crowd]) -> None:
    _, let_loose = crowd
    village = make_village(points=50, soap=100)
    give_points(village, households=1, amount=33)
    answers = let_loose(lambda number: [redeem(village, 0, f"{number}:{step}") for step in range(3)])
    assert answers.count("handed over") == 6
    assert {answer for answer in answers if answer != "handed over"} == {
        "ledger.short.household 3: The household has 3 points left; 5 are needed."
    }
    assert (balance(village.household(0)), balance(village.given)) == (3, 6)


def test_the_same_key_at_the_same_time_is_one_entry(crowd: tuple[int, Crowd]) -> None:
    count, let_loose = crowd
    village = make_village()
    home = village.household(1)

    def doing(number: int) -> list[int]:
        legs = [Leg(village.pot, home, 1000)]
        return [post(by=BY, book=village.points, key="once", memo="points.x", record="case:1", legs=legs).pk]

    answers = let_loose(doing)
    assert len(answers) == count and len(set(answers)) == 1
    assert (balance(home), balance(village.pot)) == (1000, 0)
    assert check_books() == []


def test_the_same_key_from_an_account_without_floor_is_one_entry(crowd: tuple[int, Crowd]) -> None:
    _, let_loose = crowd
    village = make_village()
    legs = [Leg(village.source, village.pot, 7)]
    said = {"book": village.points, "key": "once", "memo": "points.x", "record": "case:1", "legs": legs}
    assert len(set(let_loose(lambda number: [post(by=BY, **said).pk]))) == 1
    assert balance(village.pot) == 1007


def test_an_entry_is_taken_back_once_by_whoever_comes_first(crowd: tuple[int, Crowd]) -> None:
    count, let_loose = crowd
    village = make_village()
    give_points(village, households=2, amount=100)
    entry = Entry.objects.get(key="begin")

    def doing(number: int) -> list[str]:
        try:
            reverse(by=BY, entry=entry, key=f"back:{number}", memo="points.error", record="case:0")
        except Refused as refusal:
            return [refusal.code]
        return ["back"]

    answers = Counter(let_loose(doing))
    assert answers == {"back": 1, "ledger.reversed": count - 1}
    assert balance(village.pot) == 1000


def test_books_looked_at_while_others_book_are_in_order(crowd: tuple[int, Crowd]) -> None:
    count, let_loose = crowd
    village = make_village(points=2000, soap=1000)
    give_points(village, households=20, amount=100)

    def doing(number: int) -> list[Any]:
        if number == 0:
            return [check_books() for _ in range(5)]
        return [redeem(village, number, f"{number}:{step}") for step in range(60 // count)]

    assert {str(answer) for answer in let_loose(doing)} == {"[]", "handed over"}


def test_giving_in_a_circle_ends(crowd: tuple[int, Crowd]) -> None:
    """Everybody gives to everybody at once; nobody waits for somebody who waits for him."""
    count, let_loose = crowd
    village = make_village()
    give_points(village, households=count, amount=10)
    homes = [village.household(number) for number in range(count)]

    def doing(number: int) -> list[int]:
        made = []
        for step in range(1, 6):
            legs = [Leg(homes[number], homes[(number + step) % count], 1), Leg(homes[number - step], homes[number], 1)]
            said = {"key": f"{number}:{step}", "memo": "points.x", "record": "case:1", "legs": legs}
            made.append(post(by=BY, book=village.points, **said).pk)
        return made

    assert len(set(let_loose(doing))) == 5 * count
    assert check_books() == []


def test_accounts_and_books_opened_at_the_same_time_are_one(crowd: tuple[int, Crowd]) -> None:
    _, let_loose = crowd
    make_village()

    def doing(number: int) -> list[tuple[int, int]]:
        book = open_book(by=BY, place_code="500113999200", kind="points")
        return [(book.pk, account(book=book, kind="household", holder="household:5").pk)]

    assert len(set(let_loose(doing))) == 1
    assert Book.objects.filter(place_code="500113999200").count() == 1
    assert Account.objects.filter(holder="household:5").count() == 1


def test_a_year_closed_by_several_is_closed_once(crowd: tuple[int, Crowd]) -> None:
    _, let_loose = crowd
    village = make_village()
    answers = let_loose(lambda number: [close_year(by=BY, book=village.points, year=2024, keep={"household": 0}).pk])
    assert len(set(answers)) == 1 and Closing.objects.count() == 1
