"""Pages of satellite fires in a real browser: WCAG rules in every look, no sideways scrolling."""

from collections.abc import Iterator
from typing import Any

import pytest
from browser.looks import LOOKS, come_in_as, wear, wrongs, wrongs_at
from fires.banan import BY, COUNTY, NORTH, make_county
from fires.rows import file, viirs
from playwright.sync_api import Page

from cunzhi.base import clock
from cunzhi.cli.fires.handing import one_round
from cunzhi.fires.actions.taking import note_try, take
from cunzhi.fires.models import Event
from cunzhi.registry.actions.accounts import make_account
from cunzhi.registry.models import Account
from cunzhi.web.fires.bulletin import Week

PAGES = (
    "/fires/", "/fires/upload/", "/fires/{fire}/", "/fires/bulletin/{week}/", f"/places/{COUNTY}/fires/",
    "/cases/{case}/",
)  # fmt: skip


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
    come_in_as(page, live_server, officer)
    wear(page, how, officer)
    event = Event.objects.get(place_code=COUNTY)
    assert Event.objects.filter(place_code=NORTH).exists()
    number = str(page.request.get(f"{live_server.url}/fires/{event.pk}/").text()).split("/cases/")[1].split("/")[0]
    known = {"fire": event.pk, "week": Week.of(clock.today()), "case": number}
    assert wrongs_at(page, live_server, (path.format(**known) for path in PAGES)) == []


@pytest.mark.parametrize("how", LOOKS)
def test_what_would_come_of_a_file_keeps_wcag_and_the_width(
    page: Page, live_server: Any, officer: Account, how: str
) -> None:
    come_in_as(page, live_server, officer)
    wear(page, how, officer)
    at = clock.now()
    wrong = []
    for rows in ((viirs(29.45, at=at), viirs(29.408, at=at)), (viirs(91, at=at), viirs(29.3, at=at, confidence="50"))):
        page.goto(f"{live_server.url}/fires/upload/")
        page.set_input_files("#file", {"name": "viirs.csv", "mimeType": "text/csv", "buffer": file(*rows)})
        page.click("main form button")
        page.wait_for_selector("h2, .notice")
        wrong += wrongs(page)
    assert wrong == []
