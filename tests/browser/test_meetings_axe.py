"""Pages of meetings in a real browser: WCAG rules in every look, no sideways scrolling, the roll without scripts."""

from typing import Any

import pytest
from browser.looks import LOOKS, come_in_as, wear, wrongs_at
from engine.conftest import stage
from playwright.sync_api import Browser, Page, expect
from web.stage import Town
from web.test_meetings_pages import at_members, tick_all

from cunzhi.engine.models import Case
from cunzhi.engine.spec.story import Given
from cunzhi.meetings import door
from cunzhi.meetings.models import Meeting

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
    come_in_as(page, live_server, town.account(name))
    wear(page, how, town.account(name))
    known = {"case": case.number, "meeting": meeting.pk, "code": door.code_of(meeting)}
    known["past"] = Meeting.objects.order_by("id")[0].pk
    assert wrongs_at(page, live_server, (path.format(**known) for path in PAGES[name])) == []


def test_roll_is_kept_without_scripts(browser: Browser, live_server: Any, hall: tuple[Town, Case, Meeting]) -> None:
    town, _, meeting = hall
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640}, locale="zh-CN")
    page = context.new_page()
    come_in_as(page, live_server, town.account("village_cadre"))
    page.goto(f"{live_server.url}/meetings/{meeting.pk}/")
    boxes = page.locator(".tile label")
    assert min(boxes.nth(0).bounding_box().values()) >= 0  # type: ignore[union-attr]
    assert boxes.nth(0).bounding_box()["height"] >= 44  # type: ignore[index]
    for number in range(3):
        boxes.nth(number).click()
    page.click(".roll-save button")
    expect(page.locator(".notice-good")).to_contain_text("实到 5 人，应到 21 人")
    context.close()
