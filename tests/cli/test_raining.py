"""The demo's day of rain is played on real records: who was called when, what was warned of, what waits at its end."""

from datetime import timedelta

import pytest
from alarms.riverside import COUNTY, GRID, MONDAY, TOWNSHIP, VILLAGE, make_river

from cunzhi.alarms.models import Alarm, Warned
from cunzhi.base import clock
from cunzhi.base.clock import ZONE
from cunzhi.base.periods import Period
from cunzhi.cli.demo.cast import Village, Villager
from cunzhi.cli.demo.raining import rain
from cunzhi.engine.loader import scenario
from cunzhi.engine.models import Activation, Case
from cunzhi.lake.run import total
from cunzhi.lake.scenario import indicators
from cunzhi.lake.window import Window
from cunzhi.perception.models import Datastream, Observation
from cunzhi.registry.models import Place

END = MONDAY.replace(hour=12)
LADDER = ["grid_worker", "village_cadre", "township_officer"]


def ladder_of(alarm: Alarm) -> list[tuple[str, str]]:
    """Which rung was called when, in the alarm's gravest colour."""
    called = alarm.happenings.filter(what="called", colour=alarm.colour).order_by("id")
    return [(one.rung, f"{one.at.astimezone(ZONE):%H:%M}") for one in called]


@pytest.fixture
def played(db: None) -> None:
    with clock.at(MONDAY - timedelta(days=60)):
        river = make_river()
    people = river.people
    place, grid = Place.objects.get(code=VILLAGE), Place.objects.get(code=GRID)
    officers = {"village_cadre": [people["village_cadre"]]}
    village = Village(place, 1.0, [grid], [Villager(people["grid_worker"], 40, 1.0)], officers)
    with clock.at(END):
        rain([village], COUNTY, END)


def test_river_climbs_because_nobody_answers_and_is_dealt_with(played: None) -> None:
    river = Alarm.objects.get(hazard="flood")
    assert ladder_of(river) == list(zip(LADDER, ("03:00", "03:05", "03:10"), strict=True))
    assert river.colour == "red" and river.acknowledged_by.name == "王township_officer"
    assert river.handled_at is not None and river.outcome == "over"
    warned = Warned.objects.get()
    assert warned.alarm == river and [one.place_code for one in warned.places.all()] == [VILLAGE]


def test_rain_ends_by_itself_and_a_crack_is_reported(played: None) -> None:
    assert Alarm.objects.get(hazard="rainstorm").outcome == "over"
    case = Case.objects.get(scenario="warnings")
    assert (case.workflow, case.outcome) == ("danger", "done")
    assert Activation.objects.get(scenario="warnings").place_code == COUNTY


def test_slope_waits_on_the_desk_having_climbed_to_the_township(played: None) -> None:
    slope = Alarm.objects.get(cleared_at__isnull=True)
    assert (slope.hazard, slope.acknowledged_at) == ("landslide", None)
    assert ladder_of(slope) == list(zip(LADDER, ("11:28", "11:38", "11:48"), strict=True))
    assert slope.rung == "township_officer" and TOWNSHIP in slope.place_code


def test_day_is_measured_and_marked_simulated(played: None) -> None:
    july = Window.of(COUNTY, Period.parse("2026-07"))
    found = {one.name: total(one, july).value for one in indicators(scenario("warnings"))}
    assert found["minutes_to_warn"] == pytest.approx(15, abs=0.1)
    assert found["minutes_to_arrive"] == pytest.approx(37, abs=0.1)
    assert all(one.rule.title.endswith("（模拟）") for one in Alarm.objects.all())
    made = Datastream.objects.exclude(name="河道水位站")
    assert made.count() == 3 and all(one.properties["simulated"] for one in made)
    assert not Observation.objects.exclude(parameters__simulated=True).exists()
