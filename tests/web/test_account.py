"""My data, my password, my sign-ins."""

from collections.abc import Callable

import pytest
from django.test import Client
from web.village import PASSWORD

from cunzhi.base.actor import Actor
from cunzhi.journal.models import Entry
from cunzhi.registry.actions.disclosure import unmask
from cunzhi.registry.models import Account
from cunzhi.web.models import Session

SignedIn = Callable[[Account], Client]
NEW = "terraced-fields-9"


def change(client: Client, **given: str) -> int:
    return client.post("/me/password/", {"old": PASSWORD, "new": NEW, "again": NEW, **given}).status_code


def test_own_numbers_are_shown_whole(villager: Account, signed_in: SignedIn) -> None:
    assert "13800000000" in signed_in(villager).get("/me/").content.decode()


def test_who_looked_is_shown_with_office_and_purpose(villager: Account, cadre: Account, signed_in: SignedIn) -> None:
    by = Actor(person_id=cadre.person_id, channel="web")
    unmask(person=villager.person, field="phone", purpose="visit", words="通知领取补贴", by=by)
    page = signed_in(villager).get("/me/").content.decode()
    assert "王建国 · 村干部" in page
    assert "通知领取补贴" in page


@pytest.mark.parametrize(
    "given", [{"old": "wrong"}, {"again": "other-words-8"}, {"new": "12345678", "again": "12345678"}, {"new": "short"}]
)
def test_password_stays_when_something_is_wrong(villager: Account, signed_in: SignedIn, given: dict[str, str]) -> None:
    assert change(signed_in(villager), **given) == 422
    villager.refresh_from_db()
    assert villager.check_password(PASSWORD)


def test_password_is_changed_and_other_sign_ins_end(villager: Account, signed_in: SignedIn) -> None:
    here, there = signed_in(villager), signed_in(villager)
    assert change(here) == 302
    villager.refresh_from_db()
    assert villager.check_password(NEW)
    assert here.get("/me/").status_code == 200
    assert there.get("/me/").status_code == 302
    entry = Entry.objects.get(verb="account.password_changed")
    assert NEW not in str(entry.detail)


def test_guessing_the_old_password_is_locked_out(villager: Account, signed_in: SignedIn) -> None:
    client = signed_in(villager)
    answers = [change(client, old=f"wrong{number}") for number in range(6)]
    assert answers == [422, 422, 422, 422, 429, 429]


def test_signing_out_everywhere_leaves_this_sign_in(villager: Account, cadre: Account, signed_in: SignedIn) -> None:
    here, there, other = signed_in(villager), signed_in(villager), signed_in(cadre)
    here.post("/me/sessions/end/")
    assert here.get("/me/").status_code == 200
    assert there.get("/me/").status_code == 302
    assert other.get("/me/").status_code == 200
    assert Session.objects.filter(account=villager).count() == 1


def test_session_row_can_be_read(villager: Account, signed_in: SignedIn) -> None:
    signed_in(villager)
    row = Session.objects.get(account=villager)
    assert row.get_decoded()["_auth_user_id"] == str(villager.pk)
