"""The map in a real browser: WCAG rules in every look, no sideways scrolling, symbols that are reached by keyboard."""

from collections.abc import Iterator
from typing import Any

import pytest
from alarms.riverside import BY, GRID, River, make_river, rule
from browser.looks import LOOKS, come_in_as, wear, wrongs_at
from playwright.sync_api import Page, expect
from web.village import VILLAGE, make_account

from cunzhi.registry.actions.points import set_point
from cunzhi.registry.models import Account, Person

PAGES = ("/map/", f"/map/?place={VILLAGE}", "/map/?chosen=1&layer=alarms", "/map/?chosen=1")


@pytest.fixture
def officer(transactional_db: None) -> Iterator[Account]:
    """Of a county with a red alarm at a gauge."""
    river: River = make_river()
    set_point(by=BY, place_code=GRID, point=(106.54, 29.40))
    rule()
    river.flows(3.4)
    yield make_account(Person.objects.get(pk=river.people["county_officer"].pk))


@pytest.mark.parametrize("how", LOOKS)
def test_map_keeps_wcag_and_the_width(page: Page, live_server: Any, officer: Account, how: str) -> None:
    come_in_as(page, live_server, officer)
    wear(page, how, officer)
    assert wrongs_at(page, live_server, PAGES) == []


def test_symbol_is_reached_by_keyboard_says_its_name_and_opens(page: Page, live_server: Any, officer: Account) -> None:
    come_in_as(page, live_server, officer)
    page.goto(f"{live_server.url}/map/?chosen=1&layer=alarms")
    symbol = page.locator("a.spot-red")
    symbol.focus()
    expect(symbol).to_be_focused()
    assert "超警戒水位" in str(symbol.locator("title").text_content())
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("超警戒水位")
