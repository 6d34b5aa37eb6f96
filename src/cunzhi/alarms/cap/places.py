"""Which of our places a CAP message speaks of: by division codes where it gives them, else by rings and circles."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from shapely.errors import ShapelyError
from shapely.geometry import Point, Polygon, shape

from cunzhi.alarms.cap.message import Alert, Area
from cunzhi.registry.queries.places import county_shapes, place

KILOMETRES_A_DEGREE = 111.0
LENGTHS = (12, 9, 6)


def matched(alert: Alert, within: str) -> dict[str, str]:
    """Code -> the words of its area, for what lies at or below a place, or has it inside."""
    found: dict[str, str] = {}
    for info in alert.infos:
        for area in info.areas:
            for code in _codes(area):
                narrowed = within if within.startswith(code) else code
                if narrowed.startswith(within) and place(narrowed) is not None:
                    found.setdefault(narrowed, area.words)
    inner = {code for code in found if any(code != one and code.startswith(one) for one in found)}
    return {code: words for code, words in found.items() if code not in inner}


def _codes(area: Area) -> Iterator[str]:
    given = [code for _, value in area.codes if (code := _division(value))]
    yield from given
    if not given:
        for ring in area.rings:
            yield from _counties(Polygon([(lon, lat) for lat, lon in ring]))
        for lat, lon, radius in area.circles:
            yield from _counties(Point(lon, lat).buffer(max(radius, 0.1) / KILOMETRES_A_DEGREE))


def _division(value: str) -> str:
    """500113 from 500113, 500113000 and 500113000000, 50 from 500000; nothing from what is no division code."""
    if not (value.isascii() and value.isdecimal() and len(value) in LENGTHS):
        return ""
    for length, zeros in ((12, "000"), (9, "000"), (6, "00"), (4, "00")):
        if len(value) == length:
            value = value.removesuffix(zeros)
    return value


def _counties(ground: Any) -> Iterator[str]:
    try:
        ground = ground if ground.is_valid else ground.buffer(0)
        for code, county in _shapes():
            if county.intersection(ground).area > 0:
                yield code
    except ShapelyError:
        return


@cache
def _shapes() -> list[tuple[str, Any]]:
    return [(str(one["properties"]["code"]), shape(one["geometry"]).buffer(0)) for one in county_shapes()["features"]]
