"""Where in a scenario's folder a mistake stands, and how it is said."""

import re
from collections.abc import Collection, Iterable

from cunzhi.base.strict_yaml import Problem
from cunzhi.base.text import nearest
from cunzhi.engine.spec.effect import Effect
from cunzhi.engine.spec.form import FormField
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.engine.spec.workflow import Transition, Workflow


def problem(scenario: Scenario, path: str, what: str, *words: str) -> Problem:
    """A problem at the line of the last of `words`, each looked for from the line of the one before it."""
    lines = scenario.files.get(path, "").splitlines()
    line = 0
    for word in words:
        whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
        line = next((number for number in range(line, len(lines)) if whole.search(lines[number])), line)
    return Problem(f"{scenario.slug}/{path}", line + 1, "", what)


def nobody_called(kind: str, name: str, known: Collection[str]) -> str:
    """That a name means nothing, and which was probably meant."""
    meant = nearest(name, known)
    if meant:
        return f"no {kind} is called {name!r}; did you mean {meant}?"
    listed = ", ".join(sorted(known))
    return f"no {kind} is called {name!r}; there are: {listed}" if listed else f"no {kind} is called {name!r}"


def transitions(workflow: Workflow) -> Iterable[tuple[str, Transition]]:
    """All transitions by name, the opening one first."""
    return [("open", workflow.open), *workflow.transitions.items()]


def effects(workflow: Workflow) -> Iterable[tuple[str, Effect]]:
    """Every effect with the transition that brings it about."""
    return [(name, effect) for name, transition in transitions(workflow) for effect in transition.effects]


def fields(scenario: Scenario) -> list[FormField]:
    """Every field of every form."""
    return [field for form in scenario.forms.values() for field in form.fields]
