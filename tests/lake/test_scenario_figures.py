"""The figures of a county's page: of scenarios that are on there, for those who may see them, in few queries."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from doings import COUNTY, FAR_VILLAGE, HEADER, OTHER_TOWNSHIP, TOWNSHIP, VILLAGE, activation, case, viewer

from cunzhi.base.actor import Actor, system
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.base.periods import Period
from cunzhi.engine import loader
from cunzhi.engine.models import Activation
from cunzhi.lake import queries
from cunzhi.lake.queries import scenario_figures, scenarios_on_in
from cunzhi.lake.run import Figure
from cunzhi.lake.window import Window
from cunzhi.registry.access import Access

pytestmark = pytest.mark.django_db
FEBRUARY = Period.parse("2026-02")
HERE = Window.of(COUNTY, FEBRUARY)
COUNT = "SELECT place_code AS place, closed_month AS period, COUNT(*) AS value FROM cases"
CLOSED = f"{HEADER}{COUNT} GROUP BY place_code, closed_month"
OPENED = CLOSED.replace("closed", "opened")


@pytest.fixture(autouse=True)
def points_with_two_indicators(monkeypatch: pytest.MonkeyPatch) -> None:
    points = loader.scenario("points")
    others = {path: text for path, text in points.files.items() if not path.startswith("indicators/")}
    files = {**others, "indicators/closed.sql": CLOSED, "indicators/opened.sql": OPENED}
    monkeypatch.setattr(queries, "scenarios", lambda: {"points": replace(points, files=files)})


def access(place_code: str, role: str = "township_officer") -> Access:
    return Access(Actor(person_id=viewer(place_code, role).pk, channel="test"))


def test_page_shows_the_whole_and_its_places() -> None:
    case(VILLAGE, opened="2026-01-05", closed="2026-02-05")
    case(FAR_VILLAGE, opened="2026-02-05", closed=None)
    closed, opened = scenario_figures(access(COUNTY, "county_officer"), HERE, level="township")
    assert (closed.indicator.name, closed.total.value) == ("closed", 1.0)
    assert closed.places == (Figure(TOWNSHIP, "2026-02", 1.0),)
    assert (opened.indicator.name, opened.places) == ("opened", (Figure(OTHER_TOWNSHIP, "2026-02", 1.0),))


def test_page_of_a_place_that_one_may_not_see_is_forbidden() -> None:
    activation()
    with pytest.raises(Forbidden):
        scenario_figures(access(TOWNSHIP), HERE, level="township")
    with pytest.raises(Forbidden):
        scenario_figures(access(COUNTY, "grid_worker"), HERE, level="township")
    assert scenario_figures(access(TOWNSHIP), Window.of(TOWNSHIP, FEBRUARY), level="village")


def test_scenario_that_is_not_on_is_left_out_unless_it_is_asked_for() -> None:
    everything = Access(system("test"))
    assert scenario_figures(everything, HERE, level="township") == []
    assert len(scenario_figures(everything, HERE, level="township", slug="points")) == 2


def test_unknown_scenario_is_refused() -> None:
    with pytest.raises(Refused, match="no scenario brigades"):
        scenario_figures(Access(system("test")), HERE, level="township", slug="brigades")


def test_page_takes_two_queries_an_indicator_however_much_there_is() -> None:
    for _ in range(4):
        case(VILLAGE)
    everything = Access(system("test"))
    with CaptureQueriesContext(connection) as few:
        scenario_figures(everything, HERE, level="township")
    for _ in range(20):
        case(FAR_VILLAGE)
    with CaptureQueriesContext(connection) as more:
        scenario_figures(everything, HERE, level="grid")
    counted = [sum("engine_case" in query["sql"] for query in asked) for asked in (few, more)]
    assert counted == [4, 4]
    assert len(few) == len(more)


@pytest.mark.parametrize(
    ("place", "since", "until", "on"),
    [
        (COUNTY, date(2026, 1, 1), None, True),
        ("50", date(2026, 1, 1), None, True),
        (VILLAGE, date(2026, 2, 28), None, True),
        (COUNTY, date(2025, 1, 1), date(2026, 2, 2), True),
        (COUNTY, date(2025, 1, 1), date(2026, 2, 1), False),
        (COUNTY, date(2026, 3, 1), None, False),
        ("500114", date(2026, 1, 1), None, False),
    ],
)
def test_scenario_is_on_when_a_decision_held_there_at_some_time(
    place: str, since: date, until: date | None, on: bool
) -> None:
    Activation.objects.create(scenario="points", place_code=place, since=since, until=until, basis="meeting")
    assert scenarios_on_in(HERE) == (frozenset({"points"}) if on else frozenset())
