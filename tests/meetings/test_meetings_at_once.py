"""Many at the door and several clerks at once: nobody is lost, nobody is counted twice, a meeting ends once."""

from collections import Counter

import pytest
from gathered import BY, RECORD, called, clerk, hold, make_places
from ledger.crowd import by_threads

from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.journal.queries import history
from cunzhi.meetings import door
from cunzhi.meetings.actions import Counts, conclude, mark_present, sign_in
from cunzhi.meetings.models import Meeting
from cunzhi.meetings.queries import tally

pytestmark = pytest.mark.django_db(transaction=True)


def test_clerks_and_phones_at_once_count_everybody_once() -> None:
    make_places()
    people = hold("party_member", 12)
    meeting, clerks = called(), [clerk(), clerk()]
    seats = list(meeting.seats.order_by("id").values_list("id", flat=True))

    def doing(number: int) -> list[int]:
        if number < 2:
            wanted = seats[:8] if number else seats[4:]
            return [mark_present(by=clerks[number], meeting=meeting, seats=wanted, how="clerk")]
        by = Actor(person_id=people[number].pk, channel="test")
        sign_in(by=by, meeting=meeting, code=door.code_of(meeting))
        return []

    by_threads(12, doing)
    assert tally(meeting).present == 12
    noted = [seat for entry in history(meeting.record) for seat in entry.detail.get("seats", [])]
    assert Counter(noted) == Counter(seats)


def test_two_conclude_at_once_and_one_is_told() -> None:
    make_places()
    hold("party_member", 4)
    meeting = called()
    seats = list(meeting.seats.values_list("id", flat=True))
    mark_present(by=BY, meeting=meeting, seats=seats, how="clerk")

    def doing(number: int) -> list[str]:
        try:
            conclude(by=BY, for_record=RECORD, counts=Counts(4 - number, number, 0))
        except Refused as refused:
            return [refused.code]
        return ["done"]

    answers = Counter(by_threads(3, doing))
    assert answers["done"] == 1
    assert sum(answers.values()) == 3
    assert Meeting.objects.get().present == 4


def test_two_call_at_once_and_one_meeting_is_open() -> None:
    make_places()
    hold("party_member", 4)

    def doing(number: int) -> list[str]:
        try:
            called()
        except Refused as refused:
            return [refused.code]
        return ["done"]

    assert Counter(by_threads(3, doing)) == {"done": 1, "meetings.called_already": 2}
    assert Meeting.objects.count() == 1
