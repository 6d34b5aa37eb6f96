"""What somebody sees on a round stands beside what sensors measure, with its pictures, and goes after its days."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from folders import spoilt
from web.village import make_account

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.engine.actions.cases import move
from cunzhi.engine.actions.pictures import keep_picture
from cunzhi.engine.loader import scenario
from cunzhi.engine.models import Case
from cunzhi.engine.spec.story import Story
from cunzhi.engine.stage import picture
from cunzhi.engine.stories import Play
from cunzhi.engine.telling import StoryFailed
from cunzhi.perception.actions.roll_ups import let_go_old
from cunzhi.perception.models import Datastream, Observation

PATROL = "workflows/patrol.yaml"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def beats(found: str, day: int, **more: Any) -> list[dict[str, Any]]:
    told = {"found": found, "find_photos": ["river", "bank"], **more}
    name = f"day{day}"
    return [
        {
            "at": f"2026-03-0{day}T09:00", "case": name, "do": "open", "workflow": "patrol", "by": "grid_worker",
            "answers": {"means": "foot", "route": "河边"},
        },
        {"at": f"2026-03-0{day}T10:00", "case": name, "do": "report", "by": "grid_worker", "answers": told},
    ]  # fmt: skip


def played(*told: dict[str, Any]) -> Play:
    play = Play(scenario("ecology"), Story.model_validate({"name": "rounds", "beats": told}))
    play.run()
    return play


@pytest.fixture
def rounds(db: None) -> Play:
    """Two rounds of a grid: nothing on the first, foul water with its spot on the second."""
    spot = {"hand_on": "yes", "find_spot": "29.41 106.55"}
    return played(*beats("nothing", 2), *beats("water", 3, **spot))


def test_what_was_seen_is_an_observation_of_the_place(rounds: Play) -> None:
    stream = Datastream.objects.get()
    first, second = stream.observations.order_by("at")
    case = Case.objects.get(pk=rounds.cases["day3"].pk)
    assert (stream.place_code, stream.observation_type.rpartition("_")[2]) == (case.place_code, "CategoryObservation")
    assert (first.text, second.text) == ("nothing", "water")
    assert second.parameters == {
        "key": f"step:{case.steps.get(transition='report').pk}",
        "case": case.number,
        "label": {"zh_Hans": "水体或排污口异常", "en": "Water or an outfall"},
        "photos": [f"/pictures/{one}/" for one in case.answers["find_photos"]],
        "coordinates": [106.55, 29.41],
    }
    assert "coordinates" not in (first.parameters or {})


def test_page_tells_what_was_seen_with_its_photos(rounds: Play) -> None:
    with clock.at(Observation.objects.latest("at").at + timedelta(hours=1)):
        client = Client(headers={"accept-language": "zh-hans"})
        client.force_login(make_account(rounds.people["grid_worker"], "grid_worker"), backend=BACKEND)
        said = client.get(f"/sensors/{Datastream.objects.get().pk}/?span=week").content.decode()
        photos = rounds.cases["day3"].answers["find_photos"]
        assert said.index("水体或排污口异常") < said.rindex("没有问题")
        assert all(f'href="/pictures/{one}/"' in said for one in photos)
        assert client.get(f"/pictures/{photos[0]}/").status_code == 200


def test_what_was_seen_goes_when_the_days_of_the_scenario_are_over(rounds: Play) -> None:
    with clock.at(clock.now() + timedelta(days=scenario("ecology").manifest.days_kept + 400)):
        let_go_old()
    assert not Observation.objects.exists()


def test_worker_on_the_web_needs_no_leave_to_set_up_sensors(db: None) -> None:
    opening, _ = beats("nothing", 2)
    play = played(opening)
    worker, case = Actor(play.people["grid_worker"].pk, "web"), play.cases["day2"]
    photo = keep_picture(by=worker, data=picture("river"), field="find_photos", place_code=case.place_code)
    answers = {"found": "nothing", "find_photos": [photo.pk]}
    with clock.at(case.opened_at + timedelta(hours=1)):
        move(by=worker, case=case, transition="report", version=case.version, answers=answers)
    assert Observation.objects.get().text == "nothing"


def test_refused_step_leaves_nothing(db: None) -> None:
    opening, report = beats("water", 2)  # whether it is to be handed on is not said
    with pytest.raises((Refused, StoryFailed)):
        played(opening, report)
    assert not Datastream.objects.exists()


def test_story_fails_when_something_else_was_seen(db: None) -> None:
    opening, report = beats("nothing", 2)
    with pytest.raises(StoryFailed, match="should be smoke and is nothing"):
        played(opening, report | {"then": {"observed": "smoke"}})


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("field: found", "field: fond", "no field of the type select_one in the form of this step is called 'fond'"),
        ("field: found", "field: means", "no field of the type select_one in the form of this step is called 'means'"),
        ("photos: find_photos", "photos: find_spot", "no field of the type image"),
        ("spot: find_spot", "spot: find_note", "no field of the type geopoint"),
    ],
)
def test_field_of_another_step_or_type_is_named(old: str, new: str, said: str) -> None:
    found = spoilt("ecology", PATROL, old, new)
    assert any(said in problem for problem in found), found
