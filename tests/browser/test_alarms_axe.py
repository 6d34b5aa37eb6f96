"""The duty desk and public warnings in a real browser: WCAG rules in every look, no sideways scrolling, no scripts."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from alarms.riverside import River, make_river, rule
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from test_cases_axe import LOOKS, RULES, cookie
from web.village import VILLAGE, make_account

from cunzhi.alarms.actions.life import raise_by_hand
from cunzhi.alarms.actions.warning import Draft, issue
from cunzhi.alarms.models import Alarm
from cunzhi.base import clock
from cunzhi.engine.alarming import tell
from cunzhi.registry.models import Account, Person

PAGES = {
    "county_officer": ("/alarms/", "/alarms/new/", "/alarms/rules/", "/alarms/mutes/", "/alarms/{alarm}/",
                       "/warnings/new/", "/warnings/take/", "/warnings/senders/", "/warnings/{warned}/"),
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
    known = {"alarm": Alarm.objects.get(hazard="flood").pk, "warned": issue(by=by, draft=draft).pk, "village": VILLAGE}
    accounts = {role: make_account(Person.objects.get(pk=one.pk)) for role, one in river.people.items()}
    yield river, known, accounts


@pytest.mark.parametrize("how", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_duty_pages_keep_wcag_and_the_width(page: Page, live_server: Any, duty: Any, name: str, how: str) -> None:
    _, known, accounts = duty
    Account.objects.filter(pk=accounts[name].pk).update(
        language="en" if "English" in how else "zh-hans", care_mode=how == "care"
    )
    page.context.add_cookies([{"name": "sessionid", "value": cookie(accounts[name]), "url": live_server.url}])
    width = 1280 if "wide" in how else 320
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if "dark" in how else "light")
    wrong = []
    for path in PAGES[name]:
        page.goto(live_server.url + path.format(**known))
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        found = Axe().run(page, options=RULES).response["violations"]
        wrong += [f"{path}: {one['id']} {[node['target'] for node in one['nodes']][:3]}" for one in found]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{path}: wider than the screen")
    assert wrong == []


def test_alarm_is_answered_without_scripts(browser: Browser, live_server: Any, duty: Any) -> None:
    _, _, accounts = duty
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640}, locale="zh-CN")
    held = {"name": "sessionid", "value": cookie(accounts["village_cadre"]), "url": live_server.url}
    context.add_cookies([held])  # type: ignore[list-item]
    page = context.new_page()
    page.goto(f"{live_server.url}/alarms/")
    page.click(".edge-red button")
    expect(page.locator(".notice-good")).to_contain_text("不再向上呼叫")
    context.close()
