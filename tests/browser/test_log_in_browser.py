"""A visitor checks a file on their own phone: it is hashed there and never sent."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.test_pages_in_browser import RULES, look
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


@pytest.mark.parametrize("how", ["light, narrow", "dark, wide, English", "care"])
def test_pages_of_the_log_are_for_everybody(page: Page, noted: str, how: str) -> None:
    page.goto(noted + "/")
    look(page, how)
    for path in ("/log/", CODE, "/log/entry/30/", "/log/entry/1/", "/log/sheet/"):
        page.goto(noted + path)
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
