"""What lies inside an outline on a grid of pixels, and the mean of an index over it."""

from dataclasses import dataclass
from math import ceil

import numpy as np
import shapely
from numpy.typing import NDArray


@dataclass(frozen=True)
class Window:
    """The part of a grid that an outline touches. rows, columns: slices of the grid. inside: (rows, columns), whether
    the centre of a pixel lies in the outline. whole: how many pixels the outline would have if the grid held all."""

    rows: slice
    columns: slice
    inside: NDArray[np.bool_]
    whole: int


@dataclass(frozen=True)
class Zone:
    """An index over an outline. clear: share (0 to 1) of the outline's pixels that were seen and are usable; pixels:
    how many those are. Mean, least and most are of these alone; NaN where there are none."""

    mean: float
    least: float
    most: float
    pixels: int
    clear: float


def window(outline: shapely.Geometry, x: NDArray[np.float64], y: NDArray[np.float64]) -> Window | None:
    """Where an outline lies on a grid whose pixel centres are x (columns) and y (rows), both evenly spaced and in the
    outline's own coordinates. None where they do not meet."""
    west, south, east, north = shapely.bounds(outline)
    columns, rows = _within(x, west, east), _within(y, south, north)
    if columns is None or rows is None:
        return None
    across, down = np.meshgrid(x[columns], y[rows])
    inside = shapely.contains_xy(outline, across, down)
    if not inside.any():
        return None
    pixel = abs((x[1] - x[0]) * (y[1] - y[0]))
    return Window(rows, columns, inside, max(int(inside.sum()), ceil(shapely.area(outline) / pixel)))


def zone(values: NDArray[np.float64], usable: NDArray[np.bool_], place: Window) -> Zone:
    """The mean of an index over an outline; `values` and `usable` have the shape of the whole grid's window."""
    seen = place.inside & usable & np.isfinite(values)
    many = int(seen.sum())
    if many == 0:
        return Zone(np.nan, np.nan, np.nan, 0, 0.0)
    kept = values[seen]
    return Zone(float(kept.mean()), float(kept.min()), float(kept.max()), many, many / place.whole)


def _within(centres: NDArray[np.float64], low: float, high: float) -> slice | None:
    found = np.flatnonzero((centres >= low) & (centres <= high))
    return slice(int(found[0]), int(found[-1]) + 1) if len(found) else None
