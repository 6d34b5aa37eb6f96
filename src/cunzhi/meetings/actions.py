"""Calls meetings, notes who came, and concludes them with what was counted."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Conflict, Forbidden, Refused
from cunzhi.journal.actions import note
from cunzhi.meetings import door
from cunzhi.meetings.bodies import due_at
from cunzhi.meetings.models import Meeting, Seat
from cunzhi.meetings.queries import open_meeting, seat_of, tally
from cunzhi.registry.access import Access

VILLAGE = 12
"""The digits of a village's code: its people meet as one, whichever grid a matter lies in."""
LENGTHS = {"hour": 20, "venue": 80}
MOST = 2**31 - 1


@dataclass(frozen=True)
class Counts:
    """What was counted at a meeting that could decide."""

    agreed: int
    against: int
    abstained: int

    @property
    def total(self) -> int:
        return self.agreed + self.against + self.abstained


@transaction.atomic
def convene(*, by: Actor, for_record: str, body: str, place_code: str, held_on: date, hour: str, venue: str) -> Meeting:
    """Call a meeting: the roll is drawn now from the registry, and one record has one open meeting."""
    if held_on < clock.today():
        raise Refused("meetings.past", field="held_on", day=held_on, today=clock.today())
    for field, text in (("hour", hour), ("venue", venue)):
        if len(text) > LENGTHS[field]:
            raise Refused("meetings.long", field=field, longest=LENGTHS[field])
    village = place_code[:VILLAGE]
    due = due_at(body, village)
    if not due:
        raise Refused(f"meetings.nobody_due.{body}")
    meeting = Meeting(
        for_record=for_record,
        body=body,
        place_code=village,
        held_on=held_on,
        hour=hour,
        venue=venue,
        called_at=clock.now(),
    )
    try:
        with transaction.atomic():
            meeting.save(force_insert=True)
    except IntegrityError:
        raise Conflict("meetings.called_already") from None
    Seat.objects.bulk_create(Seat(meeting=meeting, person_id=person, household_id=home) for person, home in due)
    _note(by, "meeting.call", meeting, {"body": body, "held_on": held_on, "due": len(due), "for": for_record})
    return meeting


@transaction.atomic
def mark_present(*, by: Actor, meeting: Meeting, seats: Collection[int], how: str) -> int:
    """Somebody who keeps the roll ticks who came. Ticks only add: what another clerk ticked meanwhile stays. Says how
    many were new."""
    fresh = _open(meeting)
    Access(by).require("meeting.keep", fresh.place_code)
    _not_before_its_day(fresh)
    if how not in (Seat.How.CLERK, Seat.How.PAPER):
        raise Refused("meetings.bad_how", field="how")
    wanted = fresh.seats.filter(pk__in=seats)
    if wanted.count() != len(set(seats)):
        raise Refused("meetings.no_such_seat")
    new = list(wanted.filter(came_at__isnull=True).order_by("id").values_list("id", flat=True))
    if new:
        fresh.seats.filter(pk__in=new).update(came_at=clock.now(), how=how)
        _note(by, "meeting.come", fresh, {"seats": new, "how": how})
    return len(new)


@transaction.atomic
def strike(*, by: Actor, meeting: Meeting, seat: int) -> None:
    """Take back a tick that was wrong."""
    fresh = _open(meeting)
    Access(by).require("meeting.keep", fresh.place_code)
    if fresh.seats.filter(pk=seat, came_at__isnull=False).update(came_at=None, how=""):
        _note(by, "meeting.strike", fresh, {"seats": [seat]})


