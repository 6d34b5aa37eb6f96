"""Pages of meetings in a real browser: WCAG rules in every look, no sideways scrolling, the roll without scripts."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from engine.conftest import stage
from playwright.sync_api import Browser, Page, expect
from test_cases_axe import LOOKS, RULES, cookie
from web.stage import Town
from web.test_meetings_pages import at_members, tick_all

from cunzhi.engine.models import Case
from cunzhi.engine.spec.story import Given
from cunzhi.meetings import door
from cunzhi.meetings.models import Meeting
from cunzhi.registry.models import Account

PAGES = {
    "village_cadre": ("/cases/{case}/", "/meetings/{meeting}/", "/meetings/{meeting}/door/",
                      "/meetings/{meeting}/sheet/", "/cases/{case}/members_agree/", "/meetings/{past}/"),
    "supervisor": ("/meetings/{meeting}/",),
    "party_member": ("/cases/{case}/", "/meetings/{meeting}/", "/meetings/{meeting}/come/?code={code}"),
    "branch_member": ("/report/decisions/decision/",),
}  # fmt: skip


@pytest.fixture
def hall(transactional_db: None) -> tuple[Town, Case, Meeting]:
    """The Party members' meeting is called, and two have come."""
    town = Town(stage("decisions", Given(holders={"party_member": 20})))
    case, meeting = at_members(town)
    tick_all(town, meeting, 2)
    return town, case, meeting


@pytest.mark.parametrize("how", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_meeting_keeps_wcag_and_the_width(
    page: Page, live_server: Any, hall: tuple[Town, Case, Meeting], name: str, how: str
) -> None:
    town, case, meeting = hall
    Account.objects.filter(person_id=town.account(name).person_id).update(
        language="en" if "English" in how else "zh-hans", care_mode=how == "care"
    )
    page.context.add_cookies([{"name": "sessionid", "value": cookie(town.account(name)), "url": live_server.url}])
    width = 1280 if "wide" in how else 320
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if "dark" in how else "light")
    past, code = Meeting.objects.order_by("id")[0].pk, door.code_of(meeting)
    wrong = []
    for path in PAGES[name]:
        page.goto(live_server.url + path.format(case=case.number, meeting=meeting.pk, past=past, code=code))
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        found = Axe().run(page, options=RULES).response["violations"]
        wrong += [f"{path}: {one['id']} {[node['target'] for node in one['nodes']][:3]}" for one in found]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{path}: wider than the screen")
    assert wrong == []


def test_roll_is_kept_without_scripts(browser: Browser, live_server: Any, hall: tuple[Town, Case, Meeting]) -> None:
    town, _, meeting = hall
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640}, locale="zh-CN")
    held = {"name": "sessionid", "value": cookie(town.account("village_cadre")), "url": live_server.url}
    context.add_cookies([held])  # type: ignore[list-item]
    page = context.new_page()
    page.goto(f"{live_server.url}/meetings/{meeting.pk}/")
    boxes = page.locator(".tile label")
    assert min(boxes.nth(0).bounding_box().values()) >= 0  # type: ignore[union-attr]
    assert boxes.nth(0).bounding_box()["height"] >= 44  # type: ignore[index]
    for number in range(3):
        boxes.nth(number).click()
    page.click(".roll-save button")
    expect(page.locator(".notice-good")).to_contain_text("实到 5 人，应到 21 人")
    context.close()
