"""Tokens: made by their person with no more than they may, shown once, and over when they are."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from api.counties import HERE, Program, make_case, make_person
from django.test import Client

from cunzhi.api import throttle
from cunzhi.api.actions import MOST_TOKENS, make_token, revoke_token
from cunzhi.api.models import ApiToken
from cunzhi.base import clock
from cunzhi.base.actor import ACT, OWN, Actor
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.journal.queries import history
from cunzhi.registry.models import Account

Make = Callable[..., Program]


def test_secret_is_kept_nowhere(program: Make) -> None:
    one = program()
    kept = " ".join(str(value) for row in ApiToken.objects.values_list() for value in row)
    noted = " ".join(str(entry.detail) for entry in history(one.token.record))
    assert one.secret.startswith("cunzhi_")
    assert len(one.secret) > 43
    assert one.secret not in kept + noted
    assert noted


def test_token_gets_no_verb_that_its_person_lacks(program: Make) -> None:
    by = Actor(person_id=program("grid_worker").person.pk, channel="web")
    with pytest.raises(Forbidden):
        make_token(by=by, name="x", verbs=["ledger.see"], days=1)
    with pytest.raises(Refused):
        make_token(by=by, name="x", verbs=["people.see"], days=1)
    with pytest.raises(Refused):
        make_token(by=by, name="x", verbs=[], days=1)


def test_villager_without_a_role_gets_only_what_is_their_own(program: Make) -> None:
    by = Actor(person_id=program().person.pk, channel="web")
    with pytest.raises(Forbidden):
        make_token(by=by, name="x", verbs=[ACT], days=1)


@pytest.mark.parametrize("days", [0, -1, 367])
def test_token_lasts_a_year_at_most(program: Make, days: int) -> None:
    by = Actor(person_id=program().person.pk, channel="web")
    with pytest.raises(Refused) as refused:
        make_token(by=by, name="x", verbs=[OWN], days=days)
    assert refused.value.field == "days"


def test_token_makes_no_token(program: Make) -> None:
    one = program()
    with pytest.raises(Forbidden):
        make_token(by=Actor(one.person.pk, "api", verbs=frozenset({OWN})), name="x", verbs=[OWN], days=1)


def test_tokens_are_limited_in_number_but_not_when_revoked(program: Make) -> None:
    one = program()
    by = Actor(person_id=one.person.pk, channel="web")
    for _ in range(MOST_TOKENS - 1):
        make_token(by=by, name="x", verbs=[OWN], days=1)
    with pytest.raises(Refused):
        make_token(by=by, name="x", verbs=[OWN], days=1)
    revoke_token(by=by, token=one.token)
    assert make_token(by=by, name="x", verbs=[OWN], days=1)


def test_revoked_token_opens_nothing(program: Make) -> None:
    one = program()
    assert one.get("messages").status_code == 200
    revoke_token(by=Actor(one.person.pk, "web"), token=one.token)
    assert one.get("messages").status_code == 401
    assert one.get("messages")["WWW-Authenticate"].startswith("Bearer")


def test_expired_token_opens_nothing(program: Make) -> None:
    one = program()
    with clock.at(clock.now() + timedelta(days=30, seconds=-1)):
        assert one.get("messages").status_code == 200
    with clock.at(clock.now() + timedelta(days=30)):
        assert one.get("messages").status_code == 401


def test_token_of_somebody_shut_out_opens_nothing(program: Make) -> None:
    one = program()
    Account.objects.filter(person=one.person).update(is_active=False)
    assert one.get("messages").status_code == 401


def test_token_of_somebody_who_died_opens_nothing(program: Make) -> None:
    one = program()
    type(one.person).objects.filter(pk=one.person.pk).update(died_on=clock.today())
    assert one.get("messages").status_code == 401


def test_only_owner_and_administrator_revoke(program: Make) -> None:
    one = program()
    neighbour, administrator = (make_person(role, HERE) for role in ("village_cadre", "administrator"))
    with pytest.raises(Forbidden):
        revoke_token(by=Actor(neighbour.pk, "web"), token=one.token)
    with pytest.raises(Forbidden):
        revoke_token(by=Actor(one.person.pk, "api", verbs=frozenset({OWN})), token=one.token)
    assert revoke_token(by=Actor(administrator.pk, "web"), token=one.token).revoked_at


def test_last_use_is_noted_once_an_hour(program: Make) -> None:
    one = program()
    one.get("messages")
    first = ApiToken.objects.get(pk=one.token.pk).last_used_at
    with clock.at(clock.now() + timedelta(minutes=30)):
        one.get("messages")
    assert ApiToken.objects.get(pk=one.token.pk).last_used_at == first
    with clock.at(clock.now() + timedelta(hours=2)):
        one.get("messages")
    assert ApiToken.objects.get(pk=one.token.pk).last_used_at > first


VERBS: dict[str, dict[str, int]] = {
    OWN: {"cases/mine": 200, "messages": 200, "ledger/household": 200, "cases": 403, "cases/inbox": 403, "case": 404},
    "case.see": {
        "cases/mine": 403,
        "messages": 403,
        "ledger/household": 403,
        "cases": 200,
        "cases/inbox": 200,
        "case": 200,
    },
    ACT: {"cases/mine": 403, "messages": 403, "cases": 403, "cases/inbox": 403, "case": 404},
    "figures.see": {"cases/mine": 403, "cases": 403, "case": 404, "figures?place_code=990101001001&first=2026": 200},
    "ledger.see": {"cases": 403, "case": 404, "ledger/books": 200, "figures?place_code=990101001001&first=2026": 403},
}


@pytest.mark.parametrize("verb", VERBS)
def test_token_may_what_its_verbs_say(program: Make, verb: str) -> None:
    number = make_case(make_person("villager", HERE)).number
    cadre = program("village_cadre", verbs=[verb])
    found = {path: cadre.get(f"cases/{number}" if path == "case" else path).status_code for path in VERBS[verb]}
    assert found == VERBS[verb]


def test_token_that_only_sees_takes_no_step(program: Make) -> None:
    case = make_case(make_person("villager", HERE))
    step = {"transition": "decline", "version": case.version, "reason": "不属于村里"}
    assert program("village_cadre", verbs=["case.see"]).post(f"cases/{case.number}/steps", step).status_code == 403
    both = program("village_cadre", verbs=["case.see", ACT])
    assert both.post(f"cases/{case.number}/steps", step).status_code == 200


def test_token_without_own_matters_neither_opens_nor_follows_them(program: Make) -> None:
    worker = program("grid_worker", verbs=["case.see"])
    body = {"scenario": "living_environment", "workflow": "problem", "place_code": worker.person.place_code}
    answers = {"kind": "lamp", "where": "x"}
    assert worker.post("cases", {**body, "answers": answers}).status_code == 403
    assert worker.get(f"openings?place_code={worker.person.place_code}").json() == []
    assert worker.upload(b"").status_code == 403


def test_guessing_is_slowed_down(counties: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "LIMITS", throttle.Limits(failed=3))
    found = [Client().get("/api/v1/cases", headers={"Authorization": "Bearer x"}).status_code for _ in range(5)]
    assert found == [401, 401, 401, 429, 429]


def test_callers_are_counted_each_for_themselves(program: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "LIMITS", throttle.Limits(caller=2))
    one, other = program(), program()
    assert [one.get("messages").status_code for _ in range(3)] == [200, 200, 429]
    assert other.get("messages").status_code == 200
    late = one.get("messages")
    assert 1 <= int(late["Retry-After"]) <= 60
    with clock.at(clock.now() + timedelta(seconds=61)):
        assert one.get("messages").status_code == 200
