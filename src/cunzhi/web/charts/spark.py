"""A line the size of a word: the way of one number, beside the number itself."""

from collections.abc import Sequence
from itertools import groupby

from markupsafe import Markup

from cunzhi.web.charts.chart import join

WIDTH, HEIGHT, MARGIN = 120, 32, 3
SVG = Markup('<svg class="spark" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}</svg>')
WAY = Markup('<polyline points="{}"/>')
END = Markup('<circle cx="{}" cy="{}" r="3"/>')


def spark(values: Sequence[float | None]) -> Markup:
    """From zero or the lowest up, broken where nothing was measured. It says nothing that the words do not."""
    known = [value for value in values if value is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    span = (high - low) or 1.0
    points = [
        None if value is None else (_across(index, len(values)), _down((value - low) / span))
        for index, value in enumerate(values)
    ]
    ways = [list(run) for there, run in groupby(points, key=lambda point: point is not None) if there]
    drawn = [WAY.format(" ".join(f"{x:g},{y:g}" for x, y in filter(None, way))) for way in ways if len(way) > 1]
    if points and points[-1]:
        drawn.append(END.format(*(f"{one:g}" for one in points[-1])))
    return SVG.format(WIDTH, HEIGHT, join(drawn))


def _across(index: int, count: int) -> float:
    return round(MARGIN + (WIDTH - 2 * MARGIN) * index / max(count - 1, 1), 1)


def _down(share: float) -> float:
    return round(HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * share, 1)
