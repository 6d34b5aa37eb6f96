"""What `cunzhi study run` reads when a study asks for the platform's own figures: a row a place and period."""

from typing import TYPE_CHECKING

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.base.periods import Period, between
from cunzhi.cli.installation import ready

if TYPE_CHECKING:
    import polars as pl

    from cunzhi.lake.indicator import Indicator
    from cunzhi.lake.run import Figure
    from cunzhi.studies.spec import Platform


def platform_figures(asked: "Platform") -> "pl.DataFrame":
    """Unit, name, period and one column an indicator; empty where nothing can be said.

    Where a scenario was on all through a period and nothing happened, a count or sum is zero. What lies at a place
    above the level asked for belongs to no unit and is left out.
    """
    ready()
    import polars as pl

    from cunzhi.registry.queries.places import names_of

    periods = list(between(Period.parse(asked.first), Period.parse(asked.last)))
    if not periods or periods[-1].next().first_day > clock.today():
        raise Refused("cli.study.not_over", first=asked.first, last=asked.last)
    cells: dict[tuple[str, str], dict[str, float]] = {}
    for column, path in asked.indicators.items():
        for place, period, value in _cells(_indicator(path), asked, periods):
            cells.setdefault((place, period), {})[column] = value
    if not cells:
        raise Refused("cli.study.nothing_counted", under=asked.under, first=asked.first, last=asked.last)
    names = names_of({place for place, _ in cells})
    rows = [
        {"unit": unit, "name": names.get(unit, unit), "period": period, **found}
        for (unit, period), found in sorted(cells.items())
    ]
    keys = dict.fromkeys(("unit", "name", "period"), pl.String)
    return pl.DataFrame(rows, schema={**keys, **dict.fromkeys(asked.indicators, pl.Float64)})


def _cells(indicator: "Indicator", asked: "Platform", periods: list[Period]) -> list[tuple[str, str, float]]:
    """Place, period and value wherever something can be said."""
    known = {(figure.place, figure.period): figure.value for figure in _figures(indicator, asked, periods)}
    if indicator.when_nothing is not None:
        for period in periods:
            for place in _places_on(indicator.scenario, asked, period):
                known.setdefault((place, str(period)), indicator.when_nothing)
    from cunzhi.lake.window import LENGTHS

    length = LENGTHS[asked.level]
    return [(*key, value) for key, value in known.items() if value is not None and len(key[0]) == length]


def _figures(indicator: "Indicator", asked: "Platform", periods: list[Period]) -> "list[Figure]":
    from cunzhi.lake.run import by_place, figures
    from cunzhi.lake.window import Window

    if periods[0].kind == "month":
        return figures(indicator, Window(asked.under, periods[0], periods[-1]), level=asked.level)
    windows = [Window.of(asked.under, period) for period in periods]
    return [figure for window in windows for figure in by_place(indicator, window, level=asked.level)]


def _places_on(scenario: str, asked: "Platform", period: Period) -> list[str]:
    """Places of the level at which a scenario was on all through a period."""
    from cunzhi.engine.queries.activations import all_through
    from cunzhi.registry.queries.places import units

    first, after = period.first_day, period.next().first_day
    on = all_through(scenario, first, after)
    there = units(asked.level, first).filter(code__startswith=asked.under).values_list("code", flat=True)
    return [code for code in there if code.startswith(tuple(on))]


def _indicator(path: str) -> "Indicator":
    from cunzhi.engine.loader import scenarios
    from cunzhi.lake.scenario import indicators

    slug = path.partition("/")[0]
    installed = scenarios()
    asked = [installed[slug]] if slug in installed else installed.values()
    known = {f"{one.slug}/{indicator.name}": indicator for one in asked for indicator in indicators(one)}
    if path not in known:
        raise Refused("cli.study.no_indicator", path=path, known=", ".join(known))
    return known[path]
