"""Pages about people: found within one's places only, masked, whole numbers for a purpose."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from web.village import TOWNSHIP, VILLAGE, make_person

from cunzhi.base.actor import system
from cunzhi.registry.actions.households import join_household, open_household
from cunzhi.registry.models import Account, Disclosure, Household, Person

ELSEWHERE = "500113102200"
SignedIn = Callable[[Account], Client]


@pytest.fixture
def family(places: None) -> Household:
    head, child = make_person("孙桂芳", "13911110001"), make_person("孙小军", "13911110002")
    household = open_household(place_code=VILLAGE, number="001", by=system("test"), head=head)
    join_household(person=child, household=household, relation="child", by=system("test"))
    return household


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_list_asks_for_a_sign_in(places: None) -> None:
    response = Client().get("/people/")
    assert (response.status_code, response["Location"]) == (302, "/sign-in/?next=/people/")


def test_list_shows_people_of_ones_place_with_masked_numbers(cadre: Account, signed_in: SignedIn) -> None:
    make_person("孙桂芳", "13911110001")
    make_person("别处人", "13911110009", ELSEWHERE)
    page = text(signed_in(cadre), "/people/")
    assert "孙桂芳" in page
    assert "139****0001" in page
    assert "13911110001" not in page
    assert "别处人" not in page


def test_list_shows_a_villager_nobody(villager: Account, signed_in: SignedIn) -> None:
    make_person("孙桂芳", "13911110001")
    page = text(signed_in(villager), "/people/")
    assert "孙桂芳" not in page
    assert "没有查看人员的职责" in page


def test_search_finds_by_name_and_by_whole_phone(cadre: Account, signed_in: SignedIn) -> None:
    make_person("孙桂芳", "13911110001")
    make_person("李德福", "13911110002")
    client = signed_in(cadre)
    for words in ("桂芳", "139 1111 0001"):
        page = text(client, f"/people/?q={words}")
        assert "孙桂芳" in page
        assert "李德福" not in page


def test_search_answers_htmx_with_the_rows_alone(cadre: Account, signed_in: SignedIn) -> None:
    response = signed_in(cadre).get("/people/", headers={"hx-request": "true"})
    assert "<html" not in response.content.decode()


@pytest.mark.parametrize("path", ["/people/", "/households/", "/appointments/", "/places/"])
def test_list_asks_a_fixed_number_of_queries(
    path: str, cadre: Account, administrator: Account, signed_in: SignedIn
) -> None:
    client = signed_in(administrator if "appoint" in path else cadre)
    text(client, path)
    counts = []
    for number in range(2):
        for place in range(8):
            head = make_person(f"孙{number}{place}", f"1391111{number}{place:03}")
            open_household(place_code=VILLAGE, number=f"{number}{place}", by=system("test"), head=head)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            text(client, path)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 8


def test_list_turns_pages(cadre: Account, signed_in: SignedIn) -> None:
    for number in range(30):
        make_person(f"孙{number:02}", f"139111100{number:02}")
    client = signed_in(cadre)
    first, second = text(client, "/people/?q=孙"), text(client, "/people/?q=孙&page=2")
    assert "孙29" in first
    assert "孙04" not in first
    assert "孙04" in second
    assert 'rel="prev"' in second
    assert text(client, "/people/?page=abc")


def test_person_page_says_why_one_may_see_it(cadre: Account, signed_in: SignedIn, family: Household) -> None:
    head = family.memberships.get(relation="head").person
    page = text(signed_in(cadre), f"/people/{head.pk}/")
    assert "巴南民政〔2026〕3号" in page
    assert "户号 001" in page


def test_person_of_another_place_is_kept_back(cadre: Account, signed_in: SignedIn) -> None:
    stranger = make_person("别处人", "13911110009", ELSEWHERE)
    response = signed_in(cadre).get(f"/people/{stranger.pk}/")
    assert response.status_code == 403
    assert "别处人" not in response.content.decode()


def test_unknown_person_is_not_found(cadre: Account, signed_in: SignedIn) -> None:
    assert signed_in(cadre).get("/people/999999/").status_code == 404


def test_whole_number_is_shown_once_and_noted(cadre: Account, signed_in: SignedIn) -> None:
    person = make_person("孙桂芳", "13911110001")
    client = signed_in(cadre)
    given = {"field": "phone", "purpose": "visit", "words": "通知领取补贴"}
    page = client.post(f"/people/{person.pk}/unmask/", given).content.decode()
    assert "13911110001" in page
    assert "13911110001" not in text(client, f"/people/{person.pk}/")
    assert Disclosure.objects.get().words == "通知领取补贴"


def test_whole_number_needs_a_purpose(cadre: Account, signed_in: SignedIn) -> None:
    person = make_person("孙桂芳", "13911110001")
    response = signed_in(cadre).post(f"/people/{person.pk}/unmask/", {"field": "phone", "purpose": "", "words": " "})
    assert response.status_code == 422
    assert "13911110001" not in response.content.decode()
    assert not Disclosure.objects.exists()


def test_whole_number_is_refused_to_a_grid_worker(places: None, signed_in: SignedIn) -> None:
    from web.village import make_account

    worker = make_account(make_person("李秀英", "13800000001"), "grid_worker")
    person = make_person("孙桂芳", "13911110001")
    given = {"field": "phone", "purpose": "visit", "words": "x"}
    client = signed_in(worker)
    assert "unmask" not in text(client, f"/people/{person.pk}/")
    assert client.post(f"/people/{person.pk}/unmask/", given).status_code in (403, 422)
    assert not Disclosure.objects.exists()


def test_household_page_lists_its_members(cadre: Account, signed_in: SignedIn, family: Household) -> None:
    page = text(signed_in(cadre), f"/households/{family.pk}/")
    assert page.index("孙桂芳") < page.index("孙小军")
    assert "子女" in page


def test_households_are_listed_with_their_heads(cadre: Account, signed_in: SignedIn, family: Household) -> None:
    client = signed_in(cadre)
    page = text(client, "/households/?q=小军")
    assert "户号 001" in page
    assert "孙桂芳" in page
    assert "2 人" in page
    assert "户号 001" not in text(client, "/households/?q=不在")


def test_household_elsewhere_is_kept_back(cadre: Account, signed_in: SignedIn, family: Household) -> None:
    Household.objects.update(place_code=ELSEWHERE)
    assert signed_in(cadre).get(f"/households/{family.pk}/").status_code == 403


def test_new_person_is_registered(cadre: Account, signed_in: SignedIn) -> None:
    given = {"name": "孙桂芳", "place_code": VILLAGE, "phone": "13911110001", "sex": "female", "born_on": "1956-03-02"}
    response = signed_in(cadre).post("/people/new/", given)
    person = Person.objects.get(name="孙桂芳")
    assert response["Location"] == f"/people/{person.pk}/"


def test_new_person_with_a_wrong_identity_number_is_refused_at_the_field(cadre: Account, signed_in: SignedIn) -> None:
    given = {"name": "孙桂芳", "place_code": VILLAGE, "identity": "500113195603020011"}
    response = signed_in(cadre).post("/people/new/", given)
    assert response.status_code == 422
    assert 'id="id_identity_error"' in response.content.decode()


def test_new_person_elsewhere_is_refused(cadre: Account, signed_in: SignedIn) -> None:
    response = signed_in(cadre).post("/people/new/", {"name": "孙桂芳", "place_code": TOWNSHIP})
    assert response.status_code == 422
    assert not Person.objects.filter(name="孙桂芳").exists()


def test_sign_in_is_given(cadre: Account, signed_in: SignedIn) -> None:
    person = make_person("孙桂芳", "13911110001")
    client = signed_in(cadre)
    assert client.post(f"/people/{person.pk}/account/", {"phone": "13911110001"}).status_code == 302
    assert Account.objects.filter(person=person, is_active=True).exists()
    assert client.post(f"/people/{person.pk}/account/", {"phone": "13911110001"}).status_code == 422
