"""What is in force here, on a phone that was never here: all bytes of the first load, as they go over the air."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from alarms.riverside import BY, COUNTY, MONDAY, TOWNSHIP, VILLAGE, make_river
from django.http import HttpResponse
from django.test import Client

from cunzhi.alarms.actions.warning import Draft, issue
from cunzhi.base import clock

MOST = 30_000
HEADERS = 700
"""What the headers of one answer take."""
HAZARDS = ("flood", "landslide", "rainstorm", "gale")


@pytest.fixture
def warned(db: None) -> Iterator[None]:
    """Twelve warnings hold for the village: its own, and those of the places above."""
    with clock.at(MONDAY):
        make_river()
    for number, place in enumerate((COUNTY, TOWNSHIP, VILLAGE)):
        for second, hazard in enumerate(HAZARDS):
            with clock.at(MONDAY + timedelta(seconds=10 * number + second)):
                draft = Draft(
                    place_code=place, hazard=hazard, colour="orange", headline=f"{place}发布{hazard}橙色预警信号",
                    description="预计未来六小时内降雨量将达五十毫米以上，河道水位上涨。", contact="023-00000000",
                    instruction=f"第{number}{second}条：住在坡脚、河边的，听到通知马上离开，不要回头拿东西。",
                    expires=clock.now() + timedelta(hours=12),
                )  # fmt: skip
                issue(by=BY, draft=draft)
    with clock.at(MONDAY + timedelta(minutes=1)):
        yield


def asked(path: str) -> bytes:
    """An answer as browsers ask for it: compressed where the server does that."""
    answer: HttpResponse = Client().get(path, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200, path
    return b"".join(answer) if answer.streaming else answer.content


def parts(page: str) -> set[str]:
    """All that a browser fetches by itself because of a page."""
    tags = re.findall(r"<(?:link|script|img|source|iframe)\b[^>]*>", page)
    fetched = [tag for tag in tags if "alternate" not in tag]
    return {found[1] for tag in fetched if (found := re.search(r'(?:href|src)="([^"]+)"', tag))}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_is_in_force_here_loads_within_30_kb(warned: None, language: str) -> None:
    path = f"/warnings/at/{VILLAGE}/"
    client = Client()
    client.cookies["django_language"] = language
    page = client.get(path).content
    assert page.decode().count('class="alarm ') == 12
    assert len(page) < MOST
    fetched = parts(page.decode())
    assert {re.sub(r"\?.*", "", one) for one in fetched} >= {"/static/cunzhi.css", "/static/alarms.css"}
    assert all(one.startswith("/") for one in fetched), "nothing comes from elsewhere"
    sizes = {one: len(asked(one)) + HEADERS for one in (path, *fetched)}
    assert sum(sizes.values()) < MOST, sizes
    assert sizes[next(one for one in fetched if "cunzhi.css" in one)] < MOST / 3, "style sheets are sent compressed"
