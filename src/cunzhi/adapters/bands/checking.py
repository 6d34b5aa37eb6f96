"""Arrays become a scene once they fit one another and hold what reflectances can be."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from cunzhi.adapters.bands.port import BAD_CLASSES, BRIGHTEST, MOST_PIXELS, NO_DATA, ODD, SATURATED, Scene
from cunzhi.base.errors import Refused

NEEDED = ("red", "nir", "swir2")
KINDS, CLASSES = ("u1", "u2", "i2", "i4", "f4", "f8"), ("i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8")
"""Of numbers in bands, and of the classes in which clouds stand: whole, or none of them would be found."""
Grid = tuple[NDArray[np.float64], NDArray[np.float64], int]
"""Centres of columns, centres of rows, and the number of the coordinate system."""


def refuse_large(shape: tuple[int, ...], name: str) -> None:
    """Before anything is unpacked: more pixels than a tile has, or no picture at all."""
    if len(shape) != 2 or min(shape) < 2:
        raise Refused("adapters.bands.no_picture", band=name, shape=str(shape)[:40])
    if shape[0] * shape[1] > MOST_PIXELS:
        raise Refused("adapters.bands.too_large", band=name, many=shape[0] * shape[1], most=MOST_PIXELS)


def scene_of(bands: Mapping[str, NDArray[np.generic]], grid: Grid, *, offset: int) -> Scene:
    """The scene, or Refused: `bands` holds red, nir and swir2, and `scl` where clouds were looked for."""
    x, y, epsg = grid
    shapes = {name: band.shape for name, band in bands.items()}
    if len({*shapes.values(), (len(y), len(x))}) > 1:
        told = ", ".join(f"{name} {shape[0]} x {shape[1]}" for name, shape in shapes.items())
        raise Refused("adapters.bands.shapes", shapes=f"{told}, grid {len(y)} x {len(x)}")
    for name, centres in (("x", x), ("y", y)):
        steps = np.diff(centres)
        if not np.isfinite(centres).all() or not np.allclose(steps, steps[0], rtol=1e-6) or steps[0] == 0:
            raise Refused("adapters.bands.uneven", axis=name)
    usable = np.ones((len(y), len(x)), dtype=bool)
    found = {}
    for name in NEEDED:
        found[name], good = _reflectance(name, bands[name], offset)
        usable &= good
    classes = bands.get("scl")
    if classes is not None:
        if classes.dtype.str[1:] not in CLASSES:
            raise Refused("adapters.bands.kind", band="scl", kind=str(classes.dtype)[:20])
        usable &= ~np.isin(classes, BAD_CLASSES)
    return Scene(**found, usable=usable, x=x, y=y, epsg=epsg, clouds_known=classes is not None)


def _reflectance(name: str, band: NDArray[np.generic], offset: int) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """The numbers less the offset, and where they are any."""
    if band.dtype.str[1:] not in KINDS:
        raise Refused("adapters.bands.kind", band=name, kind=str(band.dtype)[:20])
    values = band.astype(np.float32)
    known = np.isfinite(values) & (values != NO_DATA) & (values != SATURATED)
    if np.isinf(values).any():
        raise Refused("adapters.bands.infinite", band=name)
    odd = known & ((values < 0) | (values > BRIGHTEST))
    if odd.sum() > ODD * max(int(known.sum()), 1):
        least, most = float(values[known].min()), float(values[known].max())
        raise Refused("adapters.bands.range", band=name, least=f"{least:g}", most=f"{most:g}", top=BRIGHTEST)
    values += offset
    return values, known & ~odd & (values > 0)
