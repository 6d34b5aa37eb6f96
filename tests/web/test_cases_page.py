"""The page of one matter: who may see what of it, who may do what, and what happens when two do it at once."""

import re

import pytest
from engine.conftest import Village, stage
from web.stage import PHOTOS, Town, photo

from cunzhi.engine.models import Case, Step
from cunzhi.engine.pickup import code_of
from cunzhi.engine.spec.story import Given

OFFICERS = (
    "appraiser",
    "supervisor",
    "shopkeeper",
    "grid_worker",
    "village_cadre",
    "township_officer",
    "county_officer",
)


@pytest.fixture
def town(village: Village) -> Town:
    return Town(village)


def page_of(town: Town, name: str, case: Case, query: str = "") -> str:
    response = town.client(name).get(f"/cases/{case.number}/{query}")
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.mark.parametrize("name", OFFICERS)
def test_officer_of_the_place_sees_whose_matter_it_is(town: Town, name: str) -> None:
    case = town.report_deed()
    page = page_of(town, name, case)
    assert "villager" in page
    assert "我为什么能看到" in page


@pytest.mark.parametrize("name", ["neighbour", "spouse"])
def test_other_villager_finds_no_such_page(town: Town, name: str) -> None:
    case = town.report_deed()
    assert town.client(name).get(f"/cases/{case.number}/").status_code == 404
    assert town.client(name).post(f"/cases/{case.number}/approve/", {"seen": "photo"}).status_code == 404


@pytest.mark.parametrize("number", ["26-ZZZZ-Z", "26-0000-0", "nonsense", "1"])
def test_unknown_number_finds_no_such_page(town: Town, number: str) -> None:
    assert town.client("village_cadre").get(f"/cases/{number}/").status_code == 404


def test_number_as_people_write_it_finds_the_matter(town: Town) -> None:
    case = town.report_deed()
    written = case.number.lower().replace("-", "").replace("0", "o")
    assert town.client("villager").get(f"/cases/{written}/")["Location"] == f"/cases/{case.number}/"


def test_visitor_is_asked_to_sign_in(town: Town, client) -> None:  # type: ignore[no-untyped-def]
    case = town.report_deed()
    assert client.get(f"/cases/{case.number}/")["Location"].startswith("/sign-in/")


def test_one_question_becomes_one_button_for_each_answer(town: Town) -> None:
    case = town.report_deed()
    page = page_of(town, "appraiser", case)
    assert re.findall(r'name="seen" value="(\w+)"', page) == ["visited", "asked", "photo"]
    assert "details" in page


def test_decision_leads_to_the_next_that_waits(town: Town) -> None:
    first, second = town.report_deed(), town.report_deed("neighbour")
    response = town.take("appraiser", first, "approve", seen="visited", _after="inbox")
    assert response["Location"] == f"/cases/{second.number}/?from=inbox"
    assert town.take("appraiser", second, "approve", seen="asked", _after="inbox")["Location"] == "/inbox/"


def test_refusal_without_a_reason_stays_on_the_page(town: Town) -> None:
    case = town.report_deed()
    response = town.take("appraiser", case, "refuse", _reason="  ")
    assert response.status_code == 422
    assert "请写明理由" in response.content.decode()
    case.refresh_from_db()
    assert case.state == "rechecking"


def test_refusal_names_its_reason_its_decider_and_the_appeal(town: Town) -> None:
    case = town.report_deed()
    town.take("appraiser", case, "refuse", _reason="照片不清楚，看不出是哪里")
    page = page_of(town, "villager", case)
    assert "照片不清楚，看不出是哪里" in page
    assert "积分评议员 appraiser" in page
    assert f"/cases/{case.number}/appeal/" in page
    assert town.take("villager", case, "appeal", grounds="请到现场看").status_code == 302
    case.refresh_from_db()
    assert case.state == "appealed"


def test_appeal_without_grounds_keeps_the_page(town: Town) -> None:
    case = town.report_deed()
    town.take("appraiser", case, "refuse", _reason="照片不清楚")
    response = town.take("villager", case, "appeal", grounds="")
    assert response.status_code == 422
    assert "请填写此项" in response.content.decode()


def test_who_comes_second_is_told_what_happened(town: Town) -> None:
    case = town.report_deed()
    seen = case.version
    town.take("appraiser", case, "send_back", _reason="哪个院坝？")
    late = town.client("appraiser").post(f"/cases/{case.number}/refuse/", {"_version": seen, "_reason": "照片不清楚"})
    page = late.content.decode()
    assert late.status_code == 409
    assert "有人先办了一步" in page
    assert "哪个院坝？" in page
    assert "照片不清楚" in page


