"""The tiles of the first page of figures: every indicator in one query, or three when several months are chosen."""

from dataclasses import dataclass

from markupsafe import Markup

from cunzhi.engine.loader import scenarios
from cunzhi.lake.indicator import Indicator
from cunzhi.lake.queries import scenarios_on_in
from cunzhi.lake.run import by_month, total
from cunzhi.lake.scenario import indicators
from cunzhi.web.charts.spark import spark
from cunzhi.web.figures.frame import Frame
from cunzhi.web.figures.wording import Change, change_in_words, figure_in_words
from cunzhi.web.language import words


@dataclass(frozen=True)
class Tile:
    """One figure with its way."""

    name: str
    title: str
    said: str
    change: Change | None
    spark: Markup


@dataclass(frozen=True)
class Group:
    """The tiles of one scenario."""

    slug: str
    title: str
    tiles: list[Tile]


def groups(frame: Frame) -> list[Group]:
    """Every scenario that was on at some time of the chosen months."""
    on = scenarios_on_in(frame.window)
    found = [scenario for slug, scenario in sorted(scenarios().items()) if slug in on]
    return [
        Group(one.slug, words(one.manifest.title), [tile(indicator, frame) for indicator in indicators(one)])
        for one in found
    ]


def tile(indicator: Indicator, frame: Frame) -> Tile:
    """The figure of the chosen months, what it was before, and its line."""
    months = monthly(indicator, frame)
    now, before = months[-1], months[-2]
    if frame.count > 1:
        now, before = total(indicator, frame.window).value, total(indicator, frame.before).value
    return Tile(
        name=indicator.name,
        title=words(indicator.header.title),
        said=figure_in_words(indicator, now),
        change=change_in_words(indicator, now, before, frame.count),
        spark=spark(months),
    )


def monthly(indicator: Indicator, frame: Frame) -> list[float | None]:
    """The figure of each month of the line."""
    known = {one.period: one.value for one in by_month(indicator, frame.line)}
    return [known.get(str(month), indicator.when_nothing) for month in frame.months]
