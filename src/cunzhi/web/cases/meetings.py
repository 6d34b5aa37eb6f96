"""Meetings in words: which, when, how many, and what came of it by which rule."""

from dataclasses import dataclass
from datetime import date, datetime

from cunzhi.base.clock import ZONE
from cunzhi.engine.models import Case
from cunzhi.engine.parameters import in_force
from cunzhi.engine.queries.cases import scenario_of
from cunzhi.engine.queries.meetings import Held, Said, held_on_case
from cunzhi.meetings.models import Meeting
from cunzhi.web.language import current, t


@dataclass(frozen=True)
class Told:
    """One meeting as pages tell it."""

    meeting: Meeting
    title: str
    due: int
    present: int
    sentences: list[str]
    sources: list[str]


def told(case: Case) -> list[Told]:
    """The meetings of a case, the newest first."""
    return [_told(case, held) for held in reversed(held_on_case(case))]


def body_of(meeting: Meeting) -> str:
    return t(f"meetings.body.{meeting.body}")


def sentence(case: Case, said: Said) -> str:
    """What a rule said, in the reader's language."""
    return scenario_of(case).say(said.key, current(), **said.params)


def sources(case: Case, names: list[str]) -> list[str]:
    """Who set the numbers that a rule went by, and since when they hold."""
    dated = in_force(scenario_of(case), case.activation, _day(case.opened_at))
    known = (dated[name] for name in names if name in dated)
    return [t("web.meetings.source", by=one.by, since=one.since) for one in known]


def _told(case: Case, held: Held) -> Told:
    names = sorted({name for said in held.said for name in said.numbers})
    said = [sentence(case, one) for one in held.said]
    return Told(
        held.meeting, body_of(held.meeting), held.tally.due, held.tally.present, said[-1:], sources(case, names)
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()
