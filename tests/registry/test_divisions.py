"""The published lists: 38 counties then, 37 now, and what became of each."""

import random
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cunzhi.base.actor import NOBODY, system
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.journal.models import Entry
from cunzhi.registry import division_files
from cunzhi.registry.actions.places import Loaded, load_places
from cunzhi.registry.models import Place, Succession
from cunzhi.registry.queries import places

THEN, NOW = date(2022, 6, 1), date(2026, 11, 22)
CLI = system("cli")


@pytest.fixture
def chongqing(db: None) -> Loaded:
    return load_places(by=CLI)


def test_counties_are_38_in_2022_and_37_today(chongqing: Loaded) -> None:
    assert places.units("county", THEN).count() == 38
    assert places.units("county", NOW).count() == 37
    assert places.units("township", NOW, "mca").count() == 1028
    assert places.units("village", NOW).count() == 11270


def test_loading_twice_adds_nothing(chongqing: Loaded) -> None:
    assert chongqing.places == Place.objects.count() == 13_369
    assert chongqing.links == Succession.objects.count() == 1028
    assert load_places(by=CLI) == Loaded(0, 0)


def test_loading_one_county_brings_all_counties_but_only_its_villages(db: None) -> None:
    load_places(by=CLI, county="500113")
    assert places.units("county", NOW).count() == 37
    below = Place.objects.filter(level__in=("township", "village")).values_list("code", flat=True)
    assert below and all(code.startswith("500113") for code in below)


def test_loading_an_unknown_county_is_refused(db: None) -> None:
    with pytest.raises(Refused) as refusal:
        load_places(by=CLI, county="510104")
    assert refusal.value.code == "registry.unknown_county"
    assert "510104" in refusal.value.say("zh-hans")


def test_loading_by_a_visitor_is_forbidden(db: None) -> None:
    with pytest.raises(Forbidden):
        load_places(by=NOBODY)


def test_loading_is_noted_once_a_run(chongqing: Loaded) -> None:
    assert Entry.objects.get(verb="places.loaded").detail == {"places": 13_369, "links": 1028}


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("500105", ["两江新区"]),
        ("500112", ["北碚区", "两江新区"]),
        ("500109", ["北碚区", "两江新区"]),
        ("500113", ["巴南区"]),
    ],
)
def test_county_successors_follow_the_change_of_january_2026(chongqing: Loaded, code: str, names: list[str]) -> None:
    assert [one.name for one in places.successors(code, NOW)] == names
    assert [one.code for one in places.successors(code, THEN)] == [code]


def test_northern_towns_of_yubei_are_found_under_beibei(chongqing: Loaded) -> None:
    (town,) = places.successors("500112133", NOW, "mca")
    assert (town.name, town.code[:6]) == ("统景镇", "500109")
    assert [one.code for one in places.successors("500112133", NOW)] == ["500112133"]


def test_links_never_join_by_the_nine_digits_alone(chongqing: Loaded) -> None:
    """500101123 is 新乡镇 in one list and 龙驹镇 in the other; the link goes by county and name."""
    (after,) = places.successors("500101123", NOW, "mca")
    assert (after.name, after.code != "500101123") == ("新乡镇", True)


def test_moved_townships_of_the_changes_file_are_those_of_the_crosswalk() -> None:
    moved = {(town.nbs, town.to) for change in division_files.changes().changes for town in change.townships}
    links = {link.before[1]: link.after[1][:6] for link in division_files.links() if link.before[0] == "nbs"}
    assert len(moved) == 10
    assert all(links[nbs] == to for nbs, to in moved)


def test_path_and_search_and_children(chongqing: Loaded) -> None:
    village = places.children(places.children("500113")[5].code)[0]
    assert places.path_of(village.code)[:2] == ["重庆市", "巴南区"]
    assert places.name_of(village.code) == village.name
    assert village in places.search(village.name, within="500113")
    assert places.search(village.name, within="500101") == []
    assert [one.level for one in places.search("500113")[:1]] == ["county"]
    assert places.search("  ") == []


def test_path_of_a_village_takes_one_query(chongqing: Loaded) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        places.path_of("500113101200")
    assert len(asked) == 1


def test_every_parent_of_a_place_is_there(chongqing: Loaded) -> None:
    """Property: a code's shorter prefixes are places, so a prefix is always a subtree."""
    known = set(places.ours().values_list("code", flat=True))
    lengths = (2, 6, 9, 12)
    orphans = [code for code in known for length in lengths if length < len(code) and code[:length] not in known]
    assert orphans == []


def test_prefix_range_finds_the_subtree_and_nothing_else(chongqing: Loaded) -> None:
    codes = list(Place.objects.filter(system="nbs").values_list("code", flat=True))
    for code in random.Random(7).sample(codes, 40):
        found = set(Place.objects.filter(places.under(code, "code"), system="nbs").values_list("code", flat=True))
        assert found == {one for one in codes if one.startswith(code)}


def test_county_shapes_are_the_38_of_2024() -> None:
    shapes = places.county_shapes()["features"]
    assert len(shapes) == 38
    assert all(shape["geometry"]["type"] in ("Polygon", "MultiPolygon") for shape in shapes)
