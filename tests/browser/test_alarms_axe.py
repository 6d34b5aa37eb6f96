"""The duty desk and public warnings in a real browser: WCAG rules in every look, no sideways scrolling, no scripts."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from alarms.riverside import River, make_river, rule
from browser.looks import LOOKS, come_in_as, wear, wrongs_at
from playwright.sync_api import Browser, Page, expect
from web.village import VILLAGE, make_account

from cunzhi.alarms.actions.life import acknowledge, raise_by_hand
from cunzhi.alarms.actions.senders import know_sender
from cunzhi.alarms.actions.warning import Draft, issue
from cunzhi.alarms.models import Alarm
from cunzhi.base import clock
from cunzhi.engine.alarming import tell
from cunzhi.registry.models import Account, Person

PAGES = {
    "county_officer": ("/alarms/", "/alarms/new/", "/alarms/rules/", "/alarms/mutes/", "/alarms/{alarm}/",
                       "/warnings/new/", "/warnings/take/", "/warnings/senders/", "/warnings/senders/{sender}/",
                       "/warnings/{warned}/"),
    "grid_worker": ("/alarms/", "/alarms/{alarm}/", "/warnings/at/{village}/"),
}  # fmt: skip


@pytest.fixture
def duty(transactional_db: None) -> Iterator[tuple[River, dict[str, Any], dict[str, Account]]]:
    """An alarm in each colour, one of them a drill, and a warning that holds."""
    river = make_river()
    rule()
    river.flows(3.4)
    by = river.actor("county_officer")
    for hazard, colour in (("gale", "orange"), ("fog", "yellow"), ("frost", "blue")):
        raise_by_hand(by=by, place_code=VILLAGE, hazard=hazard, colour=colour, words="山口", drill=hazard == "fog",
                      tell=tell)  # fmt: skip
    draft = Draft(place_code=VILLAGE[:6], hazard="gale", colour="yellow", headline="大风预警", description="8 级。",
                  instruction="关好门窗。", expires=clock.now() + timedelta(hours=1))  # fmt: skip
    sender = know_sender(by=by, sender="w", name="气象台", place_code=VILLAGE[:6], basis="区应急办〔2026〕2号")
    known = {"alarm": Alarm.objects.get(hazard="flood").pk, "warned": issue(by=by, draft=draft).pk, "village": VILLAGE,
             "sender": sender.pk}  # fmt: skip
    accounts = {role: make_account(Person.objects.get(pk=one.pk)) for role, one in river.people.items()}
    yield river, known, accounts


@pytest.mark.parametrize("how", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_duty_pages_keep_wcag_and_the_width(page: Page, live_server: Any, duty: Any, name: str, how: str) -> None:
    _, known, accounts = duty
    come_in_as(page, live_server, accounts[name])
    wear(page, how, accounts[name])
    assert wrongs_at(page, live_server, (path.format(**known) for path in PAGES[name])) == []


def test_alarm_is_answered_without_scripts(browser: Browser, live_server: Any, duty: Any) -> None:
    _, _, accounts = duty
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640}, locale="zh-CN")
    page = context.new_page()
    come_in_as(page, live_server, accounts["village_cadre"])
    page.goto(f"{live_server.url}/alarms/")
    page.click(".edge-red button")
    expect(page.locator(".notice-good")).to_contain_text("不再向上呼叫")
    context.close()


def test_desk_brings_itself_up_to_date_and_keeps_the_focus(page: Page, live_server: Any, duty: Any) -> None:
    river, known, accounts = duty
    come_in_as(page, live_server, accounts["county_officer"])
    page.clock.install()
    page.goto(f"{live_server.url}/alarms/")
    button, said = page.locator(f"#take-{known['alarm']}"), page.locator("#desk-said")
    button.focus()
    before = said.text_content()
    page.evaluate("document.querySelector('#desk-said').dataset.kept = 'yes'")
    with page.expect_response(lambda answer: "known=" in answer.url):
        page.clock.run_for(15_500)
    expect(button).to_be_focused()
    assert said.text_content() == before
    acknowledge(by=river.actor("grid_worker"), alarm=Alarm.objects.get(hazard="gale"))
    with page.expect_response(lambda answer: "known=" in answer.url):
        page.clock.run_for(15_500)
    expect(said).not_to_have_text(str(before))
    assert said.get_attribute("data-kept") == "yes", "a live region that is replaced is not read aloud"
    expect(button).to_be_focused()