def test_same_decision_sent_twice_is_taken_once(town: Town) -> None:
    case = town.report_deed()
    data = {"seen": "photo", "_key": "a" * 32}
    first = town.take("appraiser", case, "approve", **data)
    second = town.client("appraiser").post(f"/cases/{case.number}/approve/", {**data, "_version": 1})
    assert (first.status_code, second.status_code) == (302, 302)
    assert Step.objects.filter(case=case).count() == 2


def test_own_matter_is_decided_by_nobody_concerned(town: Town) -> None:
    appraiser = town.village.play.people["appraiser"]
    case = town.report_deed("appraiser")
    assert case.subject_id == appraiser.pk
    assert "approve" not in page_of(town, "appraiser", case)
    response = town.take("appraiser", case, "approve", seen="photo")
    assert response.status_code == 403 or "本人或本户" in response.content.decode()
    case.refresh_from_db()
    assert case.state == "rechecking"


def test_step_of_another_role_is_refused(town: Town) -> None:
    case = town.report_deed()
    response = town.take("shopkeeper", case, "approve", seen="photo")
    assert response.status_code == 403
    assert "此步骤由以下人员办理" in response.content.decode()


@pytest.mark.parametrize(
    ("language", "said"), [("zh-hans", "积分池余额足够"), ("en", "the village&#39;s pot covers it")]
)
def test_why_a_step_was_possible_is_told_in_words(town: Town, language: str, said: str) -> None:
    case = town.report_deed()
    town.take("appraiser", case, "approve", seen="photo")
    town.speaks("villager", language)
    assert said in page_of(town, "villager", case)


def test_unknown_step_finds_no_page(town: Town) -> None:
    case = town.report_deed()
    assert town.client("villager").get(f"/cases/{case.number}/nonsense/").status_code == 404


def test_step_that_is_not_open_leads_back(town: Town) -> None:
    case = town.report_deed()
    assert town.client("villager").get(f"/cases/{case.number}/appeal/")["Location"] == f"/cases/{case.number}/"


def test_report_sent_back_stands_filled_in_with_its_pictures(town: Town) -> None:
    case = town.report_deed()
    town.take("appraiser", case, "send_back", _reason="哪个院坝？")
    page = town.client("villager").get(f"/cases/{case.number}/complete/").content.decode()
    picture = case.attachments.get()
    assert f'name="photos" value="{picture.pk}" checked' in page
    assert 'value="clean_yard" checked' in page
    again = {"deed": "clean_yard", "done_on": "2026-03-01", "photos": [picture.pk], PHOTOS: [photo("more")]}
    assert town.take("villager", case, "complete", **again).status_code == 302
    assert case.attachments.count() == 2


def test_code_is_shown_to_its_owner_only(town: Town) -> None:
    response = town.client("villager").post("/report/points/redeem/", {"goods": town.good("soap"), "quantity": "1"})
    case = Case.objects.get(number=response["Location"].split("/")[2])
    spaced = f"{code_of(case)[:3]} {code_of(case)[3:]}"
    assert spaced in page_of(town, "villager", case)
    assert spaced not in page_of(town, "shopkeeper", case)
    assert code_of(case) not in page_of(town, "shopkeeper", case)
    assert spaced in town.client("villager").get("/matters/").content.decode()


def test_machine_finding_names_the_other_matter_to_officers_only(town: Town) -> None:
    first = town.report_deed()
    second = town.report_deed("neighbour")
    assert first.number in page_of(town, "appraiser", second)
    assert first.number not in page_of(town, "neighbour", second)


def test_assigning_gives_the_matter_to_a_worker(db: None, monday: None) -> None:
    town = Town(stage("living_environment", Given()))
    town.client("villager").post("/report/living_environment/problem/", {"kind": "lamp", "where": "村口"})
    case = Case.objects.get()
    assert case.number in town.client("grid_head").get("/inbox/").content.decode()
    town.take("grid_head", case, "assign", worker=str(town.person_id("grid_worker")))
    assert case.number in town.client("grid_worker").get("/inbox/").content.decode()
    assert town.take("grid_worker", case, "hand_back", _reason="属于公路局").status_code == 302
    town.take("grid_head", case, "assign", worker=str(town.person_id("grid_worker")))
    done = {"done_note": "换了灯泡", "done_photos.file": [photo("mended")]}
    assert town.take("grid_worker", case, "finish", **done).status_code == 302
    assert town.take("villager", case, "confirm").status_code == 302
    case.refresh_from_db()
    assert case.outcome == "done"


def test_pages_of_a_matter_take_as_many_queries_with_many_steps(town: Town, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    case = town.report_deed()
    for _ in range(4):
        town.take("appraiser", case, "send_back", _reason="哪个院坝？")
        again = {"deed": "clean_yard", "done_on": "2026-03-01", "photos": [case.attachments.first().pk]}
        town.take("villager", case, "complete", **again)
    client = town.client("appraiser")
    with django_assert_max_num_queries(16):
        client.get(f"/cases/{case.number}/")