@transaction.atomic
def sign_in(*, by: Actor, meeting: Meeting, code: str) -> Seat:
    """Somebody who is due signs in with the code at the door; a second time is the same time."""
    if by.person_id is None or by.for_person_id is not None:
        raise Forbidden("meetings.oneself")
    fresh = _open(meeting)
    seat = seat_of(fresh, by.person_id)
    if seat is None:
        raise Forbidden("meetings.not_due")
    if seat.came_at is not None:
        return seat
    _not_before_its_day(fresh)
    if not door.opens(fresh, code):
        raise Refused("meetings.wrong_code", field="code")
    seat.came_at, seat.how = clock.now(), Seat.How.CODE
    seat.save(update_fields=["came_at", "how"])
    _note(by, "meeting.come", fresh, {"seats": [seat.pk], "how": seat.how})
    return seat


@transaction.atomic
def draw_again(*, by: Actor, meeting: Meeting) -> tuple[int, int]:
    """Bring the roll in line with the registry, which was corrected: (added, removed). Who came stays in any case."""
    fresh = _open(meeting)
    Access(by).require("meeting.keep", fresh.place_code)
    due = dict(due_at(fresh.body, fresh.place_code))
    held = set(fresh.seats.values_list("person_id", flat=True))
    homes = set(fresh.seats.filter(came_at__isnull=False).values_list("household_id", flat=True)) - {None}
    gone = fresh.seats.filter(came_at__isnull=True).exclude(person_id__in=due)
    removed = gone.delete()[0]
    new = [(person, home) for person, home in due.items() if person not in held and home not in homes]
    Seat.objects.bulk_create(Seat(meeting=fresh, person_id=person, household_id=home) for person, home in new)
    if new or removed:
        _note(by, "meeting.draw", fresh, {"added": len(new), "removed": removed})
    return len(new), removed


@transaction.atomic
def conclude(*, by: Actor, for_record: str, counts: Counts | None, called_off: bool = False) -> Meeting:
    """End the open meeting on a record with what was counted; None when so few came that nothing could be, or when it
    is called off, which nobody may do once somebody has come."""
    found = open_meeting(for_record)
    if found is None:
        raise Refused("meetings.none_open")
    meeting = _open(found)
    standing = tally(meeting)
    if called_off and standing.present:
        raise Refused("meetings.somebody_came", present=standing.present)
    if not called_off:
        _not_before_its_day(meeting)
    if counts is not None:
        _check_counts(counts, standing.present)
        meeting.agreed, meeting.against, meeting.abstained = counts.agreed, counts.against, counts.abstained
    meeting.due, meeting.present, meeting.concluded_at = standing.due, standing.present, clock.now()
    meeting.called_off = called_off
    meeting.save()
    numbers = ("due", "present", "agreed", "against", "abstained", "called_off")
    _note(by, "meeting.conclude", meeting, {name: getattr(meeting, name) for name in numbers})
    return meeting


@transaction.atomic
def forget(*, for_record: str) -> None:
    """Erase who was due and who came, with the matter whose personal data are erased; the counts stay."""
    Seat.objects.filter(meeting__for_record=for_record, meeting__concluded_at__isnull=False).delete()


def _check_counts(counts: Counts, present: int) -> None:
    for field in ("agreed", "against", "abstained"):
        if not 0 <= getattr(counts, field) <= MOST:
            raise Refused("meetings.negative", field=field)
        if getattr(counts, field) > present:
            raise Refused("meetings.more_than_present", field=field, given=getattr(counts, field), present=present)
    if counts.total != present:
        raise Refused("meetings.counts_differ", field="agreed", total=counts.total, present=present)


def _open(meeting: Meeting) -> Meeting:
    """The meeting under lock; nothing is noted of one that is over."""
    fresh = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if fresh.concluded_at is not None:
        raise Conflict("meetings.over")
    return fresh


def _not_before_its_day(meeting: Meeting) -> None:
    """Nobody came to a meeting that is still to be; a clock put back by a day is found out here."""
    if clock.today() < meeting.held_on:
        raise Refused("meetings.not_yet", day=meeting.held_on, today=clock.today())


def _note(by: Actor, verb: str, meeting: Meeting, detail: dict[str, object]) -> None:
    note(by=by, verb=verb, record=meeting.record, place_code=meeting.place_code, detail=detail)
