"""Hands fires up to the scenario, and what was found back down: the packages themselves do not know each other."""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.engine.actions.cases import move, open_case
from cunzhi.engine.loader import scenario, scenarios
from cunzhi.engine.models import Activation, Case, Step
from cunzhi.engine.parameters import numbers
from cunzhi.engine.queries.activations import activation_at
from cunzhi.engine.queries.openings import activations_of
from cunzhi.fires.actions.events import judge_event, note_finding, note_sent
from cunzhi.fires.actions.sources import learn_daily
from cunzhi.fires.judging import Rules
from cunzhi.fires.models import Event
from cunzhi.fires.queries.events import satellites_of, to_judge
from cunzhi.registry.access import holders, holders_below
from cunzhi.registry.models import Person

SCENARIO, WORKFLOW, CHECK = "straw_burning", "fire", "check"
WHO_GOES = ("grid_worker", "grid_head", "village_cadre")
VILLAGE = 12
MOST = 200
log = logging.getLogger(__name__)


def one_round(by: Actor) -> dict[str, int]:
    """Send people to new fires, and learn from what was found. Safe at any time and as often as one likes."""
    if SCENARIO not in scenarios():
        return {}
    learned = 0
    if active := activations_of(SCENARIO):
        rules = _rules(active[-1])
        learned = learn_daily(by=by, months=rules.static_months, days=rules.static_days)
    return {"fires_sent": send(by), "fires_found": bring_back(by), "fires_learned": learned}


def send(by: Actor) -> int:
    """Open a matter for every fire that wants one, with the nearest grid worker where the grid is known."""
    sent = 0
    held: dict[str, Rules | None] = {}
    for event in to_judge():
        if event.place_code not in held:
            held[event.place_code] = _rules_at(event.place_code)
        if sent < MOST and judge_event(event=event, rules=held[event.place_code]):
            sent += _try(event, by)
    return sent


def _try(event: Event, by: Actor) -> int:
    """One fire that cannot be handed over must not hold up the others; the next round tries again."""
    try:
        _open(event, by)
    except Refused as refused:
        log.warning("%s was not handed over: %s", event.record, refused)
        return 0
    return 1


def _rules_at(place_code: str) -> Rules | None:
    try:
        return _rules(activation_at(SCENARIO, place_code))
    except Refused:  # the scenario is not on there
        return None


def _rules(activation: Activation) -> Rules:
    return Rules.of(numbers(scenario(SCENARIO), activation, clock.today()))


@transaction.atomic
def _open(event: Event, by: Actor) -> Case:
    case = open_case(
        by=by,
        scenario=SCENARIO,
        workflow=WORKFLOW,
        place_code=event.place_code,
        answers=_told(event),
        key=event.record,
    )
    note_sent(event=event, case_record=case.record)
    worker = _nearest(event.place_code)
    if worker is not None and case.state == "seen":
        move(by=by, case=case, transition="assign", version=case.version, answers={"worker": str(worker.pk)})
    return case


def _nearest(place_code: str) -> Person | None:
    """Who goes: the worker or head of the grid, else a cadre of the village; nobody where only the county is known."""
    village = place_code[:VILLAGE]
    for role in WHO_GOES if len(village) == VILLAGE else ():
        found = holders(role, place_code).filter(pk__in=holders_below((role,), village).values("pk"))
        if (person := found.order_by("id").first()) is not None:
            return person
    return None


def _told(event: Event) -> dict[str, Any]:
    """What the satellites saw, as the form of the scenario asks it."""
    first: datetime = event.first_at.astimezone(clock.ZONE)
    return {
        "noticed": "satellite",
        "seen_on": first.date().isoformat(),
        "seen_at": f"{first:%H:%M}",
        "spot": f"{event.latitude} {event.longitude}",
        "where": f"{event.latitude:.5f}, {event.longitude:.5f}",
        "satellites": ", ".join(satellites_of(event)),
        "event": event.pk,
        "place_known": event.known_by,
    }


def bring_back(by: Actor) -> int:
    """Give what was found on the ground, once it is confirmed, to the list of fires and what is learned from it."""
    waiting = Event.objects.filter(found="").exclude(case_record="").values_list("case_record", flat=True)
    ids = [int(record.removeprefix("case:")) for record in waiting]
    closed = Case.objects.filter(pk__in=ids, outcome="done", erased_at__isnull=True).values_list("pk", "answers")
    brought = 0
    for pk, answers in closed:
        check = Step.objects.filter(case_id=pk, transition=CHECK).order_by("-id").first()
        if check is None:
            continue
        found = str(answers.get("found", ""))
        kept = note_finding(by=by, case_record=f"case:{pk}", found=found, checked_at=check.at, in_time=not check.late)
        brought += kept
    return brought
