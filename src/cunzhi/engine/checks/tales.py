"""The told stories of a scenario name what is there: the cast, workflows, transitions, cases, goods, numbers."""

from collections.abc import Iterator

from cunzhi.alarms.hazards import hazards
from cunzhi.base.strict_yaml import Problem
from cunzhi.engine.checks.place import nobody_called, problem
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.engine.spec.story import CAST, Beat, Story


def wrong_story(scenario: Scenario, path: str, story: Story) -> Iterator[Problem]:
    """Every name of one story that leads nowhere. `scenario.files` holds the story's text too."""
    yield from _wrong_given(scenario, path, story)
    cases: set[str] = set()
    for beat in story.beats:
        for kind, name, known in _named(scenario, story, beat, cases):
            if name not in known:
                yield problem(scenario, path, nobody_called(kind, name, known), f'"{beat.at}"', name)
        if beat.do == "open" or beat.child_of or beat.owed:
            cases.add(beat.case)


def _wrong_given(scenario: Scenario, path: str, story: Story) -> Iterator[Problem]:
    """What is there when the story begins."""
    local = [name for name, parameter in scenario.parameters.items() if parameter.local]
    for name in story.given.numbers:
        if name not in local:
            yield problem(scenario, path, nobody_called("local parameter", name, local), "numbers", name)
    for role in story.given.holders:
        if role not in scenario.manifest.roles:
            yield problem(
                scenario, path, nobody_called("role of the manifest", role, scenario.manifest.roles), "holders", role
            )
    for name, gauge in story.given.gauges.items():
        if gauge.hazard not in hazards():
            yield problem(scenario, path, nobody_called("hazard", gauge.hazard, hazards()), name, gauge.hazard)


def _named(scenario: Scenario, story: Story, beat: Beat, cases: set[str]) -> Iterator[tuple[str, str, list[str]]]:
    """(what it is, the name, what it could be) of all that a beat names."""
    people = [*CAST, *scenario.manifest.roles]
    yield from (("person of the story", who, people) for who in (beat.by, beat.helping, *beat.then.told) if who)
    if beat.workflow is not None:
        yield "workflow", beat.workflow, list(scenario.workflows)
    ways = ["open", *(name for flow in scenario.workflows.values() for name in flow.transitions)]
    states = [name for flow in scenario.workflows.values() for name in flow.states]
    yield from (("transition", name, ways) for name in (beat.do,) if name)
    yield from (("state", name, states) for name in (beat.then.state,) if name)
    opened = beat.child_of or (beat.case if beat.do not in (None, "open") or beat.came is not None else None)
    if opened is not None and beat.owed is None:
        yield "case that the story opened", opened, sorted(cases)
    if beat.owed is not None:
        yield "duty of the calendar", beat.owed, list(scenario.calendar)
    goods = [good.name for good in story.given.goods]
    yield from (("good of the story", name, goods) for name in beat.then.stock)
    yield from (("gauge of the story", name, list(story.given.gauges)) for name in beat.sees or ())
    yield from (("role of the manifest", role, scenario.manifest.roles) for role in beat.then.called or ())
    keys = list(scenario.messages["en"])
    spoken = [*beat.then.told.values(), beat.then.published, beat.then.refused]
    yield from (("message", key, keys) for key in spoken if key and "." not in key)
