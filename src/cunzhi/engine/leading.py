"""Emergencies are opened: by somebody, from an alarm, from a warning, or by itself where the plan says so."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from cunzhi.alarms.models import Alarm, Colour, Warned
from cunzhi.alarms.queries.alarms import GRAVITY
from cunzhi.alarms.queries.warnings import in_force
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Conflict, Refused
from cunzhi.emergencies.models import Emergency, Plan
from cunzhi.emergencies.queries.plans import plan_for
from cunzhi.emergencies.queries.running import running_at
from cunzhi.engine.actions.cases import open_case
from cunzhi.engine.loader import scenario, scenarios
from cunzhi.registry.access import Access
from cunzhi.registry.queries.places import children, names_of

SCENARIO, WORKFLOW, FORM = "emergency", "event", "event"
VILLAGE = 12
MOST = 200
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Start:
    """What is known when an emergency is to be opened."""

    place_code: str
    hazard: str
    colour: str
    drill: bool = False
    seen: str = ""
    cause: str = ""

    @property
    def answers(self) -> dict[str, str]:
        kind = "drill" if self.drill else "real"
        said = {"hazard": self.hazard, "colour": self.colour, "kind": kind, "seen": self.seen, "cause": self.cause}
        return {name: value for name, value in said.items() if value}


def known_hazards() -> list[str]:
    """The hazards for which an emergency can be opened; none where the scenario is not installed."""
    field = scenario(SCENARIO).forms[FORM].field("hazard") if SCENARIO in scenarios() else None
    return [choice.name for choice in field.choices] if field else []


def seats(access: Access) -> list[str]:
    """Where somebody holds an office that may open one, by the scenario's own word."""
    leaders = scenario(SCENARIO).workflows[WORKFLOW].open.by if SCENARIO in scenarios() else []
    return sorted({grant.place_code for grant in access.grants if grant.role in leaders and grant.place_code})


def seats_and_below(access: Access) -> list[tuple[str, str]]:
    """Those places with their names, and the ones right below, down to villages."""
    own = seats(access)
    names = names_of(own)
    below = [one for code in own if len(code) < VILLAGE for one in children(code)]
    return [*((code, names[code]) for code in own), *((one.code, f"　{one.name}") for one in below)]


def places_led(access: Access, warned: Warned) -> list[tuple[str, str]]:
    """Where somebody may open one because of a warning that holds: at its places or below."""
    own = seats_and_below(access) if warned.hazard in known_hazards() else []
    if not own or not in_force().filter(pk=warned.pk).exists():
        return []
    codes = list(warned.places.values_list("place_code", flat=True))
    return [(code, name.strip()) for code, name in own if any(code.startswith(one) for one in codes)]


@dataclass(frozen=True)
class Offer:
    """What the page of an alarm or a warning offers at a place: the emergency that runs, or to open one."""

    place_code: str
    running: Emergency | None
    may_open: bool
    plan: Plan | None


def offer(access: Access, start: Start) -> Offer:
    """What somebody may do about it. Pages ask only for what is open or in force."""
    running = running_at(start.place_code, start.hazard, drill=start.drill)
    leads = any(start.place_code.startswith(code) for code in seats(access))
    can = running is None and leads and start.hazard in known_hazards()
    return Offer(start.place_code, running, can, plan_for(start.place_code, start.hazard))


def open_emergency(*, by: Actor, start: Start) -> Emergency:
    """The emergency that runs for this place and hazard, opened now if there was none. Two at once get one."""
    running = running_at(start.place_code, start.hazard, drill=start.drill)
    if running is not None:
        return running
    try:
        case = open_case(
            by=by, scenario=SCENARIO, workflow=WORKFLOW, place_code=start.place_code, answers=start.answers
        )
    except Conflict:
        running = running_at(start.place_code, start.hazard, drill=start.drill)
        if running is None:
            raise
        return running
    return Emergency.objects.get(case_record=case.record)


def of_alarm(alarm: Alarm) -> Start:
    """An alarm of a grid is answered by its village."""
    return Start(alarm.place_code[:VILLAGE], alarm.hazard, alarm.colour, alarm.drill, cause=alarm.record)


def of_warning(warned: Warned, place_code: str) -> Start:
    """A warning at one of its places."""
    drill = warned.status == Warned.Status.EXERCISE
    return Start(place_code, warned.hazard, warned.colour, drill, cause=warned.record)


def open_by_itself(by: Actor) -> int:
    """Open what plans want opened on orange or red. It only gives tasks; a cause that did so once does it no more."""
    if SCENARIO not in scenarios() or not Plan.objects.exclude(opens_by_itself="").filter(until=None).exists():
        return 0
    opened = 0
    for start in _causes():
        if _wanted(start):
            opened += _try(by, start)
    return opened


def _causes() -> Iterator[Start]:
    grave = [one for one in Colour if one.rank >= Colour.ORANGE.rank]
    alarms = Alarm.objects.filter(cleared_at__isnull=True, drill=False, colour__in=grave, hazard__in=known_hazards())
    for alarm in alarms.order_by(GRAVITY.desc(), "-id")[:MOST]:  # old ones that stay open hold up no new one
        yield of_alarm(alarm)
    for warned in in_force().filter(colour__in=grave, status=Warned.Status.ACTUAL)[:MOST]:
        for one in warned.places.all():
            yield of_warning(warned, one.place_code)


def _wanted(start: Start) -> bool:
    plan = plan_for(start.place_code, start.hazard) if start.hazard in known_hazards() else None
    if plan is None or not plan.opens_by_itself or Colour(start.colour).rank < Colour(plan.opens_by_itself).rank:
        return False
    if Emergency.objects.filter(cause=start.cause, place_code=start.place_code).exists():
        return False
    return running_at(start.place_code, start.hazard) is None


def _try(by: Actor, start: Start) -> int:
    """One that cannot be opened, because the scenario is not on there, must not hold up the others."""
    try:
        open_emergency(by=by, start=start)
    except Refused as refused:
        log.warning("no emergency was opened for %s: %s", start.cause, refused)
        return 0
    return 1
