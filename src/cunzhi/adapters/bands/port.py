"""A scene of a satellite: three bands on one grid, which pixels are usable, and where the grid lies."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST_PIXELS = 35_000_000
"""A whole Sentinel-2 tile at 20 m has 30 million."""
NO_DATA, SATURATED, BRIGHTEST = 0, 65_535, 20_000
"""Numbers of Sentinel-2 products that are no reflectance; and more than ten thousandths of anything but a glare."""
ODD = 0.01
"""Share of pixels out of range from which the numbers are no reflectances at all."""
BAD_CLASSES = (0, 1, 3, 8, 9, 10, 11)
"""Of the scene classification: no data, defective, shadow of a cloud, cloud twice, cirrus, snow."""


@dataclass(frozen=True)
class Scene:
    """Reflectances as the product numbers them, less its offset; `x`, `y` are the centres of columns and rows."""

    red: NDArray[np.float32]
    nir: NDArray[np.float32]
    swir2: NDArray[np.float32]
    usable: NDArray[np.bool_]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    epsg: int
    clouds_known: bool
