"""Emergencies in a real browser: WCAG rules in every look, no sideways scrolling, no scripts, refreshing by itself."""

from collections.abc import Iterator
from typing import Any

import pytest
from browser.looks import LOOKS, come_in_as, wear, wrongs
from emergencies.valley import BY, VILLAGE, Valley, make_valley
from playwright.sync_api import Browser, Page, expect
from web.village import make_account

from cunzhi.emergencies.actions.arriving import enter_household, enter_others, knock
from cunzhi.emergencies.codes import code_of
from cunzhi.emergencies.models import Arrival, Plan
from cunzhi.engine.actions.cases import move
from cunzhi.engine.models import Case
from cunzhi.registry.models import Account, Person

PAGES = {
    "township_officer": (
        "/emergencies/",
        "/emergencies/new/",
        "/emergencies/plans/",
        "/emergencies/plans/{plan}/",
        "/emergencies/{one}/",
        "/emergencies/{drill}/",
        "/emergencies/{one}/shelters/{hall}/",
        "/emergencies/{one}/shelters/{hall}/sheet/",
    ),
    "village_cadre": ("/emergencies/{one}/", "/emergencies/{one}/shelters/{school}/"),
    "101": ("/emergencies/{one}/shelters/{school}/come/?code={code}", "/shelters/at/{village}/"),
}


@pytest.fixture
def night(transactional_db: None) -> Iterator[tuple[Valley, dict[str, Any], dict[str, Account]]]:
    """One that runs with a task done and one impossible, a full school, people in the unsafe hall, and a drill."""
    valley = make_valley()
    cadre = valley.actor("village_cadre")
    one, drill = valley.open(), valley.open(drill=True, hazard="landslide")
    first, second, *_ = Case.objects.filter(parent_id=one.case_id).order_by("id")
    move(by=cadre, case=first, transition="finish", version=1, answers={"said": "水电通了"})
    move(by=valley.actor("grid_worker"), case=second, transition="give_up", version=1, reason="桥断了")
    enter_household(by=cadre, emergency=one, shelter=valley.school, household=valley.homes["102"], heads=12)
    enter_others(by=cadre, emergency=one, shelter=valley.hall, heads=3)
    knock(by=cadre, emergency=one, household=valley.homes["101"], found="nobody")
    known = {
        "one": one.pk, "drill": drill.pk, "school": valley.school.pk, "hall": valley.hall.pk, "village": VILLAGE,
        "plan": Plan.objects.get().pk, "code": code_of(one, valley.school),
    }  # fmt: skip
    accounts = {name: make_account(Person.objects.get(pk=valley.people[name].pk)) for name in PAGES}
    yield valley, known, accounts


@pytest.mark.parametrize("how", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_pages_of_emergencies_keep_wcag_and_the_width(
    page: Page, live_server: Any, night: Any, name: str, how: str
) -> None:
    _, known, accounts = night
    come_in_as(page, live_server, accounts[name])
    wear(page, how, accounts[name])
    wrong = []
    for path in PAGES[name]:
        page.goto(live_server.url + path.format(**known))
        wrong += wrongs(page)
        if path == "/emergencies/{one}/" and name == "village_cadre":
            page.click("form[action$='doors/'] button")
            wrong += wrongs(page)
    assert wrong == []


def test_household_comes_in_without_scripts(browser: Browser, live_server: Any, night: Any) -> None:
    _, known, accounts = night
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640}, locale="zh-CN")
    page = context.new_page()
    come_in_as(page, live_server, accounts["101"])
    page.goto(live_server.url + PAGES["101"][0].format(**known))
    page.fill("#heads", "3")
    page.click("main form button")
    expect(page.locator(".notice-good")).to_contain_text("已经登记")
    assert Arrival.objects.latest("id").heads == 3
    context.close()


def test_report_refreshes_itself(page: Page, live_server: Any, night: Any) -> None:
    valley, known, accounts = night
    come_in_as(page, live_server, accounts["village_cadre"])
    page.clock.install()
    page.goto(f"{live_server.url}/emergencies/{known['one']}/")
    expect(page.locator("#shelters")).to_be_visible()
    enter_others(by=BY, emergency=valley.open(), shelter=valley.hall, heads=5)
    page.clock.run_for(31_000)
    expect(page.locator("section[aria-labelledby=shelters]")).to_contain_text("5 人，可容 5 人")
