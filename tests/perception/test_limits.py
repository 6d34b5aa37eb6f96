"""Limits of standards: the right mean, the right unit, the limit of that day; everything else is not compared."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from engine.folders import spoilt
from hypothesis import given
from hypothesis import strategies as some
from matrix_sensors import make_station
from web.village import VILLAGE, make_places

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.engine.limits import limits_of
from cunzhi.perception.actions.observations import take
from cunzhi.perception.actions.roll_ups import roll_up_due
from cunzhi.perception.limits import Limit, Mean, judge, same_unit
from cunzhi.perception.models import Datastream
from cunzhi.perception.queries.means import hold
from cunzhi.perception.reading import read

from api.counties import BY  # isort: skip

NOON = datetime.fromisoformat("2026-07-10T12:00:00+08:00")
DAY = Limit(60, "µg/m3", "day", "most", 0, "GB")


@pytest.fixture
def air(db: None) -> Iterator[Datastream]:
    make_places()
    with clock.at(NOON):
        stream = make_station(VILLAGE, substance="pm25", standard="air_2", public=True)
        stream.observations.all().delete()
        Datastream.objects.update(unit={"name": "", "symbol": "μg/m³", "definition": ""})
        yield Datastream.objects.get()


def see(stream: Datastream, values: dict[datetime, float]) -> None:
    take(by=BY, items=[(stream.pk, read({"result": v, "phenomenonTime": at.isoformat()})) for at, v in values.items()])
    with clock.at(clock.now() + timedelta(minutes=5)):
        roll_up_due()


def hours(day: str, many: int, value: float) -> dict[datetime, float]:
    begin = datetime.fromisoformat(f"{day}T00:10:00+08:00")
    return {begin + timedelta(hours=hour): value for hour in range(many)}


def test_properties_of_a_datastream_say_what_it_is_judged_by(air: Datastream) -> None:
    assert (air.substance, air.standard, air.is_public) == ("pm25", "air_2", True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [{"substance": "PM 2.5"}, {"standard": 3}, {"public": "yes"}, {"substance": "x" * 40}]
)
def test_properties_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    make_places()
    with pytest.raises(Refused) as refused:
        make_station(VILLAGE, **wrong)
    assert refused.value.field.startswith("properties.")
    assert not Datastream.objects.exists()


def test_limits_change_with_the_day() -> None:
    def limit(substance: str, on: str, over: str) -> list[float]:
        return [one.value for one in limits_of("air_2", substance, date.fromisoformat(on)) if one.over == over]

    def day_limit(on: str) -> list[float]:
        return limit("pm25", on, "day")

    assert day_limit("2026-03-01") == [75]  # yesterday is judged, by yesterday's limit
    assert day_limit("2026-03-02") == [60]
    assert day_limit("2031-01-02") == [50]
    assert day_limit("2015-06-01") == []
    assert limit("pm25", "2026-07-01", "year") == [35]
    assert [limit("so2", on, "day") for on in ("2026-03-01", "2026-07-01", "2031-07-01")] == [[150], [150], [50]]
    assert [limit("so2", on, "hour") for on in ("2026-07-01", "2031-07-01")] == [[500], [150]]
    assert [limit("pm10", on, "year") for on in ("2026-07-01", "2027-07-01", "2032-07-01")] == [[70], [60], [50]]
    assert limit("co", "2026-07-01", "hour") == [10]
    assert [one.value for one in limits_of("water_3", "phosphorus", date(2026, 7, 1))] == [0.2]
    assert limits_of("water_3", "pm25", date(2026, 7, 1)) == []


def test_day_is_judged_by_the_mean_of_a_whole_day_and_never_by_one_reading(air: Datastream) -> None:
    see(air, hours("2026-07-09", 24, 50) | {datetime.fromisoformat("2026-07-10T10:00:00+08:00"): 500.0})
    held = hold(air, DAY, NOON)
    assert (held.verdict, held.mean.value if held.mean else None) == ("within", 50)


def test_mean_of_a_day_is_that_of_its_hours(air: Datastream) -> None:
    begin = datetime.fromisoformat("2026-07-09T23:00:00+08:00")
    flood = {begin + timedelta(minutes=minute): 500.0 for minute in range(1, 59)}
    see(air, hours("2026-07-09", 23, 50) | flood)
    held = hold(air, DAY, NOON)
    assert held.mean is not None and round(held.mean.value, 2) == round((23 * 50 + 500) / 24, 2)
    assert held.verdict == "beyond"


def test_day_with_too_few_hours_is_not_judged(air: Datastream) -> None:
    see(air, hours("2026-07-09", 19, 500))
    held = hold(air, DAY, NOON)
    assert (held.verdict, held.mean.parts if held.mean else 0) == ("too_few", 19)


def test_nothing_lately_is_not_judged(air: Datastream) -> None:
    see(air, hours("2026-07-01", 24, 500))
    assert hold(air, DAY, NOON).verdict == "nothing"
    assert hold(air, Limit(60, "µg/m3", "hour", "most", 0, ""), NOON).verdict == "nothing"


def test_units_that_differ_are_never_compared(air: Datastream) -> None:
    see(air, hours("2026-07-09", 24, 50))
    held = hold(air, Limit(60, "mg/m3", "day", "most", 0, ""), NOON)
    assert (held.verdict, held.mean) == ("other_unit", None)


@pytest.mark.parametrize(("one", "other", "same"), [
    ("µg/m³", "ug/m3", True), ("µg/m³", "μg/m3", True), ("mg / l", "mg/L", True), ("mg/m³", "µg/m³", False),
    ("", "", False),
])  # fmt: skip
def test_units_are_the_same_however_they_are_typed(one: str, other: str, same: bool) -> None:
    assert same_unit(one, other) is same


def test_year_wants_most_days_of_a_calendar_year(air: Datastream) -> None:
    year = Limit(35, "µg/m3", "year", "most", 0, "")
    first = datetime.fromisoformat("2025-01-01T08:00:00+08:00")
    see(air, {first + timedelta(days=number): 30.0 for number in range(323)})
    assert hold(air, year, NOON).verdict == "too_few"
    see(air, {first + timedelta(days=323): 30.0})
    assert hold(air, year, NOON).verdict == "within"


@given(some.floats(0, 1e6), some.sampled_from(["most", "least"]))
def test_value_at_the_limit_keeps_to_it(value: float, bound: str) -> None:
    limit = Limit(value, "mg/L", "value", bound, 0, "")  # type: ignore[arg-type]
    assert judge(limit, "mg/L", Mean(NOON, value, 1, 1)).verdict == "within"


@pytest.mark.parametrize(("old", "new", "said"), [
    ("over: day, bound: most}", "over: week, bound: most}", "limit.over"),
    ("unit: µg/m3, over: year", "unit: '', over: year", "limit.unit"),
    ("standards: [water_3], unit: mg/L", "standards: [], unit: mg/L",
     "limit.standards"),
    ("{pm25: 60,", "{pm26: 60,", "unknown rows: pm26"),
    ("min: 1, max: 30,", "limit: {standards: [a], unit: b, over: day, bound: most}, min: 1, max: 30,",
     "`limit` stands beside `rows`"),
])  # fmt: skip
def test_limit_with_a_mistake_is_named(old: str, new: str, said: str) -> None:
    assert any(said in one for one in spoilt("ecology", "parameters.yaml", old, new))
