"""Plans and shelters are handed in for a place: all of a file or nothing of it, and the same again changes none."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from cunzhi.alarms.hazards import hazards
from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.emergencies.models import Duty, Plan, Shelter
from cunzhi.emergencies.plans_file import PlanSpec, ShelterSpec, digest_of, read_plans
from cunzhi.emergencies.queries.plans import PLAN
from cunzhi.journal.actions import note
from cunzhi.registry.access import Access
from cunzhi.registry.actions.rules import unless_taken
from cunzhi.registry.queries.places import require_place


@dataclass(frozen=True)
class Taken:
    """How many of a file's plans and shelters were new or different."""

    plans: int
    shelters: int


@transaction.atomic
def import_plans(*, by: Actor, place_code: str, text: str, name: str, since: date | None = None) -> Taken:
    """Everything that a file holds, for a place; the plan of a hazard that held there before ends on that day."""
    read = read_plans(text, name=name, known=hazards(), within=place_code)
    Access(by).require(PLAN, place_code)
    require_place(place_code)
    day = since or clock.today()
    with unless_taken("emergencies.file.meanwhile", "file"):  # two who hand in at once: one of them, whole
        plans = [_set_plan(by, place_code, one, day, simulated=read.simulated) for one in read.plans]
        shelters = [_set_shelter(by, place_code, one, day, simulated=read.simulated) for one in read.shelters]
    return Taken(sum(plans), sum(shelters))


def _set_plan(by: Actor, place_code: str, spec: PlanSpec, day: date, *, simulated: bool) -> bool:
    known = Plan.objects.select_for_update().filter(place_code=place_code, hazard=spec.hazard, until__isnull=True)
    held = known.first()
    digest = digest_of(spec)
    if held is not None and held.digest == digest and held.simulated == simulated:
        return False
    if held is not None:
        if held.since > day:
            raise Refused("emergencies.file.older", field="since", since=held.since)
        known.update(until=day)
    made = Plan.objects.create(
        place_code=place_code, hazard=spec.hazard, title=spec.title.zh_Hans, title_en=spec.title.en,
        basis=spec.basis, simulated=simulated, opens_by_itself=spec.opens_by_itself or "", digest=digest, since=day,
    )  # fmt: skip
    Duty.objects.bulk_create(
        Duty(
            plan=made, number=number, office=one.office, what=one.what.zh_Hans, what_en=one.what.en,
            minutes=dict(one.minutes),
        )
        for number, one in enumerate(spec.duties, 1)
    )  # fmt: skip
    detail = {"hazard": made.hazard, "duties": len(spec.duties), "opens_by_itself": made.opens_by_itself}
    note(by=by, verb="plan.set", record=made.record, place_code=place_code, detail=detail)
    return True


def _set_shelter(by: Actor, within: str, spec: ShelterSpec, day: date, *, simulated: bool) -> bool:
    """A shelter is one for good: what changes of it is noted, and arrivals of the past keep their shelter."""
    code = spec.place or within
    if not code.startswith(within):
        raise Refused("emergencies.file.elsewhere", field="file", name=spec.name.zh_Hans, place=code)
    require_place(code)
    columns = spec.columns | {"simulated": simulated}
    held = Shelter.objects.select_for_update().filter(place_code=code, name=spec.name.zh_Hans, until__isnull=True)
    shelter = held.first()
    if shelter is None and spec.closed:
        return False
    if shelter is None:
        shelter = Shelter.objects.create(place_code=code, name=spec.name.zh_Hans, since=day, **columns)
    elif spec.closed:
        shelter.until = max(day, shelter.since)
        shelter.save(update_fields=["until"])
    elif all(getattr(shelter, column) == value for column, value in columns.items()):
        return False
    else:
        held.update(**columns)
    detail = {"capacity": spec.capacity, "unsafe_in": sorted(spec.unsafe_in), "closed": spec.closed}
    note(by=by, verb="shelter.set", record=shelter.record, place_code=code, detail=detail)
    return True


@transaction.atomic
def end_plan(*, by: Actor, plan: Plan) -> Plan:
    """The plan holds no longer; an emergency that runs by it goes on."""
    Access(by).require(PLAN, plan.place_code)
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if plan.until is None:
        plan.until = max(clock.today(), plan.since)
        plan.save(update_fields=["until"])
        note(by=by, verb="plan.end", record=plan.record, place_code=plan.place_code, detail={"hazard": plan.hazard})
    return plan
