"""Coming in by code and by password, and what keeps others out."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from web.village import PASSWORD

from cunzhi.base import clock
from cunzhi.base.clock import ZONE
from cunzhi.registry.models import Account
from cunzhi.web.models import Session, SignInCode

NINE = datetime(2026, 11, 2, 9, tzinfo=ZONE)


@pytest.fixture
def sms(settings: object, tmp_path: Path) -> Path:
    settings.CUNZHI_SMS = f"folder:{tmp_path}"  # type: ignore[attr-defined]
    return tmp_path


def ask(client: Client, phone: str = "138 0000 0000", **headers: str) -> int:
    return client.post("/sign-in/", {"phone": phone}, **headers).status_code  # type: ignore[arg-type]


def code_in(folder: Path) -> str:
    newest = max((json.loads(path.read_text()) for path in folder.glob("*.json")), key=lambda one: one["sent_at"])
    return next(word for word in newest["text"].replace("，", " ").replace(",", " ").split() if word.isdecimal())


def test_code_opens_when_right(villager: Account, sms: Path) -> None:
    client = Client()
    assert ask(client) == 302
    before = client.session.session_key
    code = code_in(sms)
    response = client.post("/sign-in/code/", {"code": f"{code[:3]} {code[3:]}"})
    assert response.status_code == 302
    assert "张大明" in client.get("/").content.decode()
    assert client.session.session_key != before


def test_code_opens_only_once(villager: Account, sms: Path) -> None:
    first, second = Client(), Client()
    ask(first)
    with clock.at(clock.now() + timedelta(minutes=2)):
        ask(second)
        code = code_in(sms)
        assert first.post("/sign-in/code/", {"code": code}).status_code == 302
        assert second.post("/sign-in/code/", {"code": code}).status_code == 422


def test_code_refused_when_too_old(villager: Account, sms: Path) -> None:
    client = Client()
    with clock.at(NINE):
        ask(client)
    with clock.at(NINE + timedelta(minutes=5, seconds=1)):
        assert client.post("/sign-in/code/", {"code": code_in(sms)}).status_code == 422


def test_code_refused_after_five_wrong_tries(villager: Account, sms: Path) -> None:
    client = Client()
    ask(client)
    code = code_in(sms)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        assert client.post("/sign-in/code/", {"code": wrong}).status_code == 422
    assert client.post("/sign-in/code/", {"code": code}).status_code == 422


def test_codes_of_a_phone_are_limited(villager: Account, sms: Path) -> None:
    client = Client()
    answers = []
    for minute in (0, 0.5, 2, 4, 6, 8, 10, 61.5):
        with clock.at(NINE + timedelta(minutes=minute)):
            answers.append(ask(client))
    assert answers == [302, 422, 302, 302, 302, 302, 422, 302]


def test_codes_of_an_address_are_limited(db: None, sms: Path) -> None:
    with clock.at(NINE):
        answers = [ask(Client(), f"139000000{number:02}") for number in range(42)]
        assert answers == [302] * 40 + [422] * 2
        assert ask(Client(), "13911112222", REMOTE_ADDR="10.1.2.3") == 302


def test_unknown_phone_looks_like_a_known_one(villager: Account, sms: Path) -> None:
    pages = []
    for phone in ("13800000000", "13999999999"):
        client = Client()
        assert ask(client, phone) == 302
        pages.append(client.get("/sign-in/code/").content.decode())
        assert client.post("/sign-in/code/", {"code": "12"}).status_code == 422
    without_secrets = [re.sub(r'(csrfmiddlewaretoken" value=)"[^"]+"', "", page) for page in pages]
    assert without_secrets[0] == without_secrets[1]
    assert len(list(sms.glob("*.json"))) == 1
    assert SignInCode.objects.count() == 2


def test_code_is_not_kept_in_clear(villager: Account, sms: Path) -> None:
    client = Client()
    ask(client)
    row = SignInCode.objects.get()
    assert code_in(sms) not in json.dumps([row.code_hash, dict(client.session)])
    assert "13800000000" not in json.dumps(dict(client.session))


def test_password_opens_when_right(villager: Account) -> None:
    client = Client()
    response = client.post("/sign-in/password/?next=/places/", {"phone": "+86 138-0000-0000", "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/places/")


def test_next_stays_on_our_site(villager: Account) -> None:
    elsewhere = "https://example.org/"
    response = Client().post("/sign-in/password/", {"phone": "13800000000", "password": PASSWORD, "next": elsewhere})
    assert response["Location"] == "/"


def test_wrong_password_and_unknown_phone_get_the_same_answer(villager: Account) -> None:
    answers = []
    for phone in ("13800000000", "13999999999"):
        response = Client().post("/sign-in/password/", {"phone": phone, "password": "wrong"})
        answers.append((response.status_code, "手机号码或密码不对" in response.content.decode()))
    assert answers == [(422, True)] * 2


def test_passwords_are_locked_after_five_failures(villager: Account) -> None:
    client = Client()
    given = {"phone": "13800000000", "password": "wrong"}
    answers = [client.post("/sign-in/password/", given).status_code for _ in range(5)]
    assert answers == [422, 422, 422, 422, 429]
    response = client.post("/sign-in/password/", {"phone": "13800000000", "password": PASSWORD})
    assert response.status_code == 429
    assert "15 分钟" in response.content.decode()
    assert ask(client) == 302


def test_axes_keeps_no_phone(villager: Account) -> None:
    from axes.models import AccessAttempt

    Client().post("/sign-in/password/", {"phone": "13800000000", "password": "wrong-secret"})
    kept = AccessAttempt.objects.values().get()
    assert "13800000000" not in str(kept)
    assert "wrong-secret" not in str(kept)


def test_inactive_account_stays_out(villager: Account, sms: Path) -> None:
    Account.objects.update(is_active=False)
    client = Client()
    assert ask(client) == 302
    assert list(sms.glob("*.json")) == []
    given = {"phone": "13800000000", "password": PASSWORD}
    assert client.post("/sign-in/password/", given).status_code == 422


def test_sign_out_ends_the_session(villager: Account, signed_in: Callable[[Account], Client]) -> None:
    client = signed_in(villager)
    assert Session.objects.filter(account=villager).count() == 1
    client.post("/sign-out/")
    assert Session.objects.filter(account=villager).count() == 0
    assert "张大明" not in client.get("/").content.decode()


def test_shared_phone_is_signed_out_soon(villager: Account) -> None:
    client = Client()
    given = {"phone": "13800000000", "password": PASSWORD, "shared": "on"}
    client.post("/sign-in/password/", given)
    assert client.session.get_expiry_age() <= 30 * 60


def test_form_says_what_is_wrong(db: None) -> None:
    response = Client().post("/sign-in/", {"phone": "1380000"})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'aria-invalid="true"' in page
    assert 'id="id_phone_error"' in page
