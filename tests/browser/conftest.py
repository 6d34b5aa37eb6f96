"""How large the browser is, a village, and its people, who sign in through the page."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page
from web.village import COUNTY, PASSWORD, make_account, make_person, make_places

from cunzhi.registry.models import Account


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"locale": "zh-CN", "viewport": {"width": 320, "height": 640}, "service_workers": "block"}


@pytest.fixture
def village(transactional_db: None) -> dict[str, Account]:
    """One account of each kind, by role."""
    make_places()
    return {
        "villager": make_account(make_person("张大明", "13800000000")),
        "cadre": make_account(make_person("王建国", "13800000002"), "village_cadre"),
        "administrator": make_account(make_person("周敏", "13800000005"), "administrator", COUNTY),
    }


PHONES = {"villager": "13800000000", "cadre": "13800000002", "administrator": "13800000005"}


@pytest.fixture
def come_in(page: Page, live_server: Any, village: dict[str, Account]) -> Callable[[str], Page]:
    """Sign in as somebody, through the page."""

    def sign_in(role: str) -> Page:
        page.goto(f"{live_server.url}/sign-in/password/")
        page.fill("[name=phone]", PHONES[role])
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(f"{live_server.url}/")
        return page

    return sign_in
