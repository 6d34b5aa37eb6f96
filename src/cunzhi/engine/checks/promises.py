"""The promises to people: a person decides, refusals can be appealed above, nothing is kept longer than was said."""

from collections.abc import Iterator

from cunzhi.base.strict_yaml import Problem
from cunzhi.engine.checks.place import problem, transitions
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.engine.spec.workflow import RELATIONS, Transition, Workflow
from cunzhi.registry.roles import roles

LEVELS = ("grid", "village", "township", "county", "province")
DECISIONS = {"granted": "grant", "refused": "refuse"}


def broken_promises(scenario: Scenario) -> Iterator[Problem]:
    """Every place where a workflow would break one."""
    for name, workflow in scenario.workflows.items():
        path = f"workflows/{name}.yaml"
        yield from _deciders(scenario, path, workflow)
        yield from _machine(scenario, path, workflow)
        yield from _appeals(scenario, path, workflow)
        yield from _days(scenario, path, workflow)


def _deciders(scenario: Scenario, path: str, workflow: Workflow) -> Iterator[Problem]:
    """A decision is taken by a role and by nobody else, and what is one is called one."""
    for name, one in transitions(workflow):
        for who in one.by:
            if one.decides and (who in RELATIONS or who == "timer"):
                what = f"{name}: a decision is taken by a role, and {who} is none"
                yield problem(scenario, path, what, f"{name}:", who)
        outcome = workflow.states[one.target].outcome
        if outcome in DECISIONS and not one.decides and any(who in roles() for who in one.by):
            what = f"{name}: a role ends the case as {outcome}, so say `decides: {DECISIONS[outcome]}`"
            yield problem(scenario, path, what, f"{name}:")


def _machine(scenario: Scenario, path: str, workflow: Workflow) -> Iterator[Problem]:
    """The timer ends a case as granted or refused only where people decided just that before."""
    for name, one in transitions(workflow):
        wanted = DECISIONS.get(workflow.states[one.target].outcome or "")
        if "timer" not in one.by or wanted is None:
            continue
        before = [(other, way) for other, way in transitions(workflow) if way.target in one.source]
        for other, way in before:
            if way.decides != wanted:
                what = f"{name}: the timer would {wanted} what nobody decided, for {other!r} leads there too"
                yield problem(scenario, path, what, f"{name}:")


def _appeals(scenario: Scenario, path: str, workflow: Workflow) -> Iterator[Problem]:
    whose = "subject" if workflow.subject == "person" else "opener"
    refusals = {name: one for name, one in transitions(workflow) if one.decides == "refuse"}
    first = {name: one for name, one in refusals.items() if workflow.states[one.target].outcome is None}
    heard = {way.target for one in first.values() for way in _ways_of(whose, workflow, one.target)}
    for name, one in refusals.items():
        if name in first:
            yield from _appeal(scenario, path, workflow, name=name, whose=whose)
        elif not set(one.source) <= heard:
            what = f"{name}: this refusal ends the case; it must leave the {whose} a way to appeal"
            yield problem(scenario, path, what, f"{name}:")


def _appeal(scenario: Scenario, path: str, workflow: Workflow, *, name: str, whose: str) -> Iterator[Problem]:
    """From where the refusal leads, the person can appeal, and whoever decides the appeal sits above."""
    refusal = workflow.transitions[name]
    appeals = _ways_of(whose, workflow, refusal.target)
    judged = [[one for one in workflow.leaving(way.target).values() if one.decides] for way in appeals]
    if not any(judged):
        what = f"{name}: the {whose} cannot appeal from {refusal.target!r} to anybody who decides"
        yield problem(scenario, path, what, f"{name}:")
        return
    lowest = min(min(_levels(one)) for judges in judged for one in judges if _levels(one))
    if _levels(refusal) and lowest <= max(_levels(refusal)):
        what = f"{name}: an appeal is decided a level above the refusal, not at the level of {LEVELS[lowest]}"
        yield problem(scenario, path, what, f"{name}:")


def _days(scenario: Scenario, path: str, workflow: Workflow) -> Iterator[Problem]:
    """Nothing is kept longer than the manifest says, for that is what people are told first."""
    most = scenario.manifest.days_kept
    if workflow.days_kept is not None and workflow.days_kept > most:
        yield problem(scenario, path, f"`days_kept` is more than the {most} days of the manifest", "days_kept")


def _ways_of(whose: str, workflow: Workflow, state: str) -> list[Transition]:
    return [one for one in workflow.leaving(state).values() if whose in one.by]


def _levels(transition: Transition) -> list[int]:
    return [LEVELS.index(roles()[who].level) for who in transition.by if who in roles()]
