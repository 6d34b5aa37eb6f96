"""The duty desk as those who are called see it: who waits, one press to answer, what was done, drills, rules, mutes."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from alarms.riverside import MONDAY, River, make_river, rule, tick_at
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from web.village import VILLAGE, make_account

from cunzhi.alarms.models import Alarm, Mute, Rule
from cunzhi.base import clock
from cunzhi.registry.models import Account, Person

RULES = """rules:
  - name: river_high
    title: {zh_Hans: 河道超警戒水位, en: River above the warning level}
    hazard: flood
    observed: 水位
    kind: threshold
    limit: 3.0
    colour: red
    basis: 防汛办〔2026〕1号
"""


@pytest.fixture
def river(db: None) -> Iterator[River]:
    with clock.at(MONDAY):
        yield make_river()


def browser(river: River, role: str, language: str = "zh-hans") -> Client:
    person = Person.objects.get(pk=river.people[role].pk)
    account = Account.objects.filter(person=person).first() or make_account(person)
    Account.objects.filter(pk=account.pk).update(language=language)
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_desk_shows_colour_clock_and_next_rung_and_takes_an_answer(river: River) -> None:
    rule()
    river.flows(3.4)
    worker = browser(river, "grid_worker")
    page = worker.get("/alarms/").content.decode()
    for words in ("红色", "石岗村村民委员会：洪水 · 超警戒水位", "现为 3.4 m，界限 3 m", "呼叫村干部", "我已收到"):
        assert words in page
    assert len(page) < 30_000
    tick_at(MONDAY + timedelta(minutes=6))
    with clock.at(MONDAY + timedelta(minutes=6)):
        assert "超时未答复" in worker.get("/alarms/").content.decode()
        said = worker.post(f"/alarms/{river.alarm().pk}/acknowledge/", follow=True).content.decode()
    assert "不再向上呼叫" in said and "王grid_worker答复：已收到。" in said
    assert river.alarm().acknowledged_by == river.people["grid_worker"]


def test_program_of_the_desk_gets_the_list_alone(river: River) -> None:
    rule()
    river.flows(3.4)
    part = browser(river, "village_cadre").get("/alarms/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "csrfmiddlewaretoken" in part


def test_program_of_the_desk_is_told_what_to_say_only_when_something_happened(river: River) -> None:
    rule()
    river.flows(3.4)
    worker = browser(river, "grid_worker")
    known = re.findall(r'name="known" id="desk-known" value="(\w+)"', worker.get("/alarms/").content.decode())[0]

    def asked() -> str:
        return worker.get("/alarms/", {"known": known}, headers={"HX-Request": "true"}).content.decode()

    with clock.at(MONDAY + timedelta(minutes=3)):
        assert "hx-swap-oob" not in asked()
    tick_at(MONDAY + timedelta(minutes=6))
    with clock.at(MONDAY + timedelta(minutes=6)):
        part = asked()
    assert '<div hx-swap-oob="innerHTML:#desk-said">未解除报警 1 条，其中无人答复 1 条。</div>' in part


def test_desk_tells_when_each_rung_was_called(river: River) -> None:
    rule()
    river.flows(3.4)
    for minutes in range(1, 12):
        tick_at(MONDAY + timedelta(minutes=minutes))
    with clock.at(MONDAY + timedelta(minutes=12)):
        page = browser(river, "county_officer").get("/alarms/").content.decode()
    way = re.findall(r"<li>(\S+) <time datetime=\S+>[^<]* (\d\d:\d\d)", page)
    assert way == [("网格员", "14:00"), ("村干部", "14:05"), ("乡镇干部", "14:10")]


def test_desk_stands_still_or_reloads_itself_as_one_likes(river: River) -> None:
    worker = browser(river, "grid_worker")
    plain, still, each = (worker.get(f"/alarms/{how}") for how in ("", "?every=0", "?every=60"))
    assert 'hx-trigger="every 15s"' in plain.content.decode() and "Refresh" not in plain.headers
    assert "hx-trigger" not in still.content.decode() and "继续更新" in still.content.decode()
    assert "hx-trigger" not in each.content.decode() and each.headers["Refresh"] == "60"


def test_alarm_page_tells_calls_with_their_delivery_and_ends_it(river: River) -> None:
    rule()
    river.flows(3.4)
    cadre, path = browser(river, "village_cadre", "en"), f"/alarms/{river.alarm().pk}/"
    page = cadre.get(path).content.decode()
    assert "Grid worker 王grid_worker" in page and "waiting to be sent" in page
    cadre.post(f"{path}handle/", {"words": "已转移"})
    assert cadre.post(f"{path}clear/", {"outcome": "false"}).status_code == 422
    said = cadre.post(f"{path}clear/", {"outcome": "false", "words": "树枝"}, follow=True).content.decode()
    assert "False alarm" in said
    assert Alarm.objects.get().outcome == "false"
    assert cadre.post(f"{path}clear/", {"outcome": "real"}).status_code == 422


def test_township_holds_a_drill_and_the_village_sees_it_marked(river: River) -> None:
    given = {"place_code": VILLAGE, "hazard": "flood", "colour": "red", "words": "防汛演练", "drill": "on"}
    township = browser(river, "township_officer")
    assert township.get("/alarms/new/").status_code == 200
    assert township.post("/alarms/new/", {**given, "words": ""}).status_code == 422
    assert township.post("/alarms/new/", given).status_code == 302
    assert "演练" in browser(river, "grid_worker").get("/alarms/").content.decode()
    assert browser(river, "village_cadre").post("/alarms/new/", given).status_code == 403


def test_rules_come_from_a_file_whole_or_not_at_all(river: River) -> None:
    officer = browser(river, "county_officer")

    def send(text: str, name: str = "rules.yaml") -> tuple[int, str]:
        file = SimpleUploadedFile(name, text.encode())
        answer = officer.post("/alarms/rules/", {"place_code": "500113", "file": file}, follow=True)
        return answer.status_code, answer.content.decode()

    nothing = officer.post("/alarms/rules/", {"place_code": "500113"})
    assert nothing.status_code == 422 and 'id="id_file_error"' in nothing.content.decode()
    for wrong, said in (
        (RULES.replace("flood", "dragon"), "dragon"),
        (RULES.replace("limit: 3.0", "limit: high"), "rules.yaml:7"),
        (RULES.replace("    limit: 3.0\n", ""), "limit"),
        ("x" * 70_000, "64 KB"),
    ):
        status, page = send(wrong)
        assert status == 422 and said in page, said
    assert not Rule.objects.exists()
    for _ in range(2):
        assert "已导入 1 条规则" in send(RULES)[1]
    assert Rule.objects.count() == 1
    assert "水位高于 3.0 时报警" in officer.get("/alarms/rules/").content.decode()


def test_mute_is_set_with_reason_and_ended(river: River) -> None:
    officer = browser(river, "township_officer")
    given = {"place_code": VILLAGE, "hazard": "", "source": "", "reason": "检修水位站", "hours": "6"}
    assert officer.post("/alarms/mutes/", {**given, "reason": ""}).status_code == 422
    assert "检修水位站" in officer.post("/alarms/mutes/", given, follow=True).content.decode()
    officer.post(f"/alarms/mutes/{Mute.objects.get().pk}/end/")
    with clock.at(MONDAY + timedelta(minutes=1)):
        assert "没有免打扰" in officer.get("/alarms/mutes/").content.decode()


def test_strangers_find_nothing(river: River) -> None:
    rule()
    river.flows(3.4)
    path = f"/alarms/{river.alarm().pk}/"
    assert Client().get(path).status_code == 302
    river.people["grid_worker"].appointments.all().delete()
    assert browser(river, "grid_worker").get(path).status_code == 404
    assert browser(river, "grid_worker").get("/alarms/").status_code == 403
