"""What a case brings about exists: the other workflow, what it begins with, and how its tasks come to an end."""

from collections.abc import Iterator

from cunzhi.base.strict_yaml import Problem
from cunzhi.engine.checks.place import nobody_called, problem
from cunzhi.engine.spec.effect import Effect
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.engine.spec.workflow import Workflow

TOLD_TO_TASKS = ("what", "what_en", "office", "minutes")
"""What the engine answers when it opens a duty of a plan as a task."""


def wrong_children(scenario: Scenario, path: str, workflow: Workflow, name: str, effect: Effect) -> Iterator[Problem]:
    """Every name in `open`, `respond` and `stand_down` that leads nowhere."""
    opened = effect.open.workflow if effect.open else effect.respond.tasks if effect.respond else None
    if opened is not None and opened not in scenario.workflows:
        what = f"{name}: {nobody_called('workflow', opened, scenario.workflows)}"
        yield problem(scenario, path, what, f"{name}:", opened)
        return
    own = _asked(scenario, workflow)
    if effect.open is not None:
        given = [*effect.open.answers, *filter(None, (effect.open.office, effect.open.minutes))]
        yield from _unknown(scenario, path, name, given, own)
        yield from _unknown(scenario, path, name, effect.open.answers, _taken(scenario, opened or ""))
    if effect.respond is not None:
        part = effect.respond
        said = [part.hazard, part.colour, *filter(None, (part.kind, part.cause))]
        yield from _unknown(scenario, path, name, said, own)
        yield from _unknown(scenario, path, name, list(TOLD_TO_TASKS), _taken(scenario, part.tasks))
    if effect.stand_down is not None:
        yield from _lapse(scenario, path, name, effect.stand_down.lapse)


def _asked(scenario: Scenario, workflow: Workflow) -> list[str]:
    """The fields of all forms that a workflow asks."""
    ways = (workflow.open, *workflow.transitions.values())
    forms = [scenario.forms[way.form] for way in ways if way.form in scenario.forms]
    return [field.name for form in forms for field in form.fields]


def _taken(scenario: Scenario, workflow: str) -> list[str]:
    """The fields with which a case of a workflow begins."""
    form = scenario.forms.get(scenario.workflows[workflow].open.form or "")
    return [field.name for field in form.fields] if form else []


def _unknown(scenario: Scenario, path: str, name: str, given: list[str], known: list[str]) -> Iterator[Problem]:
    for one in given:
        if one not in known:
            yield problem(scenario, path, f"{name}: {nobody_called('field', one, known)}", f"{name}:", one)


def _lapse(scenario: Scenario, path: str, name: str, lapse: str) -> Iterator[Problem]:
    """Every workflow of tasks has it, from every state that is not an end, and the timer may take it."""
    ways = (way for flow in scenario.workflows.values() for way in (flow.open, *flow.transitions.values()))
    named = {effect.respond.tasks for way in ways for effect in way.effects if effect.respond}
    for task in sorted(named & set(scenario.workflows)):
        flow = scenario.workflows[task]
        way = flow.transitions.get(lapse)
        waiting = {state for state, spec in flow.states.items() if spec.outcome is None}
        if way is None or "timer" not in way.by or waiting - set(way.source) or flow.states[way.target].outcome is None:
            what = f"{name}: {lapse!r} must lead the timer from every open state of {task!r} to an end"
            yield problem(scenario, path, what, f"{name}:", lapse)
