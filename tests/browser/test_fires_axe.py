"""Pages of satellite fires in a real browser: WCAG rules in every look, no sideways scrolling."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from fires.banan import BY, COUNTY, NORTH, make_county
from fires.rows import file, viirs
from playwright.sync_api import Page
from test_cases_axe import LOOKS, RULES, cookie

from cunzhi.base import clock
from cunzhi.cli.fires.handing import one_round
from cunzhi.fires.actions.taking import note_try, take
from cunzhi.fires.models import Event
from cunzhi.registry.actions.accounts import make_account
from cunzhi.registry.models import Account
from cunzhi.web.fires.bulletin import Week

PAGES = ("/fires/", "/fires/{fire}/", "/fires/bulletin/{week}/", f"/places/{COUNTY}/fires/", "/cases/{case}/")


@pytest.fixture
def officer(transactional_db: None) -> Iterator[Account]:
    """An officer of a county in which three fires were seen, one of them faint, and one product fails."""
    person = make_county()["county_officer"]
    at = clock.now()
    lines = (viirs(29.408, at=at), viirs(29.55, 106.9, at=at), viirs(29.39, at=at, confidence="l"))
    take(by=BY, data=file(*lines), source="a file", simulated=True)
    one_round(BY)
    note_try(product="MODIS_NRT", said="Invalid MAP_KEY.")
    yield make_account(person=person, phone="13900000001", by=BY)


@pytest.mark.parametrize("how", LOOKS)
def test_fires_keep_wcag_and_the_width(page: Page, live_server: Any, officer: Account, how: str) -> None:
    officer.language, officer.care_mode = ("en" if "English" in how else "zh-hans"), how == "care"
    officer.save()
    page.context.add_cookies([{"name": "sessionid", "value": cookie(officer), "url": live_server.url}])
    width = 1280 if "wide" in how else 320
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if "dark" in how else "light")
    event = Event.objects.get(place_code=COUNTY)
    assert Event.objects.filter(place_code=NORTH).exists()
    number = str(page.request.get(f"{live_server.url}/fires/{event.pk}/").text()).split("/cases/")[1].split("/")[0]
    wrong = []
    for path in PAGES:
        page.goto(live_server.url + path.format(fire=event.pk, week=Week.of(clock.today()), case=number))
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        found = Axe().run(page, options=RULES).response["violations"]
        wrong += [f"{path}: {one['id']} {[node['target'] for node in one['nodes']][:3]}" for one in found]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{path}: wider than the screen")
    assert wrong == []
