"""Cases by program: brought once, moved by who may, told without names."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from api.counties import HERE, Program, code, drawn, make_case, make_person
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cunzhi.engine.models import Attachment, Case

Make = Callable[..., Program]
GRID = code(HERE, "grid")
REPORT: dict[str, Any] = {
    "scenario": "living_environment",
    "workflow": "problem",
    "place_code": GRID,
    "answers": {"kind": "lamp", "where": "桥头"},
}


def test_villager_reports_and_follows(program: Make) -> None:
    one = program()
    opened = one.post("cases", REPORT)
    assert opened.status_code == 201
    told = opened.json()
    assert (told["state"], told["version"], told["seen_as"]) == ("reported", 1, "opener")
    assert told["steps"][0]["by"] == {
        "name": one.person.name,
        "role": "resident",
        "role_title": "本地村民",
        "is_me": True,
    }
    assert [way["transition"] for way in told["ways"]] == ["withdraw"]
    assert one.get("cases/mine").json()["items"][0]["number"] == told["number"]
    assert one.get("messages").json()["items"][0]["case"] == told["number"]


def test_same_key_gives_the_same_case(program: Make) -> None:
    one, key = program(), uuid4().hex
    first, again = (one.post("cases", REPORT, **{"Idempotency-Key": key}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert Case.objects.count() == 1


def test_key_of_another_person_is_another_key(program: Make) -> None:
    key = {"Idempotency-Key": "the-same-key"}
    numbers = {program().post("cases", REPORT, **key).json()["number"] for _ in range(2)}
    assert len(numbers) == 2


def test_key_used_for_another_matter_is_refused(program: Make) -> None:
    one, key = program(), {"Idempotency-Key": "the-same-key"}
    one.post("cases", REPORT, **key)
    other = one.post("cases", {**REPORT, "place_code": GRID[:12]}, **key)
    assert (other.status_code, other.json()["code"]) == (422, "api.key_used")


@pytest.mark.parametrize("key", ["", "short", "x" * 81, "with space in it"])
def test_writing_needs_a_key(program: Make, key: str) -> None:
    refused = program().post("cases", REPORT, **{"Idempotency-Key": key})
    assert refused.status_code == 422
    assert refused.json()["fields"][0]["field"] == "Idempotency-Key"


def test_every_wrong_answer_is_named(program: Make) -> None:
    answers = {"kind": "volcano", "where": "x" * 200, "colour": "red", "place": "somewhere"}
    refused = program().post("cases", {**REPORT, "answers": answers})
    assert refused.status_code == 422
    assert refused["Content-Type"] == "application/problem+json"
    assert {one["field"] for one in refused.json()["fields"]} == {"kind", "where", "colour", "place"}


@pytest.mark.parametrize("wrong", [10**30, "x", {"a": 1}, [[1]], -1, True])
def test_picture_that_is_none_is_refused(program: Make, wrong: Any) -> None:
    refused = program().post("cases", {**REPORT, "answers": {**REPORT["answers"], "photos": wrong}})
    assert refused.status_code == 422


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"scenario": "nothing"}, "engine.no_such_scenario"),
        ({"workflow": "nothing"}, "api.no_such_workflow"),
        ({"place_code": "990109001001"}, "registry.no_such_place"),
    ],
)
def test_matter_of_nowhere_is_refused(program: Make, change: dict[str, str], code: str) -> None:
    refused = program().post("cases", {**REPORT, **change})
    assert (refused.status_code, refused.json()["code"]) == (422, code)


def test_step_is_taken_once_and_by_what_was_seen(program: Make) -> None:
    case = make_case(make_person("villager", HERE))
    head, worker = program("grid_head"), make_person("grid_worker", HERE)
    step = {"transition": "assign", "version": case.version, "answers": {"worker": str(worker.pk)}}
    key = {"Idempotency-Key": uuid4().hex}
    taken = head.post(f"cases/{case.number}/steps", step, **key)
    assert (taken.status_code, taken.json()["state"]) == (200, "assigned")
    assert head.post(f"cases/{case.number}/steps", step, **key).json()["version"] == taken.json()["version"]
    late = head.post(f"cases/{case.number}/steps", step)
    assert (late.status_code, late.json()["code"]) == (409, "engine.moved_meanwhile")
    other = head.post(f"cases/{case.number}/steps", {**step, "transition": "decline"}, **key)
    assert (other.status_code, other.json()["code"]) == (422, "api.key_used")


def test_refusal_needs_its_reason(program: Make) -> None:
    case = make_case(make_person("villager", HERE))
    step = {"transition": "decline", "version": case.version}
    refused = program("grid_head").post(f"cases/{case.number}/steps", step)
    assert (refused.status_code, refused.json()["fields"][0]["field"]) == (422, "reason")


def test_officer_sees_villagers_masked_and_villager_sees_the_officer_named(program: Make) -> None:
    villager, head = program(), program("grid_head")
    number = villager.post("cases", REPORT).json()["number"]
    seen = head.get(f"cases/{number}").json()
    assert seen["person"]["name"] == f"张{'*' * (len(villager.person.name) - 1)}"
    head.post(f"cases/{number}/steps", {"transition": "decline", "version": 1, "reason": "不归村里"})
    [_, declined] = villager.get(f"cases/{number}").json()["steps"]
    assert declined["by"]["name"] == head.person.name
    assert (declined["by"]["role"], declined["reason"]) == ("grid_head", "不归村里")


def test_pages_follow_each_other_without_gap_or_double(program: Make) -> None:
    villager = make_person("villager", HERE)
    numbers = [make_case(villager).number for _ in range(5)]
    cadre = program("village_cadre")
    for path in ("cases", "cases/inbox"):
        found: list[str] = []
        cursor = ""
        while True:
            page = (cadre if path == "cases" else program("grid_head")).get(f"{path}?limit=2&cursor={cursor}").json()
            found += [one["number"] for one in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
        assert found == (numbers[::-1] if path == "cases" else numbers)


@pytest.mark.parametrize("cursor", ["x", "bnVsbA==", "W10=", "WyJhIl0=", "Wy0xXQ==", "W1tdXQ=="])
def test_cursor_that_is_none_is_refused(program: Make, cursor: str) -> None:
    for path in ("cases/mine", "cases/inbox", "messages"):
        assert program("grid_head").get(f"{path}?cursor={cursor}").status_code == 422


def test_filters_choose(program: Make) -> None:
    make_case(make_person("villager", HERE))
    cadre = program("village_cadre")
    found = {
        query: len(cadre.get(f"cases?{query}").json()["items"])
        for query in (
            "status=open",
            "status=closed",
            "scenario=living_environment&workflow=problem&state=reported",
            "scenario=points",
            "opened_since=2026-03-02T00:00:00Z",
            "opened_before=2026-03-02T00:00:00Z",
            f"place_code={GRID}",
            f"place_code={HERE}",
        )
    }
    assert list(found.values()) == [1, 0, 1, 0, 1, 0, 1, 1]


def test_picture_goes_with_a_case_and_is_seen_by_who_sees_it(program: Make) -> None:
    one = program()
    first, again = one.upload(drawn()), one.upload(drawn())
    assert first.status_code == 201
    assert first.json()["id"] == again.json()["id"]
    body = {**REPORT, "answers": {**REPORT["answers"], "photos": [first.json()["id"]]}}
    told = one.post("cases", body).json()
    assert [picture["id"] for picture in told["pictures"]] == [first.json()["id"]]
    shown = program("village_cadre").get(f"cases/{told['number']}/pictures/{first.json()['id']}?small=true")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert shown.getvalue().startswith(b"\xff\xd8")
    assert one.upload(drawn()).json()["id"] != first.json()["id"]


def test_picture_of_another_person_cannot_be_named(program: Make) -> None:
    one, other = program(), program()
    picture = one.upload(drawn()).json()["id"]
    refused = other.post("cases", {**REPORT, "answers": {**REPORT["answers"], "photos": [picture]}})
    assert refused.status_code == 422
    assert Attachment.objects.get(pk=picture).case is None


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"%PDF-1.7", b"\xff\xd8" + b"x" * 50])
def test_file_that_is_no_picture_is_refused(program: Make, data: bytes) -> None:
    assert program().upload(data).status_code == 422


def test_openings_tell_what_can_be_chosen(program: Make) -> None:
    one = program()
    openings = {row["workflow"]: row for row in one.get(f"openings?place_code={GRID}").json()}
    assert {"problem", "deed", "redeem"} <= set(openings)
    kind = openings["problem"]["fields"][0]
    assert [option["value"] for option in kind["options"]][:2] == ["rubbish", "sewage"]
    assert openings["problem"]["as"] == "resident"


def test_longer_list_costs_no_more_queries(program: Make) -> None:
    villager, cadre = make_person("villager", HERE), program("village_cadre")
    make_case(villager)
    cadre.get("cases")
    with CaptureQueriesContext(connection) as short:
        cadre.get("cases")
    for _ in range(3):
        make_case(villager)
    with CaptureQueriesContext(connection) as long:
        assert len(cadre.get("cases").json()["items"]) == 4
    assert len(long) == len(short) <= 5
