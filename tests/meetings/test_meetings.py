"""Meetings: who is due, who came, what was counted; nothing is counted twice and nobody votes who did not come."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from gathered import BY, RECORD, called, clerk, grown, hold, home, make_places
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from registry.town import BASIS, GRID, VILLAGE

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Conflict, Forbidden, Refused
from cunzhi.journal.queries import history
from cunzhi.meetings import door
from cunzhi.meetings.actions import Counts, conclude, draw_again, forget, mark_present, sign_in, strike
from cunzhi.meetings.bodies import due_at
from cunzhi.meetings.models import Meeting
from cunzhi.meetings.queries import is_due, open_meeting, tally
from cunzhi.registry.models import Person


@pytest.fixture(autouse=True)
def village(db: None) -> None:
    make_places()


def actor(person: Person) -> Actor:
    return Actor(person_id=person.pk, channel="test")


def tick(meeting: Meeting, many: int, by: Actor = BY) -> None:
    seats = list(meeting.seats.order_by("id").values_list("id", flat=True)[:many])
    mark_present(by=by, meeting=meeting, seats=seats, how="clerk")


def test_members_and_branch_are_due_once_each() -> None:
    both = hold("party_member", 3)[0]
    hold("branch_member", 1)
    both.appointments.create(role="branch_member", place_code=VILLAGE, since="2026-01-01", basis=BASIS)
    assert tally(called()).due == 4


def test_assembly_leaves_out_children_the_dead_and_who_left() -> None:
    grown("张成年")
    grown("张孩子", years=10)
    for name, field in (("张已故", "died_on"), ("张迁出", "left_on")):
        Person.objects.filter(pk=grown(name).pk).update(**{field: clock.today()})
    Person.objects.create(name="张不详", place_code=GRID)
    assert [Person.objects.get(pk=pk).name for pk, _ in due_at("assembly", GRID[:12])] == ["张成年", "张不详"]


def test_eighteenth_birthday_is_of_age() -> None:
    person = grown("张满岁")
    today = clock.today()
    for day, due in ((today.replace(year=today.year - 18, day=min(today.day, 28)), 1), (today, 0)):
        Person.objects.filter(pk=person.pk).update(born_on=day)
        assert len(due_at("assembly", person.place_code[:12])) == due


def test_household_has_one_seat_and_any_of_it_may_sit_there() -> None:
    head, wife = home("001", "张户主", "李妻子")
    home("002", "王户主")
    meeting = called("households")
    assert tally(meeting).due == 2
    seat = sign_in(by=actor(wife), meeting=meeting, code=door.code_of(meeting))
    assert seat.person == head
    assert sign_in(by=actor(head), meeting=meeting, code="").pk == seat.pk
    assert tally(meeting).present == 1


def test_meeting_without_anybody_due_is_not_called() -> None:
    with pytest.raises(Refused, match="no Party members"):
        called()


def test_meeting_of_a_day_that_has_passed_is_not_called() -> None:
    hold("party_member", 2)
    with pytest.raises(Refused, match="has passed"):
        called(held_on=clock.today() - timedelta(days=1))


def test_second_open_meeting_is_refused() -> None:
    hold("party_member", 2)
    called()
    with pytest.raises(Conflict, match="just called"):
        called()


def test_sign_in_twice_is_once() -> None:
    person = hold("party_member", 2)[0]
    meeting = called()
    first = sign_in(by=actor(person), meeting=meeting, code=door.code_of(meeting))
    again = sign_in(by=actor(person), meeting=meeting, code=door.code_of(meeting))
    assert (first.came_at, tally(meeting).present) == (again.came_at, 1)
    assert [one.verb for one in history(meeting.record)] == ["meeting.call", "meeting.come"]


def test_code_of_the_window_before_opens_and_an_older_one_does_not() -> None:
    one, other = hold("party_member", 2)
    meeting = called()
    code, now = door.code_of(meeting), clock.now()
    with clock.at(now + door.LASTS):
        sign_in(by=actor(one), meeting=meeting, code=f" {code[:4].lower()}-{code[4:]}")
    with clock.at(now + 2 * door.LASTS), pytest.raises(Refused, match="no longer valid"):
        sign_in(by=actor(other), meeting=meeting, code=code)
    assert tally(meeting).present == 1


def test_code_of_another_meeting_does_not_open() -> None:
    person = hold("party_member", 1)[0]
    meeting = called()
    with pytest.raises(Refused, match="wrong"):
        sign_in(by=actor(person), meeting=meeting, code=door.code_of(Meeting(pk=meeting.pk + 1)))


def test_nobody_signs_in_who_is_not_due() -> None:
    hold("party_member", 2)
    meeting = called()
    with pytest.raises(Forbidden, match="not on this meeting's roll"):
        sign_in(by=actor(grown("张路人")), meeting=meeting, code=door.code_of(meeting))


def test_helper_signs_in_for_nobody() -> None:
    person = hold("party_member", 1)[0]
    with pytest.raises(Forbidden, match="for themselves"):
        sign_in(by=clerk().on_behalf_of(person.pk), meeting=called(), code="")


def test_roll_is_kept_by_who_may() -> None:
    hold("party_member", 3)
    meeting = called()
    tick(meeting, 1, clerk())
    with pytest.raises(Forbidden):
        tick(meeting, 2, actor(grown("张路人")))
    assert tally(meeting).present == 1


def test_two_clerks_at_once_lose_nobody() -> None:
    hold("party_member", 4)
    meeting = called()
    seats = list(meeting.seats.values_list("id", flat=True))
    assert mark_present(by=clerk(), meeting=meeting, seats=seats[:2], how="clerk") == 2
    assert mark_present(by=clerk(), meeting=meeting, seats=seats[1:3], how="paper") == 1
    assert tally(meeting).present == 3
    strike(by=clerk(), meeting=meeting, seat=seats[0])
    assert tally(meeting).present == 2


def test_seat_of_another_meeting_is_refused() -> None:
    hold("party_member", 2)
    meeting = called()
    with pytest.raises(Refused, match="not on this meeting's roll"):
        mark_present(by=clerk(), meeting=meeting, seats=[999999], how="clerk")


def test_clock_put_back_by_a_day_is_named() -> None:
    person = hold("party_member", 2)[0]
    meeting = called(held_on=clock.today() + timedelta(days=1))
    for act in (
        lambda: tick(meeting, 1),
        lambda: sign_in(by=actor(person), meeting=meeting, code=door.code_of(meeting)),
        lambda: conclude(by=BY, for_record=RECORD, counts=None),
    ):
        with pytest.raises(Refused, match="clock right"):
            act()
    assert tally(meeting).present == 0


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (Counts(5, 0, 0), "only 3 were present"),
        (Counts(2, 0, 0), "make 2, and 3 were present"),
        (Counts(2, 1, 1), "make 4, and 3 were present"),
        (Counts(4, -1, 0), "only 3 were present"),
        (Counts(3, -1, 1), "below 0"),
        (Counts(2**40, 0, 0), "below 0"),
    ],
)
def test_counts_that_disagree_with_the_roll_are_refused(counts: Counts, words: str) -> None:
    hold("party_member", 4)
    meeting = called()
    tick(meeting, 3)
    with pytest.raises(Refused, match=words):
        conclude(by=BY, for_record=RECORD, counts=counts)
    assert open_meeting(RECORD) == meeting


def test_concluded_meeting_is_closed_to_everybody() -> None:
    person = hold("party_member", 3)[0]
    meeting = called()
    tick(meeting, 2)
    conclude(by=BY, for_record=RECORD, counts=Counts(2, 0, 0))
    for act in (
        lambda: tick(meeting, 3),
        lambda: strike(by=BY, meeting=meeting, seat=meeting.seats.first().pk),  # type: ignore[union-attr]
        lambda: sign_in(by=actor(person), meeting=meeting, code=door.code_of(meeting)),
    ):
        with pytest.raises(Conflict, match="concluded"):
            act()
    with pytest.raises(Refused, match="No meeting has been called"):
        conclude(by=BY, for_record=RECORD, counts=Counts(2, 0, 0))


def test_meeting_is_called_off_before_its_day_while_nobody_has_come() -> None:
    hold("party_member", 3)
    called(held_on=clock.today() + timedelta(days=400))
    off = conclude(by=BY, for_record=RECORD, counts=None, called_off=True)
    assert (off.called_off, off.present) == (True, 0)
    tick(called(), 1)
    with pytest.raises(Refused, match="1 have signed in"):
        conclude(by=BY, for_record=RECORD, counts=None, called_off=True)


def test_database_itself_refuses_counts_that_do_not_add_up() -> None:
    hold("party_member", 3)
    meeting = called()
    tick(meeting, 2)
    conclude(by=BY, for_record=RECORD, counts=Counts(2, 0, 0))
    for wrong in ({"agreed": 3}, {"present": 4}, {"due": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Meeting.objects.filter(pk=meeting.pk).update(**wrong)


def test_roll_follows_a_corrected_register_and_keeps_who_came() -> None:
    first, *others = hold("party_member", 3)
    meeting = called()
    mark_present(by=BY, meeting=meeting, seats=[meeting.seats.get(person=first).pk], how="clerk")
    for person in (first, others[0]):
        person.appointments.update(until=clock.today())
    hold("branch_member", 2)
    assert draw_again(by=clerk(), meeting=meeting) == (2, 1)
    assert (tally(meeting).due, tally(meeting).present) == (4, 1)


def test_erased_roll_leaves_the_counts() -> None:
    person = hold("party_member", 3)[0]
    meeting = called()
    tick(meeting, 2)
    conclude(by=BY, for_record=RECORD, counts=Counts(1, 1, 0))
    assert is_due(RECORD, person.pk)
    forget(for_record=RECORD)
    meeting.refresh_from_db()
    assert not is_due(RECORD, person.pk)
    assert (tally(meeting).due, tally(meeting).present, meeting.agreed) == (3, 2, 1)


class Tallies(TestCase):
    """Whatever is typed, what stands concluded agrees with the roll."""

    @settings(max_examples=40, deadline=None)
    @given(st.integers(0, 6), st.tuples(*[st.integers(-2, 8)] * 3))
    def test_concluded_counts_always_agree(self, came: int, typed: tuple[int, int, int]) -> None:
        if not Person.objects.filter(name="party_member00").exists():
            hold("party_member", 6)
        meeting = called()
        tick(meeting, came)
        try:
            done = conclude(by=BY, for_record=RECORD, counts=Counts(*typed))
        except Refused:
            assert sum(typed) != came or min(typed) < 0
        else:
            assert done.present == came == sum(typed)
            assert min(typed) >= 0
