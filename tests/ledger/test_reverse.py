"""Taking an entry back: once, today, and only what is still there."""

import pytest
from villages import Village

from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.journal.queries import history
from cunzhi.ledger.actions import Leg, post, reverse
from cunzhi.ledger.models import Entry
from cunzhi.ledger.queries import balance


@pytest.fixture
def award(by: Actor, village: Village) -> Entry:
    legs = [Leg(village.pot, village.household(1), 30), Leg(village.pot, village.household(2), 20)]
    return post(by=by, book=village.points, key="award", memo="points.award", record="case:1", legs=legs)


def test_reverse_moves_everything_back(by: Actor, village: Village, award: Entry) -> None:
    back = reverse(by=by, entry=award, key="back", memo="points.error", record="case:1")
    assert back.reverses == award and award.reversed_by == back
    assert [balance(village.household(number)) for number in (1, 2)] == [0, 0]
    assert balance(village.pot) == 1000
    note = history("case:1").get(verb="ledger.reverse")
    assert note.detail["reverses"] == award.key


def test_reverse_with_the_same_key_gives_the_first_reversal(by: Actor, village: Village, award: Entry) -> None:
    back = reverse(by=by, entry=award, key="back", memo="points.error", record="case:1")
    assert reverse(by=by, entry=award, key="back", memo="points.error", record="case:1") == back
    assert balance(village.pot) == 1000


def test_reverse_a_second_time_is_refused(by: Actor, village: Village, award: Entry) -> None:
    reverse(by=by, entry=award, key="back", memo="points.error", record="case:1")
    with pytest.raises(Refused) as refusal:
        reverse(by=by, entry=award, key="back again", memo="points.error", record="case:1")
    assert refusal.value.code == "ledger.reversed"
    assert balance(village.pot) == 1000


def test_reverse_of_what_is_spent_is_refused(by: Actor, village: Village, award: Entry) -> None:
    legs = [Leg(village.household(2), village.spent, 1)]
    post(by=by, book=village.points, key="spend", memo="points.spend", record="case:2", legs=legs)
    with pytest.raises(Refused) as refusal:
        reverse(by=by, entry=award, key="back", memo="points.error", record="case:1")
    assert (refusal.value.params["left"], refusal.value.params["needed"]) == (19, 20)
    assert balance(village.household(1)) == 30


def test_reverse_under_the_key_of_another_entry_is_refused(by: Actor, village: Village, award: Entry) -> None:
    with pytest.raises(Refused) as refusal:
        reverse(by=by, entry=award, key="award", memo="points.award", record="case:1")
    assert refusal.value.code == "ledger.key.other"


def test_reversal_can_itself_be_taken_back(by: Actor, village: Village, award: Entry) -> None:
    back = reverse(by=by, entry=award, key="back", memo="points.error", record="case:1")
    reverse(by=by, entry=back, key="forth", memo="points.error", record="case:1")
    assert balance(village.household(1)) == 30
