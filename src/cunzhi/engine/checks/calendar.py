"""The calendar names what exists, its cases can be opened by themselves, and what is made public is a known field."""

from collections.abc import Iterator

from cunzhi.base.strict_yaml import Problem
from cunzhi.engine.checks.place import fields, nobody_called, problem, transitions
from cunzhi.engine.spec.calendar import Duty
from cunzhi.engine.spec.scenario import Scenario

PATH = "calendar.yaml"
ASKED = ("column", "period")
LONGEST_KEY = 45
"""Scenario and duty together, so that the key of a case has room for period and place."""


def wrong_calendar(scenario: Scenario) -> Iterator[Problem]:
    """Every duty that could not be done, and every field to be published that nobody fills in."""
    for name, duty in scenario.calendar.items():
        yield from _duty(scenario, name, duty)
    yield from _published(scenario)
    yield from _apart(scenario)


def _duty(scenario: Scenario, name: str, duty: Duty) -> Iterator[Problem]:
    if len(scenario.slug) + len(name) > LONGEST_KEY:
        yield problem(scenario, PATH, f"{name}: the names of scenario and duty are too long together", f"{name}:")
    if duty.owner not in scenario.manifest.roles:
        what = f"{name}: {nobody_called('role of the manifest', duty.owner, scenario.manifest.roles)}"
        yield problem(scenario, PATH, what, f"{name}:", duty.owner)
    numbers = [each for each, parameter in scenario.parameters.items() if not parameter.rows]
    for days in (duty.due_days, duty.remind_days):
        if isinstance(days, str) and days not in numbers:
            yield problem(scenario, PATH, f"{name}: {nobody_called('single number', days, numbers)}", f"{name}:", days)
    workflow = scenario.workflows.get(duty.workflow)
    if workflow is None:
        what = f"{name}: {nobody_called('workflow', duty.workflow, scenario.workflows)}"
        yield problem(scenario, PATH, what, f"{name}:", duty.workflow)
        return
    form = scenario.forms.get(workflow.open.form or "")
    missing = [one for one in ASKED if form is None or form.field(one) is None]
    if missing or "timer" not in workflow.open.by:
        what = (
            f"{name}: the calendar opens {duty.workflow!r}: its `open` must be `by` the timer and ask column and period"
        )
        yield problem(scenario, PATH, what, f"{name}:", duty.workflow)


def _published(scenario: Scenario) -> Iterator[Problem]:
    known = {field.name for field in fields(scenario)}
    for name, workflow in scenario.workflows.items():
        for step, transition in transitions(workflow):
            for effect in transition.effects:
                for field in effect.publish.fields if effect.publish else []:
                    if field not in known:
                        what = f"{step}: {nobody_called('field', field, known)}"
                        yield problem(scenario, f"workflows/{name}.yaml", what, f"{step}:", field)


def _apart(scenario: Scenario) -> Iterator[Problem]:
    for name, workflow in scenario.workflows.items():
        known = [step for step, _ in transitions(workflow)]
        for step, transition in transitions(workflow):
            for other in transition.apart_from:
                if other not in known:
                    what = f"{step}: {nobody_called('transition', other, known)}"
                    yield problem(scenario, f"workflows/{name}.yaml", what, f"{step}:", other)
