"""The pages of the API in a browser: the description and the tokens, drawn under our content security policy."""

from typing import Any

from api.counties import HERE, make_county, make_person
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect


def test_description_is_drawn_from_our_own_server_alone(live_server: Any, page: Page) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto(f"{live_server}/api/v1/docs")
    page.locator("#operations-cases-list_my_cases .opblock-summary-control").click()
    expect(page.get_by_text("The caller's own matters").first).to_be_visible()
    assert [url for url in asked if not url.startswith((str(live_server), "data:"))] == []
    assert said == []


def test_tokens_page_is_accessible_with_and_without_a_mistake(live_server: Any, page: Page) -> None:
    make_county(HERE)
    person: Any = make_person("village_cadre", HERE)
    browser = Client()
    browser.force_login(person.account, backend="django.contrib.auth.backends.ModelBackend")
    cookie = {"name": "sessionid", "value": browser.cookies["sessionid"].value, "url": str(live_server)}
    page.context.add_cookies([cookie])
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{live_server}/me/tokens/")
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="办理令牌").click()
    expect(page.locator(".error")).to_have_count(1)
    assert Axe().run(page).response["violations"] == []
    page.locator("#name").fill("本镇的统计表")
    page.get_by_role("button", name="办理令牌").click()
    expect(page.locator("code.secret")).to_have_count(1)
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
