"""From what was measured to figures: days within the limit, green land, complaints in time, patrols."""

from datetime import date, datetime, timedelta

import pytest
from api.counties import BY
from matrix_sensors import make_station
from web.village import COUNTY, VILLAGE, make_places

from cunzhi.base import clock
from cunzhi.base.periods import Period
from cunzhi.engine.folder import examples
from cunzhi.engine.limits import limits_of
from cunzhi.engine.loader import folders, scenario
from cunzhi.engine.models import Case
from cunzhi.engine.stories import Play, stories
from cunzhi.lake.indicator import Indicator
from cunzhi.lake.records import records
from cunzhi.lake.run import total
from cunzhi.lake.scenario import indicators
from cunzhi.lake.window import Window
from cunzhi.perception.actions.observations import take
from cunzhi.perception.actions.roll_ups import roll_up
from cunzhi.perception.models import Datastream
from cunzhi.perception.reading import read
from cunzhi.registry.access import Access

pytestmark = pytest.mark.django_db


def indicator(name: str) -> Indicator:
    return next(one for one in indicators(scenario("ecology")) if one.name == name)


def figure(name: str, month: str, under: str = COUNTY) -> float | None:
    return total(indicator(name), Window.of(under, Period.parse(month))).value


def air(days: dict[str, tuple[int, float]], substance: str = "pm25") -> Datastream:
    """A stream with so many hourly values of so much on some days."""
    make_places()
    with clock.at(datetime.fromisoformat(f"{min(days)}T00:00:00+08:00")):
        stream = make_station(VILLAGE, substance=substance, standard="air_2" if substance == "pm25" else "")
        stream.observations.all().delete()
    with clock.at(datetime.fromisoformat(f"{max(days)}T23:59:00+08:00")):
        for day, (many, value) in days.items():
            begin = datetime.fromisoformat(f"{day}T00:30:00+08:00")
            times = [begin + timedelta(hours=hour) for hour in range(many)]
            take(by=BY, items=[(stream.pk, read({"result": value, "phenomenonTime": at.isoformat()})) for at in times])
        roll_up(stream.pk)
    return stream


def test_days_are_held_against_the_limit_of_their_day() -> None:
    stream = air({"2026-02-27": (24, 70), "2026-02-28": (24, 80), "2026-03-01": (24, 70), "2026-03-02": (24, 60),
                  "2026-03-03": (24, 61), "2026-03-04": (19, 10)})  # fmt: skip
    assert figure("days_air_within", "2026-02") == 50
    assert figure("days_air_within", "2026-03") == pytest.approx(100 / 3)
    opened = records(indicator("days_air_within"), Window.of(COUNTY, Period.parse("2026-03")), access=Access(BY))
    assert [one.record for one in opened.rows] == [f"sensor:{stream.pk}"] * 3
    assert [one.counted for one in opened.rows].count(True) == 1


def test_numbers_in_the_indicator_are_those_of_the_parameters() -> None:
    text = scenario("ecology").files["indicators/days_air_within.sql"]
    for since in ("2026-02-28", "2026-03-02", "2031-01-02"):
        limit = next(one for one in limits_of("air_2", "pm25", date.fromisoformat(since)) if one.over == "day")
        assert f"mean <= {limit.value:g}" in text
    dated = scenario("ecology").parameters["air_2_day"].values
    assert [one.since.isoformat() in text for one in dated] == [False, True, True]


def test_green_is_the_mean_of_the_scenes() -> None:
    air({"2026-07-01": (1, 0.4), "2026-07-11": (1, 0.6)}, substance="ndvi")
    assert figure("green", "2026-07") == pytest.approx(0.5)
    assert figure("days_air_within", "2026-07") is None


@pytest.mark.parametrize(
    ("story", "name", "value"),
    [
        ("foul_water", "complaints_in_time", 100.0),
        ("nobody_looks", "complaints_in_time", 0.0),
        ("left_alone", "complaints_in_time", 100.0),
        ("round_on_foot", "patrols", 1),
        ("round_by_drone", "patrols", 1),
    ],
)
def test_complaints_and_patrols_are_counted(story: str, name: str, value: float) -> None:
    told = dict(stories(scenario("ecology"), examples(folders()["ecology"])))
    Play(scenario("ecology"), next(one for path, one in told.items() if story in path)).run()
    assert figure(name, "2026-03", Case.objects.earliest("pk").place_code[:6]) == value
