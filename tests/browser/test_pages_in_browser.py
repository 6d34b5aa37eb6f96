"""Every page in a real browser: WCAG rules, no sideways scrolling, large type, keyboard, reading aloud, weight."""

from collections.abc import Callable
from typing import Any

import pytest
from browser.looks import EVERY_LOOK, LOOKS, beyond_the_edge, wear_by_hand, wrongs, wrongs_at
from django.template import engines
from django.utils import translation
from lake.doings import activation, case
from playwright.sync_api import Page, expect
from web.village import VILLAGE

from cunzhi.base import clock
from cunzhi.base.periods import Period
from cunzhi.registry.models import Account
from cunzhi.web.charts.bars import bars
from cunzhi.web.charts.county_map import county_map
from cunzhi.web.charts.lines import lines
from cunzhi.web.charts.shares import shares

pytestmark = pytest.mark.browser
PUBLIC = (
    "/",
    "/sign-in/",
    "/sign-in/password/",
    "/places/",
    f"/places/{VILLAGE}/",
    "/accessibility/",
    "/privacy/",
    "/log/",
    "/log/verify/",
    "/log/sheet/",
    "/no/",
)
PRIVATE = {
    "villager": ("/", "/me/", "/me/password/"),
    "cadre": (
        "/people/",
        "/households/",
        "/people/new/",
        "/people/take/",
        "/people/{villager}/",
        "/people/{villager}/account/",
        "/people/{villager}/change/correct/",
        "/people/{villager}/change/join/",
        "/people/{villager}/merge/",
        "/people/{villager}/merge/{cadre}/",
        "/people/{villager}/erase/",
        "/people/export/",
        "/people/export/in-clear/",
        "/households/new/",
        "/figures/",
        "/figures/points/deeds_reported/",
        "/figures/points/share_granted/records/",
    ),
    "administrator": (
        "/appointments/",
        "/appointments/new/",
        "/scenarios/",
        "/scenarios/points/",
        "/scenarios/points/on/",
        "/activations/{activation}/off/",
        "/figures/points/deeds_reported/",
    ),
}
COMING = Callable[[str], Page]


@pytest.mark.parametrize("how", EVERY_LOOK)
def test_public_pages_are_accessible(page: Page, live_server: Any, village: dict[str, Account], how: str) -> None:
    page.goto(live_server.url)
    wear_by_hand(page, how)
    assert wrongs_at(page, live_server, PUBLIC) == []


@pytest.mark.parametrize("how", LOOKS)
@pytest.mark.parametrize("role", PRIVATE)
def test_pages_behind_the_sign_in_are_accessible(
    come_in: COMING, live_server: Any, village: dict[str, Account], role: str, how: str
) -> None:
    ids = {name: account.person_id for name, account in village.items()} | {"activation": some_doings()}
    page = come_in(role)
    wear_by_hand(page, how)
    wrong = []
    for path in PRIVATE[role]:
        page.goto(live_server.url + path.format(**ids))
        assert page.locator("h1").count() == 1
        wrong += wrongs(page)
    assert wrong == []


def some_doings() -> int:
    """Deeds of the last month, for the figures; the id of the decision by which points are on."""
    last_month = f"{Period.of(clock.today(), 'month').previous()}-02T02:00:00"
    for outcome in ("granted", "granted", "refused"):
        case(VILLAGE, opened=last_month, closed=last_month, outcome=outcome)
    return int(activation().pk)


@pytest.mark.parametrize("path", ["/sign-in/", "/sign-in/password/"])
def test_form_with_mistakes_is_accessible_and_takes_the_focus(
    page: Page, live_server: Any, db: None, path: str
) -> None:
    page.goto(live_server.url + path)
    page.click("main button[type=submit]")
    assert wrongs(page) == []
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"


