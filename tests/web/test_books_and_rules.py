"""The pot, the books, and the numbers in force."""

from datetime import date

import pytest
from engine.conftest import Village
from web.stage import Town

from cunzhi.engine.models import Activation
from cunzhi.ledger.models import Account, Book

KEY = "b" * 32


@pytest.fixture
def town(village: Village) -> Town:
    return Town(village)


def rule(name: str) -> str:
    return f"/rules/{Activation.objects.get(scenario='points').pk}/{name}/"


def test_pot_is_filled_once_by_a_decision(town: Town) -> None:
    data = {"amount": "50", "basis": "3 月村民会议第 3 项", "key": KEY}
    for _ in range(2):
        assert town.client("village_cadre").post("/pot/", data)["Location"] == "/pot/"
    page = town.client("village_cadre").get("/pot/").content.decode()
    assert '<strong class="big">150</strong>' in page
    assert page.count("3 月村民会议第 3 项") == 1


def test_pot_without_a_basis_keeps_the_amount(town: Town) -> None:
    response = town.client("village_cadre").post("/pot/", {"amount": "50", "basis": "", "key": KEY})
    assert response.status_code == 422
    assert 'value="50"' in response.content.decode()


@pytest.mark.parametrize("name", ["villager", "shopkeeper", "supervisor", "township_officer"])
def test_pot_is_filled_by_cadres_only(town: Town, name: str) -> None:
    assert town.client(name).get("/pot/").status_code == 403
    assert town.client(name).post("/pot/", {"amount": "5", "basis": "我", "key": KEY}).status_code == 403


def test_books_add_up_and_lead_to_the_matter(town: Town) -> None:
    case = town.report_deed()
    town.take("appraiser", case, "approve", seen="visited")
    client = town.client("supervisor")
    book = Book.objects.get(kind="points")
    assert f"/books/{book.pk}/" in client.get("/books/").content.decode()
    page = client.get(f"/books/{book.pk}/").content.decode()
    assert "<strong>0</strong>" in page
    assert "1 户 v*******" in page
    pot = Account.objects.get(book=book, kind="pot")
    assert f"/cases/{case.number}/" in client.get(f"/accounts/{pot.pk}/").content.decode()


@pytest.mark.parametrize("name", ["villager", "appraiser", "shopkeeper", "grid_worker"])
def test_books_are_for_those_appointed_to_them(town: Town, name: str) -> None:
    book, account = Book.objects.get(kind="points"), Account.objects.filter(kind="pot").get()
    for path in ("/books/", f"/books/{book.pk}/", f"/accounts/{account.pk}/"):
        assert town.client(name).get(path).status_code == 403


def test_rules_name_their_numbers_and_sources(town: Town) -> None:
    page = town.client("villager").get("/rules/").content.decode()
    assert "院落清洁" in page
    assert "区县积分制指导标准（试行），2024-12-20" in page
    assert rule("tariff") not in page
    assert rule("tariff") in town.client("village_cadre").get("/rules/").content.decode()


def test_village_sets_its_own_number_from_a_day(town: Town) -> None:
    data = {"since": "2026-03-02", "basis": "2026 年 3 月 1 日村民会议", "row_value": "30"}
    assert town.client("village_cadre").post(rule("daily_cap"), data).status_code == 302
    page = town.client("villager").get("/rules/").content.decode()
    assert "30 分" in page
    assert "2026 年 3 月 1 日村民会议" in page
    assert "历次规定" in page
    again = town.client("village_cadre").post(rule("daily_cap"), data)
    assert again.status_code == 422
    assert 'value="30"' in again.content.decode()


def test_village_sets_a_whole_table(town: Town) -> None:
    client = town.client("village_cadre")
    rows = {f"row_{row}": "7" for row in Activation.objects.get().parameters or TARIFF}
    data = {"since": "2026-03-02", "basis": "2026 年 3 月 1 日村民会议", **rows}
    assert client.post(rule("tariff"), data).status_code == 302
    assert "7 分" in town.client("villager").get("/report/points/deed/").content.decode()


TARIFF = (
    "clean_yard",
    "sort_waste",
    "help_elder",
    "mediate",
    "volunteer",
    "repair_public",
    "report_hazard",
    "join_meeting",
    "plain_wedding",
    "protect_water",
)


@pytest.mark.parametrize(
    "wrong", [{"row_value": "0"}, {"row_value": "x"}, {"since": "never"}, {"basis": ""}, {"basis": "x"}]
)
def test_wrong_number_is_refused_and_kept(town: Town, wrong: dict[str, str]) -> None:
    data = {"since": "2026-03-02", "basis": "村民会议", "row_value": "30", **wrong}
    response = town.client("village_cadre").post(rule("daily_cap"), data)
    assert response.status_code == 422
    assert Activation.objects.get().parameters == {}


def test_number_of_the_county_is_not_set_by_a_village(town: Town) -> None:
    assert town.client("village_cadre").get(rule("appeal_days")).status_code == 404
    assert town.client("village_cadre").get(rule("nonsense")).status_code == 404


@pytest.mark.parametrize("name", ["villager", "supervisor", "township_officer"])
def test_rules_are_set_by_cadres_of_the_place(town: Town, name: str) -> None:
    assert town.client(name).get(rule("daily_cap")).status_code == 403


def test_number_holds_from_its_day_only(town: Town) -> None:
    data = {"since": date(2026, 4, 1).isoformat(), "basis": "2026 年 3 月 1 日村民会议", "row_value": "30"}
    town.client("village_cadre").post(rule("daily_cap"), data)
    page = town.client("villager").get("/rules/").content.decode()
    assert '<span class="rule-number">20 分</span>' in page
