"""The pages of sensors keep WCAG and the width of a phone, in every look."""

from typing import Any

import pytest
from browser.looks import come_in_as, wear, wrongs_at
from matrix_sensors import make_seen, make_station, make_still
from playwright.sync_api import Page
from web.village import VILLAGE

from cunzhi.perception.actions.roll_ups import roll_up
from cunzhi.registry.models import Account

LOOKS = ("light, narrow", "dark, narrow, English", "care", "light, wide")


@pytest.mark.parametrize("how", LOOKS)
def test_page_keeps_wcag_and_the_width(page: Page, live_server: Any, village: dict[str, Account], how: str) -> None:
    stream = make_station(VILLAGE, simulated=True, every_seconds=1, public=True, substance="pm25", standard="air_2")
    roll_up(stream.pk)
    public = f"/places/{VILLAGE}/ecology/"
    ecology = (public, f"{public}{stream.pk}/", "/stills/", f"/stills/{make_still(stream).pk}/")
    come_in_as(page, live_server, village["cadre"])
    wear(page, how, village["cadre"])
    seen = f"/sensors/{make_seen(stream).pk}/"
    sensors = ("/sensors/", f"/sensors/{stream.pk}/", seen, f"/stations/{stream.thing_id}/devices/")
    assert wrongs_at(page, live_server, (*sensors, *ecology)) == []
