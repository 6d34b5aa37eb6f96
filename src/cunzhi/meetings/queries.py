"""Reads of meetings: which a record has, who was due and who came."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from cunzhi.meetings.models import Meeting, Seat
from cunzhi.registry.access import selves
from cunzhi.registry.models import Membership


@dataclass(frozen=True)
class Tally:
    """How many were due and how many came: as concluded, or as the roll stands now."""

    due: int = 0
    present: int = 0


def meetings_of(record: str) -> QuerySet[Meeting]:
    """All meetings on a record, oldest first."""
    return Meeting.objects.filter(for_record=record).order_by("id")


def open_meeting(record: str) -> Meeting | None:
    """The meeting that was called and is not concluded."""
    return Meeting.objects.filter(for_record=record, concluded_at__isnull=True).first()


def latest_meeting(record: str) -> Meeting | None:
    return meetings_of(record).last()


def tally(meeting: Meeting) -> Tally:
    """Due and present; of a concluded meeting what was counted then, whatever became of its roll."""
    if meeting.due is not None and meeting.present is not None:
        return Tally(meeting.due, meeting.present)
    counted = meeting.seats.aggregate(due=Count("id"), present=Count("id", filter=Q(came_at__isnull=False)))
    return Tally(counted["due"], counted["present"])


def seats_of(meeting: Meeting) -> QuerySet[Seat]:
    """The roll, by name."""
    return meeting.seats.select_related("person", "household").order_by("person__name", "person_id")


def seat_of(meeting: Meeting, person_id: int) -> Seat | None:
    """The seat on which a person may sit: their own, or the one of the household that they belong to."""
    mine = selves(person_id).values("id")
    homes = Membership.objects.filter(person_id__in=mine, until__isnull=True).values("household_id")
    return meeting.seats.filter(Q(person_id__in=mine) | Q(household_id__in=homes)).first()


def is_due(record: str, person_id: int) -> bool:
    """Whether somebody has a seat at any meeting on a record."""
    return Seat.objects.filter(meeting__for_record=record, person_id__in=selves(person_id).values("id")).exists()


def due_ids(meeting: Meeting) -> Iterable[int]:
    return meeting.seats.order_by("id").values_list("person_id", flat=True)
