"""A villager's own pages: notices and objections, matters, messages, points and the shop."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from engine.conftest import Village
from web.stage import Town, deed, hidden

from cunzhi.base import clock
from cunzhi.deliberation.models import Topic
from cunzhi.engine.models import Case, Message, Notice
from cunzhi.engine.timers import tick


@pytest.fixture
def town(village: Village) -> Town:
    return Town(village)


def published(town: Town, name: str = "villager") -> tuple[Case, str]:
    case = town.report_deed(name)
    town.take("appraiser", case, "approve", seen="visited")
    return case, f"/village/notices/{Notice.objects.get(case=case).pk}/object/"


def test_notice_shows_a_masked_name_and_the_way_to_object(town: Town) -> None:
    _, path = published(town)
    page = town.client("neighbour").get("/village/").content.decode()
    assert "v*******" in page
    assert "villager" not in page
    assert path in page


def test_objection_of_another_villager_arrives_but_opens_nothing(town: Town) -> None:
    case, path = published(town)
    neighbour = town.client("neighbour")
    form = neighbour.get(path).content.decode()
    sent = {"_reason": "那天他不在家", "_version": hidden(form, "_version"), "_key": hidden(form, "_key")}
    assert neighbour.post(path, sent)["Location"] == "/village/"
    case.refresh_from_db()
    assert case.state == "objected"
    assert neighbour.get(f"/cases/{case.number}/").status_code == 404
    own = town.client("villager").get(f"/cases/{case.number}/").content.decode()
    assert "neighbour" not in own
    assert "一位村民" in own
    assert "neighbour" in town.client("supervisor").get(f"/cases/{case.number}/").content.decode()


def test_message_about_a_matter_opens_the_topic_that_was_opened_on_it(town: Town) -> None:
    case, _ = published(town)
    now = clock.now()
    days = {"opened_at": now, "discuss_from": now, "discuss_until": now + timedelta(days=3)}
    topic = Topic.objects.create(
        place_code=case.place_code[:12], title="修路", text="议一议", record=case.number, ballot="none",
        answer_by=now + timedelta(days=9), **days,
    )  # fmt: skip
    assert f'<a href="/topics/{topic.pk}/">修路</a>' in town.client("villager").get("/messages/").content.decode()


def test_objection_needs_a_reason(town: Town) -> None:
    case, path = published(town)
    response = town.client("neighbour").post(path, {"_reason": "", "_version": 2})
    assert response.status_code == 422
    assert "请写明理由" in response.content.decode()
    case.refresh_from_db()
    assert case.state == "published"


def test_objection_after_another_one_is_told_kindly(town: Town) -> None:
    _, path = published(town)
    first = {"_reason": "那天他不在家", "_version": 2}
    assert town.client("neighbour").post(path, first).status_code == 302
    assert town.client("shopkeeper").post(path, first).status_code == 404


def test_nobody_objects_to_their_own(town: Town) -> None:
    case, path = published(town)
    assert path not in town.client("villager").get("/village/").content.decode()
    assert town.client("villager").post(path, {"_reason": "我自己", "_version": 2}).status_code == 404
    assert f"/cases/{case.number}/object/" not in town.client("villager").get(f"/cases/{case.number}/").content.decode()


def test_other_village_sees_no_notice_and_cannot_object(town: Town) -> None:
    _, path = published(town)
    town.newcomer("stranger", "990101001002")
    assert path not in town.client("stranger").get("/village/").content.decode()
    assert town.client("stranger").post(path, {"_reason": "不对", "_version": 2}).status_code == 404


def test_village_shows_what_all_did_and_no_persons(town: Town) -> None:
    published(town)
    page = town.client("neighbour").get("/village/").content.decode()
    figures = re.findall(r"<dd>(\d+)", page)
    assert len(figures) == 4
    assert not re.search(r"<ol|排名|第一名", page.split("<main")[1].split("</main>")[0])


def test_matters_show_state_and_next_step(town: Town) -> None:
    case = town.report_deed()
    page = town.client("villager").get("/matters/").content.decode()
    assert case.number in page
    assert "院落清洁" in page
    assert "正由积分评议员办理" in page
    assert case.number not in town.client("neighbour").get("/matters/").content.decode()


def test_messages_are_read_up_to_what_was_on_the_page(town: Town) -> None:
    town.report_deed()
    client = town.client("villager")
    upto = hidden(client.get("/messages/").content.decode(), "upto")
    town.report_deed(deed="help_elder")
    client.post("/messages/read/", {"upto": upto})
    assert Message.objects.filter(to=town.person_id("villager"), read_at__isnull=True).count() == 1
    assert "1 条未读" in client.get("/messages/").content.decode()


@pytest.mark.parametrize("upto", ["", "x", "9" * 30, "-1"])
def test_nonsense_marks_nothing_read(town: Town, upto: str) -> None:
    town.report_deed()
    assert town.client("villager").post("/messages/read/", {"upto": upto}).status_code == 302
    assert Message.objects.filter(read_at__isnull=False).count() == 0


def test_points_tell_balance_promise_and_every_line(town: Town) -> None:
    case, _ = published(town)
    page = town.client("villager").get("/points/").content.decode()
    assert '<strong class="big">20</strong>' in page
    assert "公示中，期满记入" in page
    with clock.at(datetime.fromisoformat("2026-03-06T10:00:00+08:00")):
        tick()
        page = town.client("villager").get("/points/").content.decode()
        assert '<strong class="big">23</strong>' in page
        assert f"/cases/{case.number}/" in page
        spouse = town.client("spouse").get("/points/").content.decode()
        assert '<strong class="big">23</strong>' in spouse
        assert f"/cases/{case.number}/" not in spouse


def test_shop_offers_what_the_points_reach(town: Town) -> None:
    soap = town.good("soap")
    address = f"/report/points/redeem/?goods={soap}"
    assert address in town.client("villager").get("/shop/").content.decode()
    poor = town.client("neighbour").get("/shop/").content.decode()
    assert address not in poor
    assert "还差 10 分" in poor
    assert f'value="{soap}" checked' in town.client("villager").get(address).content.decode()


def test_lists_take_as_many_queries_for_thirty_as_for_one(town: Town, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    client = town.client("villager")
    town.report_deed()
    counts: dict[str, int] = {}
    for rows in (1, 5):
        while Case.objects.count() < rows:
            client.post("/report/points/deed/", deed())
        for path in ("/matters/", "/messages/"):
            client.get(path)
            if path not in counts:
                with CaptureQueriesContext(connection) as seen:
                    client.get(path)
                counts[path] = len(seen)
            with django_assert_num_queries(counts[path]):
                client.get(path)
