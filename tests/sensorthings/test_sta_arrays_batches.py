"""Many values in one request, many requests in one, and what devices may do."""

import json
from typing import Any

import pytest
from stations import ANY, DATASTREAM, ROOT, THING, VILLAGE, Sender, device, keeper, make_county

from cunzhi.api import throttle
from cunzhi.base import clock
from cunzhi.perception.models import Datastream, Device, Observation, Thing


def array(stream: int, rows: list[Any], *more: str) -> dict[str, Any]:
    return {
        "Datastream": {"@iot.id": stream},
        "components": ["phenomenonTime", "result", *more],
        "dataArray@iot.count": len(rows),
        "dataArray": rows,
    }


def minute(number: int) -> str:
    return f"2026-03-01T{number // 60:02}:{number % 60:02}:00Z"


def test_data_array_keeps_each_value_and_says_which_were_refused(cadre: Sender, stream: int, gauge: int) -> None:
    other = cadre.post(f"/Things({gauge})/Datastreams", {**DATASTREAM, "observationType": ANY})
    rows = [[minute(0), 1], [minute(1), "wet"], [minute(2), 3], ["yesterday", 4], [minute(0), 1], [minute(0), 2], [1]]
    answer = cadre.ask("POST", "/CreateObservations", [array(stream, rows), array(other, [[minute(0), "wet"]])])
    told = answer.json()
    assert answer.status_code == 201
    assert [one.startswith("error") for one in told] == [False, True, False, True, False, True, True, False]
    assert told[0] == told[4]
    assert "zone" in told[3] or "moment" in told[3]
    assert Observation.objects.count() == 3
    again = cadre.ask("POST", "/CreateObservations", [array(stream, rows[:1]), array(other, [[minute(0), "wet"]])])
    assert again.json() == [told[0], told[7]]
    assert Datastream.objects.get(pk=stream).last_at == Observation.objects.order_by("-at").first().at  # type: ignore[union-attr]


def test_data_array_in_which_nothing_can_be_taken_is_refused(cadre: Sender, stream: int) -> None:
    answer = cadre.ask("POST", "/CreateObservations", [array(stream, [["now", 1], [minute(0), "wet"]])])
    assert (answer.status_code, Observation.objects.count()) == (400, 0)


def test_observations_are_told_as_data_array(cadre: Sender, stream: int) -> None:
    cadre.ask("POST", "/CreateObservations", [array(stream, [[minute(n), n] for n in range(5)])])
    found = cadre.get("/Observations", resultFormat="dataArray", top="3", select="result,phenomenonTime", count="true")
    assert found["@iot.count"] == 5
    assert found["value"][0]["components"] == ["result", "phenomenonTime"]
    assert found["value"][0]["dataArray"] == [[n, minute(n)] for n in range(3)]
    more = cadre.ask("GET", found["@iot.nextLink"]).json()
    assert more["value"][0]["dataArray"] == [[n, minute(n)] for n in range(3, 5)]


def test_json_batch_does_groups_together_and_knows_what_was_made(cadre: Sender, gauge: int) -> None:
    made = {
        "id": "a",
        "method": "post",
        "url": "Things",
        "body": {"name": "new", "description": ""},
        "atomicityGroup": "g",
    }
    under = {**made, "id": "b", "url": "$a/Locations", "body": {"name": 1}}
    requests = [
        {"id": "0", "method": "get", "url": f"{ROOT}/Things({gauge})/name"},
        made,
        under,
        {**made, "id": "c", "atomicityGroup": "h"},
        {"id": "d", "method": "patch", "url": "$c", "body": {"name": "patched"}, "atomicityGroup": "h"},
        {"id": "e", "method": "get", "url": "Nothing"},
        {"id": "f", "method": "get", "url": "http://elsewhere.example/x"},
    ]
    answer = cadre.ask("POST", "/$batch", {"requests": requests})
    statuses = {one["id"]: one["status"] for one in answer.json()["responses"]}
    assert statuses == {"0": 200, "a": 424, "b": 400, "c": 201, "d": 200, "e": 404, "f": 400}
    assert sorted(Thing.objects.values_list("name", flat=True)) == ["gauge", "patched"]


MULTIPART = """--b1
Content-Type: application/http

GET {root}/Things({gauge})/name HTTP/1.1
Host: localhost

--b1
Content-Type: multipart/mixed; boundary=c1

--c1
Content-Type: application/http
Content-ID: 1

POST Things HTTP/1.1
Content-Type: application/json

{{"name": "second", "description": ""}}
--c1
Content-Type: application/http
Content-ID: 2

POST Datastreams HTTP/1.1
Content-Type: application/json

{datastream}
--c1--
--b1
Content-Type: application/http

GET Things?$filter=nonsense HTTP/1.1

--b1--
"""


