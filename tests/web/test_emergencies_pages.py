"""Emergencies as those who lead, count and shelter see them: in both languages, with and without scripts."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from emergencies.valley import BY, COUNTY, NEXT, NIGHT, PLANS, VILLAGE, Valley, at_night, make_valley
from web.village import make_account

from cunzhi.alarms.actions.life import raise_by_hand
from cunzhi.alarms.actions.warning import Draft, issue
from cunzhi.base import clock
from cunzhi.emergencies.actions.arriving import enter_household, enter_others
from cunzhi.emergencies.codes import code_of
from cunzhi.emergencies.models import Arrival, Emergency, Knocked, Plan
from cunzhi.engine.actions.cases import move
from cunzhi.engine.alarming import tell
from cunzhi.engine.models import Case, Notice, Step
from cunzhi.registry.models import Account, Disclosure, Person

SMALL = 30 * 1024


@pytest.fixture
def valley(db: None) -> Iterator[Valley]:
    with at_night():
        yield make_valley()


def browser(valley: Valley, name: str, language: str = "zh-hans") -> Client:
    person = Person.objects.get(pk=valley.people[name].pk)
    account = Account.objects.filter(person=person).first() or make_account(person)
    Account.objects.filter(pk=account.pk).update(language=language)
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def at(emergency: Emergency, rest: str = "") -> str:
    return f"/emergencies/{emergency.pk}/{rest}"


def test_one_is_opened_by_hand_and_reported_from_the_records(valley: Valley) -> None:
    cadre = browser(valley, "village_cadre")
    given = {"place_code": VILLAGE, "hazard": "flood", "colour": "orange", "seen": "河水漫过步道"}
    answer = cadre.post("/emergencies/new/", given)
    emergency = Emergency.objects.get()
    assert answer.status_code == 302 and answer["Location"] == at(emergency)
    page = cadre.get(at(emergency)).content.decode()
    for said in (
        "河水漫过步道",
        "打开安置点",
        "敲门",
        "防汛办〔2026〕1号",
        "村小学",
        "0 人，可容 10 人",
        "还没敲门",
        "加任务",
    ):
        assert said in page
    english = browser(valley, "village_cadre", "en").get(at(emergency)).content.decode()
    assert "Open the shelters" in english and "Village school" in english
    part = browser(valley, "grid_worker").get(at(emergency), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "打开安置点" in part and "hx-swap-oob" in part
    known = re.search(r'id="known" value="([^"]*)"', part)
    assert known is not None
    again = browser(valley, "grid_worker").get(at(emergency), {"known": known[1]}, headers={"HX-Request": "true"})
    assert "hx-swap-oob" not in again.content.decode()  # nothing is said aloud while nothing happens
    assert "hx-get" in page and "hx-get" not in cadre.get(at(emergency), {"every": "0"}).content.decode()
    assert browser(valley, "next_cadre").get(at(emergency)).status_code == 404
    assert browser(valley, "101").get(at(emergency)).status_code == 404
    assert browser(valley, "101").get("/emergencies/").status_code == 403


def test_report_tells_what_is_done_overdue_and_impossible(valley: Valley) -> None:
    emergency = valley.open()
    first, second, third = Case.objects.filter(parent_id=emergency.case_id).order_by("id")
    move(by=valley.actor("village_cadre"), case=first, transition="finish", version=1, answers={"said": "水电通了"})
    with clock.at(NIGHT + timedelta(minutes=45)):
        move(by=valley.actor("other_worker"), case=third, transition="give_up", version=1, reason="桥断了")
        page = browser(valley, "village_cadre").get(at(emergency)).content.decode()
    for said in ("水电通了", "桥断了", "超时", "办不到", "已 45 分钟"):
        assert said in page
    assert second.state == "given"


def test_button_on_an_alarm_opens_one_and_then_leads_to_it(valley: Valley) -> None:
    by = valley.actor("county_officer")
    alarm = raise_by_hand(by=by, place_code=VILLAGE, hazard="flood", colour="red", words="大水", drill=False, tell=tell)
    cadre, worker = browser(valley, "village_cadre"), browser(valley, "grid_worker")
    way = f"/emergencies/of-alarm/{alarm.pk}/"
    assert way in cadre.get(f"/alarms/{alarm.pk}/").content.decode()
    assert way not in worker.get(f"/alarms/{alarm.pk}/").content.decode()
    assert worker.post(way).status_code == 403
    assert cadre.post(way)["Location"] == cadre.post(way)["Location"]
    emergency = Emergency.objects.get()
    assert emergency.cause == alarm.record
    page = worker.get(f"/alarms/{alarm.pk}/").content.decode()
    assert at(emergency) in page and "大水" in worker.get(at(emergency)).content.decode()


def test_warning_opens_one_at_a_place_where_the_reader_leads(valley: Valley) -> None:
    draft = Draft(
        place_code=COUNTY, hazard="flood", colour="orange", headline="洪水橙色预警", description="水", instruction="走",
        expires=clock.now() + timedelta(hours=6),
    )  # fmt: skip
    warned = issue(by=valley.actor("county_officer"), draft=draft)
    cadre = browser(valley, "village_cadre")
    way = f"/emergencies/of-warning/{warned.pk}/"
    assert way in cadre.get(f"/warnings/{warned.pk}/").content.decode()
    assert way not in Client().get(f"/warnings/{warned.pk}/").content.decode()
    assert cadre.post(way, {"place_code": COUNTY}).status_code == 404
    assert browser(valley, "101").post(way, {"place_code": VILLAGE}).status_code == 404
    assert cadre.post(way, {"place_code": VILLAGE}).status_code == 302
    assert Emergency.objects.get().cause == warned.record


def test_keeper_counts_by_paper_and_mistakes_are_said(valley: Valley) -> None:
    emergency, keeper = valley.open(), browser(valley, "grid_worker")
    way = at(emergency, f"shelters/{valley.school.pk}/")
    assert keeper.post(way, {"number": "101", "heads": "4", "key": "k1"}).status_code == 302
    assert keeper.post(way, {"number": "101", "heads": "4", "key": "k1"}).status_code == 302
    assert keeper.post(way, {"number": "", "heads": "9", "key": "k2"}).status_code == 302
    page = keeper.get(way).content.decode()
    assert "超出 3 人" in page and Arrival.objects.count() == 2
    wrongs = (({"number": "999", "heads": "1"}, "没有户号"), ({"heads": "x"}, "heads"), ({"heads": "99"}, "0 到 30"))
    for wrong, said in wrongs:
        answer = keeper.post(way, wrong)
        assert answer.status_code == 422 and said in answer.content.decode()
    assert browser(valley, "next_cadre").get(way).status_code == 404
    assert browser(valley, "101").get(way).status_code == 404
    assert Arrival.objects.count() == 2


def test_household_scans_the_sheet(valley: Valley) -> None:
    emergency, school = valley.open(), valley.school
    sheet = browser(valley, "village_cadre").get(at(emergency, f"shelters/{school.pk}/sheet/")).content.decode()
    code = code_of(emergency, school)
    assert code[:4] in sheet and "<svg" in sheet
    way = at(emergency, f"shelters/{school.pk}/come/")
    villager = browser(valley, "101")
    assert 'value="1"' in villager.get(way, {"code": code}).content.decode()
    assert villager.get(way).status_code == 422 and villager.post(way, {"heads": "2", "code": "X"}).status_code == 422
    done = villager.post(way, {"heads": "2", "code": code, "key": "k"}).content.decode()
    assert "已经登记" in done and Arrival.objects.get().heads == 2
    assert villager.post(way, {"heads": "many", "code": code}).status_code == 422
    assert browser(valley, "301").get(way, {"code": code}).status_code == 403
    assert Client().get(way, {"code": code}).status_code == 302


def test_doors_are_masked_noted_and_marked(valley: Valley) -> None:
    emergency, worker = valley.open(), browser(valley, "grid_worker")
    way = at(emergency, "doors/")
    page = worker.post(way).content.decode()
    assert "101" in page and "户***" in page and "户101" not in page and "201" not in page.split("<main")[1]
    assert Disclosure.objects.count() == 1 and worker.get(way).status_code == 405
    marked = worker.post(way, {"household": str(valley.homes["101"].pk), "found": "nobody"}).content.decode()
    assert "没有人应门" in marked and Knocked.objects.count() == 1
    assert worker.post(way, {"household": str(valley.homes["201"].pk), "found": "safe"}).status_code == 403
    assert browser(valley, "county_officer").post(way).status_code == 404
    assert browser(valley, "next_cadre").post(way).status_code == 404
    assert Knocked.objects.count() == 1


def test_where_to_shelter_is_small_public_and_names_nobody(valley: Valley) -> None:
    emergency, by = valley.open(), valley.actor("village_cadre")
    enter_household(by=by, emergency=emergency, shelter=valley.school, household=valley.homes["101"], heads=9)
    answer = Client().get(f"/shelters/at/{VILLAGE}/")
    page = answer.content.decode()
    assert answer.status_code == 200 and len(answer.content) < SMALL
    assert "村小学" in page and "快满了" in page and "现在不要去：洪水时不安全" in page
    assert page.index("村小学") < page.index("河边礼堂")
    assert "户" not in page.split("<main")[1].replace("住户", "") and "王" not in page
    assert f"/shelters/at/{VILLAGE}/" in Client().get(f"/warnings/at/{VILLAGE}/").content.decode()
    assert Client().get("/shelters/at/nowhere/").status_code == 404


def test_report_speaks_one_language(valley: Valley) -> None:
    emergency = valley.open()
    task = Case.objects.filter(parent_id=emergency.case_id).earliest("id")
    move(by=valley.actor("village_cadre"), case=task, transition="finish", version=1, answers={"said": "light is on"})
    english = browser(valley, "village_cadre", "en").get(at(emergency)).content.decode()
    assert english.count("Open the shelters") == 2 and "打开安置点" not in english


def test_full_shelter_is_full_whatever_else_runs(valley: Valley) -> None:
    """Heads of two emergencies and of the neighbouring village are summed up; nobody walks to a door that is shut."""
    flood, slide, by = valley.open(), valley.open(hazard="landslide"), valley.actor("village_cadre")
    enter_others(by=by, emergency=flood, shelter=valley.school, heads=9)
    enter_others(by=by, emergency=slide, shelter=valley.school, heads=1)
    for code in (VILLAGE, COUNTY, NEXT):
        page = Client().get(f"/shelters/at/{code}/").content.decode()
        assert "已满" in page and "快满了" not in page, code


def test_what_no_database_keeps_is_passed_over_at_the_shelter(valley: Valley) -> None:
    emergency, school = valley.open(), valley.school
    sent = {"heads": "2", "code": code_of(emergency, school), "key": "a\x00b"}
    assert browser(valley, "101").post(at(emergency, f"shelters/{school.pk}/come/"), sent).status_code == 200
    assert Arrival.objects.get().key == "ab"


def test_file_of_plans_is_taken_on_the_page_and_mistakes_have_their_line(valley: Valley) -> None:
    officer = browser(valley, "township_officer", "en")
    good = PLANS[: PLANS.index("shelters:")]
    for text, status in ((good.replace("red: 15", "rot: 15"), 422), (good, 302)):
        file = SimpleUploadedFile("plans.yaml", text.encode())
        answer = officer.post("/emergencies/plans/", {"place_code": "500113101", "file": file})
        assert answer.status_code == status
        assert status == 302 or "plans.yaml:9" in answer.content.decode()
    plan = Plan.objects.latest("id")
    page = officer.get(f"/emergencies/plans/{plan.pk}/").content.decode()
    assert "Open the shelters" in page and "simulated" in page and "begins by itself" in page
    assert officer.post("/emergencies/plans/", {"place_code": "500113101"}).status_code == 422
    assert browser(valley, "village_cadre").post(f"/emergencies/plans/{plan.pk}/end/").status_code == 403
    assert officer.post(f"/emergencies/plans/{plan.pk}/end/").status_code == 302
    plan.refresh_from_db()
    assert plan.until is not None
    assert browser(valley, "101").get(f"/emergencies/plans/{plan.pk}/").status_code == 404


def test_review_is_published_with_figures_from_the_records(valley: Valley) -> None:
    emergency, cadre = valley.open(), browser(valley, "village_cadre")
    number = Case.objects.get(pk=emergency.case_id).number
    with clock.at(NIGHT + timedelta(hours=2)):
        for way, answers in (("end", {}), ("review", {"title": "洪水复盘", "lessons": "敲门快，手电少。"})):
            version = Case.objects.get(pk=emergency.case_id).version
            form = cadre.get(f"/cases/{number}/{way}/")
            assert form.status_code in (200, 405)
            answer = cadre.post(f"/cases/{number}/{way}/", {"_version": str(version), **answers})
            assert answer.status_code == 302, answer.content.decode()[:3000]
        notice = Notice.objects.get()
        page = Client().get(f"/notices/{notice.pk}/").content.decode()
        assert "洪水复盘" in page and "敲门快" in page and "历时 120 分钟；任务 3 项，办到 0 项" in page
        shown = cadre.get(at(emergency)).content.decode()
    assert "hx-get" not in shown and "到结束也没办" in shown


def test_first_page_is_small_also_with_a_task_for_every_grid_of_a_county(valley: Valley) -> None:
    emergency, officer = valley.open(), browser(valley, "county_officer")
    parent = Case.objects.get(pk=emergency.case_id)
    first = Case.objects.filter(parent=parent).earliest("id")
    for number in range(150):
        child = Case.objects.get(pk=first.pk)
        child.pk, child.number, child.key = None, f"T{number}", None
        child.save(force_insert=True)
        Step.objects.create(case=child, at=clock.now(), transition="open", to_state="given")
    for way in ("/emergencies/", at(emergency), "/emergencies/plans/"):
        page = officer.get(way).content
        assert len(page) < 60 * 1024
    shown = officer.get(at(emergency)).content.decode()
    assert "<strong>153</strong>" in shown and "73 项应急任务" in shown


def test_report_asks_as_often_for_many_as_for_few(valley: Valley, django_assert_max_num_queries: Any) -> None:
    emergency, cadre = valley.open(), browser(valley, "village_cadre")
    for task in Case.objects.filter(parent_id=emergency.case_id):
        move(by=BY, case=task, transition="lapse", version=1)
    cadre.get(at(emergency))
    with django_assert_max_num_queries(24):
        cadre.get(at(emergency))
