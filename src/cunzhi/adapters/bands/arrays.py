"""Bands given as arrays in one .npz file: red, nir, swir2, x, y, epsg, and scl where clouds were looked for."""

import zipfile
import zlib
from lzma import LZMAError
from pathlib import Path
from tokenize import TokenError

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from cunzhi.adapters.bands.checking import CLASSES, KINDS, NEEDED, refuse_large, scene_of
from cunzhi.adapters.bands.port import MOST_PIXELS, Scene
from cunzhi.base.errors import Refused

BROKEN = (
    OSError, ValueError, EOFError, KeyError, SyntaxError, TokenError, RuntimeError, MemoryError, zipfile.BadZipFile,
    zlib.error, LZMAError,
)  # fmt: skip
"""What zipfile and numpy raise at damaged, encrypted or made-up files."""
AXES = {"x": 1, "y": 1, "epsg": 0}
"""How many dimensions each has at least."""
NUMBERS = ("i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8")


def read_arrays(path: Path, *, offset: int) -> Scene:
    """The scene in a file. Sizes are read from its headers before anything is unpacked; pickled objects never are."""
    try:
        with zipfile.ZipFile(path) as packed:
            names = {one.filename.removesuffix(".npy") for one in packed.infolist()}
            if missing := [name for name in (*NEEDED, *AXES) if name not in names]:
                raise Refused("adapters.bands.missing", missing=", ".join(missing), file=path.name)
            wanted = [*NEEDED, *AXES, *(["scl"] if "scl" in names else [])]
            for name in wanted:
                _refuse_header(packed, name)
            arrays = {name: _array(packed, name) for name in wanted}
    except Refused:
        raise
    except BROKEN as error:
        raise Refused("adapters.bands.cut", file=path.name, said=str(error)[:100]) from error
    epsg = arrays["epsg"]
    if epsg.size != 1 or epsg.dtype.kind not in "iu":
        raise Refused("adapters.bands.no_crs", file=path.name)
    grid = (arrays["x"].astype(np.float64), arrays["y"].astype(np.float64), int(epsg.reshape(-1)[0]))
    return scene_of({name: arrays[name] for name in wanted if name not in AXES}, grid, offset=offset)


def _refuse_header(packed: zipfile.ZipFile, name: str) -> None:
    with packed.open(f"{name}.npy") as file:
        version = npy.read_magic(file)
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, _, kind = read(file)
    wanted = CLASSES if name == "scl" else NUMBERS if name in AXES else KINDS
    if kind.str[1:] not in wanted:  # so nothing is unpacked but plain numbers, of eight bytes at most
        raise Refused("adapters.bands.kind", band=name, kind=str(kind)[:20])
    if name not in AXES:
        refuse_large(shape, name)
    elif not AXES[name] <= len(shape) <= 1 or (shape and shape[0] > MOST_PIXELS):
        raise Refused("adapters.bands.no_picture", band=name, shape=str(shape)[:40])


def _array(packed: zipfile.ZipFile, name: str) -> NDArray[np.generic]:
    with packed.open(f"{name}.npy") as file:
        found: NDArray[np.generic] = npy.read_array(file, allow_pickle=False)
    return found
