"""Longitude and latitude to metres of a zone of UTM on WGS 84, in which Sentinel-2 scenes lie."""

from collections.abc import Callable
from math import sqrt

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
AXIS, FLATTENING = 6_378_137.0, 1 / 298.257223563
SCALE, EASTING, SOUTHERN = 0.9996, 500_000.0, 10_000_000.0
N = FLATTENING / (2 - FLATTENING)
RADIUS = AXIS / (1 + N) * (1 + N**2 / 4 + N**4 / 64)
ALPHA = (
    N / 2 - 2 * N**2 / 3 + 5 * N**3 / 16,
    13 * N**2 / 48 - 3 * N**3 / 5,
    61 * N**3 / 240,
)
GEOGRAPHIC = (4326, 4490)
"""WGS 84 and CGCS2000 in degrees; they differ by less than a tenth of a metre."""
FURTHEST = 12.0
"""Degrees from a zone's middle beyond which its metres mean nothing."""


def to_grid(epsg: int) -> Callable[[Points], Points] | None:
    """A function from (n, 2) longitudes and latitudes to the coordinates of that system; None for one that is neither
    UTM on WGS 84 nor plain degrees. Points too far from the zone become infinite."""
    if epsg in GEOGRAPHIC:
        return lambda points: points
    half, number = divmod(epsg, 100)
    if half not in (326, 327) or not 1 <= number <= 60:
        return None
    north = 0.0 if half == 326 else SOUTHERN
    return lambda points: _project(points, number * 6.0 - 183.0, north)


def _project(points: Points, middle: float, north: float) -> Points:
    """Krueger's series to the third order: better than a millimetre within the zone."""
    longitude, latitude = points[:, 0] - middle, np.radians(points[:, 1])
    away = np.abs(longitude) > FURTHEST
    across = np.radians(np.where(away, 0.0, longitude))
    root = 2 * sqrt(N) / (1 + N)
    sine = np.sin(latitude)
    t = np.sinh(np.arctanh(sine) - root * np.arctanh(root * sine))
    xi, eta = np.arctan2(t, np.cos(across)), np.arctanh(np.sin(across) / np.sqrt(1 + t**2))
    turns = list(enumerate(ALPHA, start=1))
    east = eta + sum(a * np.cos(2 * j * xi) * np.sinh(2 * j * eta) for j, a in turns)
    up = xi + sum(a * np.sin(2 * j * xi) * np.cosh(2 * j * eta) for j, a in turns)
    found = np.column_stack((EASTING + SCALE * RADIUS * east, north + SCALE * RADIUS * up))
    found[away] = np.inf
    return found
