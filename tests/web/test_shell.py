"""What every page stands in: refusals, the ribbon of a demonstration, dates and numbers, addresses."""

import json
import re
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from cunzhi.base.actor import Actor
from cunzhi.base.errors import Conflict, Forbidden, Refused
from cunzhi.registry.actions.disclosure import unmask
from cunzhi.registry.models import Account
from cunzhi.web.address import address
from cunzhi.web.formats import day, moment, number, percent, quantity
from cunzhi.web.middleware import status_of
from cunzhi.web.wording import device, done

SignedIn = Callable[[Account], Client]
LATE = datetime(2026, 11, 2, 17, 30, tzinfo=UTC)


@pytest.fixture
def demonstration(settings: object, tmp_path: Path) -> None:
    account = {"role": "village_cadre", "name": "王建国", "phone": "13800000002", "password": "look-around-1"}
    content = {"seed": 1, "county": "500113", "accounts": [account]}
    (tmp_path / "demo.json").write_text(json.dumps(content), encoding="utf-8")
    settings.HOME = tmp_path  # type: ignore[attr-defined]


def test_demonstration_says_so_on_every_page(db: None, demonstration: None) -> None:
    for path in ("/", "/places/", "/nowhere/"):
        assert "模拟数据" in Client().get(path).content.decode()


def test_demonstration_shows_its_accounts_at_the_sign_in(db: None, demonstration: None) -> None:
    page = Client().get("/sign-in/password/").content.decode()
    assert "村干部 王建国" in page
    assert "look-around-1" in page


def test_real_installation_shows_no_ribbon_and_no_accounts(db: None) -> None:
    page = Client().get("/sign-in/password/").content.decode()
    assert "模拟数据" not in page
    assert "演示账号" not in page


@pytest.mark.parametrize(("error", "status"), [(Forbidden("x"), 403), (Conflict("x"), 409), (Refused("x"), 422)])
def test_refusal_has_its_status(error: Refused, status: int) -> None:
    assert status_of(error) == status


def test_days_and_moments_are_those_of_the_village() -> None:
    with translation.override("zh-hans"):
        assert (day(date(2026, 11, 2)), moment(LATE)) == ("2026年11月2日", "2026年11月3日 01:30")
    with translation.override("en"):
        assert (day(LATE), moment(LATE)) == ("3 Nov 2026", "3 Nov 2026 01:30")
    assert (day(None), moment(None)) == ("", "")


def test_numbers_are_written_as_people_read_them() -> None:
    assert (number(1234567.8), number(None), number(0.25, 2)) == ("1,234,568", "–", "0.25")
    assert (percent(0.873), quantity(412, "件"), quantity(98.94, "%", 1)) == ("87%", "412件", "98.9%")
    assert (quantity(15, "hours"), quantity(None, "件"), quantity(3, "")) == ("15 hours", "–", "3")


def test_address_of_a_stranger_is_not_taken_from_what_they_say(settings: object) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": "1.1.1.1, 2.2.2.2"})
    settings.SECURE_PROXY_SSL_HEADER = None  # type: ignore[attr-defined]
    assert address(request) == "10.0.0.1"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # type: ignore[attr-defined]
    assert address(request) == "2.2.2.2"


def test_browsers_are_named_by_system_and_kind() -> None:
    with translation.override("en"):
        assert device("Mozilla/5.0 (Linux; Android 9) Chrome/90 MicroMessenger/8.0") == "Android · 微信 WeChat"
        assert device("curl/8") == "Unknown device"


def test_verb_without_words_stands_for_itself() -> None:
    with translation.override("en"):
        assert (done("person.registered"), done("kite.flown")) == ("Registered", "kite.flown")


def test_own_page_asks_a_fixed_number_of_queries(villager: Account, cadre: Account, signed_in: SignedIn) -> None:
    client = signed_in(villager)
    by = Actor(person_id=cadre.person_id, channel="web")
    counts = []
    for rounds in (1, 6):
        for _ in range(rounds):
            unmask(person=villager.person, field="phone", purpose="visit", words="通知", by=by)
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/me/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_page_for_no_network_is_about_nobody(villager: Account, signed_in: SignedIn) -> None:
    page = signed_in(villager).get("/offline/").content.decode()
    assert "现在没有网络" in page
    assert "csrfmiddlewaretoken" not in page


def test_service_worker_keeps_files_that_are_there(db: None) -> None:
    client = Client()
    script = client.get("/service-worker.js")
    assert script["Content-Type"] == "text/javascript"
    kept = re.search(r"FILES = \[(.+)\]", script.content.decode()).group(1)  # type: ignore[union-attr]
    for path in re.findall(r'"([^"]+)"', kept):
        with closing(client.get(path)) as response:
            assert response.status_code == 200
