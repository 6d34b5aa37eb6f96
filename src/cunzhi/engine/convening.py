"""Meetings on a case: called and concluded as a workflow says, and what sentences may tell of them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from cunzhi.base.actor import Actor
from cunzhi.engine.models import Case
from cunzhi.engine.spec.effect import Conclude, Convene
from cunzhi.meetings import actions as meetings
from cunzhi.meetings.models import Meeting
from cunzhi.meetings.queries import due_ids, latest_meeting, open_meeting, tally

TOLD = ("due", "present")
"""The blanks that a meeting fills in messages and notices, beside the counts, which are answers."""


def convene(case: Case, call: Convene, by: Actor) -> Meeting:
    """Call the meeting as the answers say."""
    given = case.answers
    return meetings.convene(
        by=by,
        for_record=case.record,
        body=call.body or given[call.chosen or ""],
        place_code=case.place_code,
        held_on=date.fromisoformat(given[call.on]),
        hour=given[call.hour],
        venue=given[call.venue],
    )


def conclude(case: Case, end: Conclude, by: Actor) -> Meeting:
    """End the open meeting with the counts that were answered, or with none."""
    fields = (end.agreed, end.against, end.abstained)
    counted = end.quorum is not None
    counts = meetings.Counts(*(int(case.answers[field or ""]) for field in fields)) if counted else None
    return meetings.conclude(by=by, for_record=case.record, counts=counts, called_off=end.called_off)


def told(case: Case) -> Mapping[str, Any]:
    """How many were due and came at the latest meeting."""
    meeting = latest_meeting(case.record)
    if meeting is None:
        return dict.fromkeys(TOLD, "")
    standing = tally(meeting)
    return {"due": standing.due, "present": standing.present}


def due_people(case: Case) -> list[int]:
    """Who is due at the latest meeting of a case."""
    meeting = latest_meeting(case.record)
    return list(due_ids(meeting)) if meeting else []


def meeting_due(case: Case, answers: Mapping[str, Any]) -> int:
    """How many are due at the open meeting of this case; nobody where none is open."""
    meeting = open_meeting(case.record)
    return tally(meeting).due if meeting else 0


def meeting_present(case: Case, answers: Mapping[str, Any]) -> int:
    """How many have come to the open meeting of this case, by its roll."""
    meeting = open_meeting(case.record)
    return tally(meeting).present if meeting else 0
