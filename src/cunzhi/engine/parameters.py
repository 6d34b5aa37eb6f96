"""The numbers in force: a scenario's own, or what a village meeting set for its place."""

from datetime import date

from cunzhi.engine.models import Activation
from cunzhi.engine.spec.parameter import DatedValue
from cunzhi.engine.spec.scenario import Scenario


def local_values(activation: Activation, name: str) -> list[DatedValue]:
    """What the place's own meetings set for one parameter."""
    return [DatedValue.model_validate(value) for value in activation.parameters.get(name, [])]


def in_force(scenario: Scenario, activation: Activation, day: date) -> dict[str, DatedValue]:
    """Every parameter as it holds at the place on a day, with the decision that set it."""
    return {
        name: parameter.on(day, local_values(activation, name) if parameter.local else [])
        for name, parameter in scenario.parameters.items()
    }


def numbers(scenario: Scenario, activation: Activation, day: date) -> dict[str, int | dict[str, int]]:
    """The bare numbers in force, as rules read them."""
    return {name: dated.number for name, dated in in_force(scenario, activation, day).items()}
