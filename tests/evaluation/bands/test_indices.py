"""Indices of bands: worked by hand, against the sample, and what must hold of any numbers."""

from math import isnan

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as some

from cunzhi.evaluation.bands.indices import dnbr, nbr, ndvi
from cunzhi.evaluation.bands.utm import to_grid
from cunzhi.evaluation.bands.zones import window, zone

REFLECTANCE = some.floats(0, 20_000)


def test_ndvi_and_nbr_by_hand() -> None:
    red, nir, swir2 = np.array([1000.0, 2000.0]), np.array([3000.0, 2000.0]), np.array([1000.0, 4000.0])
    assert ndvi(red, nir).tolist() == [0.5, 0.0]
    assert nbr(nir, swir2).tolist() == pytest.approx([0.5, -1 / 3])


@given(REFLECTANCE, REFLECTANCE)
def test_ndvi_lies_between_minus_one_and_one_and_turns_with_its_bands(one: float, other: float) -> None:
    found = float(ndvi(np.array([one]), np.array([other]))[0])
    back = float(ndvi(np.array([other]), np.array([one]))[0])
    assert isnan(found) == (one + other <= 0)
    assert isnan(found) or (-1 <= found <= 1 and found == -back)


def test_unknown_pixels_stay_unknown() -> None:
    nothing = np.array([np.nan, 0.0])
    assert np.isnan(ndvi(nothing, np.array([1.0, 0.0]))).all()
    assert np.isnan(dnbr(np.array([np.nan]), np.array([0.1]))).all()


def test_dnbr_rises_where_it_burned() -> None:
    assert dnbr(np.array([0.5]), np.array([-0.1])).tolist() == pytest.approx([0.6])


def grid() -> tuple[np.ndarray, np.ndarray]:
    return np.arange(5.0, 100, 10), np.arange(95.0, 0, -10)


def test_zone_takes_pixels_whose_centres_lie_within() -> None:
    x, y = grid()
    found = window(shapely.box(10, 10, 40, 30), x, y)
    assert found is not None and (int(found.inside.sum()), found.whole) == (6, 6)
    values = np.arange(6.0).reshape(2, 3)
    usable = np.array([[True, True, True], [True, True, False]])
    seen = zone(values, usable, found)
    assert (seen.mean, seen.least, seen.most, seen.pixels, seen.clear) == (2.0, 0.0, 4.0, 5, pytest.approx(5 / 6))


def test_share_of_a_place_that_reaches_beyond_the_scene_counts_what_was_not_seen() -> None:
    x, y = grid()
    found = window(shapely.box(-100, 0, 100, 100), x, y)
    assert found is not None
    assert zone(np.ones((10, 10)), np.ones((10, 10), dtype=bool), found).clear == pytest.approx(0.5)


def test_place_elsewhere_or_between_pixels_is_none() -> None:
    x, y = grid()
    assert window(shapely.box(200, 200, 300, 300), x, y) is None
    assert window(shapely.box(11, 11, 14, 14), x, y) is None


def test_zone_all_under_cloud_has_no_mean() -> None:
    x, y = grid()
    found = window(shapely.box(0, 0, 50, 50), x, y)
    assert found is not None
    seen = zone(np.ones((5, 5)), np.zeros((5, 5), dtype=bool), found)
    assert isnan(seen.mean) and (seen.pixels, seen.clear) == (0, 0.0)


@pytest.mark.parametrize(("epsg", "longitude", "latitude"), [
    (32648, 106.55, 29.56), (32648, 105.0, 0.0), (32719, -67.7, -47.8), (32649, 113.9, 84.0), (32601, -177.0, -79.9),
])  # fmt: skip
def test_metres_agree_with_another_projection_to_the_millimetre(epsg: int, longitude: float, latitude: float) -> None:
    pyproj = pytest.importorskip("pyproj")
    project = to_grid(epsg)
    assert project is not None
    found = project(np.array([[longitude, latitude]]))[0]
    other = pyproj.Transformer.from_crs(4326, epsg, always_xy=True).transform(longitude, latitude)
    assert found == pytest.approx(other, abs=0.001)


def test_far_from_the_zone_is_nowhere_and_other_systems_are_not_known() -> None:
    project, degrees = to_grid(32719), to_grid(4490)
    assert project is not None and np.isinf(project(np.array([[106.5, 29.4]]))).all()
    assert degrees is not None and degrees(np.array([[106.5, 29.4]])).tolist() == [[106.5, 29.4]]
    assert to_grid(3857) is None and to_grid(32700) is None and to_grid(32661) is None
