"""The counties of Chongqing, shaded by a number."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import cos, radians

from markupsafe import Markup

from cunzhi.registry.queries.places import county_shapes
from cunzhi.web.charts.chart import Chart, join
from cunzhi.web.formats import number, quantity
from cunzhi.web.language import t

WIDTH = 900
CLASSES = 5
APPROVAL = "GS(2024)0650号"
Point = tuple[float, float]
SVG = Markup('<svg class="plot map" role="img" aria-label="{}" viewBox="0 0 {} {}">{}</svg>')
SHAPE = Markup('<path class="{} border" d="{}"><title>{}</title></path>')


@dataclass(frozen=True)
class County:
    """A county's outline in the units of the picture; `code_now` differs where counties were merged since."""

    code: str
    code_now: str
    name: str
    path: str


@cache
def outlines() -> tuple[list[County], int]:
    """All counties, and the height of the picture. Corners lie on a grid, so that borders still meet."""
    features = county_shapes()["features"]
    corners = [point for feature in features for ring in rings(feature) for point in ring]
    west, east = min(x for x, _ in corners), max(x for x, _ in corners)
    south, north = min(y for _, y in corners), max(y for _, y in corners)
    scale = WIDTH / (east - west)
    stretch = scale / cos(radians((south + north) / 2))

    def placed(point: Point) -> tuple[int, int]:
        return round((point[0] - west) * scale), round((north - point[1]) * stretch)

    counties = [
        County(
            code=feature["properties"]["code"],
            code_now=feature["properties"]["code_2026"],
            name=feature["properties"]["name"],
            path="".join(outline_path([placed(point) for point in ring]) for ring in rings(feature)),
        )
        for feature in features
    ]
    return counties, round((north - south) * stretch)


def rings(feature: dict[str, dict[str, object]]) -> Iterator[list[Point]]:
    shape = feature["geometry"]
    polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    for polygon in polygons:  # type: ignore[attr-defined]
        yield from polygon


def outline_path(points: Sequence[tuple[int, int]]) -> str:
    """A closed path in steps from corner to corner; corners that fell together are one."""
    kept = [point for index, point in enumerate(points) if index == 0 or point != points[index - 1]]
    steps = [(x - a, y - b) for (a, b), (x, y) in pairwise(kept)]
    return f"m{kept[0][0]} {kept[0][1]}" + "".join(_step(*step) for step in steps) + _back(kept)


def _step(x: int, y: int) -> str:
    """Numbers of a path, with as little between them as SVG allows."""
    return f"{'' if x < 0 else ' '}{x}{'' if y < 0 else ' '}{y}"


def _back(points: Sequence[tuple[int, int]]) -> str:
    """Close, and step back to the origin so that the next relative path starts from there."""
    return f"zm{-points[0][0]} {-points[0][1]}"


def county_map(title: str, values: Mapping[str, float], *, unit: str = "", digits: int = 0, note: str = "") -> Chart:
    """Counties by code, in classes of equally many; without a value they stay grey. Old and new codes both fit."""
    counties, height = outlines()
    edges = class_edges(list(values.values()))
    shapes, rows = [], {}
    for county in counties:
        value = values.get(county.code, values.get(county.code_now))
        shade = "none" if value is None else f"v{_shade(value, edges)}"
        said = t("web.chart.no_value") if value is None else quantity(value, unit, digits)
        shapes.append(SHAPE.format(shade, county.path, f"{county.name} {said}"))
        rows[county.name] = number(value, digits)
    heading = f"{t('web.chart.value')}{f' ({unit})' if unit else ''}"
    return Chart(
        title,
        SVG.format(title, WIDTH, height, join(shapes)),
        [(t("web.chart.county"), "text"), (heading, "number")],
        sorted(rows.items()),
        _legend(edges, unit, digits, missing=len(values) < len(counties)),
        " ".join(filter(None, [note, t("web.chart.approval", number=APPROVAL)])),
    )


def class_edges(values: Sequence[float]) -> list[float]:
    """The upper edges of up to five classes that hold about equally many values."""
    ordered = sorted(values)
    if not ordered:
        return []
    return sorted({ordered[-(-len(ordered) * place // CLASSES) - 1] for place in range(1, CLASSES + 1)})


def _shade(value: float, edges: Sequence[float]) -> int:
    """1 for the lowest class; few classes are spread over the whole scale."""
    place = bisect_left(edges, value)
    return 1 + (round(place * (CLASSES - 1) / (len(edges) - 1)) if len(edges) > 1 else CLASSES // 2)


def _legend(edges: Sequence[float], unit: str, digits: int, *, missing: bool) -> list[tuple[str, str]]:
    said = [f"≤ {quantity(edge, unit, digits)}" for edge in edges]
    shown = [(f"v{_shade(edge, edges)}", words) for edge, words in zip(edges, said, strict=True)]
    return [*shown, ("none", t("web.chart.no_value"))] if missing else shown
