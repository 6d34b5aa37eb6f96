"""A file of fires handed in on a page: nothing is kept before it was looked at, and then all of it or nothing."""

import re
import zlib
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from fires.banan import BY, LONG_AGO, NORTH
from fires.rows import LATITUDE, MODIS, STEP, file, viirs
from web.test_fires_pages import browser, people  # noqa: F401  a fixture

from cunzhi.fires.actions.taking import take
from cunzhi.fires.models import Detection, Event, Look
from cunzhi.journal.models import Entry
from cunzhi.registry.actions.appointments import appoint
from cunzhi.registry.models import Person, Place

pytestmark = pytest.mark.django_db
PATH = "/fires/upload/"
SEEN = Path(__file__).parents[1] / "fires" / "seen"
MODIS_LINE = "29.4,106.6,331.2,1.2,1.1,2026-10-29,0230,T,MODIS,85,6.1NRT,290.1,14.5,D"
ANSWER = b"Exceeding allowed transaction limit. Current limit is 5000 in 10 minutes."


@pytest.fixture
def officer(people: dict[str, Person]) -> Client:  # noqa: F811
    return browser(people["county_officer"])


def sent(client: Client, data: bytes, name: str = "viirs.csv") -> Any:
    return client.post(PATH, {"file": SimpleUploadedFile(name, data)})


def facts(page: str) -> list[int]:
    """Rows, new, known, outside, as the page tells them."""
    return [int(one) for one in re.findall(r"<dd>(\d+)</dd>", page)]


def counted() -> list[int]:
    return [kind.objects.count() for kind in (Detection, Event, Look, Entry)]


def packed(page: str) -> dict[str, str]:
    """What the second step sends."""
    return dict(re.findall(r'<input type="hidden" name="(name|content)" value="([^"]*)"', page))


def test_looking_keeps_nothing_and_taking_keeps_what_was_shown(officer: Client) -> None:
    before = counted()
    data = file(viirs(29.408), viirs(29.45), viirs(LATITUDE + STEP, 106.7), viirs(40.0, 116.0))
    answer = sent(officer, data)
    page = answer.content.decode()
    assert (answer.status_code, facts(page), counted()) == (200, [4, 2, 1, 1], before)
    assert "40.0000, 116.0000" in page and "最近一次收到数据" in page
    taken = officer.post(PATH, packed(page), follow=True)
    assert "新的 2 个，已有的 1 个，不在本区县的 1 个" in taken.content.decode()
    assert Detection.objects.count() == before[0] + 2
    assert Look.objects.latest("pk").source == "viirs.csv"
    assert Entry.objects.filter(verb="fires.look").latest("pk").actor.startswith("person:")
    again = officer.post(PATH, packed(page), follow=True)
    assert "新的 0 个，已有的 3 个" in again.content.decode()
    assert Detection.objects.count() == before[0] + 2


def test_modis_is_taken_as_well(officer: Client) -> None:
    page = sent(officer, file(MODIS_LINE, header=MODIS)).content.decode()
    assert facts(page) == [1, 1, 0, 0] and "Terra" in page
    officer.post(PATH, packed(page))
    assert Detection.objects.filter(satellite="Terra", confidence="high").count() == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (file(viirs(), viirs(29.41))[:-40], "第 3 行"),
        (file(viirs(), viirs(confidence="50"), viirs(91)), "第 4 行"),
        (b"place,time\nBanan,noon\n", "什么也没有导入"),
        (ANSWER, "Exceeding allowed transaction limit"),
        ((SEEN / "invalid_key.txt").read_bytes(), "Invalid MAP_KEY."),
        (b"", "什么也没有导入"),
        (b"\xff\xfe\x00", "UTF-8"),
        (file(viirs()) + b" " * 2 * 1024 * 1024, "2 MB"),
    ],
    ids=["cut in half", "two wrong lines", "other columns", "limit", "key", "empty", "no text", "large"],
)
def test_what_cannot_be_read_is_refused_with_its_lines_and_keeps_nothing(
    officer: Client, data: bytes, words: str
) -> None:
    before = counted()
    answer = sent(officer, data)
    page = answer.content.decode()
    assert (answer.status_code, counted()) == (422, before)
    assert words in page and "什么也没有导入" in page and 'name="content"' not in page


def test_every_wrong_line_is_named(officer: Client) -> None:
    page = sent(officer, file(viirs(confidence="50"), viirs(), viirs(91))).content.decode()
    assert "第 2 行" in page and "第 4 行" in page and "第 3 行：" not in page


def test_second_step_is_checked_like_the_first(officer: Client) -> None:
    before = counted()
    bomb = b64encode(zlib.compress(b"x" * 50_000_000)).decode()
    half = b64encode(zlib.compress(file(viirs(29.3)))[:40]).decode()
    spoilt = b64encode(zlib.compress(file(viirs(29.3))[:-40])).decode()
    for content in ("", "x", "%%%", bomb, half, spoilt):
        answer = officer.post(PATH, {"name": "x", "content": content})
        assert (answer.status_code, counted()) == (422, before), content[:20]
    assert officer.post(PATH, {}).status_code == 422


def test_only_the_county_hands_in_and_only_for_itself(people: dict[str, Person]) -> None:  # noqa: F811
    for role in ("grid_worker", "village_cadre"):
        client = browser(people[role])
        assert client.get(PATH).status_code == 403
        assert sent(client, file(viirs(29.3))).status_code == 403
        assert PATH not in client.get("/fires/").content.decode()
    assert Client().get(PATH).status_code == 302
    assert PATH in browser(people["county_officer"]).get("/fires/").content.decode()
    Place.objects.create(system="gb", code="500112", name="渝北", level="county", valid_from=LONG_AGO)
    elsewhere = Person.objects.create(name="张他县", place_code=NORTH)
    appoint(by=BY, person=elsewhere, role="county_officer", place_code="500112", basis="meeting")
    stranger = browser(elsewhere)
    assert facts(sent(stranger, file(viirs(29.45))).content.decode()) == [1, 0, 0, 1]


@pytest.mark.parametrize("name", sorted(one.name for one in SEEN.glob("*.csv")))
def test_rows_that_firms_gave_out_are_read_and_lie_elsewhere(officer: Client, name: str) -> None:
    data = (SEEN / name).read_bytes()
    rows = len(data.splitlines()) - 1
    page = sent(officer, data, name).content.decode()
    assert facts(page) == [rows, 0, 0, rows]
    assert take(by=BY, data=data, source=name).outside == rows


def test_page_says_all_in_english_too(people: dict[str, Person]) -> None:  # noqa: F811
    client = browser(people["county_officer"], "en")
    assert "Hand in a file of fires" in client.get(PATH).content.decode()
    page = sent(client, file(viirs(29.45))).content.decode()
    assert "What would come of it" in page and len(page) < 60_000


def test_name_that_no_database_keeps_is_passed_over(officer: Client) -> None:
    content = b64encode(zlib.compress(file(viirs(29.408)))).decode()
    assert officer.post(PATH, {"content": content, "name": "a\x00b.csv"}).status_code == 302
    assert Look.objects.latest("pk").source == "ab.csv"
