"""The limits of standards that scenarios bring, by class and substance, each as it held when its mean was over."""

from collections.abc import Iterator
from datetime import date, timedelta

from cunzhi.engine.loader import scenarios
from cunzhi.engine.spec.parameter import Limit as Rule
from cunzhi.engine.spec.parameter import Parameter
from cunzhi.perception.limits import Limit


def limits_of(standard: str, substance: str, today: date) -> list[Limit]:
    """What a datastream of this class and substance is held against. National limits hold whether or not a scenario
    is switched on at a place."""
    return [
        limit
        for scenario in scenarios().values()
        for parameter in scenario.parameters.values()
        if parameter.limit is not None and standard in parameter.limit.standards
        for limit in _of(parameter, parameter.limit, substance, _last_day(parameter.limit, today))
    ]


def _last_day(rule: Rule, today: date) -> date:
    """The last day of what is judged today: last year is judged by the limit of its end, not by today's."""
    if rule.over == "year":
        return date(today.year - 1, 12, 31)
    return today - timedelta(days=1) if rule.over == "day" else today


def _of(parameter: Parameter, rule: Rule, substance: str, day: date) -> Iterator[Limit]:
    dated = parameter.on(day, [])
    number = (dated.table or {}).get(substance)
    if number is not None and dated.since <= day:
        yield Limit(number / 10**rule.decimals, rule.unit, rule.over, rule.bound, rule.decimals, dated.by)
