"""Power cuts: what was acknowledged is there, what was not can be asked again, and nothing is there twice."""

import random
from functools import partial
from itertools import count
from typing import Any

import pytest
from engine.conftest import Village, stage
from faults.killing import Say, until_killed
from registry.town import identity_number

from cunzhi.engine.actions.cases import open_case
from cunzhi.engine.models import Case, Step
from cunzhi.engine.stories import GRID, VILLAGE, Given
from cunzhi.ledger.audit import check_books
from cunzhi.registry.imports import writing
from cunzhi.registry.imports.taking import preview, take
from cunzhi.registry.models import Household, ImportBatch, Membership, Person

PEOPLE = 300
SOAP = 2000


@pytest.fixture
def shop(transactional_db: None, monday: None) -> Village:
    """Enough soap and points for a long day."""
    goods: Any = [{"name": "soap", "price": 1, "stock": SOAP}]
    return stage("points", Given(points=SOAP, goods=goods))


def redeem(village: Village, key: str) -> Case:
    answers = {"goods": village.play.stage.goods["soap"].pk, "quantity": 1}
    by = village.actor("villager")
    return open_case(by=by, scenario="points", workflow="redeem", place_code=GRID, answers=answers, key=key)


def redeem_on(village: Village, first: int, say: Say) -> None:
    """Redeem one key after the other, and say each only when its commit has returned."""
    for number in count(first):
        redeem(village, f"phone-{number}")
        say(str(number))


def stands(village: Village) -> tuple[int, int, int]:
    """Cases, points spent, pieces taken off the shelf."""
    play = village.play.stage
    return Case.objects.count(), SOAP - play.points, SOAP - play.stock("soap")


def test_redemptions_that_are_killed_lose_nothing_and_double_nothing(shop: Village) -> None:
    choice, first = random.Random(11), 0
    for _ in range(3):
        doing = partial(redeem_on, shop, first)
        acknowledged = until_killed(doing, seconds=choice.uniform(0.05, 0.4))

        assert [int(number) for number in acknowledged] == list(range(first, first + len(acknowledged)))
        cases, spent, taken = stands(shop)
        assert cases == spent == taken
        assert cases - first - len(acknowledged) in (0, 1)  # one may have been kept just before it could be said
        assert Case.objects.filter(key__in=[f"phone-{number}" for number in acknowledged]).count() == len(acknowledged)
        first += len(acknowledged) + 1
        for number in range(first):
            if number >= first - 3:
                redeem(shop, f"phone-{number}")  # the phone asks again
        assert stands(shop) == (first, first, first)
        assert Step.objects.count() == first
        assert check_books() == []


def sheet() -> bytes:
    relations = ("户主", "配偶", "子")
    rows = [f"{100 + n // 3},村民{n},{relations[n % 3]},{identity_number(n)}" for n in range(PEOPLE)]
    return "\n".join(["户号,姓名,与户主关系,身份证号", *rows]).encode()


def brought() -> int:
    return Person.objects.filter(name__regex=r"^村民\d+$").count()


@pytest.mark.parametrize("seconds", [0, 0.05, 0.3])
def test_import_that_is_killed_has_done_all_or_nothing(
    shop: Village, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    cadre, before = shop.actor("village_cadre"), Person.objects.count()
    seen = preview(file=sheet(), place_code=VILLAGE, by=cadre)
    assert seen.counts["refused"] == 0, seen.problems[:3]
    register_people = writing.register_people

    def taking(say: Say) -> None:
        """In the other process: begin, say when half of it is written, and say when it is acknowledged."""

        def half(**given: Any) -> Any:
            written = register_people(**given)
            say("half")
            return written

        monkeypatch.setattr(writing, "register_people", half)
        take(token=seen.token, by=cadre)
        say("taken")

    said = until_killed(taking, seconds=seconds)

    assert said[0] == "half"
    taken = ImportBatch.objects.get(token=seen.token).state == "taken"
    assert brought() == (PEOPLE if taken else 0)
    assert taken or "taken" not in said
    for _ in range(2):
        take(token=seen.token, by=cadre)
        assert (brought(), Person.objects.count()) == (PEOPLE, before + PEOPLE)
    assert Membership.objects.filter(person__name__startswith="村民").count() == PEOPLE
    assert Household.objects.filter(memberships__person__name__startswith="村民").distinct().count() == PEOPLE // 3
    again = preview(file=sheet(), place_code=VILLAGE, by=cadre)
    assert (again.counts["unchanged"], again.counts["new"]) == (PEOPLE, 0)
