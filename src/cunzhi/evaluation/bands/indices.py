"""Indices of what a satellite sees in a few bands: how green the land is, and where it burned."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
BURNED = 0.27
"""dNBR from which USGS speaks of at least moderate-low severity (Key and Benson 2006, table LA-1)."""


def normalised_difference(one: NDArray[np.floating], other: NDArray[np.floating]) -> Numbers:
    """(one - other) / (one + other), shape of both; NaN where either is NaN or their sum is not above zero."""
    first, second = np.asarray(one, dtype=np.float64), np.asarray(other, dtype=np.float64)
    total = first + second
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, (first - second) / total, np.nan)


def ndvi(red: NDArray[np.floating], nir: NDArray[np.floating]) -> Numbers:
    """Normalised difference vegetation index, -1 to 1 for reflectances that are not negative (Rouse et al. 1974)."""
    return normalised_difference(nir, red)


def nbr(nir: NDArray[np.floating], swir2: NDArray[np.floating]) -> Numbers:
    """Normalised burn ratio, -1 to 1 for reflectances that are not negative (Key and Benson 2006)."""
    return normalised_difference(nir, swir2)


def dnbr(before: NDArray[np.floating], after: NDArray[np.floating]) -> Numbers:
    """NBR before less NBR after: above zero where less is alive than before; NaN where either is unknown."""
    return np.asarray(before, dtype=np.float64) - np.asarray(after, dtype=np.float64)
