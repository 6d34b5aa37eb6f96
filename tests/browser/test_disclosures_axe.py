"""What a village makes public, in a real browser: WCAG rules in every look, no sideways scrolling, no scripts."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from browser.looks import LOOKS, come_in_as, wear, wrongs_at
from disclosures.publishing import book, publish, publishing_village, step
from playwright.sync_api import Browser, Page, expect
from web.stage import Town

from cunzhi.base import clock
from cunzhi.base.actor import system
from cunzhi.base.periods import Period
from cunzhi.engine.actions.calendar import open_due
from cunzhi.engine.actions.cases import open_case
from cunzhi.engine.models import Case, Notice
from cunzhi.engine.stage import VILLAGE, paper

BOARD = f"/board/{VILLAGE}/"
PAGES = {
    "": (
        BOARD, f"{BOARD}?column=finance", f"{BOARD}door/", f"{BOARD}accounts/", "/notices/{notice}/",
        "/notices/{corrected}/",
    ),
    "villager": (f"{BOARD}subscribe/", "/report/disclosure/question/?notice={notice}", "/messages/"),
    "village_cadre": (
        "/columns/", "/report/disclosure/disclosure/", "/report/accounts/entry/", "/cases/{draft}/submit/",
    ),
    "supervisor": ("/cases/{check}/", "/cases/{check}/publish/"),
}  # fmt: skip


@pytest.fixture
def town(transactional_db: None) -> Town:
    """Last month's accounts are public and corrected; one column waits for its draft, one for its check."""
    village = publishing_village()
    last = Period.of(clock.today(), "month").previous()
    with clock.at(last.start + timedelta(days=4, hours=9)):
        book(village, "income", "opening", "20000", "期初余额")
        book(village, "expense", "cleaning", "320.50", "扫帚")
        book(village, "expense", "works", "1800", "补路")
    first = publish(village, "finance", str(last), "上月收支")
    publish(village, "finance", str(last), "更正：上月收支", first)
    asked = {"notice": str(first.pk), "question": "扫帚买了几把？"}
    villager = village.actor("villager")
    question = open_case(by=villager, scenario="disclosure", workflow="question", place_code=VILLAGE, answers=asked)
    step(village, "village_cadre", question, "answer", answers={"answer": "二十把。"})
    open_due(by=system("tick"))
    waiting = Case.objects.filter(key__startswith="duty:disclosure:funds").order_by("-id")[0]
    step(village, "village_cadre", waiting, "submit", answers={"title": "补贴", "text": "无。", "masked": ["yes"]})
    return Town(village)


def address(path: str) -> str:
    first, second = Notice.objects.filter(about=None).order_by("id")
    drafting = Case.objects.filter(state="drafting", workflow="disclosure")[0]
    checking = Case.objects.get(state="checking", workflow="disclosure")
    return path.format(notice=second.pk, corrected=first.pk, draft=drafting.number, check=checking.number)


@pytest.mark.parametrize("how", LOOKS)
def test_page_keeps_wcag_and_the_width(page: Page, live_server: Any, town: Town, how: str) -> None:
    wrong = []
    for name, paths in PAGES.items():
        account = town.account(name) if name else None
        if account:
            come_in_as(page, live_server, account)
        wear(page, how, account)
        wrong += wrongs_at(page, live_server, map(address, paths))
    assert wrong == []


def test_cadre_drafts_and_the_board_publishes_without_scripts(
    browser: Browser, live_server: Any, town: Town, tmp_path: Path
) -> None:
    """The whole way of a column with a file, and what a visitor then reads."""
    case = Case.objects.filter(state="drafting", key__startswith="duty:disclosure:government_work")[0]
    (tmp_path / "名册.pdf").write_bytes(paper("名册"))
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    come_in_as(page, live_server, town.account("village_cadre"))
    page.goto(f"{live_server.url}/cases/{case.number}/submit/")
    page.fill("[name=title]", "协助政府的工作")
    page.fill("[name=text]", "医保缴费。")
    page.set_input_files("[name='files.file']", tmp_path / "名册.pdf")
    page.check("[name=masked]", force=True)
    page.click("main form.panel button[type=submit]")
    expect(page.locator(".notice-good")).to_be_visible()
    come_in_as(page, live_server, town.account("supervisor"))
    page.goto(f"{live_server.url}/cases/{case.number}/")
    page.locator(".case-do summary").first.click()
    for box in page.locator("[name=looked_at]").all():
        box.check(force=True)
    page.locator(".case-do details[open] button[type=submit]").click()
    expect(page.locator(".notice-good")).to_contain_text("已公开")
    context.clear_cookies()
    page.goto(f"{live_server.url}{BOARD}")
    page.locator(".column .rows a", has_text="协助政府的工作").click()
    expect(page.locator("a", has_text="名册.pdf").first).to_be_visible()
    context.close()
