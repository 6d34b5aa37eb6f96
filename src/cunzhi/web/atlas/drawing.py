"""The map as a chart: symbols of all layers in the outline of the county, or near to one of its places."""

from collections import Counter
from collections.abc import Sequence

from cunzhi.registry.queries.points import Point, points_of
from cunzhi.web.atlas.gathering import Shown
from cunzhi.web.charts.chart import Chart
from cunzhi.web.charts.point_map import Spot, point_map
from cunzhi.web.fires.words import FORMS
from cunzhi.web.language import t

COUNTY = 6
APART, MOST_APART = 26, 3
"""By how much symbols at the same point stand beside one another, in units of the picture."""
LONGEST = 40
SPREAD = 0.02
"""Degrees around a place of which one point is known."""


def drawn(title: str, under: str, shown: Sequence[Shown]) -> Chart | None:
    """None where no outline of the county is known."""
    taken: Counter[tuple[int, int]] = Counter()
    spots = []
    for layer in shown:
        for one in layer.marks:
            if one.point is None:
                continue
            spot = round(one.point[0] * 500), round(one.point[1] * 500)
            shift = min(taken[spot], MOST_APART) * APART
            taken[spot] += 1
            label = " · ".join(filter(None, (one.label[:LONGEST], one.said)))
            spots.append(
                Spot(*one.point, f"spot-{one.kind}", one.form, label, href=one.address, count=one.count, shift=shift)
            )
    legend = [(f"spot-{one.layer.kind}", f"{FORMS[one.layer.form]} {_said(one)}") for one in shown if one.total]
    focus = _focus(under, shown) if len(under) > COUNTY else ()
    spots.reverse()  # the first layers lie on top
    return point_map(title, [under[:COUNTY]], spots, columns=(), rows=(), legend=legend, focus=focus)


def _said(one: Shown) -> str:
    return t("web.map.legend", what=t(f"web.map.layer.{one.layer.name}"), count=one.total)


def _focus(under: str, shown: Sequence[Shown]) -> list[Point]:
    """The corners of what is shown near: all that lies there, with something around it."""
    inside = [one.point for layer in shown for one in layer.marks if one.point and one.place_code.startswith(under)]
    points = inside or list(points_of([under]).values())
    if not points:
        return []
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    return [(west - SPREAD, south - SPREAD), (east + SPREAD, north + SPREAD)]
