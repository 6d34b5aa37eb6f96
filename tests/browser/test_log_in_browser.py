"""A visitor checks a file on their own phone: it is hashed there and never sent."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser.looks import LOOKS, wear_by_hand, wrongs_at
from django.db import transaction
from journal.conftest import BY, VILLAGE
from journal.conftest import acts as acts
from journal.conftest import home as home
from playwright.sync_api import Page, expect
from web.village import make_places

from cunzhi.journal.actions import note
from cunzhi.journal.sealing import seal

pytestmark = pytest.mark.browser
COPY = "财务公开：支出 800 元".encode()
CODE = f"/log/verify/{hashlib.sha256(COPY).hexdigest()}/"


@pytest.fixture
def noted(live_server: Any, acts: Callable[[int], list[int]], tmp_path: Path) -> str:
    make_places()
    acts(30)
    with transaction.atomic():
        note(by=BY, verb="notice.file", record="notice:7", place_code=VILLAGE, public=COPY)
    seal()
    return str(live_server.url)


def test_file_is_hashed_where_it_is(page: Page, noted: str, tmp_path: Path) -> None:
    copy, other = tmp_path / "copy.txt", tmp_path / "other.txt"
    copy.write_bytes(COPY)
    other.write_bytes(COPY + b"!")
    page.goto(noted + CODE)
    expect(page.locator("#verdict")).to_contain_text("日志里有这一件")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.set_input_files("[name=file]", copy)
    expect(page.locator("#verdict")).to_contain_text("是真的")
    page.set_input_files("[name=file]", other)
    expect(page.locator("#verdict")).to_contain_text("被改过")
    page.fill("[name=text]", COPY.decode())
    page.click("[data-verify] button")
    expect(page.locator("#verdict")).to_contain_text("是真的")
    assert set(sent) == {"GET"}


@pytest.mark.parametrize("how", LOOKS)
def test_pages_of_the_log_are_for_everybody(page: Page, live_server: Any, noted: str, how: str) -> None:
    page.goto(noted + "/")
    wear_by_hand(page, how)
    paths = ("/log/", CODE, "/log/entry/30/", "/log/entry/1/", "/log/sheet/")
    assert wrongs_at(page, live_server, paths) == []
