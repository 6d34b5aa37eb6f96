"""Bands given as GeoTIFF: a folder with one file a band, named as the products of Sentinel-2 name them."""

import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cunzhi.adapters.bands.checking import Grid, refuse_large, scene_of
from cunzhi.adapters.bands.port import Scene
from cunzhi.base.errors import Refused

NAMES = {"red": ("B04",), "nir": ("B8A", "B08"), "swir2": ("B12",), "scl": ("SCL",)}
"""B8A lies on the same 20 m grid as B12; B08 does only after it was resampled."""
QUIET = {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "none"}


def read_folder(folder: Path, *, offset: int) -> Scene:
    """The scene in a folder. Only plain GeoTIFF is opened: other formats can lead GDAL to other files and addresses."""
    try:
        import rasterio  # noqa: PLC0415 - an extra that few installations need
    except ImportError:
        raise Refused("adapters.bands.no_rasterio") from None
    files = {name: _file(folder, name, codes) for name, codes in NAMES.items()}
    bands: dict[str, NDArray[np.generic]] = {}
    grids: dict[str, Any] = {}
    with rasterio.Env(**QUIET):
        for name, file in files.items():
            if file is not None:
                bands[name], grids[name] = _read(rasterio, file, name)
    shapes = {name: band.shape for name, band in bands.items()}
    if len(set(shapes.values())) > 1:
        told = ", ".join(f"{name} {shape[0]} x {shape[1]}" for name, shape in shapes.items())
        raise Refused("adapters.bands.shapes", shapes=told)
    if len({(epsg, tuple(place)) for epsg, place in grids.values()}) > 1:
        raise Refused("adapters.bands.grids")
    epsg, place = grids["red"]
    return scene_of(bands, _centres(place, shapes["red"], epsg), offset=offset)


def _file(folder: Path, name: str, codes: tuple[str, ...]) -> Path | None:
    files = sorted(one for one in folder.iterdir() if one.suffix.lower() in (".tif", ".tiff") and one.is_file())
    for code in codes:
        found = [one for one in files if re.search(rf"(?i)(?<![a-z0-9]){code}(?![0-9])", one.stem)]
        if len(found) > 1:
            raise Refused("adapters.bands.twice", band=code, files=", ".join(one.name for one in found)[:200])
        if found:
            return found[0]
    if name != "scl":
        raise Refused("adapters.bands.missing", missing=" / ".join(codes), file=folder.name)
    return None


def _read(rasterio: Any, file: Path, name: str) -> tuple[NDArray[np.generic], tuple[int, Any]]:
    try:
        with rasterio.open(file, driver="GTiff") as source:
            if source.count != 1:
                raise Refused("adapters.bands.one_band", file=file.name, many=source.count)
            refuse_large((source.height, source.width), name)
            epsg = source.crs.to_epsg() if source.crs else None
            if epsg is None:
                raise Refused("adapters.bands.no_crs", file=file.name)
            place = source.transform
            if place.b or place.d:
                raise Refused("adapters.bands.turned", file=file.name)
            return source.read(1), (epsg, place[:6])
    except rasterio.errors.RasterioError as error:
        raise Refused("adapters.bands.cut", file=file.name, said=str(error)[:100]) from error


def _centres(place: Any, shape: tuple[int, ...], epsg: int) -> Grid:
    width, _, west, _, height, north = place
    return west + width * (np.arange(shape[1]) + 0.5), north + height * (np.arange(shape[0]) + 0.5), epsg
