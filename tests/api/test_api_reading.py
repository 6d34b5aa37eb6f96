"""What cannot be read, is too much or is of the wrong kind is refused as a problem, in the reader's language."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from api.counties import Program
from api.test_api_cases import REPORT
from django.test import Client

from cunzhi.api.auth import MOST_BYTES
from cunzhi.base.messages import catalogue
from cunzhi.registry.models import Account

Make = Callable[..., Program]
GOOD = json.dumps(REPORT)
BODIES: dict[str, tuple[bytes, str, int]] = {
    "nothing": (b"", "application/json", 422),
    "half": (GOOD[:-5].encode(), "application/json", 400),
    "a list": (b"[]", "application/json", 422),
    "a number": (b"1", "application/json", 422),
    "deep": (b'{"answers":' + b"[" * 100_000, "application/json", 400),
    "deep and closed": (b'{"answers":{"x":' + b"[" * 5_000 + b"]" * 5_000 + b"}}", "application/json", 400),
    "NaN": (GOOD.replace('"lamp"', "NaN").encode(), "application/json", 400),
    "a number of 5000 figures": (GOOD.replace('"lamp"', "9" * 5_000).encode(), "application/json", 400),
    "NUL": (GOOD.replace("lamp", "la\\u0000mp").encode(), "application/json", 400),
    "NUL in a key": (GOOD.replace("kind", "ki\\u0000nd").encode(), "application/json", 400),
    "half a pair": (GOOD.replace("lamp", "\\ud800").encode(), "application/json", 400),
    "Latin-1": ("{'x': 'ü'}".encode("latin-1"), "application/json", 400),
    "GBK": (json.dumps(REPORT, ensure_ascii=False).encode("gbk"), "application/json", 400),
    "a key too many": (GOOD.replace('"workflow"', '"colour": 1, "workflow"').encode(), "application/json", 422),
    "text": (GOOD.encode(), "text/plain", 415),
    "a form": (b"scenario=points", "application/x-www-form-urlencoded", 415),
    "a broken form": (b"--x\r\n", "multipart/form-data; boundary=x", 415),
    "a form without a boundary": (b"--x\r\n", "multipart/form-data", 415),
    "three megabytes": (json.dumps({"answers": {"x": "x" * 3_000_000}}).encode(), "application/json", 413),
}


@pytest.mark.parametrize("name", BODIES)
def test_body_that_is_none_is_refused(program: Make, name: str) -> None:
    body, kind, status = BODIES[name]
    headers = {"Authorization": f"Bearer {program().secret}", "Idempotency-Key": "the-same-key"}
    answer = Client().generic("POST", "/api/v1/cases", body, kind, headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    told = answer.json()
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]


def test_body_that_says_to_be_huge_is_refused_before_it_is_read(program: Make) -> None:
    headers = {"Authorization": f"Bearer {program().secret}"}
    length = str(MOST_BYTES + 1)
    answer = Client().post("/api/v1/pictures", headers=headers, CONTENT_LENGTH=length)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "path", ["places?text=%00", "cases?cursor=%00", "cases/%00", "places/%00", "places?text=a&x=%00"]
)
def test_nul_in_an_address_is_refused(program: Make, path: str) -> None:
    assert program().get(path).status_code in (400, 404, 422)


@pytest.mark.parametrize(
    "query",
    [
        "opened_since=0001-01-01T00:00:00%2B14:00",
        "opened_since=9999-12-31T23:59:59-14:00",
        "opened_since=2026-01-01T00:00:00",
        "opened_since=yesterday",
        "limit=0",
        "limit=101",
        "status=half",
        "place_code=1",
        "place_code=٣٣٣٣٣٣",
        "scenario=Points",
    ],
)
def test_parameter_that_is_none_is_named(program: Make, query: str) -> None:
    answer = program("village_cadre").get(f"cases?{query}")
    assert answer.status_code == 422
    assert answer.json()["fields"][0]["field"] == query.partition("=")[0]


def test_problem_speaks_the_readers_language(program: Make) -> None:
    one = program()
    for language in ("zh-hans", "en"):
        answer = one.get("cases?limit=0", **{"Accept-Language": language})
        told = answer.json()
        words = catalogue(language)
        assert (told["title"], told["detail"]) == (words["api.status.422"], words["api.invalid.all"])
        assert told["fields"][0]["detail"] == words["api.invalid.low"].format(ge=1)
        assert answer["Content-Language"] == language


def test_unknown_address_and_method_are_problems(program: Make) -> None:
    one = program()
    assert (one.get("nowhere").status_code, one.get("nowhere").json()["code"]) == (404, "api.no_such_address")
    assert one.client.get("/api/").json()["status"] == 404
    answer = one.ask("DELETE", "cases")
    assert (answer.status_code, answer.json()["code"]) == (405, "api.no_such_method")
    assert set(answer["Allow"].split(", ")) == {"GET", "POST"}


def test_answers_stay_out_of_shared_caches(program: Make) -> None:
    for path in ("messages", "cases/nothing"):
        assert program().get(path)["Cache-Control"] == "private, no-store"


def test_mistake_of_ours_is_told_without_its_insides(program: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*parts: Any) -> None:
        raise RuntimeError("secret insides")

    monkeypatch.setattr("cunzhi.api.messages.messages_of", broken)
    one = program()
    one.client.raise_request_exception = False
    answer = one.get("messages")
    assert (answer.status_code, answer.json()["code"]) == (500, "api.broken")
    assert b"insides" not in answer.content
    one.client.raise_request_exception = True
    with pytest.raises(RuntimeError):
        one.get("messages")


@pytest.fixture
def browser(program: Make) -> Client:
    """Somebody signed in with a browser, on whom CSRF is enforced."""
    client = Client(enforce_csrf_checks=True)
    account = Account.objects.get(person=program().person)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def sent(browser: Client, **headers: str) -> Any:
    given = {"Idempotency-Key": "the-same-key", **headers}
    return browser.post("/api/v1/cases", REPORT, content_type="application/json", headers=given)


def test_session_reads_and_writes_with_the_csrf_token_only(browser: Client) -> None:
    assert browser.get("/api/v1/cases/mine").status_code == 200
    refused = sent(browser)
    assert (refused.status_code, refused.json()["code"]) == (403, "api.csrf")
    browser.get("/me/tokens/")
    assert sent(browser, **{"X-CSRFToken": browser.cookies["csrftoken"].value}).status_code == 201


def test_session_does_not_help_a_wrong_token(browser: Client) -> None:
    assert browser.get("/api/v1/messages", headers={"Authorization": "Bearer cunzhi_wrong"}).status_code == 401


def test_form_sent_by_a_session_where_json_is_wanted_is_refused(browser: Client) -> None:
    browser.get("/me/tokens/")
    headers = {"X-CSRFToken": browser.cookies["csrftoken"].value, "Idempotency-Key": "the-same-key"}
    assert browser.post("/api/v1/cases", {"scenario": "points"}, headers=headers).status_code == 415
