"""Reads of a case's meetings: what each came to, and whether the open one may decide yet."""

from dataclasses import dataclass, field
from typing import Any

from cunzhi.base import clock
from cunzhi.engine.models import Case, Step
from cunzhi.engine.parameters import numbers
from cunzhi.engine.queries.cases import scenario_of, workflow_of
from cunzhi.engine.rules import GuardRefused, ask
from cunzhi.engine.spec.workflow import Transition, Workflow
from cunzhi.meetings.models import Meeting
from cunzhi.meetings.queries import Tally, meetings_of, tally

CASE = "case:"


@dataclass(frozen=True)
class Said:
    """A sentence of the scenario with its blanks, and the numbers by which a rule came to it."""

    key: str
    params: dict[str, Any]
    numbers: list[str] = field(default_factory=list)
    ok: bool = True


@dataclass(frozen=True)
class Held:
    """A meeting of a case: how many were due and came, and what the rules said when it was concluded."""

    meeting: Meeting
    tally: Tally
    said: list[Said]


def held_on_case(case: Case) -> list[Held]:
    """All meetings of a case, oldest first; meetings and the steps that concluded them stand in one order."""
    flow = workflow_of(case)
    if not flow.convenes:
        return []
    ends = _concluding(flow)
    steps = iter(case.steps.filter(transition__in=ends).order_by("id"))
    found = []
    for meeting in meetings_of(case.record):
        said = said_in(next(steps, None)) if meeting.concluded_at else []
        found.append(Held(meeting, tally(meeting), said))
    return found


def said_in(step: Step | None) -> list[Said]:
    """What the rules said when a step was taken; nothing once the step was erased."""
    parts = [part for part in (step.why if step else []) if "said" in part]
    return [Said(part["said"], part["params"], part.get("numbers", [])) for part in parts]


def quorum_now(case: Case) -> Said | None:
    """Whether the meeting that is open may decide with those who have come so far."""
    rules = [one for way in workflow_of(case).leaving(case.state).values() for one in way.guards[:1] if _counts(way)]
    if not rules:
        return None
    scenario, day = scenario_of(case), case.opened_at.astimezone(clock.ZONE).date()
    asked = ask(scenario, case, numbers(scenario, case.activation, day), case.answers)
    try:
        why = asked.guard(rules[0])
    except GuardRefused as refused:
        return Said(refused.message, refused.params, sorted(asked.numbers.asked), ok=False)
    return Said(why["said"], why["params"], why.get("numbers", [])) if "said" in why else None


def case_of(meeting: Meeting) -> int | None:
    """The case whose meeting it is."""
    record = meeting.for_record
    return int(record.removeprefix(CASE)) if record.startswith(CASE) else None


def _concluding(flow: Workflow) -> list[str]:
    return [name for name, way in flow.transitions.items() if any(one.conclude for one in way.effects)]


def _counts(way: Transition) -> bool:
    return any(one.conclude and one.conclude.quorum for one in way.effects)
