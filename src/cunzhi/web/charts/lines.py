"""Lines: how a few numbers went from period to period."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from markupsafe import Markup

from cunzhi.web.charts.chart import SERIES, Chart, frame, join, nice_ticks, percent
from cunzhi.web.formats import number
from cunzhi.web.language import t

HEIGHT, LEFT, TOP, BOTTOM = 16.0, 0.14, 0.06, 0.86
MOST_LABELS = 4
Values = Sequence[float | None]
SEGMENT = Markup('<line class="line l{}" x1="{}" y1="{}" x2="{}" y2="{}"/>')
POINT = Markup('<circle class="f{}" cx="{}" cy="{}" r=".22em"><title>{}</title></circle>')
RULE = Markup(
    '<line class="axis" x1="{}" x2="100%" y1="{}" y2="{}"/>'
    '<text class="soft" x="{}" y="{}" dx="-.4em" dy=".35em" text-anchor="end">{}</text>'
)
LABEL = Markup('<text class="soft {}" x="{}" y="95%" text-anchor="{}">{}</text>')


def lines(
    title: str, periods: Sequence[str], series: Mapping[str, Values], *, unit: str = "", digits: int = 0, note: str = ""
) -> Chart:
    """One line a series over the same periods; a gap where nothing was measured."""
    if len(series) > SERIES:
        raise ValueError(f"a line chart has at most {SERIES} series, not {len(series)}")
    known = [value for values in series.values() for value in values if value is not None]
    ticks = nice_ticks(min([0.0, *known]), max([0.0, *known]))
    body = [*_rules(ticks, digits), *_labels(periods)]
    for place, (name, values) in enumerate(series.items(), start=1):
        body += _line(place, name, values, periods, ticks, digits)
    said = [f"{name} ({unit})" if unit else name for name in series]
    columns = [(t("web.chart.period"), "text"), *((name, "number") for name in said)]
    rows = [
        (period, *(number(values[index], digits) for values in series.values())) for index, period in enumerate(periods)
    ]
    legend = [(f"f{place}", name) for place, name in enumerate(said, start=1)]
    return Chart(title, frame(title, HEIGHT, join(body)), columns, rows, legend, note)


def _across(index: int, count: int) -> float:
    return LEFT + 0.02 + (0.97 - LEFT) * (index / max(count - 1, 1))


def _down(value: float, ticks: Sequence[float]) -> float:
    return BOTTOM - (BOTTOM - TOP) * (value - ticks[0]) / (ticks[-1] - ticks[0])


def _line(
    place: int, name: str, values: Values, periods: Sequence[str], ticks: Sequence[float], digits: int
) -> list[Markup]:
    points = [
        None if value is None else (percent(_across(index, len(periods))), percent(_down(value, ticks)))
        for index, value in enumerate(values)
    ]
    drawn = [SEGMENT.format(place, *one, *two) for one, two in pairwise(points) if one and two]
    for point, value, period in zip(points, values, periods, strict=True):
        if point:
            drawn.append(POINT.format(place, *point, f"{name} {period} {number(value, digits)}"))
    return drawn


def _rules(ticks: Sequence[float], digits: int) -> list[Markup]:
    places = 0 if all(float(tick).is_integer() for tick in ticks) else max(digits, 1)
    rows = [(percent(_down(tick, ticks)), number(tick, places)) for tick in ticks]
    return [RULE.format(percent(LEFT), at, at, percent(LEFT), at, said) for at, said in rows]


def _labels(periods: Sequence[str]) -> list[Markup]:
    """The first, the last and some between; narrow screens show the two ends only."""
    last = len(periods) - 1
    step = max(1, -(-last // (MOST_LABELS - 1)))
    shown = sorted({*range(0, max(last - step // 2, 1), step), last}) if last > 0 else [0] * len(periods)
    ends = {0: ("ends", "start"), last: ("ends", "end")}
    return [
        LABEL.format(kind, percent(_across(index, len(periods))), anchor, periods[index])
        for index in shown
        for kind, anchor in [ends.get(index, ("between", "middle"))]
    ]
