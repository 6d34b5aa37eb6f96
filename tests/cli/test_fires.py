"""From a file or an answer to somebody on the way, and from what they found back to the list."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from fires.banan import BY, COUNTY, NORTH, SOUTH, VILLAGE, make_county
from fires.rows import NOW, file, viirs

from cunzhi.adapters.firms.port import Answer
from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.base.periods import Period
from cunzhi.cli.fires import fetching, handing
from cunzhi.cli.fires.handing import one_round
from cunzhi.cli.main import cli
from cunzhi.engine.actions.activations import set_parameter
from cunzhi.engine.actions.cases import move
from cunzhi.engine.actions.pictures import keep_picture
from cunzhi.engine.loader import scenario
from cunzhi.engine.models import Activation, Case, Message
from cunzhi.engine.stories import picture
from cunzhi.fires.actions.taking import take
from cunzhi.fires.models import Detection, Event, Feed, StaticSource
from cunzhi.fires.queries.events import PRODUCTS
from cunzhi.lake.run import total
from cunzhi.lake.scenario import indicators
from cunzhi.lake.window import Window
from cunzhi.registry.models import Person

pytestmark = pytest.mark.django_db
NEAR = 29.408
People = dict[str, Person]


@pytest.fixture
def people(db: None) -> Iterator[People]:
    with clock.at(NOW):
        yield make_county()


def seen(*lines: str) -> dict[str, int]:
    take(by=BY, data=file(*lines), source="a file")
    return one_round(BY)


def act(person: Person, case: Case, way: str, **what: object) -> None:
    fresh = Case.objects.get(pk=case.pk)
    move(by=Actor(person.pk, "web"), case=fresh, transition=way, version=fresh.version, **what)  # type: ignore[arg-type]


def look_at(people: People, case: Case, found: str) -> None:
    """The worker goes and the cadre confirms."""
    by = Actor(people["grid_worker"].pk, "web")
    photo = keep_picture(by=by, data=picture(found), field="check_photos", place_code=case.place_code)
    answers = {"found": found, "check_photos": [photo.pk]} | ({"now": "burnt_out"} if found == "straw" else {})
    act(people["grid_worker"], case, "check", answers=answers)
    act(people["village_cadre"], case, "confirm")


def test_nearest_grid_worker_is_sent_once(people: People) -> None:
    assert seen(viirs(NEAR))["fires_sent"] == 1
    assert one_round(BY)["fires_sent"] == 0
    case = Case.objects.get()
    assert (case.place_code, case.state, case.assignee) == (NORTH, "given", people["grid_worker"])
    assert case.answers["event"] == Event.objects.get().pk
    assert case.answers["spot"] == {"latitude": NEAR, "longitude": 106.54}
    assert Message.objects.filter(to=people["grid_worker"], key="go").count() == 1
    assert case.due_at is not None


def test_more_of_the_same_fire_sends_nobody_again(people: People) -> None:
    seen(viirs(NEAR))
    assert seen(viirs(NEAR + 0.003, at=NOW - timedelta(hours=2), satellite="N21"))["fires_sent"] == 0
    assert Event.objects.get().detections.count() == 2


def test_where_only_the_county_is_known_the_county_sends_somebody(people: People) -> None:
    seen(viirs(29.55, 106.9))
    case = Case.objects.get()
    assert (case.place_code, case.state, case.waits_for) == (COUNTY, "seen", "county_officer")
    answers = {"worker": str(people["grid_worker"].pk)}
    act(people["county_officer"], case, "assign", answers=answers)
    case.refresh_from_db()
    assert case.assignee == people["grid_worker"]


def test_where_no_worker_serves_the_cadre_is_sent(people: People) -> None:
    seen(viirs(29.391))
    case = Case.objects.get()
    assert (case.place_code, case.assignee) == (SOUTH, people["village_cadre"])


def test_fire_that_cannot_be_handed_over_holds_up_no_other(
    people: People, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    opened = handing.open_case

    def broken(**what: Any) -> Case:
        if what["place_code"] == SOUTH:
            raise Refused("engine.key_taken")
        return opened(**what)

    monkeypatch.setattr(handing, "open_case", broken)
    assert seen(viirs(29.391), viirs(NEAR))["fires_sent"] == 1
    assert "was not handed over" in caplog.text
    monkeypatch.setattr(handing, "open_case", opened)
    assert one_round(BY)["fires_sent"] == 1


def test_faint_old_and_out_of_season_send_nobody_and_say_why(people: People) -> None:
    assert seen(viirs(NEAR, confidence="l"), viirs(29.47, at=NOW - timedelta(days=4)))["fires_sent"] == 0
    assert set(Event.objects.values_list("standing", flat=True)) == {"faint", "old"}
    window = {"spring_first": 501, "spring_last": 630, "autumn_first": 0, "autumn_last": 0}
    activation = Activation.objects.get()
    set_parameter(by=BY, activation=activation, name="windows", since=clock.today(), basis="notice 2", table=window)
    assert seen(viirs(29.36))["fires_sent"] == 0
    assert Event.objects.get(latitude=29.36).standing == "no_window"


def test_where_the_scenario_is_off_nobody_is_sent(people: People) -> None:
    Activation.objects.all().delete()
    assert seen(viirs(NEAR))["fires_sent"] == 0
    assert Event.objects.get().standing == "not_on"


def test_what_was_found_comes_back_once_it_is_confirmed(people: People) -> None:
    seen(viirs(NEAR))
    with clock.at(NOW + timedelta(minutes=40)):
        look_at(people, Case.objects.get(), "industry")
        assert one_round(BY)["fires_found"] == 1
        assert one_round(BY)["fires_found"] == 0
    event = Event.objects.get()
    assert (event.found, event.in_time, event.checked_at) == ("industry", True, NOW + timedelta(minutes=40))
    assert StaticSource.objects.get().how == "checked"


def test_figures_are_counted_from_fires(people: People) -> None:
    seen(viirs(NEAR), viirs(29.38), viirs(29.55, 106.9))
    with clock.at(NOW + timedelta(hours=1)):
        look_at(people, Case.objects.get(place_code=NORTH), "nothing")
        one_round(BY)
    window = Window.of(COUNTY, Period.parse("2026-10"))
    found = {one.name: total(one, window).value for one in indicators(scenario("straw_burning"))}
    assert found == {
        "fires_detected": 3,
        "hours_to_check": pytest.approx(4),
        "share_checked_in_time": pytest.approx(100 / 3),
        "share_false": 100,
    }


class Fake:
    """A feed that answers what it was given, by product."""

    def __init__(self, **answers: Answer) -> None:
        self.answers = answers
        self.asked: list[tuple[str, tuple[float, float, float, float]]] = []

    def ask(self, product: str, box: tuple[float, float, float, float], days: int) -> Answer:
        self.asked.append((product, box))
        return self.answers.get(product, Answer(file()))


def test_fetching_asks_for_the_county_and_goes_on_after_failures(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = Fake(
        VIIRS_SNPP_NRT=Answer(b"Invalid MAP_KEY."),
        VIIRS_NOAA20_NRT=Answer(file(viirs(NEAR))),
        VIIRS_NOAA21_NRT=Answer(failure="TimeoutError: timed out"),
    )
    monkeypatch.setattr(fetching, "fire_feed", lambda: fake)
    assert fetching.fetch_due(BY) == 1
    assert [product for product, _ in fake.asked] == list(PRODUCTS)
    west, south, east, north = fake.asked[0][1]
    assert 106 < west < 106.6 < east < 107.5 and 28.5 < south < 29.4 < north < 30
    said = dict(Feed.objects.filter(product__in=PRODUCTS).values_list("product", "said"))
    assert "Invalid MAP_KEY" in said["VIIRS_SNPP_NRT"] and "timed out" in said["VIIRS_NOAA21_NRT"]
    assert said["VIIRS_NOAA20_NRT"] == said["MODIS_NRT"] == ""
    assert fetching.fetch_due(BY) == 0
    assert len(fake.asked) == 4
    with clock.at(NOW + timedelta(minutes=31)):
        assert fetching.fetch_due(BY) == 0
    assert len(fake.asked) == 8
    assert [isinstance(what, Refused) for _, what in fetching.fetch_all(BY)] == [True, False, True, False]


def test_without_a_key_nothing_is_asked(people: People, settings: Any) -> None:
    settings.CUNZHI_FIRMS_KEY = ""
    assert fetching.fetch_due(BY) == 0
    with pytest.raises(Refused, match="CUNZHI_FIRMS_KEY"):
        fetching.fetch_all(BY)


def test_commands_take_files_points_and_zones(people: People, tmp_path: Path) -> None:
    good, bad, points = tmp_path / "good.csv", tmp_path / "bad.csv", tmp_path / "points.csv"
    good.write_bytes(file(viirs(NEAR)))
    bad.write_bytes(file(viirs(NEAR), viirs(29.3, confidence="9")))
    points.write_text(f"code,longitude,latitude\n{VILLAGE},106.55,29.40\n")
    run = CliRunner().invoke
    assert "1 new" in run(cli, ["fires", "import", str(good)]).output
    assert "0 new, 1 known" in run(cli, ["fires", "import", str(good)]).output
    refused = run(cli, ["fires", "import", str(bad)])
    assert refused.exit_code == 1 and "bad.csv:3" in refused.output
    assert Detection.objects.count() == 1
    assert "1 points" in run(cli, ["fires", "points", str(points)]).output
    points.write_text(f"code,longitude,latitude\n{VILLAGE},106.55,999\n")
    assert "Line 2" in run(cli, ["fires", "points", str(points)]).output
