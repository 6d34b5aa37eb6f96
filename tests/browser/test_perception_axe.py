"""The pages of sensors keep WCAG and the width of a phone, in every look."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.conftest import PHONES
from matrix_sensors import make_station
from playwright.sync_api import Page
from web.village import PASSWORD, VILLAGE

from cunzhi.registry.models import Account

LOOKS = ("phone", "phone dark English", "care", "wide")
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@pytest.mark.parametrize("how", LOOKS)
def test_page_keeps_wcag_and_the_width(page: Page, live_server: Any, village: dict[str, Account], how: str) -> None:
    stream = make_station(VILLAGE, simulated=True, every_seconds=1)
    Account.objects.update(language="en" if "English" in how else "zh-hans", care_mode=how == "care")
    width = 1280 if how == "wide" else 320
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if "dark" in how else "light")
    page.goto(f"{live_server.url}/sign-in/password/")
    page.fill("[name=phone]", PHONES["cadre"])
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    wrong = []
    for path in ("/sensors/", f"/sensors/{stream.pk}/", f"/stations/{stream.thing_id}/devices/"):
        page.goto(live_server.url + path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        found = Axe().run(page, options=RULES).response["violations"]
        wrong += [f"{path}: {one['id']} {[node['target'] for node in one['nodes']][:3]}" for one in found]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{path}: wider than the screen")
    assert wrong == []
