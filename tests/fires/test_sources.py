"""Static sources: learned where it is hot month after month, corrected by what people found."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fires.banan import BY, make_county
from fires.rows import LATITUDE, LONGITUDE, NOW, STEP, file, viirs

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.fires.actions.events import judge_event, note_finding, note_sent
from cunzhi.fires.actions.sources import learn, learn_daily
from cunzhi.fires.actions.taking import take
from cunzhi.fires.actions.zones import take_zones
from cunzhi.fires.judging import Rules
from cunzhi.fires.models import Event, StaticSource, Zone

pytestmark = pytest.mark.django_db
RULES = Rules({"autumn_first": 815, "autumn_last": 1215}, True, 1, 48, 4, 6)


@pytest.fixture(autouse=True)
def on_the_day(db: None) -> Iterator[None]:
    with clock.at(NOW):
        make_county()
        yield


def take_days(*days: int, latitude: float = LATITUDE) -> None:
    take(by=BY, data=file(*(viirs(latitude, at=NOW - timedelta(days=day, hours=3)) for day in days)), source="past")


def newest(latitude: float = LATITUDE) -> Event:
    take_days(0, latitude=latitude)
    return Event.objects.latest("first_at")


def found(event: Event, what: str, number: int = 1) -> None:
    note_sent(event=event, case_record=f"case:{number}")
    assert note_finding(by=BY, case_record=f"case:{number}", found=what, checked_at=NOW, in_time=True)


def test_spot_that_is_hot_month_after_month_is_learned_and_nobody_is_sent() -> None:
    take_days(10, 40, 41, 75, 110, 111)
    assert learn(by=BY, months=4, days=6) == 1
    assert learn(by=BY, months=4, days=6) == 0
    source = StaticSource.objects.get()
    assert source.how == "learned" and "6 days in 4 months" in source.basis
    event = newest(LATITUDE + STEP)
    assert not judge_event(event=event, rules=RULES)
    event.refresh_from_db()
    assert event.standing == "static"


@pytest.mark.parametrize("days", [(10, 40, 75, 110), (1, 2, 3, 4, 5, 6, 7, 8)])
def test_few_days_or_one_harvest_are_no_static_source(days: tuple[int, ...]) -> None:
    take_days(*days)
    assert learn(by=BY, months=4, days=6) == 0


def test_it_looks_through_the_past_once_a_day() -> None:
    take_days(10, 40, 41, 75, 110, 111)
    assert [learn_daily(by=BY, months=4, days=6) for _ in range(2)] == [1, 0]


def test_works_that_somebody_saw_is_a_source_from_then_on() -> None:
    found(newest(), "industry")
    assert StaticSource.objects.get().how == "checked"
    later = newest(LATITUDE + STEP)
    assert not judge_event(event=later, rules=RULES)


def test_straw_where_a_source_was_learned_ends_it_and_it_is_not_learned_again() -> None:
    take_days(10, 40, 41, 75, 110, 111)
    learn(by=BY, months=4, days=6)
    found(newest(), "straw")
    source = StaticSource.objects.get()
    assert (source.until, source.end_basis.endswith("straw")) == (clock.today(), True)
    with clock.at(NOW + timedelta(days=1)):
        assert learn(by=BY, months=4, days=6) == 0


def test_nothing_found_twice_is_a_source_once_is_not() -> None:
    take_days(2)
    found(Event.objects.get(), "nothing")
    assert not StaticSource.objects.exists()
    found(newest(), "nothing", 2)
    assert StaticSource.objects.get().how == "checked"


def test_finding_a_second_time_is_the_same_time() -> None:
    event = newest()
    found(event, "straw")
    assert not note_finding(by=BY, case_record="case:1", found="nothing", checked_at=NOW, in_time=False)
    event.refresh_from_db()
    assert event.found == "straw"


def test_type_of_the_standard_product_tells_a_static_source() -> None:
    take(by=BY, data=file(viirs(version="2", kind="2"), archive=True), source="sp")
    event = Event.objects.get()
    assert not judge_event(event=event, rules=RULES)


SQUARE = (
    '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "高速两侧"}, "geometry": '
    '{"type": "Polygon", "coordinates": '
    "[[[106.5, 29.3], [106.6, 29.3], [106.6, 29.5], [106.5, 29.5], [106.5, 29.3]]]}}]}"
)


def test_zone_holds_from_its_day_and_a_new_one_takes_its_place() -> None:
    drawn = Rules(RULES.windows, False, 1, 48, 4, 6)
    event = newest()
    assert not judge_event(event=event, rules=drawn)
    assert take_zones(by=BY, data=SQUARE.encode(), place_code="500113", basis="禁烧通告 1 号") == 1
    assert judge_event(event=event, rules=drawn)
    far = SQUARE.replace("106.5,", "107.5,").replace("106.6,", "107.6,")
    take_zones(by=BY, data=far.encode(), place_code="500113", basis="禁烧通告 2 号")
    assert list(Zone.objects.order_by("id").values_list("until", flat=True)) == [clock.today(), None]
    assert not judge_event(event=event, rules=drawn)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[106.5, 29.3]]]", "[106.55, 29.2]]]"), ("106.6, 29.3", "106.5, 29.6"), ("106.6,", "706.6,"),
        ('"name"', '"title"'), ("Polygon", "Point"), ('"features"', '"fires"'), ("{", "", ), ("高速两侧", " "),
        ("29.5", "NaN"),
    ],
)  # fmt: skip
def test_zone_that_is_none_is_refused(old: str, new: str) -> None:
    with pytest.raises(Refused):
        take_zones(by=BY, data=SQUARE.replace(old, new).encode(), place_code="500113", basis="禁烧通告")
    assert not Zone.objects.exists()


def test_coordinates_are_those_of_banan() -> None:
    assert newest().longitude == LONGITUDE
