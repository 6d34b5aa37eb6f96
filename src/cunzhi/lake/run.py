"""The figures of an indicator: by place, by month, by both, and of the whole.

A ratio is counted anew at every level and over every stretch of time, never averaged from smaller figures. Where
nothing was counted there is no figure; `Indicator.when_nothing` says whether that is a zero.
"""

from dataclasses import dataclass, replace

from cunzhi.lake.indicator import Indicator
from cunzhi.lake.read_only import answer
from cunzhi.lake.rewrite import Query, figures_query
from cunzhi.lake.window import Level, Window


@dataclass(frozen=True, order=True)
class Figure:
    """One number of a place and a period. A place shorter than its level's codes stands for what lies right there.

    value: None where nothing can be said, such as a share of no cases.
    """

    place: str
    period: str
    value: float | None


def figures(indicator: Indicator, window: Window, *, level: Level) -> list[Figure]:
    """A figure for each place of a level and each month."""
    return _figures(figures_query(indicator, window, level=level, monthly=True))


def by_place(indicator: Indicator, window: Window, *, level: Level) -> list[Figure]:
    """A figure for each place of a level, over the whole window."""
    return _figures(figures_query(indicator, window, level=level, monthly=False))


def by_month(indicator: Indicator, window: Window) -> list[Figure]:
    """A figure for each month, of all that lies in the window."""
    return _figures(figures_query(indicator, window, level=None, monthly=True))


def total(indicator: Indicator, window: Window) -> Figure:
    """The one figure of all that lies in the window."""
    [figure] = _figures(figures_query(indicator, window, level=None, monthly=False))
    return figure if figure.value is not None else replace(figure, value=indicator.when_nothing)


def _figures(query: Query) -> list[Figure]:
    return sorted(Figure(*row) for row in answer(query))
