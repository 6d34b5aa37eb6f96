"""Pages about matters in a real browser: WCAG rules in every look, no sideways scrolling, with and without scripts."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from browser.looks import LOOKS, come_in_as, wear, wrongs_at
from engine.conftest import stage
from playwright.sync_api import Browser, Page, expect
from web.stage import Town, photo

from cunzhi.engine.models import Activation, Case, Notice
from cunzhi.engine.spec.story import Given
from cunzhi.ledger.models import Account as LedgerAccount
from cunzhi.ledger.models import Book

PAGES = {
    "villager": (
        "/",
        "/village/",
        "/report/",
        "/report/points/deed/",
        "/report/points/redeem/",
        "/matters/",
        "/messages/",
        "/points/",
        "/shop/",
        "/rules/",
        "/cases/{refused}/",
        "/cases/{soap}/",
        "/cases/{returned}/complete/",
    ),
    "neighbour": ("/village/notices/{notice}/object/",),
    "appraiser": ("/inbox/", "/cases/{waiting}/", "/cases/{waiting}/refuse/"),
    "shopkeeper": (
        "/shop/stock/",
        "/shop/hand-over/",
        "/shop/{soap_item}/in/",
        "/shop/{soap_item}/count/",
        "/help/?q=villager",
    ),
    "village_cadre": ("/pot/", "/books/", "/books/{book}/", "/accounts/{pot}/", "/rules/{activation}/tariff/"),
    "township_officer": ("/cases/", "/cases/?scenario=points"),
}


@pytest.fixture
def town(transactional_db: None) -> Town:
    """Points are on and several matters are under way."""
    goods: Any = [{"name": "soap", "price": 10, "stock": 2}]
    town = Town(stage("points", Given(pot=100, points=20, goods=goods)))
    today = date.today().isoformat()  # noqa: DTZ011 - the live server's own day
    for state, transition, data in (
        ("refused", "refuse", {"_reason": "照片里看不出是哪里"}),
        ("returned", "send_back", {"_reason": "哪个院坝？"}),
        ("published", "approve", {"seen": "visited"}),
    ):
        case = town.report_deed(done_on=today, **{"photos.file": [photo(state)]})
        town.take("appraiser", case, transition, **data)
    town.report_deed("neighbour", done_on=today)
    town.client("villager").post("/report/points/redeem/", {"goods": town.good("soap"), "quantity": "1"})
    return town


def address(town: Town, path: str) -> str:
    """A page's address with the numbers of the town's own records."""
    numbers = {state: Case.objects.filter(state=state).first() for state in ("refused", "returned")}
    return path.format(
        refused=numbers["refused"],
        returned=numbers["returned"],
        waiting=Case.objects.filter(state="rechecking").first(),
        soap=Case.objects.filter(workflow="redeem").first(),
        notice=Notice.objects.values_list("pk", flat=True).first(),
        soap_item=town.good("soap"),
        book=Book.objects.get(kind="points").pk,
        pot=LedgerAccount.objects.get(kind="pot").pk,
        activation=Activation.objects.get().pk,
    )


@pytest.mark.parametrize("how", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_page_keeps_wcag_and_the_width(page: Page, live_server: Any, town: Town, name: str, how: str) -> None:
    come_in_as(page, live_server, town.account(name))
    wear(page, how, town.account(name))
    assert wrongs_at(page, live_server, (address(town, path) for path in PAGES[name])) == []


def test_cadre_decides_in_two_taps(page: Page, live_server: Any, town: Town) -> None:
    come_in_as(page, live_server, town.account("appraiser"))
    page.goto(f"{live_server.url}/inbox/")
    page.locator(".worklist a").first.click()
    page.locator(".case-do button", has_text="看照片").click()
    page.wait_for_url(f"{live_server.url}/inbox/")
    expect(page.locator(".notice-good")).to_contain_text("公示中")


def test_error_on_a_phone_leads_to_its_question(page: Page, live_server: Any, town: Town, tmp_path: Path) -> None:
    come_in_as(page, live_server, town.account("neighbour"))
    page.goto(f"{live_server.url}/report/points/deed/")
    page.check("input[value=help_elder]", force=True)
    (tmp_path / "a.jpg").write_bytes(photo("a").read())
    page.set_input_files("#photos_pick", tmp_path / "a.jpg")
    page.click("main form.panel button[type=submit]")
    expect(page.locator("[role=alert]")).to_be_focused()
    expect(page.locator("input[value=help_elder]")).to_be_checked()
    assert page.locator(".thumb img").evaluate("(image) => image.complete && image.naturalWidth > 0")
    page.fill("#done_on", "2026-03-01")
    page.click("main form.panel button[type=submit]")
    page.wait_for_url("**/cases/*/")
    expect(page.locator(".notice-good")).to_contain_text("已提交")


def test_report_works_without_scripts(browser: Browser, live_server: Any, town: Town, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    come_in_as(page, live_server, town.account("neighbour"))
    page.goto(f"{live_server.url}/report/points/deed/")
    (tmp_path / "a.jpg").write_bytes(photo("b").read())
    page.check("input[value=mediate]", force=True)
    page.fill("#done_on", "2026-03-01")
    page.set_input_files("#photos_take", tmp_path / "a.jpg")
    page.click("main form.panel button[type=submit]")
    page.wait_for_url("**/cases/*/")
    expect(page.locator("h1")).to_have_text("好事申报")
    context.close()


@pytest.fixture
def lamps(transactional_db: None) -> Town:
    return Town(stage("living_environment", Given()))


def test_question_comes_and_goes_with_its_condition(page: Page, live_server: Any, lamps: Town) -> None:
    come_in_as(page, live_server, lamps.account("villager"))
    page.goto(f"{live_server.url}/report/living_environment/problem/")
    expect(page.locator("#what")).to_be_hidden()
    page.check("input[value=other]", force=True)
    expect(page.locator("#what")).to_be_visible()
    page.check("input[value=lamp]", force=True)
    expect(page.locator("#what")).to_be_hidden()


def test_button_fills_in_the_position(page: Page, live_server: Any, lamps: Town) -> None:
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 29.4, "longitude": 106.54})
    come_in_as(page, live_server, lamps.account("villager"))
    page.goto(f"{live_server.url}/report/living_environment/problem/")
    page.click("[data-position]")
    expect(page.locator("#place_latitude")).to_have_value("29.400000")
    expect(page.locator("#place_longitude")).to_have_value("106.540000")
