"""One indicator in depth: by the places below, in the order of their codes, and by month. Every number opens."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from markupsafe import Markup

from cunzhi.lake.indicator import Indicator
from cunzhi.lake.run import by_place
from cunzhi.lake.window import LENGTHS
from cunzhi.registry.queries.places import children, names_of
from cunzhi.web.charts.bars import bars
from cunzhi.web.charts.chart import Chart
from cunzhi.web.charts.county_map import county_map
from cunzhi.web.charts.lines import lines
from cunzhi.web.figures.frame import PROVINCE, Frame
from cunzhi.web.figures.tiles import monthly
from cunzhi.web.figures.wording import digits_of, figure_in_words, month_in_words, months_in_words
from cunzhi.web.language import t, words

Open = Callable[[str, str], Markup]
"""Makes a number, or a name, a link: words and the query of the address -> what stands in the table."""


@dataclass(frozen=True)
class Part:
    """The figure of one place below. `itself`: what lies right at the place of the page."""

    code: str
    name: str
    value: float | None
    itself: bool


def link(address: str, query: str, said: str) -> Markup:
    return Markup('<a href="{}?{}">{}</a>').format(address, query, said)


def parts(indicator: Indicator, frame: Frame) -> list[Part]:
    """Every place right below, also those where nothing happened, and abolished ones with records; never ranked."""
    if frame.level is None:
        return []
    digits = LENGTHS[frame.level]
    values = {one.place: one.value for one in by_place(indicator, frame.window, level=frame.level)}
    names = {one.code: one.name for one in children(frame.place or PROVINCE)}
    names |= names_of(values.keys() - names.keys())
    return [
        Part(
            code,
            names[code] if len(code) == digits else t("web.figures.itself", name=names[code]),
            values.get(code, indicator.when_nothing),
            len(code) < digits,
        )
        for code in sorted(names)
    ]


def by_places(indicator: Indicator, frame: Frame, opened: Open, deeper: Open) -> Chart | None:
    """Bars with their table, for the whole city a map; None for a grid or where nothing lies below."""
    found = parts(indicator, frame)
    if not found:
        return None
    rows = [(_name(one, frame, deeper), _value(indicator, one, frame, opened)) for one in found]
    columns = [(t("web.figures.place"), "text"), (words(indicator.header.title), "number")]
    known = [(one.name, one.value) for one in found if one.value is not None]
    title = t("web.figures.by_place", title=words(indicator.header.title), months=_months(frame))
    unit, digits, note = words(indicator.header.unit), digits_of(indicator), t("web.figures.table_opens")
    if frame.level == "county":
        values = {one.code: one.value for one in found if one.value is not None}
        chart = county_map(title, values, unit=unit, digits=digits, note=note)
    elif all(value >= 0 for _, value in known):
        chart = bars(title, known, unit=unit, digits=digits, note=note)
    else:
        chart = Chart(title, Markup(""), columns, rows, note=note)
    return replace(chart, columns=columns, rows=rows)


def by_months(indicator: Indicator, frame: Frame, opened: Open) -> Chart:
    """The line of the months, with a table in which each month opens."""
    title = t("web.figures.by_month", title=words(indicator.header.title))
    values, said = monthly(indicator, frame), [month_in_words(one) for one in frame.months]
    name, unit = words(indicator.header.title), words(indicator.header.unit)
    chart = lines(title, said, {name: values}, unit=unit, digits=digits_of(indicator))
    rows = [
        (label, _opened(indicator, value, opened, frame.query(month=month)))
        for label, value, month in zip(said, values, frame.months, strict=True)
    ]
    return replace(chart, rows=rows, legend=())


def _name(part: Part, frame: Frame, deeper: Open) -> str:
    return part.name if part.itself else deeper(part.name, frame.query(place_code=part.code))


def _value(indicator: Indicator, part: Part, frame: Frame, opened: Open) -> str:
    level = frame.level or ""
    return _opened(
        indicator,
        part.value,
        opened,
        frame.query(place_code=part.code, level=level if part.itself else ""),
    )


def _opened(indicator: Indicator, value: float | None, opened: Open, query: str) -> str:
    said = figure_in_words(indicator, value)
    return said if value is None else opened(said, query)


def _months(frame: Frame) -> str:
    return months_in_words(frame.window.first, frame.window.last)
