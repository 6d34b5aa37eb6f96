"""Points within the outlines of some counties: where satellites saw fires, and what else lies somewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

from markupsafe import Markup

from cunzhi.registry.queries.places import county_shapes
from cunzhi.web.charts.chart import Chart, Column, join
from cunzhi.web.charts.county_map import APPROVAL, SHAPE, SVG, WIDTH, Point, outline_path, rings
from cunzhi.web.language import t

SPOT = Markup('<g class="spot {}"><title>{}</title><path d="M{} {}{}"/></g>')
LINK = Markup('<a class="spot {}" href="{}"><title>{}</title>{}</a>')
PATH = Markup('<path transform="translate({} {})scale({})" d="M0 0{}"/>')
COUNT = Markup('<text x="{}" y="{}">{}</text>')
FORMS = {
    "round": "m-9 0a9 9 0 1 0 18 0a9 9 0 1 0-18 0z",
    "square": "m-8-8h16v16h-16z",
    "triangle": "m0-10l10 18h-20z",
    "diamond": "m0-11l11 11l-11 11l-11-11z",
    "cross": "m-9-5l4-4l5 5l5-5l4 4l-5 5l5 5l-4 4l-5-5l-5 5l-4-4l5-5z",
    "house": "m-9 9v-10l9-9l9 9v10z",
}
"""So that kinds can be told apart without colours."""
TALLEST = 1200
LARGE, LARGER = 1.6, 2.2
"""How much larger symbols are that lead somewhere, and those that stand for many."""
SVG_OF_LINKS = Markup('<svg class="plot map" role="group" aria-label="{}" viewBox="0 0 {} {}">{}</svg>')


@dataclass(frozen=True)
class Spot:
    """A point: where, of which kind (a CSS class), in which form, and what it says.

    href: where it leads. count: for how many it stands. shift: so many units to the right of others at the same point.
    """

    longitude: float
    latitude: float
    kind: str
    form: str
    label: str
    href: str = ""
    count: int = 0
    shift: int = 0


def point_map(
    title: str,
    codes: Sequence[str],
    spots: Sequence[Spot],
    *,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    legend: Sequence[tuple[str, str]],
    focus: Sequence[Point] = (),
) -> Chart | None:
    """Spots in the outlines of the counties with these codes, or as near as the points of `focus` reach; None where no
    outline is known."""
    features = [one for one in county_shapes()["features"] if _is_one_of(one["properties"], codes)]
    corners = [point for feature in features for ring in rings(feature) for point in ring]
    if not corners:
        return None
    corners = list(focus) or corners
    west, east = min(x for x, _ in corners), max(x for x, _ in corners)
    south, north = min(y for _, y in corners), max(y for _, y in corners)
    scale = WIDTH / (east - west)
    stretch = scale / cos(radians((south + north) / 2))
    if (north - south) * stretch > TALLEST:
        scale, stretch = (each * TALLEST / ((north - south) * stretch) for each in (scale, stretch))

    def placed(point: Point) -> tuple[int, int]:
        return round((point[0] - west) * scale), round((north - point[1]) * stretch)

    outlines = [
        SHAPE.format(
            "none",
            "".join(outline_path([placed(point) for point in ring]) for ring in rings(feature)),
            feature["properties"]["name"],
        )
        for feature in features
    ]
    drawn = [_spot(one, placed((one.longitude, one.latitude))) for one in spots]
    size = round((east - west) * scale), round((north - south) * stretch)
    note = t("web.chart.approval", number=APPROVAL)
    svg = SVG_OF_LINKS if any(one.href for one in spots) else SVG
    return Chart(title, svg.format(title, *size, join([*outlines, *drawn])), columns, rows, legend, note)


def _spot(one: Spot, at: tuple[int, int]) -> Markup:
    if not one.href:
        return SPOT.format(one.kind, one.label, *at, FORMS[one.form])
    x, y = at[0] + one.shift, at[1]
    inner = PATH.format(x, y, LARGER if one.count else LARGE, FORMS[one.form])
    if one.count:
        inner += COUNT.format(x, y + 8, one.count)
    return LINK.format(one.kind, one.href, one.label, inner)


def _is_one_of(properties: dict[str, str], codes: Sequence[str]) -> bool:
    return not codes or bool({properties["code"], properties["code_2026"]} & set(codes))
