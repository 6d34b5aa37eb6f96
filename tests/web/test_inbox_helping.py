"""Acting for somebody: found within one's scope, agreed, marked on every page and step, and over when it is sent."""

from datetime import timedelta

import pytest
from engine.conftest import Village
from web.stage import Town, deed

from cunzhi.base import clock
from cunzhi.engine.models import Case

FACE = {"how": "face", "words": "在她家里"}
PATH = "/report/points/deed/"


@pytest.fixture
def town(village: Village) -> Town:
    return Town(village)


def begin(town: Town, helper: str = "grid_worker", name: str = "villager") -> str:
    return str(town.client(helper).post(f"/help/{town.person_id(name)}/", FACE)["Location"])


def test_nobody_is_listed_before_something_is_asked(town: Town) -> None:
    assert "/help/" + str(town.person_id("villager")) not in town.client("grid_worker").get("/help/").content.decode()
    found = town.client("grid_worker").get("/help/?q=villager").content.decode()
    assert f"/help/{town.person_id('villager')}/" in found


def test_shopkeeper_sees_masked_names(town: Town) -> None:
    page = town.client("shopkeeper").get("/help/?q=villager").content.decode()
    assert "v*******" in page
    assert ">villager<" not in page


@pytest.mark.parametrize("name", ["villager", "appraiser", "township_officer"])
def test_helping_is_for_those_appointed_to_it(town: Town, name: str) -> None:
    assert town.client(name).get("/help/?q=villager").status_code == 403
    assert town.client(name).post(f"/help/{town.person_id('neighbour')}/", FACE).status_code == 403


def test_person_of_another_place_cannot_be_helped(town: Town) -> None:
    town.newcomer("stranger", "990101001002")
    assert "/help/" + str(town.person_id("stranger")) not in (
        town.client("grid_worker").get("/help/?q=stranger").content.decode()
    )
    assert town.client("grid_worker").post(f"/help/{town.person_id('stranger')}/", FACE).status_code == 403


def test_helping_needs_consent(town: Town) -> None:
    response = town.client("grid_worker").post(f"/help/{town.person_id('villager')}/", {"words": "好"})
    assert response.status_code == 422
    assert "正在为" not in town.client("grid_worker").get("/report/").content.decode()


def test_matter_is_the_helped_persons_and_ends_the_helping(town: Town) -> None:
    assert begin(town) == "/report/"
    client = town.client("grid_worker")
    assert "正在为 villager 代办" in client.get(PATH).content.decode()
    sent = client.post(PATH, deed())
    case = Case.objects.get()
    assert sent["Location"] == f"/cases/{case.number}/"
    assert case.subject_id == town.person_id("villager")
    step = case.steps.get()
    assert step.actor_id == town.person_id("grid_worker")
    assert step.on_behalf_of_id == town.person_id("villager")
    assert step.consent == "当面请我代办 在她家里"
    assert "正在为" not in client.get("/report/").content.decode()
    assert "grid_worker 代办" in town.client("villager").get(f"/cases/{case.number}/").content.decode()


def test_helper_appeals_in_the_persons_name(town: Town) -> None:
    case = town.report_deed()
    town.take("appraiser", case, "refuse", _reason="照片不清楚")
    begin(town)
    assert case.number in town.client("grid_worker").get("/matters/").content.decode()
    assert town.take("grid_worker", case, "appeal", grounds="请到现场看").status_code == 302
    assert case.steps.last().on_behalf_of_id == town.person_id("villager")


def test_helper_of_one_decides_about_another_as_oneself(town: Town) -> None:
    response = town.client("neighbour").post("/report/points/redeem/", {"goods": town.good("soap"), "quantity": "1"})
    assert response.status_code == 422
    town.client("villager").post("/report/points/redeem/", {"goods": town.good("soap"), "quantity": "1"})
    case = Case.objects.get()
    begin(town, "shopkeeper", "neighbour")
    town.take("shopkeeper", case, "cancel", _reason="货坏了")
    assert case.steps.last().on_behalf_of_id is None


def test_helping_is_over_after_half_an_hour(town: Town) -> None:
    begin(town)
    with clock.at(clock.now() + timedelta(minutes=31)):
        assert "正在为" not in town.client("grid_worker").get("/report/").content.decode()


def test_helping_can_be_stopped(town: Town) -> None:
    begin(town)
    town.client("grid_worker").post("/help/end/")
    assert "正在为" not in town.client("grid_worker").get("/report/").content.decode()


def test_helper_reads_none_of_the_persons_messages(town: Town) -> None:
    case = town.report_deed()
    begin(town)
    assert case.number not in town.client("grid_worker").get("/messages/").content.decode()
