"""The looks in which pages are tried, how one comes in without the sign-in page, and what is wrong with a page."""

from collections.abc import Iterable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from playwright.sync_api import Page
from web.stage import BACKEND

from cunzhi.registry.models import Account
from cunzhi.web.sessions import SessionStore

# Without resultTypes axe also describes every element that broke no rule, which takes longer than the rules do.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
EVERY_LOOK = ("light, narrow", "dark, wide, English", "care")
LOOKS = (EVERY_LOOK[0], *(pytest.param(how, marks=pytest.mark.slow) for how in EVERY_LOOK[1:]))


def come_in_as(page: Page, live_server: Any, account: Account) -> None:
    """Be signed in, without the sign-in page."""
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.create()
    page.context.add_cookies([{"name": "sessionid", "value": str(session.session_key), "url": live_server.url}])


def wear(page: Page, how: str, account: Account | None = None) -> None:
    """Width and colours are the device's; language and care mode belong to the account, if there is one."""
    page.set_viewport_size({"width": 1280 if "wide" in how else 320, "height": 800})
    page.emulate_media(color_scheme="dark" if "dark" in how else "light")
    if account:
        language = "en" if "English" in how else "zh-hans"
        Account.objects.filter(pk=account.pk).update(language=language, care_mode=how == "care")


def wear_by_hand(page: Page, how: str) -> None:
    """The same by the buttons of the page, as visitors do it."""
    if how == "care":
        page.click("button[name=care]")
    if "English" in how:
        page.click("button[name=language]")
        assert page.get_attribute("html", "lang") == "en"
    wear(page, how)


def wrongs_at(page: Page, live_server: Any, paths: Iterable[str]) -> list[str]:
    """What is wrong with the pages at these paths."""
    wrong = []
    for path in paths:
        page.goto(live_server.url + path)
        wrong += wrongs(page)
    return wrong


def wrongs(page: Page) -> list[str]:
    """Rules of WCAG that the page breaks, also in what is folded away, and whether it goes beyond the right edge."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = Axe().run(page, options=RULES).response["violations"]
    wrong = [f"{page.url}: {one['id']} {[node['target'] for node in one['nodes']][:3]}" for one in found]
    if beyond_the_edge(page) > 0:
        wrong.append(f"{page.url}: wider than the screen")
    return wrong


def beyond_the_edge(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
