"""Which matters may be opened at a place, by whom, and what that costs in minutes."""

import math
from dataclasses import dataclass

from cunzhi.base import clock
from cunzhi.base.actor import OWN
from cunzhi.engine.loader import scenario, scenarios
from cunzhi.engine.models import Activation, Case
from cunzhi.engine.queries.activations import scenarios_on
from cunzhi.engine.queries.cases import whole
from cunzhi.engine.spec.form import Form
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.engine.spec.workflow import Workflow
from cunzhi.registry.access import Access, in_force, selves
from cunzhi.registry.models import Person


@dataclass(frozen=True)
class Opening:
    """A workflow that the actor may begin at a place, and the role or relation that opens it."""

    activation: Activation
    scenario: Scenario
    name: str
    workflow: Workflow
    via: str

    @property
    def form(self) -> Form | None:
        return self.scenario.forms[self.workflow.open.form] if self.workflow.open.form else None


def nearest(place_code: str) -> list[Activation]:
    """One activation for each scenario that is on at a place and installed: the nearest decision."""
    kept: dict[str, Activation] = {}
    for activation in scenarios_on(place_code):
        if activation.scenario in scenarios():
            kept.setdefault(activation.scenario, activation)
    return list(kept.values())


def activations_of(scenario: str) -> list[Activation]:
    """Where a scenario is on today; a village's own activation comes before that of the county above it."""
    rows = Activation.objects.filter(in_force(clock.today()), scenario=scenario)
    return sorted(rows, key=lambda one: -len(one.place_code))


def openings(access: Access, place_code: str) -> list[Opening]:
    """All that the actor, or the person helped, may begin at a place; what may wait least comes first."""
    home = _home(access)
    held = access.roles_at(place_code)
    found = []
    for activation in nearest(place_code):
        spec = scenario(activation.scenario)
        lives_there = home.startswith(activation.place_code) if home else False
        for name, workflow in spec.workflows.items():
            via = next((who for who in workflow.open.by if who in held or (who == "resident" and lives_there)), None)
            if via is not None:
                found.append(Opening(activation, spec, name, workflow, via))
    return sorted(found, key=lambda one: _may_wait(one.workflow))


def _may_wait(workflow: Workflow) -> float:
    """Hours until somebody is told that nobody has taken it up."""
    deadline = workflow.states[workflow.open.target].deadline
    if deadline is None:
        return math.inf
    return deadline.working_hours or (deadline.minutes or 0) / 60


def opened_with(key: str, person_id: int | None) -> Case | None:
    """The case that a person's earlier request with this key opened, for oneself or another, if it arrived."""
    if not key or person_id is None:
        return None
    mine = selves(person_id).values("id")
    return whole(Case.objects.filter(key=key, steps__transition="open", steps__actor_id__in=mine)).first()


def _home(access: Access) -> str:
    person_id = access.actor.whose
    if person_id is None or not access.actor.allows(OWN):
        return ""
    found = Person.objects.filter(pk=person_id, died_on__isnull=True).values_list("place_code", flat=True).first()
    return found or ""
