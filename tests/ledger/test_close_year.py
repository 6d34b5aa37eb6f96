"""The year's end: what lapses, what carries over, and that a closed year stays as it is."""

from datetime import datetime, timedelta

import pytest
from villages import Village

from cunzhi.base import clock
from cunzhi.base.actor import NOBODY, Actor
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.base.periods import Period
from cunzhi.journal.queries import history
from cunzhi.ledger.actions import Leg, close_year, post, reverse
from cunzhi.ledger.models import Closing, Entry
from cunzhi.ledger.queries import balance, trial

NEW_YEAR = Period("year", 2024).end
DECEMBER = NEW_YEAR - timedelta(days=10)
JANUARY = NEW_YEAR + timedelta(days=10)


def move(by: Actor, village: Village, key: str, leg: Leg, at: datetime) -> Entry:
    with clock.at(at):
        return post(by=by, book=village.points, key=key, memo="points.test", record="case:1", legs=[leg])


@pytest.fixture
def year(by: Actor, village: Village) -> Village:
    """Household 1 has 100 of 2024 and spent 60 of it in January; household 2 has 30 of 2024 and 50 of 2025."""
    pot = village.pot
    move(by, village, "1", Leg(pot, village.household(1), 100), DECEMBER)
    move(by, village, "2", Leg(pot, village.household(2), 30), DECEMBER)
    move(by, village, "3", Leg(village.household(1), village.spent, 60), JANUARY)
    move(by, village, "4", Leg(pot, village.household(2), 50), JANUARY)
    return village


def test_unused_points_of_the_year_go_back_to_the_pot(by: Actor, year: Village) -> None:
    closing = close_year(by=by, book=year.points, year=2024, keep={"household": 0})
    assert (balance(year.household(1)), balance(year.household(2))) == (0, 50)
    assert balance(year.pot) == 1000 - 180 + 40 + 30
    assert closing.entry is not None and closing.entry.at == NEW_YEAR - timedelta(microseconds=1)
    assert history(f"book:{year.points.pk}").get(verb="book.close").detail["year"] == 2024


def test_what_the_rule_lets_holders_keep_carries_over(by: Actor, year: Village) -> None:
    close_year(by=by, book=year.points, year=2024, keep={"household": 25})
    assert (balance(year.household(1)), balance(year.household(2))) == (25, 75)


def test_kinds_that_the_rule_does_not_name_carry_over_whole(by: Actor, year: Village) -> None:
    closing = close_year(by=by, book=year.points, year=2024, keep={})
    assert closing.entry is None
    assert (balance(year.household(1)), balance(year.household(2))) == (40, 80)


def test_closing_again_by_the_same_rule_changes_nothing(by: Actor, year: Village) -> None:
    first = close_year(by=by, book=year.points, year=2024, keep={"household": 0})
    move(by, year, "5", Leg(year.pot, year.household(1), 9), JANUARY)
    assert close_year(by=by, book=year.points, year=2024, keep={"household": 0}) == first
    assert balance(year.household(1)) == 9 and Closing.objects.count() == 1


def test_closing_again_by_another_rule_is_refused(by: Actor, year: Village) -> None:
    close_year(by=by, book=year.points, year=2024, keep={"household": 0})
    with pytest.raises(Refused, match="by another rule"):
        close_year(by=by, book=year.points, year=2024, keep={"household": 5})


def test_closing_a_year_before_a_closed_one_is_refused(by: Actor, year: Village) -> None:
    close_year(by=by, book=year.points, year=2024, keep={})
    with pytest.raises(Refused, match="2024 is closed, and 2023 with it"):
        close_year(by=by, book=year.points, year=2023, keep={})


def test_closing_a_running_year_is_refused(by: Actor, village: Village) -> None:
    with pytest.raises(Refused) as refusal:
        close_year(by=by, book=village.points, year=clock.today().year, keep={"household": 0})
    assert refusal.value.code == "ledger.year.running"


def test_closing_by_somebody_who_may_not_fill_the_pot_is_refused(year: Village) -> None:
    with pytest.raises(Forbidden):
        close_year(by=NOBODY, book=year.points, year=2024, keep={"household": 0})
    assert balance(year.household(2)) == 80


def test_the_year_is_over_when_it_is_midnight_in_the_village(by: Actor, village: Village) -> None:
    with clock.at(NEW_YEAR - timedelta(seconds=1)), pytest.raises(Refused):
        close_year(by=by, book=village.points, year=2024, keep={})
    with clock.at(NEW_YEAR):
        assert close_year(by=by, book=village.points, year=2024, keep={}).year == 2024


@pytest.mark.parametrize("keep", [{"pot": 0}, {"household": -1}, {"household": True}, {"household": 1.5}])
def test_closing_by_a_rule_that_makes_no_sense_is_refused(by: Actor, year: Village, keep: dict[str, int]) -> None:
    with pytest.raises(Refused) as refusal:
        close_year(by=by, book=year.points, year=2024, keep=keep)
    assert refusal.value.code == "ledger.year.rule"


def test_a_closed_year_takes_no_more_entries_and_gives_repeated_ones(by: Actor, year: Village) -> None:
    close_year(by=by, book=year.points, year=2024, keep={})
    leg = Leg(year.pot, year.household(1), 100)
    with pytest.raises(Refused, match="The year 2024 is closed"):
        move(by, year, "late", leg, DECEMBER)
    with pytest.raises(Refused, match="The year 2023 is closed"):
        move(by, year, "very late", leg, DECEMBER - timedelta(days=365))
    assert move(by, year, "1", leg, DECEMBER).key == "1"


def test_an_entry_of_a_closed_year_is_taken_back_in_the_year_that_runs(by: Actor, year: Village) -> None:
    close_year(by=by, book=year.points, year=2024, keep={})
    back = reverse(by=by, entry=Entry.objects.get(key="2"), key="back", memo="points.error", record="case:1")
    assert clock.today().year == back.at.astimezone(clock.ZONE).year


def test_a_clock_set_back_into_a_closed_year_is_told_so(by: Actor, year: Village) -> None:
    with clock.at(NEW_YEAR + timedelta(minutes=1)):
        close_year(by=by, book=year.points, year=2024, keep={})
    with pytest.raises(Refused) as refusal:
        move(by, year, "odd", Leg(year.pot, year.household(1), 1), NEW_YEAR - timedelta(minutes=1))
    assert refusal.value.code == "ledger.year.closed"


def test_books_balance_after_the_close(by: Actor, year: Village) -> None:
    close_year(by=by, book=year.points, year=2024, keep={"household": 10})
    assert sum(total for _, total in trial(year.points)) == 0
