"""Every operation, asked about one county by every role of another: nothing is seen and nothing is done."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from api.counties import HERE, THERE, Program, add_file, code, make_case, make_person

from cunzhi.api.v1 import api
from cunzhi.engine.models import Case, Message, Step
from cunzhi.ledger.models import Account, Book
from cunzhi.registry.roles import roles

VILLAGE = code(HERE, "village")
YEAR = "first=2026"
PLACES = {"search_places", "list_units", "get_place", "list_children", "list_successors"}
PUBLIC = PLACES | {"list_scenarios", "get_scenario", "get_schema"}
"""What is no secret: every token reads it."""
OWN = {
    "list_my_cases",
    "list_messages",
    "mark_messages_read",
    "get_household_accounts",
    "list_inbox",
    "upload_picture",
    "upload_file",
}
"""What is about the caller and nobody else."""
EVERYBODY = ("villager", *roles())


@dataclass
class Asked:
    """One request about the county here. `verb`: what opens it to roles of the place; none where a relation does."""

    method: str
    path: str
    verb: str = ""
    body: dict[str, Any] | None = None
    lists: bool = False


def requests_about(case: Case) -> dict[str, Asked]:
    """One request for every operation that has a scope."""
    book = Book.objects.get(place_code=VILLAGE, kind="points")
    pot = Account.objects.get(book=book, kind="pot")
    report = {"scenario": case.scenario, "workflow": case.workflow, "place_code": VILLAGE}
    picture, file = case.attachments.exclude(phash="").get(), case.attachments.get(phash="")
    step = {"transition": "withdraw", "version": case.version}
    indicator = "figures/living_environment/problems_reported/records"
    return {
        "list_cases": Asked("GET", f"cases?place_code={VILLAGE}", "case.see", lists=True),
        "get_case": Asked("GET", f"cases/{case.number}", "case.see"),
        "get_picture": Asked("GET", f"cases/{case.number}/pictures/{picture.pk}", "case.see"),
        "get_file": Asked("GET", f"cases/{case.number}/files/{file.pk}", "case.see"),
        "open_case": Asked("POST", "cases", body={**report, "answers": {"kind": "road", "where": "x"}}),
        "take_step": Asked("POST", f"cases/{case.number}/steps", body=step),
        "list_openings": Asked("GET", f"openings?place_code={VILLAGE}", lists=True),
        "list_books": Asked("GET", f"ledger/books?place_code={VILLAGE}", "ledger.see", lists=True),
        "get_book": Asked("GET", f"ledger/books/{book.pk}", "ledger.see"),
        "get_statement": Asked("GET", f"ledger/accounts/{pot.pk}/statement", "ledger.see"),
        "list_figures": Asked("GET", f"figures?place_code={VILLAGE}&{YEAR}", "figures.see"),
        "list_figure_records": Asked("GET", f"{indicator}?place_code={VILLAGE}&{YEAR}", "figures.open"),
    }


@pytest.fixture
def case(counties: None) -> Case:
    made = make_case(make_person("villager", HERE))
    add_file(made)
    return made


def test_every_operation_has_a_scope_or_a_reason_for_none(case: Case) -> None:
    paths = api.get_openapi_schema()["paths"].values()
    known = {operation["operationId"] for operations in paths for operation in operations.values()}
    assert known == set(requests_about(case)) | PUBLIC | OWN


@pytest.mark.parametrize("role", EVERYBODY)
def test_role_of_another_county_sees_and_does_nothing_here(
    case: Case, program: Callable[..., Program], role: str
) -> None:
    stranger = program(role, THERE)
    steps = Step.objects.count()
    for name, asked in requests_about(case).items():
        answer = stranger.ask(asked.method, asked.path, asked.body)
        told = answer.content.decode()
        nothing = answer.status_code == 200 and asked.lists and json.loads(told) in ([], {"items": [], "next": None})
        assert answer.status_code in (403, 404) or nothing, f"{name}: {answer.status_code} {told[:200]}"
        assert case.number not in told.replace(asked.path, "") or answer.status_code == 404
    assert Step.objects.count() == steps


@pytest.mark.parametrize("role", EVERYBODY)
def test_lists_without_a_place_hold_nothing_of_another_county(
    case: Case, program: Callable[..., Program], role: str
) -> None:
    stranger = program(role, THERE)
    for path in ("cases", "cases/mine", "cases/inbox", "messages", "ledger/books", "ledger/household"):
        told = stranger.get(path).content.decode()
        assert case.number not in told
        assert HERE not in told


@pytest.mark.parametrize("role", [role for role in roles() if role != "administrator"])
def test_role_of_the_place_reads_what_its_verbs_open(case: Case, program: Callable[..., Program], role: str) -> None:
    officer = program(role)
    for name, asked in requests_about(case).items():
        if asked.verb:
            allowed = asked.verb in roles()[role].may and not (
                asked.verb != "case.see" and len(code(HERE, roles()[role].level)) > len(VILLAGE)
            )
            status = officer.ask(asked.method, asked.path, asked.body).status_code
            assert (status == 200) == allowed, f"{role} {name}: {status}"


@pytest.mark.parametrize("operation", sorted(OWN | PUBLIC))
def test_nobody_reads_anything_without_a_token(case: Case, client: Any, operation: str) -> None:
    paths = api.get_openapi_schema()["paths"]
    [(path, method)] = [
        (path, method)
        for path, methods in paths.items()
        for method, one in methods.items()
        if one["operationId"] == operation
    ]
    answer = client.generic(method.upper(), path)
    assert answer.status_code == 401
    assert answer.json()["code"] == "api.not_signed_in"


def test_nobody_does_anything_without_a_token(case: Case, client: Any) -> None:
    for name, asked in requests_about(case).items():
        assert client.generic(asked.method, f"/api/v1/{asked.path}").status_code == 401, name


def test_neighbour_is_told_nothing_of_a_case(case: Case, program: Callable[..., Program]) -> None:
    neighbour = program()
    assert neighbour.get(f"cases/{case.number}").status_code == 404
    assert neighbour.get("cases/26-0000-0").status_code == 404
    hidden, absent = neighbour.get(f"cases/{case.number}").json(), neighbour.get("cases/26-9999-C").json()
    assert {key for key in hidden if hidden[key] != absent.get(key)} <= {"detail", "fields", "code"}


def test_reader_marks_only_own_messages(case: Case, program: Callable[..., Program]) -> None:
    other = program()
    last = Message.objects.latest("id").pk
    assert other.post("messages/read", {"upto": last}).json() == {"marked": 0}


def test_household_account_is_closed_to_neighbours(program: Callable[..., Program]) -> None:
    from cunzhi.ledger.actions import account

    one, neighbour = program(), program()
    household = one.person.memberships.get().household
    book = Book.objects.get(place_code=VILLAGE, kind="points")
    mine = account(book=book, kind="household", holder=household.record)
    assert one.get(f"ledger/accounts/{mine.pk}/statement").status_code == 200
    assert [row["id"] for row in one.get("ledger/household").json()] == [mine.pk]
    assert neighbour.get(f"ledger/accounts/{mine.pk}/statement").status_code == 404
    assert neighbour.get("ledger/household").json() == []
