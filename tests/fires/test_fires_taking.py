"""Files taken in: wholly or not at all, again without doubling, in any order with the same fires."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import permutations

import pytest
from fires.banan import BY, COUNTY, NORTH, SOUTH, make_county
from fires.rows import LATITUDE, LONGITUDE, MODIS, NOW, STEP, file, viirs

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.fires.actions.events import note_sent
from cunzhi.fires.actions.taking import Taken, take
from cunzhi.fires.models import Detection, Event, Look
from cunzhi.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_the_day(db: None) -> Iterator[None]:
    with clock.at(NOW):
        make_county()
        yield


def took(*lines: str, archive: bool = False) -> Taken:
    return take(by=BY, data=file(*lines, archive=archive), source="a file")


def fires() -> list[tuple[int, str]]:
    """How many detections each fire has, and where it lies."""
    rows = Event.objects.filter(merged_into__isnull=True).order_by("first_at", "latitude")
    return [(one.detections.count(), one.place_code) for one in rows]


def test_same_file_again_changes_nothing() -> None:
    lines = [viirs(), viirs(LATITUDE + STEP), viirs(LATITUDE + 0.5, LONGITUDE)]
    first = took(*lines)
    again = took(*lines)
    assert (first.new, first.known, again.new, again.known) == (3, 0, 0, 3)
    assert Detection.objects.count() == 3
    assert Look.objects.count() == 2


def test_same_pixel_written_with_fewer_decimals_is_the_same() -> None:
    assert took(viirs(29.40004, 106.54003)).new == 1
    assert took(viirs(29.40003, 106.54004)).new == 0


def test_standard_product_moves_what_near_real_time_said_and_doubles_nothing() -> None:
    took(viirs(), viirs(LATITUDE + STEP))
    moved = [viirs(at + 0.001, version="2", kind="0") for at in (LATITUDE, LATITUDE + STEP)]
    assert took(*moved, archive=True).new == 0
    assert took(*moved, archive=True).new == 0
    assert took(viirs(), viirs(LATITUDE + STEP)).new == 0
    rows = Detection.objects.order_by("latitude").values_list("latitude", "standard", "kind")
    assert list(rows) == [(29.401, True, 0), (29.4046, True, 0)]


def test_two_satellites_see_one_fire() -> None:
    at = NOW - timedelta(hours=3)
    took(viirs(), viirs(at=at + timedelta(minutes=50), satellite="N21"))
    modis = f"29.401,106.541,331.2,1.2,1.1,{at:%Y-%m-%d},{at.hour * 100},Aqua,MODIS,82,6.1NRT,290.1,14.5,D"
    assert take(by=BY, data=file(modis, header=MODIS), source="modis").new == 1
    assert [count for count, _ in fires()] == [3]


def test_what_lies_outside_all_counties_is_not_kept() -> None:
    taken = took(viirs(), viirs(20.0, 100.0))
    assert (taken.new, taken.outside) == (1, 1)


def test_place_is_the_nearest_point_or_no_more_than_the_county() -> None:
    took(viirs(29.408), viirs(29.391, 106.545), viirs(29.55, 106.9))
    found = {one.place_code: (one.known_by, one.metres) for one in Event.objects.all()}
    assert found[NORTH][0] == found[SOUTH][0] == "point"
    assert 200 < (found[NORTH][1] or 0) < 250
    assert found[COUNTY] == ("outline", None)


def test_order_of_files_does_not_matter() -> None:
    parts = [viirs(LATITUDE + number * STEP * 1.4, at=NOW - timedelta(hours=9 - number * 3)) for number in range(3)]
    seen = set()
    for order in permutations(parts):
        Detection.objects.all().delete()
        Event.objects.all().delete()
        for line in order:
            took(line)
        seen.add(tuple(fires()))
    assert len(seen) == 1
    assert [count for count, _ in next(iter(seen))] == [3]


def test_bridge_makes_one_fire_of_two_and_keeps_the_one_to_which_somebody_was_sent() -> None:
    took(viirs(LATITUDE), viirs(LATITUDE + STEP * 2.6))
    first, second = Event.objects.order_by("id")
    note_sent(event=second, case_record="case:7")
    took(viirs(LATITUDE + STEP * 1.3))
    assert [count for count, _ in fires()] == [3]
    assert Event.objects.get().case_record == "case:7"
    assert not Event.objects.filter(pk=first.pk).exists()


def test_two_fires_with_people_under_way_are_merged_and_none_is_forgotten() -> None:
    took(viirs(LATITUDE), viirs(LATITUDE + STEP * 2.6))
    first, second = Event.objects.order_by("id")
    note_sent(event=first, case_record="case:7")
    note_sent(event=second, case_record="case:8")
    took(viirs(LATITUDE + STEP * 1.3))
    second.refresh_from_db()
    assert second.merged_into_id == first.pk
    assert [count for count, _ in fires()] == [3]


def test_file_with_one_bad_line_leaves_nothing() -> None:
    with pytest.raises(Refused):
        took(viirs(), viirs(confidence="50"))
    assert (Detection.objects.count(), Look.objects.count(), Event.objects.count()) == (0, 0, 0)


def test_answer_that_is_a_sentence_leaves_no_look() -> None:
    with pytest.raises(Refused, match="Invalid MAP_KEY"):
        take(by=BY, data=b"Invalid MAP_KEY.", source="VIIRS_SNPP_NRT")
    assert not Look.objects.exists()


def test_look_is_noted_and_nobody_else_may_take_one_in() -> None:
    look = took(viirs()).look
    assert Entry.objects.filter(verb="fires.look", record=look.record).count() == 1
    with pytest.raises(Forbidden):
        take(by=Actor(person_id=1, channel="web"), data=file(viirs()), source="x")


def test_thousand_rows_are_quick() -> None:
    lines = [viirs(28.5 + number % 37 * 0.04, 106.0 + number // 37 * 0.05) for number in range(1000)]
    assert took(*lines).new > 300
