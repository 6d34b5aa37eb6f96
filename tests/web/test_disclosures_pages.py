"""The board, a notice and the accounts for everybody; subscribing and columns for those who signed in."""

import hashlib
import json
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from disclosures.publishing import at, book, publish, publishing_village, sent, step
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from web.stage import Town

from cunzhi.base.actor import system
from cunzhi.disclosures.queries import views_of
from cunzhi.engine.actions.calendar import open_due
from cunzhi.engine.actions.cases import open_case
from cunzhi.engine.models import Case, Message, Notice
from cunzhi.engine.stage import GRID, VILLAGE, paper
from cunzhi.journal.queries import entry_with
from cunzhi.ledger.models import Book

BOARD = f"/board/{VILLAGE}/"
LARGEST = 60_000
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    """On 2 April 2026: March's accounts are public, with a voucher to every line."""
    with at("2026-04-02T09:00"):
        village = publishing_village()
        with at("2026-03-05T09:00"):
            book(village, "income", "opening", "20000", "期初余额")
            book(village, "expense", "cleaning", "320.50", "扫帚<script>")
        publish(village, "finance", "2026-03", "三月收支")
        yield Town(village)


@pytest.fixture
def notice(town: Town) -> Notice:
    return Notice.objects.get(title="三月收支")


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"accept-language": "zh-hans", "user-agent": "A phone"})


