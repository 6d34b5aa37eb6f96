"""Bands from files: the sample as it is, and every way in which a file is not what it says."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from cunzhi.adapters.bands import checking
from cunzhi.adapters.bands.arrays import read_arrays
from cunzhi.adapters.bands.geotiff import read_folder
from cunzhi.base.errors import Refused
from cunzhi.evaluation.bands.indices import nbr, ndvi

SAMPLE = Path(__file__).with_name("data") / "sentinel2_chile_20m.npz"
"""Three bands of a chip of Sentinel-2 at 20 m that xarray-spatial ships under the MIT licence; desert in Chile."""
Bands = dict[str, NDArray[Any]]


def small(rows: int = 20, columns: int = 30) -> Bands:
    band = np.full((rows, columns), 1000, dtype=np.uint16)
    x, y = 600_010.0 + 20 * np.arange(columns), 4_700_010.0 - 20 * np.arange(rows)
    return {"red": band, "nir": band * 3, "swir2": band * 2, "x": x, "y": y, "epsg": np.int64(32719)}  # type: ignore[dict-item]


def kept(folder: Path, bands: Bands) -> Path:
    np.savez_compressed(folder / "scene.npz", **bands)  # type: ignore[arg-type]
    return folder / "scene.npz"


def code_of(read: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        read()
    for language in ("zh-hans", "en"):
        assert "{" not in refused.value.say(language)
    return refused.value.code


def test_sample_has_the_indices_of_a_desert() -> None:
    scene = read_arrays(SAMPLE, offset=0)
    green, burned = ndvi(scene.red, scene.nir), nbr(scene.nir, scene.swir2)
    assert (round(green.min(), 2), round(green.max(), 2)) == (-0.01, 0.31)
    assert (round(burned.min(), 2), round(burned.max(), 2)) == (-0.51, 0.35)
    assert (scene.epsg, scene.usable.all(), scene.clouds_known) == (32719, True, False)


def test_no_data_clouds_and_what_the_offset_takes_below_zero_are_not_usable(tmp_path: Path) -> None:
    bands = small()
    bands["red"] = bands["red"].copy()
    bands["red"][0, :3] = (0, 65_535, 900)
    bands["scl"] = np.full((20, 30), 4, dtype=np.uint8)
    bands["scl"][1, :2] = (9, 3)
    scene = read_arrays(kept(tmp_path, bands), offset=-900)
    assert (~scene.usable).sum() == 5
    assert scene.clouds_known and scene.red[5, 5] == 100


def bad(name: str, value: Any) -> Callable[[Bands], None]:
    def change(bands: Bands) -> None:
        bands[name] = value

    return change


@pytest.mark.parametrize(("change", "code"), [
    (bad("nir", np.ones((19, 30), dtype=np.uint16)), "shapes"),
    (bad("x", np.arange(31.0)), "shapes"),
    (bad("x", np.array([*np.arange(29.0), 99.0])), "uneven"),
    (bad("x", np.array([np.nan] * 30)), "uneven"),
    (bad("red", np.full((20, 30), 30_000, dtype=np.uint16)), "range"),
    (bad("red", np.full((20, 30), -5, dtype=np.int16)), "range"),
    (bad("red", np.full((20, 30), np.inf, dtype=np.float32)), "infinite"),
    (bad("red", np.ones((20, 30), dtype=np.complex64)), "kind"),
    (bad("red", np.array([["a"] * 30] * 20)), "kind"),
    (bad("red", np.array([[None] * 30] * 20, dtype=object)), "kind"),
    (bad("red", np.ones(600, dtype=np.uint16)), "no_picture"),
    (bad("x", np.array(["east"] * 30)), "kind"),
    (bad("x", np.array(["1"] * 30)), "kind"),
    (bad("x", np.zeros(30, dtype=[("east", "f8")])), "kind"),
    (bad("x", np.array(5.0)), "no_picture"),
    (bad("scl", np.array([["9"] * 30] * 20)), "kind"),
    (bad("scl", np.full((20, 30), np.nan)), "kind"),
    (bad("scl", np.zeros((20, 30), dtype=[("class", "u1")])), "kind"),
    (bad("epsg", np.array([])), "no_crs"),
    (bad("epsg", np.array("EPSG:32719")), "kind"),
    (lambda bands: bands.pop("swir2"), "missing"),
    (lambda bands: bands.pop("epsg"), "missing"),
])  # fmt: skip
def test_arrays_that_do_not_fit_are_refused(tmp_path: Path, change: Callable[[Bands], None], code: str) -> None:
    bands = small()
    change(bands)
    assert code_of(lambda: read_arrays(kept(tmp_path, bands), offset=0)) == f"adapters.bands.{code}"


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.9, 0.999])
def test_file_cut_anywhere_is_refused(tmp_path: Path, share: float) -> None:
    whole = SAMPLE.read_bytes()
    cut = tmp_path / "cut.npz"
    cut.write_bytes(whole[: int(len(whole) * share)])
    assert code_of(lambda: read_arrays(cut, offset=0)) == "adapters.bands.cut"


def test_bomb_is_refused_by_its_header_without_being_unpacked(tmp_path: Path) -> None:
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, {"descr": "<u2", "fortran_order": False, "shape": (200_000, 200_000)})
    bands = small()
    with zipfile.ZipFile(tmp_path / "bomb.npz", "w", zipfile.ZIP_DEFLATED) as packed:
        for name, band in bands.items():
            content = io.BytesIO()
            np.save(content, band)
            packed.writestr(f"{name}.npy", head.getvalue() if name == "nir" else content.getvalue())
    assert code_of(lambda: read_arrays(tmp_path / "bomb.npz", offset=0)) == "adapters.bands.too_large"


def encrypted(content: bytes) -> bytes:
    """Every entry marked as one that needs a password."""
    for sign, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        parts = content.split(sign)
        content = sign.join([parts[0], *(one[: flags - 4] + b"\x01" + one[flags - 3 :] for one in parts[1:])])
    return content


def test_encrypted_and_nonsensical_files_are_refused(tmp_path: Path) -> None:
    whole = kept(tmp_path, small()).read_bytes()
    (tmp_path / "secret.npz").write_bytes(encrypted(whole))
    assert code_of(lambda: read_arrays(tmp_path / "secret.npz", offset=0)) == "adapters.bands.cut"
    head = b"{'descr': '<f8', 'fortran_order': False, 'shape': ((((, }\n"
    with zipfile.ZipFile(tmp_path / "scene.npz", "a") as packed, pytest.warns(UserWarning, match="Duplicate"):
        packed.writestr("red.npy", b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head)
    assert code_of(lambda: read_arrays(tmp_path / "scene.npz", offset=0)) == "adapters.bands.cut"


def write_tiff(folder: Path, code: str, band: NDArray[Any], **more: Any) -> Path:
    rasterio = pytest.importorskip("rasterio")
    place = rasterio.Affine(20, 0, 600_000, 0, -20, 4_700_020)
    told = {"driver": "GTiff", "height": band.shape[0], "width": band.shape[1], "count": 1, "dtype": band.dtype,
            "crs": "EPSG:32719", "transform": place} | more  # fmt: skip
    path = folder / f"T19GCP_20260301T143000_{code}_20m.tif"
    with rasterio.open(path, "w", **told) as file:
        for number in range(1, told["count"] + 1):
            file.write(band, number)
    return path


def folder_of(folder: Path, **bands: NDArray[Any]) -> Path:
    given = small()
    for code, name in (("B04", "red"), ("B8A", "nir"), ("B12", "swir2")):
        write_tiff(folder, code, bands.get(code, given[name]))
    return folder


def test_geotiff_and_arrays_give_the_same_scene(tmp_path: Path) -> None:
    one, other = read_folder(folder_of(tmp_path), offset=-500), read_arrays(kept(tmp_path, small()), offset=-500)
    for name in ("red", "nir", "swir2", "usable", "x", "y"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    assert one.epsg == other.epsg == 32719


def test_cloud_classes_are_taken_where_they_are_given(tmp_path: Path) -> None:
    classes = np.full((20, 30), 4, dtype=np.uint8)
    classes[0] = 9
    write_tiff(tmp_path, "SCL", classes)
    scene = read_folder(folder_of(tmp_path), offset=0)
    assert scene.clouds_known and (~scene.usable).sum() == 30


def test_geotiffs_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    pytest.importorskip("rasterio")
    band = small()["red"]
    assert code_of(lambda: read_folder(tmp_path, offset=0)) == "adapters.bands.missing"
    folder_of(tmp_path)
    write_tiff(tmp_path, "B12", np.ones((10, 15), dtype=np.uint16))
    assert code_of(lambda: read_folder(tmp_path, offset=0)) == "adapters.bands.shapes"
    write_tiff(tmp_path, "B12", band, crs="EPSG:32648")
    assert code_of(lambda: read_folder(tmp_path, offset=0)) == "adapters.bands.grids"
    write_tiff(tmp_path, "B12", band, crs=None)
    assert code_of(lambda: read_folder(tmp_path, offset=0)) == "adapters.bands.no_crs"
    write_tiff(tmp_path, "B12", band, count=2)
    assert code_of(lambda: read_folder(tmp_path, offset=0)) == "adapters.bands.one_band"
    (tmp_path / "other_B12.tif").write_bytes(b"")
    assert code_of(lambda: read_folder(tmp_path, offset=0)) == "adapters.bands.twice"


@pytest.mark.parametrize("share", [0.0, 0.3, 0.8])
def test_geotiff_cut_in_the_middle_is_refused(tmp_path: Path, share: float) -> None:
    noise = np.random.default_rng(1).integers(1, 9999, (20, 30), dtype=np.uint16)
    folder_of(tmp_path, B12=noise)
    path = next(tmp_path.glob("*B12*"))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    assert code_of(lambda: read_folder(tmp_path, offset=0)) == "adapters.bands.cut"


def test_huge_geotiff_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder_of(tmp_path)
    monkeypatch.setattr(checking, "MOST_PIXELS", 599)
    assert code_of(lambda: read_folder(tmp_path, offset=0)) == "adapters.bands.too_large"


def test_other_formats_under_the_name_of_a_geotiff_are_not_opened(tmp_path: Path) -> None:
    folder_of(tmp_path)
    next(tmp_path.glob("*B12*")).write_text('<VRTDataset rasterXSize="1" rasterYSize="1"></VRTDataset>')
    assert code_of(lambda: read_folder(tmp_path, offset=0)) == "adapters.bands.cut"
