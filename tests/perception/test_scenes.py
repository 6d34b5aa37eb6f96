"""A scene over made-up outlines in Chile: kept once, the share of clear sky said, all or nothing."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from django.test import Client
from web.village import COUNTY, VILLAGE, make_places

from cunzhi.adapters.bands.arrays import read_arrays
from cunzhi.base import clock
from cunzhi.cli.main import cli
from cunzhi.journal.models import Entry
from cunzhi.perception.models import Datastream, Observation, Thing

SAMPLE = Path(__file__).parents[1] / "adapters" / "data" / "sentinel2_chile_20m.npz"
WEST, SOUTH = -67.64, -47.87
AT = "2026-03-01T22:30:00+08:00"


@pytest.fixture(autouse=True)
def places(db: None) -> Iterator[None]:
    make_places()
    with clock.at(clock.datetime.fromisoformat("2026-03-02T08:00:00+08:00")):
        yield


def outlines(folder: Path, **more: Any) -> Path:
    """An outline of the village that lies wholly in the sample."""
    ring = [[WEST, SOUTH], [WEST + 0.02, SOUTH], [WEST + 0.02, SOUTH + 0.01], [WEST, SOUTH + 0.01], [WEST, SOUTH]]
    feature = {"type": "Feature", "properties": {"code": VILLAGE},
               "geometry": {"type": "Polygon", "coordinates": [ring]}} | more  # fmt: skip
    path = folder / "outlines.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return path


def run(*words: object) -> tuple[int, str]:
    answer = CliRunner(env={"CUNZHI_LANGUAGE": "en"}).invoke(cli, ["bands", *map(str, words)])
    return answer.exit_code, answer.output


def taken(folder: Path, *more: object, scene: Path = SAMPLE, at: str = AT) -> tuple[int, str]:
    return run(scene, "--at", at, "--offset", 0, "--outlines", outlines(folder), *more)


def test_indices_of_a_village_are_kept_once_and_everybody_sees_them(tmp_path: Path) -> None:
    first, again = taken(tmp_path), taken(tmp_path)
    assert first[0] == again[0] == 0, first[1] + again[1]
    assert "2 new" in first[1] and "0 new" in again[1]
    seen = {one.datastream.substance: one for one in Observation.objects.select_related("datastream")}
    assert set(seen) == {"ndvi", "nbr"}
    assert -0.01 <= (seen["ndvi"].number or 9) <= 0.31
    assert seen["ndvi"].parameters is not None and seen["ndvi"].parameters["clear"] > 0.98
    assert not seen["ndvi"].parameters["clouds"]
    assert Entry.objects.filter(verb="scene.take").count() == 1
    page = Client(headers={"accept-language": "en"}).get(f"/places/{VILLAGE}/ecology/").content.decode()
    assert "NDVI" in page and "Clouds were not looked for" in page


def test_made_up_scene_never_mixes_with_what_was_seen(tmp_path: Path) -> None:
    taken(tmp_path)
    assert taken(tmp_path, "--simulated", at="2026-03-02T07:30:00+08:00")[0] == 0
    of_each = Observation.objects.values_list("datastream__properties__simulated", "at__day").order_by("at")
    assert [marked for marked, _ in of_each] == [None, None, True, True]


def test_another_scene_makes_no_second_datastream(tmp_path: Path) -> None:
    taken(tmp_path)
    assert taken(tmp_path, at="2026-03-02T07:30:00+08:00")[0] == 0
    assert (Datastream.objects.count(), Observation.objects.count()) == (2, 4)


def changed(folder: Path, name: str = "after.npz", **bands: Any) -> Path:
    found = dict(np.load(SAMPLE))
    np.savez_compressed(folder / name, **(found | bands))
    return folder / name


def test_what_burned_between_two_scenes_is_told(tmp_path: Path) -> None:
    found = np.load(SAMPLE)
    burned = changed(tmp_path, nir=found["nir"] // 2, swir2=found["swir2"] * 2)
    assert taken(tmp_path, "--before", SAMPLE, scene=burned)[0] == 0
    seen = Observation.objects.get(datastream__substance="dnbr")
    assert (seen.number or 0) > 0.27
    assert seen.parameters is not None and seen.parameters["burned"] > 0.9
    assert Datastream.objects.filter(substance="burned").count() == 0


def test_place_under_cloud_is_told_and_not_kept(tmp_path: Path) -> None:
    classes = np.full(np.load(SAMPLE)["red"].shape, 9, dtype=np.uint8)
    code, said = taken(tmp_path, scene=changed(tmp_path, scl=classes))
    assert code == 0 and "not kept, only 0%" in said
    assert not Thing.objects.exists()


@pytest.mark.parametrize(("more", "said"), [
    (("--at", "2026-03-01T22:30:00"), "no time zone"),
    (("--at", "2026-03-09T22:30:00+08:00"), "clock"),
    (("--place", VILLAGE), ""),
    (("--place", "1"), "1"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused(tmp_path: Path, more: tuple[str, ...], said: str) -> None:
    code, told = taken(tmp_path, *more)
    assert (code == 0) == (said == "")
    assert said in told
    assert said == "" or not Thing.objects.exists()


def test_village_without_an_outline_is_told_so() -> None:
    code, said = run(SAMPLE, "--at", AT, "--offset", 0, "--place", VILLAGE)
    assert code != 0 and f"No outline of {VILLAGE} is known" in said
    assert run(SAMPLE, "--at", AT, "--offset", 0)[0] != 0


def test_county_of_another_continent_is_refused_with_nothing_kept() -> None:
    code, said = run(SAMPLE, "--at", AT, "--offset", 0, "--place", COUNTY)
    assert code != 0 and "None of the places lies in this scene" in said
    assert not Thing.objects.exists()


@pytest.mark.parametrize(("more", "said"), [
    ({"properties": {}}, "does not name its place"),
    ({"properties": {"code": "990000000000"}}, "990000000000"),
    ({"geometry": {"type": "Point", "coordinates": [WEST, SOUTH]}}, "no area"),
    ({"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}}, "no area"),
    ({"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0]]]}}, "does not close"),
    ({"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [400, 1], [400, 0], [0, 0]]]}}, "outside longitude"),
])  # fmt: skip
def test_outlines_that_are_none_are_refused(tmp_path: Path, more: dict[str, Any], said: str) -> None:
    code, told = run(SAMPLE, "--at", AT, "--offset", 0, "--outlines", outlines(tmp_path, **more))
    assert code != 0 and said in told
    assert not Thing.objects.exists()


def test_another_value_for_the_same_moment_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    taken(tmp_path)
    found = np.load(SAMPLE)
    code, _ = taken(tmp_path, scene=changed(tmp_path, red=found["red"] + 300))
    assert code != 0
    assert Observation.objects.count() == 2


def test_scene_in_a_system_that_is_not_utm_is_refused(tmp_path: Path) -> None:
    code, said = taken(tmp_path, scene=changed(tmp_path, epsg=np.int64(3857)))
    assert code != 0 and "EPSG:3857" in said
    assert read_arrays(SAMPLE, offset=0).epsg == 32719