def text(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    assert len(response.content) < LARGEST
    return response.content.decode()


def test_board_shows_columns_and_what_is_late(town: Town, visitor: Client) -> None:
    page = text(visitor, BOARD)
    assert "三月收支" in page
    assert "2026年4月2日公开" in page
    with at("2026-04-12T09:00"):
        late = text(visitor, BOARD)
    assert "栏逾期没有公开" in late
    assert "逾期，应在2026年4月10日前公开" in late
    assert "第三十条" in late


def test_column_lists_all_its_notices(town: Town, visitor: Client) -> None:
    assert "三月收支" in text(visitor, f"{BOARD}?column=finance")
    assert "还没有公开过" in text(visitor, f"{BOARD}?column=great_matters")


def test_board_costs_the_same_however_many_notices_there_are(town: Town, visitor: Client) -> None:
    text(visitor, BOARD)
    with CaptureQueriesContext(connection) as few:
        text(visitor, BOARD)
    for number in range(4):
        publish(town.village, "great_matters", "2026", f"第{number}件")
    with CaptureQueriesContext(connection) as more:
        text(visitor, BOARD)
    assert len(more) <= len(few) + 1


def test_notice_is_noted_with_the_hash_of_what_it_shows(notice: Notice, visitor: Client) -> None:
    page = text(visitor, f"/notices/{notice.pk}/")
    response = visitor.get(f"/notices/{notice.pk}/content.json")
    digest = hashlib.sha256(response.content).hexdigest()
    assert digest == notice.public_hash
    assert f"/log/verify/{digest}/" in page
    noted = entry_with(digest)
    assert noted is not None
    assert (noted.verb, noted.record) == ("notice.publish", notice.record)
    content = json.loads(response.content)
    assert (content["title"], content["statement"]["closing"]) == ("三月收支", 1_967_950)


def test_hash_is_the_same_after_the_notice_was_read_back(notice: Notice, visitor: Client) -> None:
    first = visitor.get(f"/notices/{notice.pk}/content.json").content
    Notice.objects.get(pk=notice.pk).refresh_from_db()
    assert visitor.get(f"/notices/{notice.pk}/content.json").content == first


def test_files_are_given_byte_by_byte_and_noted(town: Town, visitor: Client) -> None:
    village = town.village
    began = open_case(
        by=village.actor("village_cadre"), scenario="disclosure", workflow="disclosure", place_code=GRID,
        answers={"column": "great_matters", "period": "2026"},
    )  # fmt: skip
    answers = {"title": "发包", "text": "三年。", "masked": ["yes"], "files": [sent(village, "合同", "files")]}
    step(village, "village_cadre", began, "submit", answers=answers)
    step(village, "supervisor", began, "publish", answers={"looked_at": ["content", "masks"]})
    shown = Notice.objects.get(title="发包").files.get()
    response = visitor.get(f"/notices/{shown.notice_id}/files/{shown.pk}/")
    assert response.content == paper("合同")
    assert response["Content-Disposition"].startswith("attachment")
    assert (response["X-Content-Type-Options"], "sandbox" in response["Content-Security-Policy"]) == ("nosniff", True)
    noted = entry_with(hashlib.sha256(response.content).hexdigest())
    assert noted is not None
    assert (noted.verb, noted.record) == ("notice.file", f"notice:{shown.notice_id}")
    assert visitor.get(f"/notices/{shown.notice_id + 1}/files/{shown.pk}/").status_code == 404


def test_file_of_a_matter_is_shown_to_whom_the_matter_is(town: Town, visitor: Client) -> None:
    voucher = Case.objects.filter(workflow="entry").first().attachments.get()  # type: ignore[union-attr]
    assert town.client("supervisor").get(f"/files/{voucher.pk}/").status_code == 200
    assert town.client("neighbour").get(f"/files/{voucher.pk}/").status_code == 404
    assert visitor.get(f"/files/{voucher.pk}/").status_code == 302


def test_accounts_open_to_lines_and_vouchers(town: Town, visitor: Client, notice: Notice) -> None:
    assert visitor.get(f"{BOARD}accounts/")["Location"] == f"{BOARD}accounts/2026-03/"
    page = text(visitor, f"{BOARD}accounts/2026-03/")
    for said in ("20,000.00", "320.50", "19,679.50", "保洁和环境", "扫帚&lt;script&gt;"):
        assert said in page
    vouchers = notice.files.filter(line__isnull=False)
    assert vouchers.count() == 2
    assert all(f"/notices/{notice.pk}/files/{one.pk}/" in page for one in vouchers)
    assert text(visitor, f"{BOARD}accounts/2026-02/", 404)
    assert text(visitor, f"{BOARD}accounts/rubbish/", 404)


def test_corrected_accounts_stand_before_the_old_ones_and_both_are_linked(
    town: Town, visitor: Client, notice: Notice
) -> None:
    with at("2026-04-03T09:00"):
        second = publish(town.village, "finance", "2026-03", "更正：三月收支", notice)
        assert f"/notices/{second.pk}/" in text(visitor, f"{BOARD}accounts/2026-03/")
        assert "这一条已更正" in text(visitor, f"/notices/{notice.pk}/")
        assert "这是一条更正" in text(visitor, f"/notices/{second.pk}/")
    noted = entry_with(second.public_hash)
    assert noted is not None
    assert noted.detail["corrects"] == notice.record


def test_views_of_one_phone_count_once(visitor: Client, notice: Notice) -> None:
    for _ in range(3):
        visitor.get(f"/notices/{notice.pk}/")
    Client(headers={"user-agent": "Another phone"}).get(f"/notices/{notice.pk}/")
    assert views_of([notice.record])[notice.record] == 2
    assert "2 台设备看过" in text(visitor, f"/notices/{notice.pk}/")


def test_question_is_asked_from_the_notice_and_answered_beneath_it(town: Town, visitor: Client, notice: Notice) -> None:
    page = text(town.client("villager"), f"/report/disclosure/question/?notice={notice.pk}")
    assert f'<option value="{notice.pk}" selected>' in page or f'value="{notice.pk}" checked' in page
    answers = {"notice": str(notice.pk), "question": "扫帚买了几把？"}
    asked = town.client("villager").post("/report/disclosure/question/", answers)
    assert asked.status_code == 302
    case = Case.objects.get(workflow="question")
    assert "扫帚买了几把" not in text(visitor, f"/notices/{notice.pk}/"), "not before somebody answered"
    step(town.village, "village_cadre", case, "answer", answers={"answer": "二十把。"})
    after = text(visitor, f"/notices/{notice.pk}/")
    assert "扫帚买了几把" in after
    assert "二十把。" in after
    assert "villager" not in after
    answer = Notice.objects.get(about=notice)
    assert visitor.get(f"/notices/{answer.pk}/").status_code == 404, "it stands on the page of what was asked about"
    assert entry_with(answer.public_hash) is not None


@pytest.mark.parametrize("number", ["13912345678", "139 1234 5678", "11010519491231002X"])
def test_question_with_a_phone_number_is_warned_of(town: Town, notice: Notice, number: str) -> None:
    answers = {"notice": str(notice.pk), "question": f"打 {number} 问谁？"}
    warned = town.client("villager").post("/report/disclosure/question/", answers)
    assert warned.status_code == 422
    assert number in warned.content.decode(), "nothing that was typed is lost"
    meant = town.client("villager").post("/report/disclosure/question/", {**answers, "sure": "yes"})
    assert meant.status_code == 302


def test_subscriber_is_told_with_a_link(town: Town) -> None:
    villager = town.client("villager")
    assert "您还没有订阅" in text(villager, f"{BOARD}subscribe/")
    villager.post(f"{BOARD}subscribe/", {"wanted": "1"})
    new = publish(town.village, "great_matters", "2026", "山坪塘发包")
    assert Message.objects.filter(to=town.person_id("villager"), key="engine.message.published").count() == 1
    page = text(villager, "/messages/")
    assert "山坪塘发包" in page
    assert f"/notices/{new.pk}/" in page
    villager.post(f"{BOARD}subscribe/", {"wanted": "0"})
    publish(town.village, "great_matters", "2026", "又一件")
    assert Message.objects.filter(to=town.person_id("villager"), key="engine.message.published").count() == 1


def test_feed_is_atom_of_what_is_public(town: Town, visitor: Client, notice: Notice) -> None:
    response = visitor.get(f"{BOARD}feed.atom")
    assert response["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(response.content)
    entries = feed.findall(f"{ATOM}entry")
    assert [one.findtext(f"{ATOM}title") for one in entries] == ["三月收支"]
    assert f"/notices/{notice.pk}/" in (entries[0].findtext(f"{ATOM}id") or "")


def test_columns_lead_to_their_cases(town: Town) -> None:
    open_due(by=system("tick"))
    page = text(town.client("township_officer"), "/columns/")
    case = Case.objects.get(key=f"duty:disclosure:funds:2026-03:{VILLAGE}")
    assert f"/cases/{case.number}/" in page
    assert town.client("villager").get("/columns/").status_code == 403


def test_only_villages_have_a_board(town: Town, visitor: Client) -> None:
    for code in (VILLAGE[:9], GRID, "999999999999"):
        text(visitor, f"/board/{code}/", 404)


def test_money_book_is_read_in_yuan(town: Town) -> None:
    page = text(town.client("supervisor"), f"/books/{Book.objects.get(kind='money').pk}/")
    assert "19,679.50" in page
    assert "保洁和环境" in page


def test_every_page_speaks_english(town: Town, notice: Notice) -> None:
    english = Client(headers={"accept-language": "en"})
    for path in (BOARD, f"/notices/{notice.pk}/", f"{BOARD}accounts/2026-03/", f"{BOARD}door/"):
        assert 'lang="en"' in text(english, path)
    assert "Cleaning and environment" in text(english, f"{BOARD}accounts/2026-03/")


def test_board_sees_what_the_machine_doubts_of_the_draft_as_it_is_now(town: Town) -> None:
    village = town.village
    case = Case.objects.filter(key__startswith="duty:disclosure:funds").order_by("-id")[0]
    answers = {"title": "补贴名册", "text": "联系人13912345678", "masked": ["yes"]}
    step(village, "village_cadre", case, "submit", answers=answers)
    assert "像手机号" in text(town.client("supervisor"), f"/cases/{case.number}/")
    step(village, "supervisor", case, "send_back", reason="请遮住电话。")
    step(village, "village_cadre", case, "submit", answers={**answers, "text": "联系人电话在服务站。"})
    page = text(town.client("supervisor"), f"/cases/{case.number}/")
    assert "像手机号" not in page
    assert "没有见到手机号" in page


def test_accounts_are_seen_before_they_are_public_by_those_who_check(town: Town, visitor: Client) -> None:
    with at("2026-04-01T09:00"):
        book(town.village, "expense", "works", "88", "四月补路")
    path = f"{BOARD}accounts/2026-04/preview/"
    page = text(town.client("supervisor"), path)
    assert "四月补路" in page
    assert "公开前" in page
    voucher = Case.objects.filter(workflow="entry").latest("id").attachments.get()
    assert f"/files/{voucher.pk}/" in page
    assert town.client("villager").get(path).status_code == 403
    assert visitor.get(path).status_code == 302
    assert "四月补路" not in text(visitor, f"{BOARD}accounts/2026-03/")
    assert "accounts/2026-03/preview/" in text(town.client("supervisor"), "/columns/")
    text(town.client("supervisor"), f"{BOARD}accounts/2026-13/preview/", 404)
