"""The indicators of a scenario's folder, checked against the words that the scenario itself declares."""

from cunzhi.base.strict_yaml import Problem
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.lake.grammar import Words
from cunzhi.lake.indicator import Indicator, IndicatorRefused, read_indicator
from cunzhi.ledger.charts import FLOORS

FOLDER = "indicators/"


def indicators(scenario: Scenario) -> list[Indicator]:
    """All indicators of a scenario, in the order of their names; IndicatorRefused with the problems of every file."""
    read, problems = _read(scenario)
    if problems:
        raise IndicatorRefused(problems)
    return read


def problems_in(scenario: Scenario) -> list[Problem]:
    """What is wrong with a scenario's indicators; nothing when all can be counted and opened."""
    return _read(scenario)[1]


def words_of(scenario: Scenario) -> Words:
    """Every word that a record of the scenario can carry, by list."""
    flows = scenario.workflows.values()
    states = [state for flow in flows for state in flow.states.items()]
    return {
        "workflow": frozenset(scenario.workflows),
        "state": frozenset(name for name, _ in states),
        "outcome": frozenset(state.outcome for _, state in states if state.outcome),
        "transition": frozenset(["open", *(name for flow in flows for name in flow.transitions)]),
        "column": frozenset(scenario.calendar),
        "book": frozenset(scenario.manifest.books),
        "account": frozenset(kind for book in scenario.manifest.books for kind in FLOORS.get(book, {})),
    }


def _read(scenario: Scenario) -> tuple[list[Indicator], list[Problem]]:
    read: list[Indicator] = []
    problems: list[Problem] = []
    words = words_of(scenario)
    for path, text in sorted(scenario.files.items()):
        if not path.startswith(FOLDER):
            continue
        try:
            name = f"{scenario.slug}/{path}"
            read.append(read_indicator(text, name=name, scenario=scenario.slug, words=words))
        except IndicatorRefused as error:
            problems += error.problems
    return read, problems
