"""Topics and votes in a real browser: WCAG rules, no sideways scrolling, and a secret vote without scripts."""

from datetime import datetime, timedelta
from typing import Any

import deliberation.hamlet as stage
import pytest
from browser.looks import LOOKS, come_in_as, wear, wrongs_at
from playwright.sync_api import Browser, Page, expect

from cunzhi.base import clock
from cunzhi.base.actor import Actor, system
from cunzhi.deliberation.actions.ballots import cast_open
from cunzhi.deliberation.actions.contributions import contribute, hide
from cunzhi.deliberation.actions.roll import draw_roll
from cunzhi.registry.actions.accounts import make_account
from cunzhi.registry.models import Account, Person

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


@pytest.mark.parametrize("how", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_topics_keep_wcag_and_the_width(page: Page, live_server: Any, scene: Scene, name: str, how: str) -> None:
    account = scene.account(name)
    come_in_as(page, live_server, account)
    wear(page, how, account)
    assert wrongs_at(page, live_server, (path.format(**scene.topics) for path in PAGES[name])) == []


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
    come_in_as(page, live_server, scene.account("villager"))
    page.goto(f"{live_server.url}/topics/{scene.topics['open']}/vote/")
    page.click("main form.panel button[type=submit]")
    target = page.locator("[role=alert] a").get_attribute("href")
    assert page.locator(str(target)).count() == 1
