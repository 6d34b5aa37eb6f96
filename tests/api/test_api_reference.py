"""Places, scenarios, books, figures: what a program reads, and how the API describes itself."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from api.counties import HERE, Program, code, make_case, make_county, make_person
from django.contrib.staticfiles import finders
from django.test import Client

from cunzhi.api.v1 import api
from cunzhi.base import clock
from cunzhi.engine.models import Case
from cunzhi.engine.schemas import schemas
from cunzhi.engine.spec.form import Form
from cunzhi.ledger.models import Account

Make = Callable[..., Program]
REPOSITORY = Path(__file__).resolve().parents[2]
SNAPSHOT = Path(__file__).with_name("openapi.json")
VILLAGE = code(HERE, "village")


def test_places_are_found_by_name_code_and_level(program: Make) -> None:
    one = program()
    assert [row["code"] for row in one.get("places?text=township").json()] == [f"{HERE}001", "990102001"]
    assert [row["code"] for row in one.get(f"places?text=township&within={HERE}").json()] == [f"{HERE}001"]
    assert one.get(f"places/{VILLAGE}").json()["path"][1:] == [f"county{HERE}", f"township{HERE}", f"village{HERE}"]
    assert [row["code"] for row in one.get(f"places/{HERE}/children").json()] == [f"{HERE}001"]
    assert [row["code"] for row in one.get(f"places/{HERE}/successors?on=2026-01-01").json()] == [HERE]
    assert one.get("places/77").status_code == 404


def test_units_come_in_pages_on_a_day(program: Make) -> None:
    one = program()
    first = one.get("units?level=village&on=2026-01-01&limit=1").json()
    second = one.get(f"units?level=village&on=2026-01-01&limit=1&after={first['next']}").json()
    assert [first["items"][0]["code"], second["items"][0]["code"]] == [VILLAGE, "990102001001"]
    assert second["next"] is None
    assert one.get("units?level=village&on=2019-12-31").json()["items"] == []
    assert one.get("units?level=village&on=2026-01-01&system=mca").json()["items"] == []


def test_scenario_reads_as_its_files_and_fits_its_schema(program: Make) -> None:
    one = program()
    on = one.get(f"scenarios?place_code={VILLAGE}").json()
    assert {row["slug"] for row in on} == {"living_environment", "points"}
    assert on[0]["basis"] == "meeting of 1 January"
    told = one.get("scenarios/points").json()
    assert Form.model_validate(told["forms"]["deed"]).field("done_on")
    assert "resident" in told["workflows"]["deed"]["open"]["by"]
    schema = one.get("schemas/workflow").json()
    assert set(schema["required"]) >= {"title", "open", "states"}
    assert one.get("scenarios/nothing").status_code == 404
    assert all(one.get(f"schemas/{kind}").json() == schema for kind, schema in schemas().items())
    assert one.get("schemas/nothing").status_code == 422


def test_books_add_up_and_statements_open(program: Make) -> None:
    cadre = program("village_cadre")
    [book] = [row for row in cadre.get("ledger/books").json()["items"] if row["kind"] == "points"]
    accounts = cadre.get(f"ledger/books/{book['id']}").json()["accounts"]
    assert sum(row["balance"] for row in accounts) == 0
    pot = Account.objects.get(book_id=book["id"], kind="pot")
    told = cadre.get(f"ledger/accounts/{pot.pk}/statement").json()
    assert (told["account"]["balance"], [line["amount"] for line in told["lines"]]) == (100, [100])
    later = cadre.get(f"ledger/accounts/{pot.pk}/statement?since=2026-03-03T00:00:00Z").json()
    assert later["lines"] == []
    for number in (0, -1, 2**63, 10**30):
        assert cadre.get(f"ledger/books/{number}").status_code in (404, 422)


def test_figure_opens_to_its_records(program: Make) -> None:
    case = make_case(make_person("villager", HERE))
    cadre = program("village_cadre")
    query = f"place_code={VILLAGE}&first=2026-03&scenario=living_environment"
    sheets = {row["indicator"]: row for row in cadre.get(f"figures?{query}&level=village").json()}
    reported = sheets["problems_reported"]
    assert (reported["total"]["value"], reported["places"][0]["place_code"]) == (1, VILLAGE)
    path = f"figures/living_environment/problems_reported/records?place_code={VILLAGE}&first=2026-03"
    opened = cadre.get(path).json()
    assert (opened["total"], opened["complete"]) == (1, True)
    assert opened["items"][0]["record"] == case.record


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"figures?place_code={VILLAGE}&first=2026&last=2025", 422),
        (f"figures?place_code={VILLAGE}&first=9999", 422),
        (f"figures?place_code={VILLAGE}&first=2026&level=county", 422),
        (f"figures?place_code={VILLAGE}&first=2026&scenario=nothing", 404),
        (f"figures/points/nothing/records?place_code={VILLAGE}&first=2026", 404),
        (f"figures/nothing/nothing/records?place_code={VILLAGE}&first=2026", 404),
    ],
)
def test_figure_of_nothing_is_refused(program: Make, path: str, status: int) -> None:
    assert program("village_cadre").get(path).status_code == status


def described() -> str:
    return json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def test_description_is_the_one_that_was_agreed() -> None:
    """A change of the interface is seen in review. When it is meant: python tests/api/write_openapi.py"""
    assert SNAPSHOT.read_text(encoding="utf-8") == described()


def test_every_operation_declares_its_refusals() -> None:
    for path, operations in api.get_openapi_schema()["paths"].items():
        for operation in operations.values():
            declared = {int(status) for status in operation["responses"]}
            assert declared >= {401, 403, 404, 409, 422, 429}, path
            assert operation["description"], path


def test_reference_page_lists_every_operation() -> None:
    page = (REPOSITORY / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    table = page.partition("## Operations")[2].partition("**Names")[0]
    listed = set(re.findall(r"(?:GET |POST |`)(/[a-z/_{}]+)", table))
    listed |= {f"/places/{{code}}{rest}" for rest in ("/children", "/successors") if rest in listed}
    paths = {path.removeprefix("/api/v1") for path in api.get_openapi_schema()["paths"]}
    assert listed >= paths
    assert listed - paths == {"/children", "/successors"}


def test_programs_on_the_how_to_page_do_what_it_says(
    live_server: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with clock.at(datetime.now(UTC)):  # the server's thread knows no other time
        make_county(HERE)
        secret = Program(make_person("villager", HERE)).secret
    page = (REPOSITORY / "docs" / "how_to" / "use_the_api.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    for name, value in {"ADDRESS": str(live_server), "TOKEN": secret, "VILLAGE": VILLAGE}.items():
        monkeypatch.setenv(f"CUNZHI_{name}", value)
    names: dict[str, Any] = {}
    for block in blocks:
        exec(block, names)
    reported = capsys.readouterr().out.split()[-1]
    assert len(blocks) == 4
    assert dict(Case.objects.values_list("number", "outcome")) == {names["case"]["number"]: "withdrawn", reported: ""}


def test_page_of_the_description_asks_no_other_host(client: Client, db: None) -> None:
    page = client.get("/api/v1/docs")
    text = page.content.decode()
    assert page.status_code == 200
    assert "//" not in re.sub(r"/\*.*?\*/", "", re.search(r"<body.*", text, re.DOTALL)[0])  # type: ignore[index]
    sources = re.findall(r'(?:src|href)="([^"]+)"', text)
    assert sources
    for source in sources:
        assert finders.find(source.removeprefix("/static/").partition("?")[0]), source
    assert '"validatorUrl": null' in text
    assert client.get("/api/v1/openapi.json").json()["info"]["version"] == "1"


def test_tokens_page_shows_a_secret_once(program: Make, client: Client) -> None:
    person: Any = program().person
    client.force_login(person.account, backend="django.contrib.auth.backends.ModelBackend")
    made = client.post("/me/tokens/", {"name": "<b>sheet</b>", "verbs": ["case.own"], "days": "30"})
    secret = re.search(r"cunzhi_[\w-]{43}", made.content.decode())
    assert secret
    assert b"<b>sheet" not in made.content
    assert made["Cache-Control"] == "private, no-store"
    page = client.get("/me/tokens/").content.decode()
    assert secret[0] not in page
    assert "有效" in page
    number = person.api_tokens.latest("id").pk
    assert client.post(f"/me/tokens/{number}/revoke/").status_code == 302
    answer = client.get("/api/v1/messages", headers={"Authorization": f"Bearer {secret[0]}"})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"name": "", "verbs": ["case.own"], "days": "30"}, 422),
        ({"name": "x", "days": "30"}, 422),
        ({"name": "x", "verbs": ["case.own"], "days": "soon"}, 422),
        ({"name": "x", "verbs": ["ledger.see"], "days": "30"}, 403),
    ],
)
def test_tokens_page_keeps_what_was_typed(program: Make, client: Client, given: dict[str, Any], status: int) -> None:
    person: Any = program().person
    client.force_login(person.account, backend="django.contrib.auth.backends.ModelBackend")
    page = client.post("/me/tokens/", given)
    assert page.status_code == status
    assert f'value="{given["days"]}"' in page.content.decode()


def test_token_of_another_is_not_revoked_on_the_page(program: Make, client: Client) -> None:
    one, other = program(), program()
    person: Any = other.person
    client.force_login(person.account, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(f"/me/tokens/{one.token.pk}/revoke/").status_code == 404
    assert one.get("messages").status_code == 200
