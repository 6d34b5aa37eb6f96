"""Open311 clients as they are: their requests, byte for byte, and the answers that they can read.

The shapes are those of the client library in Ruby (form body with every field of the standard, `.xml`), of the one in
Python (`service/` instead of `services/`), and of FixMyStreet (no address, a text of several lines, a link to a
picture, ids joined by commas).
"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from api.counties import HERE, THERE, Program, code, make_case, make_person
from django.test import Client

from cunzhi.api import throttle
from cunzhi.base import clock
from cunzhi.engine.models import Case

Make = Callable[..., Program]
VILLAGE = code(HERE, "village")
LAMP = "living_environment.problem.lamp"
FORM = "application/x-www-form-urlencoded"
FIXMYSTREET = """title:  Lamp out

detail: The lamp has been dark since Friday & nobody came <yet>.

url: https://example.org/report/1

Submitted via FixMyStreet
"""


def get(path: str, **headers: str) -> Any:
    return Client().get(f"/open311/v2/{path}", headers=headers)


def post(fields: dict[str, str], form: str = "xml", kind: str = f"{FORM}; charset=utf-8") -> Any:
    return Client().post(f"/open311/v2/requests.{form}", urlencode(fields).encode(), content_type=kind)


def tree(answer: Any) -> ElementTree.Element:
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    return ElementTree.fromstring(answer.content)


def fixmystreet(one: Program, **more: str) -> dict[str, str]:
    """What FixMyStreet sends."""
    return {
        "jurisdiction_id": VILLAGE,
        "api_key": one.secret,
        "lat": "29.405678",
        "long": "106.541234",
        "email": "reporter@example.org",
        "description": FIXMYSTREET,
        "service_code": LAMP,
        "first_name": "Da",
        "last_name": "Ming",
        "media_url": "http://127.0.0.1:9/photo.jpg",
        **more,
    }


def test_services_as_the_ruby_client_asks(counties: None) -> None:
    root = tree(get(f"services.xml?jurisdiction_id={VILLAGE}", **{"Accept-Language": "en"}))
    lamp = next(one for one in root if one.findtext("service_code") == LAMP)
    assert (root.tag, lamp.tag) == ("services", "service")
    told = {part.tag: part.text for part in lamp}
    assert list(told) == ["service_code", "service_name", "description", "metadata", "type", "keywords", "group"]
    assert (told["service_name"], told["metadata"], told["type"]) == ("Broken lamp", "false", "realtime")


def test_services_of_a_county_are_those_below_it(counties: None) -> None:
    codes = [one["service_code"] for one in get(f"services.json?jurisdiction_id={HERE}").json()]
    assert LAMP in codes
    assert len(codes) == len(set(codes)) == 5


@pytest.mark.parametrize("path", ["services", "service"])
def test_definition_as_both_clients_ask(counties: None, path: str) -> None:
    root = tree(get(f"{path}/{LAMP}.xml?jurisdiction_id={VILLAGE}"))
    assert (root.tag, root.findtext("service_code"), root.findall("attributes/attribute")) == (
        "service_definition",
        LAMP,
        [],
    )
    assert get(f"{path}/{LAMP}.json?jurisdiction_id={VILLAGE}").json() == {"service_code": LAMP, "attributes": []}


def test_report_as_fixmystreet_sends_it(program: Make) -> None:
    one = program()
    answer = post(fixmystreet(one))
    root = tree(answer)
    assert answer.status_code == 201
    assert (root.tag, root[0].tag) == ("service_requests", "request")
    case = Case.objects.get(number=root.findtext("request/service_request_id"))
    assert (case.opener, case.place_code) == (one.person, VILLAGE)
    assert case.answers == {
        "kind": "lamp",
        "note": FIXMYSTREET.strip(),
        "place": {"latitude": 29.405678, "longitude": 106.541234},
        "where": "29.405678, 106.541234",
    }
    notice = root.findtext("request/service_notice") or ""
    for left in ("email", "first_name", "last_name", "media_url"):
        assert left in notice
    assert "reporter@example.org" not in str(case.steps.get().answers)


def test_report_as_the_ruby_client_sends_it(program: Make) -> None:
    one = program()
    fields = {
        "service_code": "living_environment.problem.other",
        "address_string": "1234 5th street",
        "email": "smit222@sfgov.edu",
        "device_id": "tt222111",
        "account_id": "12345",
        "first_name": "john",
        "last_name": "smith",
        "phone": "111111111",
        "description": "A large sinkhole is destroying the street",
        "media_url": "http://farm3.static.flickr.com/2002/2212426634_5ed477a060.jpg",
        "lat": "38.888486",
        "long": "-77.020179",
        "jurisdiction_id": VILLAGE,
        "api_key": one.secret,
    }
    root = tree(post(fields, kind=FORM))
    case = Case.objects.get(number=root.findtext("request/service_request_id"))
    assert (case.answers["where"], case.answers["what"]) == ("1234 5th street", fields["description"])


def test_report_in_json_is_a_list_of_one(program: Make) -> None:
    told = post(fixmystreet(program()), "json").json()
    assert [set(one) for one in told] == [{"service_request_id", "service_notice", "account_id"}]


def test_report_repeated_on_one_day_is_one_case(program: Make) -> None:
    one = program()
    numbers = [post(fixmystreet(one), "json").json()[0]["service_request_id"] for _ in range(2)]
    assert len(set(numbers)) == 1
    with clock.at(clock.now() + timedelta(days=1)):
        assert post(fixmystreet(one), "json").json()[0]["service_request_id"] != numbers[0]


def test_report_without_a_village_lies_where_its_reporter_lives(program: Make) -> None:
    one = program()
    for place in ("", HERE):
        [told] = post(fixmystreet(one, jurisdiction_id=place, description=place), "json").json()
        assert Case.objects.get(number=told["service_request_id"]).place_code == one.person.place_code
    assert post(fixmystreet(one, jurisdiction_id=THERE)).status_code == 400


def test_description_of_other_problems_is_kept_whole(program: Make) -> None:
    text = "x" * 1500
    fields = fixmystreet(program(), service_code="living_environment.problem.other", description=text)
    number = post(fields, "json").json()[0]["service_request_id"]
    answers = Case.objects.get(number=number).answers
    assert (answers["note"], answers["what"]) == (text, "x" * 200)


WRONG: dict[str, tuple[dict[str, str], int]] = {
    "no key": ({"api_key": ""}, 403),
    "a wrong key": ({"api_key": "xyz"}, 403),
    "another county": ({"jurisdiction_id": code(THERE, "village")}, 403),
    "no such place": ({"jurisdiction_id": "city.gov"}, 404),
    "no service": ({"service_code": ""}, 400),
    "no such service": ({"service_code": "001"}, 404),
    "no location": ({"lat": "", "long": ""}, 400),
    "an address id only": ({"lat": "", "long": "", "address_id": "12"}, 400),
    "half a point": ({"long": ""}, 400),
    "no point": ({"lat": "north"}, 400),
    "a point off the earth": ({"lat": "91"}, 400),
    "NUL": ({"description": "a\x00b"}, 400),
    "too long an address": ({"address_string": "x" * 121}, 400),
    "too long a text": ({"description": "x" * 4001}, 400),
    "an unknown attribute": ({"attribute[WHISPAWN]": "1"}, 400),
    "an attribute of another kind": ({"attribute[colour][]": "1"}, 400),
}


@pytest.mark.parametrize("name", WRONG)
def test_report_that_cannot_be_taken_says_why_in_the_standards_shape(program: Make, name: str) -> None:
    change, status = WRONG[name]
    answer = post(fixmystreet(program(), **change))
    assert answer.status_code == status
    root = tree(answer)
    assert (root.tag, root[0].tag, root.findtext("error/code")) == ("errors", "error", str(status))
    assert root.findtext("error/description")
    assert Case.objects.count() == 0


def test_anonymous_report_is_told_that_a_person_is_needed(counties: None) -> None:
    answer = Client().post(
        "/open311/v2/requests.json",
        urlencode({"jurisdiction_id": VILLAGE, "service_code": LAMP, "lat": "1", "long": "1"}),
        content_type=FORM,
        headers={"Accept-Language": "en"},
    )
    assert answer.status_code == 403
    [error] = answer.json()
    assert error["code"] == 403
    assert "behind every report stands a person" in error["description"]


def test_token_without_own_matters_reports_nothing(program: Make) -> None:
    assert post(fixmystreet(program("grid_worker", verbs=["case.see"]))).status_code == 403


@pytest.mark.parametrize("kind", ["application/json", "text/xml", "multipart/form-data"])
def test_body_of_another_kind_is_refused(counties: None, kind: str) -> None:
    assert post({"api_key": "x"}, kind=kind).status_code in (400, 403)


def test_body_of_three_megabytes_is_refused(counties: None) -> None:
    assert post({"description": "x" * 3_000_000}).status_code == 413


def test_requests_show_the_public_no_names_no_text_and_a_rounded_point(program: Make) -> None:
    case = make_case(make_person("villager", HERE))
    answer = get(f"requests.xml?jurisdiction_id={HERE}")
    root = tree(answer)
    told = {part.tag: part.text for part in root[0]}
    assert (root.tag, told["service_request_id"], told["status"]) == ("service_requests", case.number, "open")
    assert (told["service_code"], told["lat"], told["long"]) == (LAMP, "29.406", "106.541")
    assert told["requested_datetime"] == "2026-03-02T09:00:00+08:00"
    assert (told["description"], told["media_url"], told["zipcode"]) == (None, None, None)
    assert "张" not in answer.content.decode()
    assert "桥头" not in answer.content.decode()


def test_requests_show_who_may_see_the_case_all_of_it(program: Make) -> None:
    make_case(make_person("villager", HERE))
    path = f"requests.json?jurisdiction_id={HERE}"
    asking = (("village_cadre", HERE, True), ("village_cadre", THERE, False), ("villager", HERE, False))
    for role, county, known in asking:
        [told] = get(path, Authorization=f"Bearer {program(role, county).secret}").json()
        assert ("桥头" in told["address"], told["lat"] == 29.405678) == (known, known)
    assert get(path, Authorization="Bearer cunzhi_wrong").status_code == 403


def test_requests_are_asked_for_by_id_as_fixmystreet_does(counties: None) -> None:
    villager = make_person("villager", HERE)
    numbers = [make_case(villager).number for _ in range(2)]
    found = get(f"requests.json?service_request_id={','.join(numbers)},26-NONE-1&jurisdiction_id={HERE}").json()
    assert [one["service_request_id"] for one in found] == numbers[::-1]
    assert [one["service_request_id"] for one in get(f"requests/{numbers[0]}.json").json()] == numbers[:1]
    assert tree(get(f"requests/{numbers[0]}.xml?jurisdiction_id={HERE}"))[0].findtext("status") == "open"


def test_requests_are_chosen_by_service_status_and_time(counties: None) -> None:
    make_case(make_person("villager", HERE))
    counts = {
        query: len(get(f"requests.json?jurisdiction_id={HERE}&{query}").json())
        for query in (
            f"service_code={LAMP}",
            f"service_code=living_environment.problem.road,{LAMP}",
            "service_code=living_environment.problem.road",
            "status=open",
            "status=closed",
            "status=open,closed",
            "start_date=2026-03-01T00:00:00Z&end_date=2026-04-01T00:00:00Z",
            "start_date=2026-03-02T09:00:01+08:00",
            "end_date=2026-03-01T00:00:00Z",
            "start_date=2025-01-01T00:00:00Z",
            "page=2&page_size=1",
            "service_code=&status=&start_date=",
        )
    }
    assert list(counts.values()) == [1, 1, 0, 1, 0, 1, 1, 0, 0, 0, 0, 1]


@pytest.mark.parametrize(
    "query",
    [
        "status=half",
        "start_date=yesterday",
        "start_date=0001-01-01T00:00:00Z",
        "end_date=9999-12-31T23:59:59Z",
        "start_date=2026-01-01T00:00:00Z&end_date=2026-12-31T00:00:00Z",
        "start_date=2026-02-01T00:00:00Z&end_date=2026-01-01T00:00:00Z",
        "page=0",
        "page_size=1001",
        "page=x",
        "x=%00",
        f"service_request_id={'1,' * 101}",
    ],
)
def test_query_that_is_none_is_refused(counties: None, query: str) -> None:
    answer = get(f"requests.xml?jurisdiction_id={HERE}&{query}")
    assert (answer.status_code, tree(answer).tag) == (400, "errors")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("services.xml", 400),
        ("services.xml?jurisdiction_id=city.gov", 404),
        (f"services/001.xml?jurisdiction_id={VILLAGE}", 404),
        ("requests.xml", 400),
        ("requests/26-0000-0.xml", 404),
        ("tokens/12345.xml", 404),
        ("nowhere", 404),
    ],
)
def test_errors_have_the_standards_shape(counties: None, path: str, status: int) -> None:
    answer = get(path)
    assert (answer.status_code, tree(answer).findtext("error/code")) == (status, str(status))


def test_workflows_that_are_not_open_are_no_services(program: Make) -> None:
    told = program().get(f"openings?place_code={VILLAGE}").json()
    assert any(row["workflow"] == "deed" for row in told)
    codes = [one["service_code"] for one in get(f"services.json?jurisdiction_id={VILLAGE}").json()]
    assert not [one for one in codes if not one.startswith("living_environment.problem.")]


@pytest.mark.parametrize("path", ["/open311/discovery", "/open311/v2/discovery"])
def test_discovery_leads_to_the_endpoint(counties: None, path: str) -> None:
    told = Client().get(f"{path}.json").json()
    [endpoint] = told["endpoints"]
    assert (endpoint["url"], endpoint["type"]) == ("http://testserver/open311/v2", "production")
    assert "http://testserver/me/tokens/" in told["key_service"]
    formats = [one.text for one in tree(Client().get(f"{path}.xml")).findall("endpoints/endpoint/formats/format")]
    assert formats == endpoint["formats"] == ["text/xml", "application/json"]


def test_control_characters_do_not_break_the_xml(program: Make) -> None:
    cadre = program("village_cadre")
    post(fixmystreet(cadre, description="bell \x07 and \x1b end", service_code=LAMP))
    answer = get(f"requests.xml?jurisdiction_id={HERE}", Authorization=f"Bearer {cadre.secret}")
    assert tree(answer).findtext("request/description") == "bell  and  end"


def test_cookies_open_nothing(program: Make, client: Client) -> None:
    person: Any = program("village_cadre").person
    client.force_login(person.account, backend="django.contrib.auth.backends.ModelBackend")
    fields = {"jurisdiction_id": VILLAGE, "service_code": LAMP, "lat": "1", "long": "1"}
    assert client.post("/open311/v2/requests.json", fields).status_code == 403


def test_address_that_asks_too_often_waits(counties: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "LIMITS", throttle.Limits(address=2))
    answers = [get(f"services.json?jurisdiction_id={HERE}") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert json.loads(answers[2].content)[0]["code"] == 429
    assert answers[2]["Retry-After"]
