"""Changes of people and households on their pages: each form does what it says, and says kindly what it cannot."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook
from web.village import VILLAGE, make_account, make_person

from cunzhi.base import clock
from cunzhi.base.actor import system
from cunzhi.journal.models import Entry
from cunzhi.registry.actions.households import open_household
from cunzhi.registry.models import Account, Disclosure, Household, Person, Place
from cunzhi.registry.queries.households import household_of, membership_of

SignedIn = Callable[[Account], Client]
NEIGHBOUR, ELSEWHERE = "500113101201", "500113102200"
TODAY = {"on": date(2026, 3, 2).isoformat()}
CHANGES = ("correct", "phone", "move", "out", "join", "relation", "leave", "death")


@pytest.fixture
def person(places: None) -> Person:
    return make_person("孙桂芳", "13911110001")


@pytest.fixture
def home(places: None) -> Household:
    return open_household(place_code=VILLAGE, number="001", by=system("test"), since=date(2026, 1, 1))


def change(client: Client, person: Person, what: str, **given: str) -> int:
    code = client.post(f"/people/{person.pk}/change/{what}/", given).status_code
    person.refresh_from_db()
    return code


def cells_of(content: bytes) -> set[str]:
    """Everything that stands in a sheet."""
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    return {str(cell) for row in rows for cell in row}


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_person_is_corrected_and_what_is_left_empty_stays(cadre: Account, person: Person, signed_in: SignedIn) -> None:
    client = signed_in(cadre)
    assert 'value="孙桂芳"' in text(client, f"/people/{person.pk}/change/correct/")
    given = {"name": "孙桂芬", "sex": "female", "born_on": "", "identity": ""}
    assert change(client, person, "correct", **given) == 302
    assert (person.name, person.sex, person.born_on) == ("孙桂芬", "female", date(1956, 3, 2))


def test_correction_with_a_wrong_identity_number_is_said_at_the_field(
    cadre: Account, person: Person, signed_in: SignedIn
) -> None:
    given = {"name": "孙桂芳", "sex": "", "born_on": "", "identity": "500113195603020011"}
    response = signed_in(cadre).post(f"/people/{person.pk}/change/correct/", given)
    assert response.status_code == 422
    assert 'id="id_identity_error"' in response.content.decode()


def test_phone_is_changed_and_taken_away(cadre: Account, person: Person, signed_in: SignedIn) -> None:
    client, before = signed_in(cadre), person.phone_blind
    assert change(client, person, "phone", phone="139 1111 0009") == 302
    assert person.phone_blind not in (before, "")
    assert change(client, person, "phone", phone="") == 302
    assert person.phone_blind == ""


def test_person_moves_out_and_comes_back(cadre: Account, person: Person, signed_in: SignedIn) -> None:
    client = signed_in(cadre)
    assert change(client, person, "out", **TODAY) == 302
    assert person.left_on == date(2026, 3, 2)
    assert "change/out/" not in text(client, f"/people/{person.pk}/")
    assert change(client, person, "move", place_code=VILLAGE, **TODAY) == 302
    assert person.left_on is None


def test_move_to_where_the_cadre_has_no_say_is_refused(cadre: Account, person: Person, signed_in: SignedIn) -> None:
    Place.objects.create(system="nbs", code=NEIGHBOUR, name="邻村", level="village", valid_from=date(2020, 1, 1))
    assert change(signed_in(cadre), person, "move", place_code=NEIGHBOUR, **TODAY) == 422
    assert person.place_code == VILLAGE


def test_township_moves_somebody_from_village_to_village(officer: Account, person: Person, signed_in: SignedIn) -> None:
    Place.objects.create(system="nbs", code=NEIGHBOUR, name="邻村", level="village", valid_from=date(2020, 1, 1))
    assert change(signed_in(officer), person, "move", place_code=NEIGHBOUR, **TODAY) == 302
    assert person.place_code == NEIGHBOUR


def test_death_is_recorded_and_little_is_open_afterwards(cadre: Account, person: Person, signed_in: SignedIn) -> None:
    client = signed_in(cadre)
    assert change(client, person, "death", **TODAY) == 302
    page = text(client, f"/people/{person.pk}/")
    assert "change/correct/" in page
    assert "change/death/" not in page
    assert change(client, person, "phone", phone="") == 422


def test_day_to_come_is_refused_at_the_field(cadre: Account, person: Person, signed_in: SignedIn) -> None:
    response = signed_in(cadre).post(f"/people/{person.pk}/change/death/", {"on": "2999-01-01"})
    assert response.status_code == 422
    assert 'id="id_on_error"' in response.content.decode()


def test_person_joins_changes_and_leaves_a_household(
    cadre: Account, person: Person, home: Household, signed_in: SignedIn
) -> None:
    client = signed_in(cadre)
    assert change(client, person, "join", number="404", relation="head", since="2026-03-01") == 422
    assert change(client, person, "join", number=" 001 ", relation="child", since="2026-03-01") == 302
    assert change(client, person, "relation", relation="head", **TODAY) == 302
    held = membership_of(person)
    assert held is not None
    assert (held.household, held.relation) == (home, "head")
    assert change(client, person, "leave", **TODAY) == 302
    assert household_of(person) is None


def test_household_is_opened_addressed_and_closed(cadre: Account, signed_in: SignedIn) -> None:
    client = signed_in(cadre)
    given = {"place_code": VILLAGE, "number": "007", "address": "", "since": "2026-01-01"}
    assert client.post("/households/new/", given).status_code == 302
    assert client.post("/households/new/", given).status_code == 422
    made = Household.objects.get(number="007")
    assert client.post(f"/households/{made.pk}/change/address/", {"address": "石岗 7 号"}).status_code == 302
    assert "石岗 7 号" in text(client, f"/households/{made.pk}/")
    assert client.post(f"/households/{made.pk}/change/close/", TODAY).status_code == 302
    made.refresh_from_db()
    assert made.until == date(2026, 3, 2)


def test_double_is_found_by_its_name_compared_and_merged(cadre: Account, person: Person, signed_in: SignedIn) -> None:
    client, double = signed_in(cadre), make_person("孙桂芳", "13911110002")
    assert f"/people/{person.pk}/merge/{double.pk}/" in text(client, f"/people/{person.pk}/merge/")
    page = text(client, f"/people/{person.pk}/merge/{double.pk}/")
    assert "139****0001" in page
    assert "139****0002" in page
    assert client.post(f"/people/{person.pk}/merge/{double.pk}/").status_code == 302
    double.refresh_from_db()
    assert double.merged_into == person


def test_nobody_is_merged_with_themselves(cadre: Account, person: Person, signed_in: SignedIn) -> None:
    response = signed_in(cadre).post(f"/people/{person.pk}/merge/{person.pk}/")
    assert response.status_code == 422
    assert "notice-bad" in response.content.decode()


def test_person_is_erased_only_after_a_second_yes(cadre: Account, person: Person, signed_in: SignedIn) -> None:
    client, path = signed_in(cadre), f"/people/{person.pk}/erase/"
    assert "会保留" in text(client, path)
    assert client.post(path, {"basis": "", "sure": "yes"}).status_code == 422
    page = client.post(path, {"basis": "本人书面申请"}).content.decode()
    assert "确定抹去孙桂芳的个人信息吗" in page
    person.refresh_from_db()
    assert person.name == "孙桂芳"
    assert client.post(path, {"basis": "本人书面申请", "sure": "yes"}).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.erased_on) == ("", clock.today())
    assert client.get(f"/people/{person.pk}/").status_code == 404


def test_holder_of_an_office_is_not_erased(cadre: Account, officer: Account, signed_in: SignedIn) -> None:
    given = {"basis": "本人书面申请", "sure": "yes"}
    response = signed_in(officer).post(f"/people/{cadre.person_id}/erase/", given)
    assert response.status_code == 422
    assert Person.objects.get(pk=cadre.person_id).name


def test_list_is_taken_out_masked_and_noted(cadre: Account, person: Person, signed_in: SignedIn) -> None:
    response = signed_in(cadre).post("/people/export/", {"place_code": VILLAGE})
    cells = cells_of(response.content)
    assert "139****0001" in cells
    assert "13911110001" not in cells
    assert Entry.objects.filter(verb="people.exported", place_code=VILLAGE).exists()


def test_list_in_clear_needs_a_purpose_and_is_told_to_everybody_on_it(
    cadre: Account, person: Person, signed_in: SignedIn
) -> None:
    client, path = signed_in(cadre), "/people/export/in-clear/"
    assert client.post(path, {"place_code": VILLAGE, "purpose": "", "words": ""}).status_code == 422
    response = client.post(path, {"place_code": VILLAGE, "purpose": "visit", "words": "春季走访"})
    cells = cells_of(response.content)
    assert "13911110001" in cells
    assert Disclosure.objects.get().words == "春季走访"


def test_list_of_another_place_is_refused(cadre: Account, signed_in: SignedIn) -> None:
    client = signed_in(cadre)
    given = {"place_code": ELSEWHERE, "purpose": "visit", "words": "春季走访"}
    for path in ("/people/export/", "/people/export/in-clear/"):
        assert client.post(path, given).status_code == 422
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize("name", CHANGES)
def test_grid_worker_changes_nobody(person: Person, signed_in: SignedIn, name: str) -> None:
    worker = signed_in(make_account(make_person("李秀英", "13800000001"), "grid_worker"))
    assert "change/" not in text(worker, f"/people/{person.pk}/")
    assert worker.get(f"/people/{person.pk}/change/{name}/").status_code == 403
    assert change(worker, person, name, name="换名", phone="", relation="head", number="001", **TODAY) == 403
    for path in ("merge/", f"merge/{person.pk}/", "erase/"):
        assert worker.get(f"/people/{person.pk}/{path}").status_code == 403
    assert worker.post(f"/people/{person.pk}/erase/", {"basis": "x", "sure": "yes"}).status_code == 403


def test_change_that_is_not_known_is_not_found(cadre: Account, person: Person, signed_in: SignedIn) -> None:
    assert signed_in(cadre).get(f"/people/{person.pk}/change/glorify/").status_code == 404
    assert signed_in(cadre).get("/households/1/change/glorify/").status_code == 404
