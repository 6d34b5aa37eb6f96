"""What is in force, for everybody in few bytes; issuing, ending, taking over; lists for when the network is down."""

from collections.abc import Iterator
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from alarms.riverside import BY, COUNTY, GRID, MONDAY, VILLAGE, River, make_river, rule
from alarms.signing import signer
from alarms.test_cap_in import SENDER, cap
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from web.test_alarms_pages import browser

from cunzhi.alarms.actions.senders import know_sender
from cunzhi.alarms.models import Alarm, KnownSender, Warned
from cunzhi.base import clock
from cunzhi.registry.actions.facts import record_fact
from cunzhi.registry.actions.households import open_household
from cunzhi.registry.actions.people import register_person
from cunzhi.registry.models import Disclosure

GIVEN = {
    "place_code": COUNTY, "hazard": "rainstorm", "colour": "orange", "headline": "巴南区发布暴雨橙色预警", "hours": "6",
    "description": "未来 3 小时雨量将超过 50 毫米。", "instruction": "不要过河。", "contact": "023-12345678",
}  # fmt: skip


@pytest.fixture
def river(db: None) -> Iterator[River]:
    with clock.at(MONDAY):
        yield make_river()


def test_warning_is_issued_read_by_everybody_updated_and_cancelled(river: River) -> None:
    officer, visitor = browser(river, "county_officer"), Client()
    assert officer.post("/warnings/new/", {**GIVEN, "headline": ""}).status_code == 422
    assert "已有同一灾种" not in officer.post("/warnings/new/", GIVEN, follow=True).content.decode()
    first = Warned.objects.get()
    page = visitor.get(f"/warnings/at/{VILLAGE}/")
    assert "巴南区发布暴雨橙色预警" in page.content.decode() and "不要过河。" in page.content.decode()
    assert len(page.content) < 30_000
    assert "已有同一灾种" in officer.post("/warnings/new/", GIVEN).content.decode()
    with clock.at(MONDAY + timedelta(minutes=5)):
        officer.post(f"/warnings/{first.pk}/update/", {**GIVEN, "colour": "red", "headline": "升级为红色"})
        second = Warned.objects.latest("pk")
        assert "已被更新" in visitor.get(f"/warnings/{first.pk}/").content.decode()
        assert officer.post(f"/warnings/{second.pk}/cancel/", {"reason": ""}).status_code == 422
        officer.post(f"/warnings/{second.pk}/cancel/", {"reason": "雨停"})
        assert "现在没有预警" in visitor.get("/warnings/").content.decode()
        assert "已解除" in visitor.get(f"/warnings/{second.pk}/").content.decode()


def test_expired_warning_leaves_the_page_and_keeps_its_own(river: River) -> None:
    browser(river, "county_officer").post("/warnings/new/", GIVEN)
    with clock.at(MONDAY + timedelta(hours=6)):
        assert "现在没有预警" in Client().get(f"/warnings/at/{VILLAGE}/").content.decode()
        assert "已失效" in Client().get(f"/warnings/{Warned.objects.get().pk}/").content.decode()


def test_feed_leads_programs_to_the_message_byte_for_byte(river: River) -> None:
    browser(river, "county_officer").post("/warnings/new/", GIVEN)
    answer = Client().get("/warnings/feed.atom")
    links = ElementTree.fromstring(answer.content).iter("{http://www.w3.org/2005/Atom}link")
    href = next(one.get("href") for one in links if one.get("type") == "application/cap+xml")
    message = Client().get(str(href))
    assert message.content == Warned.objects.get().xml.encode()
    assert message["Content-Type"].startswith("application/cap+xml")


