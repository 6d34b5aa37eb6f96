"""Topics and votes in a real browser: WCAG rules, no sideways scrolling, and a secret vote without scripts."""

from datetime import datetime, timedelta
from typing import Any

import deliberation.hamlet as stage
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from playwright.sync_api import Browser, Page, expect

from cunzhi.base import clock
from cunzhi.base.actor import Actor, system
from cunzhi.deliberation.actions.ballots import cast_open
from cunzhi.deliberation.actions.contributions import contribute, hide
from cunzhi.deliberation.actions.roll import draw_roll
from cunzhi.registry.actions.accounts import make_account
from cunzhi.registry.models import Account, Person
from cunzhi.web.sessions import SessionStore

BACKEND = "django.contrib.auth.backends.ModelBackend"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
LOOKS = (
    "light, narrow",
    pytest.param("dark, wide, English", marks=pytest.mark.slow),
    pytest.param("care", marks=pytest.mark.slow),
)
PAGES = {
    "villager": (
        "/topics/", "/topics/{talked}/", "/topics/{talked}/?show=remark", "/topics/{talked}/suggest/",
        "/topics/{open}/vote/", "/topics/{open}/roll/", "/topics/{open}/roll/object/", "/topics/{secret}/",
        "/topics/{secret}/ballot/", "/topics/{secret}/receipt/", "/topics/{closed}/result/", "/topics/{open}/result/",
    ),
    "cadre": ("/topics/new/", "/topics/{secret}/enter/", "/topics/{closed}/answer/", "/topics/{talked}/"),
    "supervisor": ("/topics/{next}/sheets/", "/topics/{secret}/sheets/"),
}  # fmt: skip


class Scene:
    """A village with a topic in every phase at the live server's own time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        now = datetime.now(clock.ZONE)
        monkeypatch.setattr(stage, "START", now - timedelta(days=9))
        with clock.at(stage.START):
            self.hamlet = stage.Hamlet()
            closed, _ = self.hamlet.polls("open")
            with clock.at(stage.day(6)):
                for number in range(5):
                    cast_open(by=self.hamlet.actor(number), topic=closed, option=1 + number % 2)
            stage.close(closed)
        monkeypatch.setattr(stage, "START", now - timedelta(days=6))
        with clock.at(stage.START):
            voting, _ = self.hamlet.polls("open")
            secret, self.codes = self.hamlet.polls("secret")
        monkeypatch.setattr(stage, "START", now - timedelta(days=2))
        with clock.at(stage.START):
            talked, following = self.hamlet.topic(), draw_roll(by=self.hamlet.cadre, topic=self.hamlet.topic("secret"))
        contribute(by=self.hamlet.actor(1), topic=talked, kind="suggestion", text="先装小学门口的")
        hidden = contribute(by=self.hamlet.actor(0), topic=talked, kind="remark", text="张家占道")
        hide(by=self.hamlet.cadre, contribution=hidden, reason="点名指责他人")
        named = {"closed": closed, "open": voting, "secret": secret, "talked": talked, "next": following}
        self.topics = {name: topic.pk for name, topic in named.items()}

    def account(self, name: str) -> Account:
        who: Actor = {"villager": self.hamlet.actor(0)}.get(name) or getattr(self.hamlet, name)
        person = Person.objects.get(pk=who.person_id)
        return make_account(person=person, phone=f"139{person.pk:08}", by=system("test"))


@pytest.fixture
def scene(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Scene:
    return Scene(monkeypatch)


def sign_in(page: Page, account: Account, url: str) -> None:
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(account.pk), BACKEND
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.create()
    page.context.add_cookies([{"name": "sessionid", "value": str(session.session_key), "url": url}])


@pytest.mark.parametrize("how", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_topics_keep_wcag_and_the_width(page: Page, live_server: Any, scene: Scene, name: str, how: str) -> None:
    account = scene.account(name)
    Account.objects.update(language="en" if "English" in how else "zh-hans", care_mode=how == "care")
    sign_in(page, account, live_server.url)
    width = 1280 if "wide" in how else 320
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if "dark" in how else "light")
    wrong = []
    for path in PAGES[name]:
        page.goto(live_server.url + path.format(**scene.topics))
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        found = Axe().run(page, options=RULES).response["violations"]
        wrong += [f"{path}: {one['id']} {[node['target'] for node in one['nodes']][:3]}" for one in found]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{path}: wider than the screen")
    assert wrong == []


def test_secret_vote_works_without_scripts_and_sign_in(browser: Browser, live_server: Any, scene: Scene) -> None:
    page = browser.new_context(java_script_enabled=False, locale="zh-CN").new_page()
    page.goto(f"{live_server.url}/topics/{scene.topics['secret']}/ballot/")
    page.fill("[name=code]", scene.codes[0][:12])
    page.check("[name=option][value='1']")
    page.click("main button[type=submit]")
    expect(page.locator("[role=alert]")).to_contain_text("您输入了 12 位")
    expect(page.locator("[name=option][value='1']")).to_be_checked()
    page.fill("[name=code]", scene.codes[0])
    page.click("main button[type=submit]")
    receipt = page.locator(".code-small").inner_text()
    page.click("main a:has-text('查回执')")
    page.fill("[name=receipt]", receipt)
    page.click("main button[type=submit]")
    expect(page.locator(".notice-good")).to_contain_text("算数")


def test_error_of_radios_leads_to_them(page: Page, live_server: Any, scene: Scene) -> None:
    sign_in(page, scene.account("villager"), live_server.url)
    page.goto(f"{live_server.url}/topics/{scene.topics['open']}/vote/")
    page.click("main form.panel button[type=submit]")
    target = page.locator("[role=alert] a").get_attribute("href")
    assert page.locator(str(target)).count() == 1