def test_multipart_batch_with_a_change_set(cadre: Sender, gauge: int) -> None:
    body = {**DATASTREAM, "Thing": {"@iot.id": "$1"}}
    text = MULTIPART.format(root=ROOT, gauge=gauge, datastream=json.dumps(body)).replace("\n", "\r\n")
    answer = cadre.ask("POST", "/$batch", text.encode(), content_type="multipart/mixed; boundary=b1")
    told = answer.content.decode()
    assert answer.status_code == 200, told
    assert [line for line in told.splitlines() if line.startswith("HTTP/1.1")] == [
        "HTTP/1.1 200 OK", "HTTP/1.1 201 Created", "HTTP/1.1 201 Created", "HTTP/1.1 400 Bad Request",
    ]  # fmt: skip
    assert '{"name":"gauge"}' in told
    assert Thing.objects.get(name="second").datastreams.count() == 1
    spoilt = text.replace('"symbol"', '"symbool"')
    cadre.ask("POST", "/$batch", spoilt.encode(), content_type="multipart/mixed; boundary=b1")
    assert Thing.objects.count() == 2


def test_device_sends_for_its_thing_and_sees_and_sets_up_nothing_else(cadre: Sender, gauge: int, stream: int) -> None:
    other = cadre.post("/Things", THING)
    elsewhere = cadre.get(f"/Things({other})/Datastreams")["value"][0]["@iot.id"]
    logger = device(gauge)
    logger.post(f"/Datastreams({stream})/Observations", {"result": 1})
    assert [one["@iot.id"] for one in logger.get("/Things")["value"]] == [gauge]
    assert [one["@iot.id"] for one in logger.get("/Datastreams", expand="Sensor,Thing/Locations")["value"]] == [stream]
    assert len(logger.get("/Observations")["value"]) == 1
    assert logger.ask("POST", "/Observations", {"result": 1, "Datastream": {"@iot.id": elsewhere}}).status_code == 403
    for method, path, body in (
        ("POST", f"/Datastreams({elsewhere})/Observations", {"result": 1}),
        ("GET", f"/Things({other})", None),
    ):
        assert logger.ask(method, path, body).status_code == 404
    for method, path, body in (
        ("POST", "/Things", THING),
        ("PATCH", f"/Things({gauge})", {"name": "mine"}),
        ("DELETE", f"/Things({gauge})", None),
        ("POST", f"/Things({gauge})/Datastreams", DATASTREAM),
    ):
        assert logger.ask(method, path, body).status_code == 403, path
    held = Device.objects.get()
    assert logger.secret not in (held.secret_hash, held.broker_hash)
    Device.objects.update(revoked_at=clock.now())
    assert logger.ask("GET", "/Things").status_code == 401


def test_basic_carries_the_same_secret(cadre: Sender, gauge: int) -> None:
    from base64 import b64encode

    given = b64encode(f"anybody:{cadre.secret}".encode()).decode()
    assert cadre.ask("GET", "/Things", Authorization=f"Basic {given}").status_code == 200
    assert cadre.ask("GET", "/Things", Authorization="Basic nonsense").status_code == 401
    assert Sender().ask("GET", "/Things").status_code == 401


def test_flood_from_one_device_is_held_up_and_others_go_on(
    cadre: Sender, gauge: int, stream: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "LIMITS", throttle.Limits(caller=5, values=20))
    loud, calm = device(gauge), device(gauge)
    codes = [loud.ask("POST", f"/Datastreams({stream})/Observations", {"result": n}).status_code for n in range(8)]
    assert codes == [201] * 5 + [429] * 3
    assert calm.ask("POST", f"/Datastreams({stream})/Observations", {"result": 1}).status_code in (200, 201, 409)
    rows = [[minute(n), n] for n in range(30)]
    flood = calm.ask("POST", "/CreateObservations", [array(stream, rows)])
    assert (flood.status_code, int(flood["Retry-After"]) > 0) == (429, True)


def test_people_see_and_set_up_sensors_of_their_places_alone(cadre: Sender, gauge: int, stream: int) -> None:
    cadre.post(f"/Datastreams({stream})/Observations", {"result": 1})
    make_county("990102")
    stranger, worker = keeper(county="990102"), keeper("grid_worker")
    for path in ("/Things", "/Datastreams", "/Observations", "/Locations", "/Sensors", "/HistoricalLocations"):
        assert stranger.get(path)["value"] == []
        assert stranger.ask("GET", f"{path}(1)").status_code == 404
    assert stranger.ask("POST", "/Observations", {"result": 1, "Datastream": {"@iot.id": stream}}).status_code == 403
    assert worker.get("/Things")["value"] == []  # the gauge stands in the village, beyond the worker's grid
    officer = keeper("township_officer")
    assert officer.get(f"/Things({gauge})")["properties"]["place_code"] == VILLAGE
    assert keeper("county_officer").ask("DELETE", f"/Things({gauge})").status_code == 403
    assert officer.ask("DELETE", f"/Things({gauge})").status_code == 200
