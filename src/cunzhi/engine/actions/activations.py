"""Switches scenarios on and off for places, and sets their local numbers, each by a decision with its date."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from pydantic import ValidationError

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.engine.actions.versions import keep_version
from cunzhi.engine.loader import scenario as installed
from cunzhi.engine.loader import scenarios
from cunzhi.engine.models import Activation
from cunzhi.engine.spec.parameter import DatedValue
from cunzhi.journal.actions import note
from cunzhi.registry.access import Access

SHORTEST_BASIS = 4


@transaction.atomic
def activate(*, by: Actor, scenario: str, place_code: str, basis: str, since: date | None = None) -> Activation:
    """Switch a scenario on for a place and all below it, by the decision of a meeting or a document."""
    Access(by).require("activate", place_code)
    if scenario not in scenarios():
        raise Refused("engine.no_such_scenario", field="scenario", scenario=scenario)
    if len(basis.strip()) < SHORTEST_BASIS:
        raise Refused("engine.basis_missing", field="basis")
    keep_version(installed(scenario))
    try:
        with transaction.atomic():
            activation = Activation.objects.create(
                scenario=scenario, place_code=place_code, since=since or clock.today(), basis=basis.strip()
            )
    except IntegrityError:
        raise Refused("engine.already_on", field="place_code", scenario=scenario, place=place_code) from None
    _note(by, "scenario.activate", activation, {"basis": basis.strip()})
    return activation


@transaction.atomic
def deactivate(*, by: Actor, activation: Activation, basis: str) -> Activation:
    """Switch a scenario off from today, or before it begins; running cases run to their end."""
    activation = Activation.objects.select_for_update().get(pk=activation.pk)
    Access(by).require("activate", activation.place_code)
    if activation.until is not None:
        raise Refused("engine.off_already", on=activation.until)
    if len(basis.strip()) < SHORTEST_BASIS:
        raise Refused("engine.basis_missing", field="basis")
    activation.until = max(clock.today(), activation.since)
    activation.save(update_fields=["until"])
    _note(by, "scenario.deactivate", activation, {"basis": basis.strip()})
    return activation


@transaction.atomic
def set_parameter(
    *,
    by: Actor,
    activation: Activation,
    name: str,
    since: date,
    basis: str,
    value: int | None = None,
    table: dict[str, int] | None = None,
) -> Activation:
    """Set a local number from a day on, as the village's meeting decided; what held before stays on record."""
    Access(by).require("rules.set", activation.place_code)
    parameter = installed(activation.scenario).parameters.get(name)
    if parameter is None or not parameter.local:
        raise Refused("engine.not_local", field="name", name=name)
    try:
        dated = DatedValue(since=since, by=basis.strip(), value=value, table=table)
    except ValidationError as error:
        raise Refused("engine.bad_number", detail=error.errors()[0]["msg"]) from None
    problem = parameter.problem_with(dated)
    if problem:
        raise Refused("engine.bad_number", detail=problem)
    locked = Activation.objects.select_for_update().get(pk=activation.pk)
    values: list[dict[str, Any]] = locked.parameters.get(name, [])
    if any(DatedValue.model_validate(one).since == since for one in values):
        raise Refused("engine.day_taken", field="since", day=since.isoformat())
    locked.parameters = {**locked.parameters, name: [*values, dated.model_dump(mode="json", exclude_none=True)]}
    locked.save(update_fields=["parameters"])
    _note(by, "scenario.parameter", locked, {"name": name, "value": dated.model_dump(mode="json")})
    return locked


def _note(by: Actor, verb: str, activation: Activation, detail: dict[str, Any]) -> None:
    note(
        by=by,
        verb=verb,
        record=f"activation:{activation.pk}",
        place_code=activation.place_code,
        detail={"scenario": activation.scenario, **detail},
    )