def test_charts_are_accessible(page: Page, live_server: Any, db: None) -> None:
    with translation.override("zh-hans"):
        charts = [
            bars("办结数", [("道路", 4), ("水渠", 2)], unit="件"),
            shares("渠道", [("手机", 3), ("纸面", 1)]),
            lines("时间", ["1月", "2月", "3月"], {"本村": [3, None, 1], "本镇": [4, 3, 2]}),
            county_map("办结率", {"500113": 0.5, "500157": 0.7}, digits=1),
        ]
        template = engines["jinja2"].env.from_string(CHARTS)  # type: ignore[attr-defined]
        body = template.render(charts=charts)
    page.route("**/charts", lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"))
    page.goto(f"{live_server.url}/charts")
    assert wrongs(page) == []


CHARTS = """<!doctype html><html lang="zh-Hans"><head><title>图表</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/static/cunzhi.css"></head>
<body><main><h1>图表</h1>{% from "components/blocks.html" import chart_with_table %}
{% for chart in charts %}{{ chart_with_table(chart) }}{% endfor %}</main></body></html>"""


def test_text_at_twice_its_size_needs_no_sideways_scrolling(come_in: COMING, live_server: Any) -> None:
    page = come_in("cadre")
    page.set_viewport_size({"width": 640, "height": 800})
    for path in ("/", "/people/", "/people/new/", "/me/", "/places/"):
        page.goto(live_server.url + path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert beyond_the_edge(page) <= 0, path


def test_care_mode_enlarges_type_and_drops_words(page: Page, live_server: Any, db: None) -> None:
    page.goto(live_server.url)
    small = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    words = len(page.inner_text("main"))
    page.click("button[name=care]")
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= small * 1.3
    assert len(page.inner_text("main")) < words
    page.click("button[name=care]")
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == small


def test_page_is_read_aloud_in_its_language(page: Page, live_server: Any, db: None) -> None:
    page.add_init_script("""
      window.said = [];
      const voice = {speak: (one) => said.push([one.lang, one.text]), cancel() {}};
      Object.defineProperty(window, "speechSynthesis", {value: voice});
    """)
    page.goto(f"{live_server.url}/privacy/")
    page.click("[data-read-aloud]")
    said = page.evaluate("window.said")
    assert said[0] == ["zh-CN", "个人信息说明"]
    assert page.get_attribute("[data-read-aloud]", "aria-pressed") == "true"


def test_reading_aloud_is_not_offered_without_a_voice(page: Page, live_server: Any, db: None) -> None:
    page.add_init_script("Object.defineProperty(window, 'speechSynthesis', {value: undefined});")
    page.goto(live_server.url)
    assert not page.is_visible("[data-read-aloud]")


def test_form_is_sent_once_however_often_one_taps(page: Page, live_server: Any, db: None) -> None:
    page.goto(f"{live_server.url}/sign-in/")
    page.fill("[name=phone]", "13900000000")
    sent = page.evaluate("""() => {
      let sent = 0;
      window.addEventListener("submit", (event) => { sent += event.defaultPrevented ? 0 : 1; });
      const button = document.querySelector("main button[type=submit]");
      for (let tap = 0; tap < 3; tap += 1) button.click();
      return sent;
    }""")
    assert sent == 1


def test_first_page_weighs_less_than_60_kilobytes(page: Page, live_server: Any, db: None) -> None:
    weights: list[int] = []
    page.on("response", lambda response: weights.append(len(response.body())))
    page.goto(live_server.url, wait_until="networkidle")
    assert sum(weights) < 60_000


def test_main_paths_work_without_javascript(browser: Any, live_server: Any, village: dict[str, Account]) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN", viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(f"{live_server.url}/sign-in/password/")
    page.fill("[name=phone]", "13800000002")
    page.fill("[name=password]", "mountain-road-7")
    page.click("main button[type=submit]")
    page.goto(f"{live_server.url}/people/")
    page.fill("[name=q]", "大明")
    page.click("main form button")
    assert "张大明" in page.inner_text("main")
    page.click("text=English")
    assert page.get_attribute("html", "lang") == "en"
    context.close()


def test_search_shows_results_while_typing(come_in: COMING, live_server: Any) -> None:
    page = come_in("cadre")
    page.goto(f"{live_server.url}/people/")
    page.locator("#q").press_sequentially("建国")
    expect(page.locator("#found")).not_to_contain_text("张大明")
    expect(page.locator("#found")).to_contain_text("王建国")


def test_keyboard_reaches_the_content_first(page: Page, live_server: Any, db: None) -> None:
    page.goto(f"{live_server.url}/privacy/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_nothing_breaks_the_content_security_policy(come_in: COMING, live_server: Any) -> None:
    page = come_in("cadre")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    for path in ("/", "/people/", "/people/take/", "/me/", "/places/"):
        page.goto(live_server.url + path, wait_until="networkidle")
    assert complaints == []


def test_page_says_kindly_that_the_network_is_gone(browser: Any, live_server: Any, db: None) -> None:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(live_server.url)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    context.set_offline(True)
    page.goto(f"{live_server.url}/privacy/")
    assert "现在没有网络" in page.inner_text("h1")
    context.close()
