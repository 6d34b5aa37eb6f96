"""Entities come, are read, change and go as the conformance tests of the standard want it."""

from copy import deepcopy
from typing import Any

import pytest
from django.apps import apps
from stations import DATASTREAM, LOCATION, POINT, ROOT, THING, VILLAGE, Sender

SETS = {
    "Things", "Locations", "HistoricalLocations", "Datastreams", "Sensors", "ObservedProperties", "Observations",
    "FeaturesOfInterest",
}  # fmt: skip
BIG = 9223372036854775807


def rows() -> dict[str, int]:
    """How many of everything there are."""
    return {
        model._meta.label: model._default_manager.count() for model in apps.get_app_config("perception").get_models()
    }


def test_root_lists_the_sets_and_nothing_else(client: Any, db: None) -> None:
    for address in (ROOT, f"{ROOT}/"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert {one["name"] for one in answer.json()["value"]} == SETS
    assert any("data-array" in one for one in answer.json()["serverSettings"]["conformance"])


def test_deep_insert_makes_everything_and_links_it(cadre: Sender, gauge: int) -> None:
    thing = cadre.get(f"/Things({gauge})", expand="Locations,Datastreams/Sensor,Datastreams($expand=ObservedProperty)")
    stream = thing["Datastreams"][0]
    assert thing["properties"] == {"colour": "red", "height": 3, "place_code": VILLAGE}
    assert thing["Locations"][0]["location"] == POINT
    assert (stream["Sensor"]["name"], stream["ObservedProperty"]["name"]) == ("bucket", "rain")
    assert len(cadre.get(f"/Things({gauge})/HistoricalLocations")["value"]) == 1


def test_failed_deep_insert_leaves_nothing(cadre: Sender) -> None:
    before = rows()
    for spoil in ({"Sensor": {"name": "no more"}}, {"unitOfMeasurement": None}, {"observationType": 3}, {"what": 1}):
        thing = deepcopy(THING)
        thing["Datastreams"].append({**DATASTREAM, **spoil})
        answer = cadre.ask("POST", "/Things", thing)
        assert answer.status_code == 400, answer.content
        assert answer.json()["message"]
    assert rows() == before


def test_observation_gets_its_feature_from_where_the_thing_is(cadre: Sender, stream: int) -> None:
    first = cadre.post(
        f"/Datastreams({stream})/Observations", {"result": 3, "phenomenonTime": "2026-03-01T08:00:00+08:00"}
    )
    other = cadre.post(
        "/Observations", {"result": 4, "phenomenonTime": "2026-03-01T01:00:00Z", "Datastream": {"@iot.id": stream}}
    )
    told = cadre.get(f"/Observations({first})")
    assert (told["phenomenonTime"], told["result"], told["resultTime"]) == ("2026-03-01T00:00:00Z", 3, None)
    features = [cadre.get(f"/Observations({one})/FeatureOfInterest") for one in (first, other)]
    assert features[0]["@iot.id"] == features[1]["@iot.id"]
    assert features[0]["feature"] == POINT
    stream_told = cadre.get(f"/Datastreams({stream})")
    assert stream_told["phenomenonTime"] == "2026-03-01T00:00:00Z/2026-03-01T01:00:00Z"
    assert stream_told["observedArea"] == POINT


def test_observation_of_a_thing_without_location_is_refused(cadre: Sender) -> None:
    thing = cadre.post("/Things", {**THING, "Locations": []})
    stream = cadre.get(f"/Things({thing})/Datastreams")["value"][0]["@iot.id"]
    answer = cadre.ask("POST", f"/Datastreams({stream})/Observations", {"result": 3})
    assert (answer.status_code, rows()["perception.Observation"]) == (400, 0)


def test_new_location_is_remembered(cadre: Sender, gauge: int) -> None:
    elsewhere = cadre.post("/Locations", {**LOCATION, "name": "mill"})
    assert cadre.ask("PATCH", f"/Things({gauge})", {"Locations": [{"@iot.id": elsewhere}]}).status_code == 200
    assert [one["name"] for one in cadre.get(f"/Things({gauge})/Locations")["value"]] == ["mill"]
    history = cadre.get(f"/Things({gauge})/HistoricalLocations", expand="Locations", orderby="time desc")["value"]
    assert [one["Locations"][0]["name"] for one in history] == ["mill", "bridge"]
    third = cadre.post(f"/Things({gauge})/Locations", {**LOCATION, "name": "well"})
    assert [one["@iot.id"] for one in cadre.get(f"/Things({gauge})/Locations")["value"]] == [third]


def test_patch_changes_what_is_sent_and_nothing_inline(cadre: Sender, gauge: int, stream: int) -> None:
    assert cadre.ask("PATCH", f"/Things({gauge})", {"name": "renamed"}).status_code == 200
    told = cadre.get(f"/Things({gauge})")
    assert (told["name"], told["description"]) == ("renamed", "a rain gauge")
    for body in ({"Locations": [LOCATION]}, {"Datastreams": [DATASTREAM]}):
        assert cadre.ask("PATCH", f"/Things({gauge})", body).status_code == 400
    assert cadre.ask("PATCH", f"/Datastreams({stream})", {"Sensor": DATASTREAM["Sensor"]}).status_code == 400
    assert cadre.ask("PUT", f"/Things({gauge})", {"name": "put", "description": "anew"}).status_code == 200
    assert cadre.get(f"/Things({gauge})")["properties"] == {"place_code": VILLAGE}


def test_what_is_missing_is_404_for_any_number(cadre: Sender, gauge: int) -> None:
    for name in SETS:
        for number in (BIG, BIG + 1, 987654321):
            assert cadre.ask("GET", f"/{name}({number})").status_code == 404
            assert cadre.ask("DELETE", f"/{name}({number})").status_code == 404
            assert cadre.ask("PATCH", f"/{name}({number})", {"name": "x"}).status_code == 404


GOES = {
    "Things": {"Thing", "HistoricalLocation", "Datastream", "Observation"},
    "Locations": {"Location", "HistoricalLocation"},
    "Datastreams": {"Datastream", "Observation"},
    "Sensors": {"Sensor", "Datastream", "Observation"},
    "ObservedProperties": {"ObservedProperty", "Datastream", "Observation"},
    "FeaturesOfInterest": {"FeatureOfInterest", "Observation"},
    "HistoricalLocations": {"HistoricalLocation"},
    "Observations": {"Observation"},
}


@pytest.mark.parametrize("name", sorted(GOES))
def test_deleting_takes_with_it_what_the_standard_says(cadre: Sender, stream: int, name: str) -> None:
    cadre.post(f"/Datastreams({stream})/Observations", {"result": 3})
    before = rows()
    number = cadre.get(f"/{name}")["value"][0]["@iot.id"]
    assert cadre.ask("DELETE", f"/{name}({number})").status_code == 200
    after = rows()
    gone = {label.split(".")[1] for label in before if after[label] < before[label]}
    assert gone - {"Thing_locations", "RollUp", "Silence"} == GOES[name]


def test_properties_references_and_long_paths(cadre: Sender, gauge: int, stream: int) -> None:
    made = cadre.post(f"/Datastreams({stream})/Observations", {"result": 3})
    assert cadre.get(f"/Things({gauge})/name") == {"name": "gauge"}
    value = cadre.ask("GET", f"/Things({gauge})/name/$value")
    assert (value.content, value["Content-Type"]) == (b"gauge", "text/plain; charset=utf-8")
    assert cadre.ask("GET", f"/Observations({made})/resultTime/$value").status_code == 204
    path = f"/Things({gauge})/Datastreams({stream})/Observations({made})/FeatureOfInterest"
    assert cadre.get(path)["name"] == "bridge"
    assert cadre.get(f"/Observations({made})/Datastream/Thing/name") == {"name": "gauge"}
    refs = cadre.get(f"/Things({gauge})/Datastreams/$ref")["value"]
    assert [list(one) for one in refs] == [["@iot.selfLink"]]
    assert refs[0]["@iot.selfLink"].endswith(f"{ROOT}/Datastreams({stream})")
    for wrong in (
        "/Things(1)/nothing",
        "/Nothing",
        f"/Things({gauge})/name/x",
        f"/Datastreams({stream})/Thing(1)",
        "/Things('a')",
    ):
        assert cadre.ask("GET", wrong).status_code == 404, wrong


def test_older_name_of_geojson_is_taken(cadre: Sender) -> None:
    cadre.post("/Locations", {**LOCATION, "encodingType": "application/vnd.geo+json"})


def test_same_observation_again_is_answered_as_there(cadre: Sender, stream: int) -> None:
    body: dict[str, Any] = {"result": 3, "phenomenonTime": "2026-03-01T00:00:00Z"}
    first = cadre.post(f"/Datastreams({stream})/Observations", body)
    again = cadre.ask("POST", f"/Datastreams({stream})/Observations", body)
    assert (again.status_code, again.json()["@iot.id"]) == (200, first)
    other = cadre.ask("POST", f"/Datastreams({stream})/Observations", {**body, "result": 4})
    assert other.status_code == 409
    second = cadre.post(f"/Datastreams({stream})/Observations", {**body, "result": 4, "parameters": {"key": "b"}})
    assert second != first
