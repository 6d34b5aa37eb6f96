"""Emergencies of a case: begun and ended as a workflow says, the tasks of the plan, and what a review may tell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.fields import under
from cunzhi.emergencies.actions import running
from cunzhi.emergencies.models import Duty, Emergency
from cunzhi.emergencies.queries.heads import doors_count, fillings
from cunzhi.engine.models import Case, Step
from cunzhi.engine.spec.effect import Open, Respond
from cunzhi.registry.access import in_force
from cunzhi.registry.models import Appointment
from cunzhi.registry.roles import roles

LENGTHS = {"grid": 15, "village": 12, "township": 9, "county": 6}
MOST_PLACES = 120
FIGURES = (
    "tasks", "tasks_done", "tasks_in_time", "late_tasks", "first_minutes", "lasted_minutes", "heads",
    "shelters", "shelters_counted", "doors", "doors_reached",
)  # fmt: skip
"""The blanks that an emergency fills in messages and notices, counted from the records when they are said."""
DONE = "done"


@dataclass(frozen=True)
class Charge:
    """To which office a case is given, and until when."""

    office: str
    due_at: datetime


@dataclass(frozen=True)
class Child:
    """A case that another one brings about."""

    workflow: str
    place_code: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    charge: Charge | None = None


def opened_by(part: Open, given: Mapping[str, Any]) -> Child:
    """What the effect `open` asks for, with the answers of its step."""
    charge = None
    if part.office and part.minutes and given.get(part.office) and given.get(part.minutes):
        charge = _charge(str(given[part.office]), int(given[part.minutes]))
    return Child(part.workflow, answers={name: given[name] for name in part.answers if name in given}, charge=charge)


def respond(case: Case, part: Respond, by: Actor) -> list[Child]:
    """Begin as the answers say; the tasks that the plan calls for."""
    given = case.answers
    begun = running.begin(
        by=by, case_record=case.record, place_code=case.place_code, hazard=str(given[part.hazard]),
        colour=str(given[part.colour]), drill=given.get(part.kind or "") == "drill",
        cause=str(given.get(part.cause or "") or ""),
    )  # fmt: skip
    colour = begun.emergency.colour
    held = {str(one.get("what", "")) for one in case.children.values_list("answers", flat=True)}
    duties = [one for one in begun.duties if one.what not in held]  # what was given once is not given again
    return [child for duty in duties for child in _tasks(duty, colour, case.place_code, part.tasks)]


def _tasks(duty: Duty, colour: str, place_code: str, workflow: str) -> Iterator[Child]:
    """One task, or one for each place below where somebody holds the office: every grid knocks at its own doors."""
    minutes = int(duty.minutes[colour])
    answers = {"what": duty.what, "what_en": duty.what_en, "office": duty.office, "minutes": minutes}
    for code in _places(duty.office, place_code):
        yield Child(workflow, code, answers, _charge(duty.office, minutes))


def _places(office: str, place_code: str) -> list[str]:
    if len(place_code) >= LENGTHS[roles()[office].level]:
        return [place_code]
    held = Appointment.objects.filter(in_force(clock.today()), under(place_code), role=office)
    codes = held.order_by("place_code").values_list("place_code", flat=True).distinct()
    return list(codes[:MOST_PLACES]) or [place_code]


def _charge(office: str, minutes: int) -> Charge:
    return Charge(office, clock.now() + timedelta(minutes=minutes))


def stand_down(case: Case, by: Actor) -> Emergency:
    return running.stand_down(by=by, case_record=case.record)


def figures(case: Case) -> Mapping[str, Any]:
    """What the records say now."""
    emergency = Emergency.objects.filter(case_record=case.record).first()
    if emergency is None:
        return dict.fromkeys(FIGURES, "")
    tasks = list(Case.objects.filter(parent_id=case.pk).order_by("opened_at", "id"))
    late = set(Step.objects.filter(case__parent_id=case.pk, late=True).values_list("case_id", flat=True))
    done = [one for one in tasks if one.outcome == DONE]
    kept = [one for one in done if one.pk not in late]
    missed = [one for one in tasks if one not in kept]
    shelters = fillings(emergency)
    knocked = doors_count(emergency, emergency.place_code)
    first = min((one.closed_at for one in done if one.closed_at), default=None)
    until = emergency.ended_at or clock.now()
    return {
        "tasks": len(tasks), "tasks_done": len(done), "tasks_in_time": len(kept),
        "late_tasks": _named(emergency, missed) or "–",
        "first_minutes": _minutes(emergency.opened_at, first) if first else "–",
        "lasted_minutes": _minutes(emergency.opened_at, until),
        "heads": sum(one.heads for one in shelters), "shelters": len(shelters),
        "shelters_counted": sum(one.counted for one in shelters),
        "doors": sum(knocked.values()), "doors_reached": sum(knocked.values()) - knocked.get("open", 0),
    }  # fmt: skip


def _named(emergency: Emergency, tasks: list[Case]) -> str:
    """The duties of the plan by their words; of what somebody typed only how many, for a review is made public."""
    written = {one.what for one in emergency.plan.duties.all()} if emergency.plan else set()
    said = [str(one.answers.get("what", "")) for one in tasks]
    typed = sum(one not in written for one in said)
    return "；".join([*dict.fromkeys(one for one in said if one in written), *([f"+{typed}"] if typed else [])])


def _minutes(start: datetime, end: datetime) -> int:
    return max(0, round((end - start).total_seconds() / 60))
