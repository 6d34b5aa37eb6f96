"""Figures of the indices: a map of the counties of Chongqing, and a radar of an index's dimensions."""

import json
from importlib.resources import files
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from cunzhi.base.text import Text
from cunzhi.studies.figures.drawn import Drawing
from cunzhi.studies.figures.style import COLOURS
from cunzhi.studies.prepared import GROUP
from cunzhi.studies.results import Figure
from cunzhi.studies.tables.frame import Book
from cunzhi.studies.words import text

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture

BOUNDARIES = "chongqing_counties_2024.geojson"
MOST_AXES = 12
NAME = 16
"""Letters on a line of the names around a radar."""


def county_map(book: Book, name: str) -> Drawing | None:
    """The index in the last period on the county map; None when units are no counties of Chongqing."""
    shapes = _shapes()
    panel, places = book.prepared.plain, book.prepared.places
    last = panel.periods.size - 1
    at = np.flatnonzero(panel.period == last)
    units = [str(panel.units[panel.unit[position]]) for position in at]
    codes = [places.get(unit, "") for unit in units]
    if not codes or not set(codes) <= set(shapes):
        return None
    values = dict(zip(codes, panel.column(name)[at].tolist(), strict=True))
    filled = {code for code, position in zip(codes, at, strict=True) if book.prepared.filled[name][position] > 0}
    rows = tuple(
        (code, book.prepared.names.get(unit, unit), values[code], code in filled)
        for code, unit in zip(codes, units, strict=True)
    )

    def draw(picture: "Picture", language: str) -> None:
        _paint(picture, shapes, values, filled)

    title = text("figures.map", index=book.title(name), period=str(panel.periods[last]))
    notes = (text("figures.map_note"), *((text("notes.dagger"),) if filled else ()), *book.closing_notes())
    figure = Figure(f"map_{name}", title, ("code", "name", "value", "rests on filled cells"), rows, notes)
    return Drawing(figure, draw, height=5.2)


def _paint(picture: "Picture", shapes: dict[str, Any], values: dict[str, float], filled: set[str]) -> None:
    from matplotlib import colormaps  # noqa: PLC0415 -- slow to import, and part of an extra
    from matplotlib.cm import ScalarMappable  # noqa: PLC0415
    from matplotlib.colors import Normalize  # noqa: PLC0415
    from matplotlib.patches import Polygon  # noqa: PLC0415

    axes = picture.subplots()
    known = [value for value in values.values() if np.isfinite(value)]
    scale = ScalarMappable(Normalize(min(known), max(known)), colormaps["cividis"])
    for code, (rings, middle) in shapes.items():
        value = values.get(code, float("nan"))
        face = scale.to_rgba(np.array(value)) if np.isfinite(value) else "0.92"
        for ring in rings:
            axes.add_patch(Polygon(ring, closed=True, facecolor=face, edgecolor="white", linewidth=0.5))
        if code in filled:
            axes.annotate("†", middle, ha="center", va="center", fontsize=7, color="#c00000")
    axes.autoscale_view()
    axes.set_aspect(1 / np.cos(np.radians(30)))
    axes.axis("off")
    picture.colorbar(scale, ax=axes, shrink=0.6)


def _shapes() -> dict[str, tuple[list[Any], tuple[float, float]]]:
    """Rings and label point of every county by its code."""
    path = files("cunzhi.registry") / "data" / BOUNDARIES
    shapes = {}
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        shape, about = feature["geometry"], feature["properties"]
        parts = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        shapes[about["code"]] = ([np.array(part[0]) for part in parts], (about["lon"], about["lat"]))
    return shapes


def radar(book: Book, name: str) -> Drawing | None:
    """Means of an index's dimensions by group in the last period; None without three dimensions."""
    build = book.prepared.builds[name]
    axes_of = build.tree.children(build.tree.root.code)
    scores = build.scores
    if scores is None or not 3 <= len(axes_of) <= MOST_AXES or any(node.code not in scores.codes for node in axes_of):
        return None
    lines = _lines(book, name, [node.code for node in axes_of])
    titles = [Text(zh_Hans=node.title or node.code, en=node.title_en or node.title or node.code) for node in axes_of]
    rows = tuple((title.en, *map(float, values)) for title, values in lines)

    def draw(picture: "Picture", language: str) -> None:
        axes: Any = picture.subplots(subplot_kw={"projection": "polar"})
        angles = np.linspace(0, 2 * np.pi, len(titles), endpoint=False)
        for position, (title, values) in enumerate(lines):
            colour, style = COLOURS[position % len(COLOURS)], ("-", "--", ":", "-.")[position % 4]
            closed = np.append(values, values[0])
            axes.plot(
                np.append(angles, angles[0]), closed, style, color=colour, linewidth=1.4, label=title.in_(language)
            )
            axes.fill(np.append(angles, angles[0]), closed, color=colour, alpha=0.08)
        axes.set_xticks(angles, [fill(title.in_(language), NAME) for title in titles], fontsize=8)
        for label, angle in zip(axes.get_xticklabels(), angles, strict=True):
            # Beside the circle a name begins or ends at it; above and below it stands in the middle.
            side = np.cos(angle)
            label.set_horizontalalignment("center" if abs(side) < 0.2 else "left" if side > 0 else "right")
        axes.tick_params(pad=4)
        axes.set_rlabel_position(45)
        axes.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.08), ncols=2)

    groups = book.study.roles.groups
    by = groups.title if groups is not None else text("figures.all")
    title = text("figures.radar", index=book.title(name), by=by, period=build.panel.periods[-1])
    columns = ("group", *(node.code for node in axes_of))
    return Drawing(Figure(f"radar_{name}", title, columns, rows, book.closing_notes([name])), draw, height=4.8)


def _lines(book: Book, name: str, codes: list[str]) -> list[tuple[Text, Any]]:
    """Means of the dimensions in the last period, for each group or for all units."""
    build, panel = book.prepared.builds[name], book.prepared.plain
    assert build.scores is not None  # noqa: S101 -- the caller looked
    columns = [build.scores.codes.index(code) for code in codes]
    last = build.panel.period == len(build.panel.periods) - 1
    units = [build.panel.units[position] for position in build.panel.unit]
    if not book.prepared.groups:
        return [(text("figures.all"), build.scores.values[last][:, columns].mean(axis=0))]
    of_unit = dict(zip((str(panel.units[code]) for code in panel.unit), panel.column(GROUP), strict=True))
    groups = np.array([of_unit[unit] for unit in units])
    made = []
    for position in range(len(book.prepared.groups)):
        chosen = last & (groups == position)
        if chosen.any():
            made.append((book.group_title(position), build.scores.values[chosen][:, columns].mean(axis=0)))
    return made
