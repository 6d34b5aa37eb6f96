"""An emergency begins and ends with the case that leads it: the engine calls these, in the case's own transaction."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from cunzhi.alarms.hazards import require_hazard
from cunzhi.alarms.models import Colour
from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Conflict, Refused
from cunzhi.emergencies.models import Duty, Emergency
from cunzhi.emergencies.queries.plans import duties_of, plan_for
from cunzhi.journal.actions import note


@dataclass(frozen=True)
class Begun:
    """The emergency, and the duties that its plan now calls for."""

    emergency: Emergency
    duties: list[Duty]


@transaction.atomic
def begin(
    *, by: Actor, case_record: str, place_code: str, hazard: str, colour: str, drill: bool = False, cause: str = ""
) -> Begun:
    """Open it under the plan in force, or give the one of this case another colour. Of two that are opened at once for
    the same place and hazard the database lets one be."""
    require_hazard(hazard)
    if colour not in Colour.values:
        raise Refused("alarms.no_such_colour", field="colour")
    held = Emergency.objects.select_for_update(of=("self",)).filter(case_record=case_record).first()
    if held is not None:
        return _regrade(by, held, colour)
    plan = plan_for(place_code, hazard)
    emergency = Emergency(
        case_record=case_record, place_code=place_code, hazard=hazard, colour=colour, drill=drill, plan=plan,
        cause=cause[:40], opened_at=clock.now(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            emergency.save(force_insert=True)
    except IntegrityError:
        raise Conflict("emergencies.runs_already") from None
    _note(by, "emergency.begin", emergency, {"plan": plan.pk if plan else None, "cause": emergency.cause})
    return Begun(emergency, duties_of(plan, colour))


def _regrade(by: Actor, emergency: Emergency, colour: str) -> Begun:
    """A graver colour may call for more duties; a milder one takes none back."""
    if emergency.ended_at is not None:
        raise Conflict("emergencies.over")
    before, emergency.colour = emergency.colour, colour
    emergency.save(update_fields=["colour"])
    _note(by, "emergency.regrade", emergency, {"before": before})
    graver = Colour(colour).rank > Colour(before).rank
    return Begun(emergency, duties_of(emergency.plan, colour) if graver else [])


@transaction.atomic
def stand_down(*, by: Actor, case_record: str) -> Emergency:
    """It is over: heads are counted no longer. A second time is the same time."""
    emergency = Emergency.objects.select_for_update(of=("self",)).get(case_record=case_record)
    if emergency.ended_at is None:
        emergency.ended_at = max(clock.now(), emergency.opened_at)
        emergency.save(update_fields=["ended_at"])
        _note(by, "emergency.end", emergency, {})
    return emergency


def _note(by: Actor, verb: str, emergency: Emergency, detail: dict[str, object]) -> None:
    known = {"hazard": emergency.hazard, "colour": emergency.colour, "case": emergency.case_record}
    drill = {"drill": True} if emergency.drill else {}
    note(by=by, verb=verb, record=emergency.record, place_code=emergency.place_code, detail=known | drill | detail)