def test_message_from_outside_is_taken_once_its_sender_is_known(river: River) -> None:
    officer = browser(river, "county_officer")

    def send(data: bytes) -> str:
        return officer.post(
            "/warnings/take/", {"file": SimpleUploadedFile("w.xml", data)}, follow=True
        ).content.decode()

    assert "没有登记" in send(cap())
    sender = {"place_code": COUNTY, "sender": SENDER, "name": "巴南区气象台", "basis": "区应急办〔2026〕2号"}
    assert SENDER in officer.post("/warnings/senders/", sender, follow=True).content.decode()
    assert "实体" in send(cap(head='<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'))
    assert "1024 KB" in send(cap() + b" " * 1_500_000)
    assert "已接收" in send(cap())
    assert "巴南区气象台发布暴雨红色预警" in Client().get(f"/warnings/at/{VILLAGE}/").content.decode()
    assert Alarm.objects.get().place_code == COUNTY
    assert browser(river, "village_cadre").get("/warnings/take/").status_code == 403


def test_list_for_when_the_network_is_down_names_doors_masked_and_is_noted(river: River) -> None:
    rule()
    river.flows(3.4)
    old = register_person(name="欧阳桂英", place_code=GRID, by=BY, born_on=MONDAY.date().replace(year=1940))
    home = open_household(place_code=GRID, number="017", by=BY, head=old, address="三社7号")
    record_fact(subject=home, by=BY, element="household.hazard_site", value="flood", as_of=clock.today(), source="排查")
    open_household(place_code=GRID, number="018", by=BY, address="三社8号")
    path = f"/alarms/{river.alarm().pk}/sheet/"
    page = browser(river, "village_cadre").post(path).content.decode()
    for words in ("13800000002", "王township_officer", "三社7号", "欧阳**", "山洪", "75 岁以上 1 人"):
        assert words in page, words
    assert "欧阳桂英" not in page and "三社8号" not in page
    noted = Disclosure.objects.get()
    assert (noted.purpose, noted.place_code, noted.field) == ("emergency", VILLAGE, "call_list")
    assert browser(river, "village_cadre").get(path).status_code == 405
    assert "您不能查看这里的家庭" in browser(river, "county_officer").post(path).content.decode()


def test_certificate_of_a_sender_is_entered_shown_and_asked_for(river: River) -> None:
    officer, weather = browser(river, "county_officer"), signer()
    sender = {"place_code": COUNTY, "sender": SENDER, "name": "巴南区气象台", "basis": "区应急办〔2026〕2号"}
    page = officer.post("/warnings/senders/", {**sender, "certificate": "nothing"}).content.decode()
    assert "PEM" in page and "BEGIN CERTIFICATE" in page
    page = officer.post("/warnings/senders/", {**sender, "certificate": weather.pem}, follow=True).content.decode()
    assert "CN=巴南区气象台" in page and "只接收签过名的报文" in page

    def send(data: bytes) -> str:
        given = {"file": SimpleUploadedFile("w.xml", data)}
        return officer.post("/warnings/take/", given, follow=True).content.decode()

    assert "没有签名" in send(cap())
    page = send(weather.sign(cap()))
    assert "有签名，接收时核验无误：CN=巴南区气象台" in page and Warned.objects.get().signed_by in page
    path = f"/warnings/senders/{KnownSender.objects.get().pk}/"
    assert "CN=巴南区气象台" in officer.get(path).content.decode()
    assert officer.post(path, {"certificate": weather.pem}).status_code == 422
    assert "不核验签名" in officer.post(path, {"certificate": "", "basis": "停用"}, follow=True).content.decode()
    assert browser(river, "village_cadre").get(path).status_code == 404
    assert "没有签名：是否出自这个单位" in send(cap("w2"))
    assert "带有签名，但没有核验" in send(signer().sign(cap("w3")))


@pytest.mark.parametrize(("days", "words"), [(20, "即将到期"), (300, "有效至")])
def test_end_of_a_certificate_is_told_before_it_comes(river: River, days: int, words: str) -> None:
    officer, weather = browser(river, "county_officer"), signer(days=days)
    know_sender(by=BY, sender=SENDER, name="w", place_code=COUNTY, basis="b", certificate=weather.pem)
    assert words in officer.get("/warnings/senders/").content.decode()
    with clock.at(MONDAY + timedelta(days=days)):
        assert "一律不接收" in officer.get("/warnings/senders/").content.decode()
