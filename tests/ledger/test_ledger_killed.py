"""A power cut in the middle of the day: what was acknowledged is there, what was not can simply be asked again."""

import random
from functools import partial
from itertools import count

import pytest
from django.db import transaction
from faults.killing import Say, until_killed
from villages import BY, Village, make_village

from cunzhi.ledger.actions import Leg, post
from cunzhi.ledger.audit import check_books
from cunzhi.ledger.models import Entry
from cunzhi.ledger.queries import balance, balances

pytestmark = pytest.mark.django_db(transaction=True)


def redeem(village: Village, number: int) -> None:
    with transaction.atomic():
        paid = [Leg(village.household(1), village.spent, 5)]
        post(by=BY, book=village.points, key=f"{number}:points", memo="shop.pay", record="case:1", legs=paid)
        handed = [Leg(village.shelf, village.given, 1)]
        post(by=BY, book=village.goods, key=f"{number}:goods", memo="shop.give", record="case:1", legs=handed)


def redeem_on(village: Village, first: int, say: Say) -> None:
    """Redeem one number after the other, and say each only when its commit has returned."""
    for number in count(first):
        redeem(village, number)
        say(str(number))


def run_and_kill(village: Village, first: int, seconds: float) -> list[int]:
    """The numbers that were acknowledged before a process was killed without warning."""
    return [int(word) for word in until_killed(partial(redeem_on, village, first), seconds=seconds)]


def test_kill_loses_nothing_acknowledged_and_doubles_nothing() -> None:
    village = make_village(points=100_000, soap=20_000)
    legs = [Leg(village.pot, village.household(1), 100_000)]
    post(by=BY, book=village.points, key="begin", memo="points.award", record="case:0", legs=legs)
    choice, first = random.Random(7), 0
    for _ in range(5):
        acknowledged = run_and_kill(village, first, choice.uniform(0.02, 0.25))
        assert acknowledged == list(range(first, first + len(acknowledged)))
        assert check_books() == []
        lying = balances([village.given, village.spent])  # one query: the server may just be finishing a last commit
        assert 5 * lying[village.given.pk] == lying[village.spent.pk]
        keys = {f"{number}:{what}" for number in acknowledged for what in ("points", "goods")}
        assert Entry.objects.filter(key__in=keys).count() == len(keys)
        for number in acknowledged[-3:]:
            redeem(village, number)
        first += len(acknowledged)
        redeem(village, first)  # it may have been booked before its acknowledgement was cut off
        first += 1
        assert balance(village.given) == first
        assert balance(village.spent) == 5 * first
