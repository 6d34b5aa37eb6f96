"""Where points lie: distances on the earth, the county that holds a point."""

from collections.abc import Sequence
from functools import cache
from math import asin, cos, radians, sin, sqrt

import numpy as np
import shapely
from django.conf import settings
from numpy.typing import NDArray

from cunzhi.registry.queries.places import county_shapes

RADIUS = 6_371_008.8
"""Metres: the mean radius of the earth."""
Point = tuple[float, float]
"""Latitude and longitude in degrees."""


def metres(one: Point, other: Point) -> float:
    """The way from one point to another along the ground."""
    south, west = radians(one[0]), radians(one[1])
    north, east = radians(other[0]), radians(other[1])
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return 2 * RADIUS * asin(min(1.0, sqrt(half)))


def in_space(points: Sequence[Point]) -> NDArray[np.float64]:
    """Points as metres from the centre of the earth, so that near ones can be searched in a tree."""
    degrees = np.radians(np.asarray(points, dtype=float).reshape(-1, 2))
    latitude, longitude = degrees[:, 0], degrees[:, 1]
    flat = np.cos(latitude)
    return RADIUS * np.column_stack((flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)))


@cache
def _counties() -> list[tuple[str, str, shapely.Geometry]]:
    """(code of the outline's year, code since 2026, outline) of every county."""
    found = []
    for feature in county_shapes()["features"]:
        shape = shapely.geometry.shape(feature["geometry"])
        shapely.prepare(shape)
        found.append((feature["properties"]["code"], feature["properties"]["code_2026"], shape))
    return found


def county_at(point: Point) -> str:
    """The county whose outline holds a point, in the codes that this deployment's villages begin with; else empty."""
    spot = shapely.Point(point[1], point[0])
    for code, code_2026, shape in _counties():
        if shape.covers(spot):
            return str(code if settings.CUNZHI_PLACE_SYSTEM == "nbs" else code_2026)
    return ""


def bounds(codes: Sequence[str]) -> tuple[float, float, float, float] | None:
    """West, south, east and north of some counties together; None where no outline is known."""
    shapes = [shape for code, now, shape in _counties() if {code, now} & set(codes)]
    if not shapes:
        return None
    west, south, east, north = shapely.total_bounds(shapes)
    return float(west), float(south), float(east), float(north)
