"""Hundreds of malformed requests, each answered by a 4xx with a reason, and nothing is left behind by any of them."""
# ruff: noqa: E501  the tables are read across

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import connection
from stations import ANY, DATASTREAM, LOCATION, THING, Sender
from test_sta_entities import rows

SENSOR, PROPERTY = DATASTREAM["Sensor"], DATASTREAM["ObservedProperty"]
FEATURE = {"name": "f", "description": "", "encodingType": "application/geo+json", "feature": LOCATION["location"]}
OBSERVATION: dict[str, Any] = {
    "result": 1,
    "phenomenonTime": "2026-03-01T00:00:00Z",
    "resultTime": "2026-03-01T00:00:00Z",
    "validTime": "2026-03-01T00:00:00Z/2026-03-02T00:00:00Z",
    "resultQuality": "good",
    "parameters": {"key": "k"},
}
ENTITIES: dict[str, tuple[dict[str, Any], set[str]]] = {
    "Things": (THING, {"name", "description"}),
    "Locations": (LOCATION, {"name", "description", "encodingType", "location"}),
    "Datastreams": (
        DATASTREAM,
        {"name", "description", "unitOfMeasurement", "observationType", "Sensor", "ObservedProperty"},
    ),
    "Sensors": (SENSOR, {"name", "description", "encodingType", "metadata"}),
    "ObservedProperties": (PROPERTY, {"name", "description", "definition"}),
    "FeaturesOfInterest": (FEATURE, {"name", "description", "encodingType", "feature"}),
    "Observations": (OBSERVATION, {"result", "Datastream"}),
    "HistoricalLocations": ({"time": "2026-03-01T00:00:00Z"}, {"time", "Thing", "Locations"}),
}
NO_TIMES = [
    "", "yesterday", "2026-03-01", "2026-03-01T00:00:00", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "T", 5, [],
    "2026-03-01T25:00:00Z", "1026-03-01T00:00:00Z", "9026-03-01T00:00:00Z", "1970-01-01T00:00:00Z", {}, True,
    "2026-03-02T00:00:00Z/2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z/", "2999-01-01T00:00:00Z", "2026-03-01T00:00Z/x",
]  # fmt: skip
NO_RESULTS = [None, "text", True, {"a": 1}, [1], "", 10**400]
NO_SHAPES = [
    {}, [], "POINT(1 1)", 5, {"type": "Point"}, {"type": "Point", "coordinates": []}, {"type": "Nothing", "coordinates": [1, 1]},
    {"type": "Point", "coordinates": ["a", "b"]}, {"type": "Point", "coordinates": [200, 10]},
    {"type": "Point", "coordinates": [29, 106]}, {"type": "Point", "coordinates": [1]},
    {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]},
    {"type": "Polygon", "coordinates": [[[0, 0], [1, 0]]]}, {"type": "LineString", "coordinates": [[0, 0]]},
    {"type": "Feature"}, {"type": "Feature", "geometry": None}, {"type": "Point", "coordinates": [1e300, 0]},
]  # fmt: skip
NO_TEXTS: list[Any] = [None, 5, True, [], {}, "x" * 9000]
NO_OBJECTS: list[Any] = ["text", 5, True, [], {"deep": "x" * 30000}]
NO_IDS: list[Any] = [None, "1", 0, -1, 1.5, True, [], {}, 2**63, 10**30]
NO_BODIES = [b"", b"{", b"[]", b"5", b'"x"', b"null", b"nonsense", b"\xff\xfe", b'{"name": NaN}', b'{"name": Infinity}',
             b'{"name": "\\u0000"}', b'{"name": "\\ud800"}', b'{"result": -Infinity}', b"[" * 100_000]  # fmt: skip
NO_QUERIES = [
    "$filter=", "$filter=result gt", "$filter=gt 3", "$filter=result gt 3)", "$filter=(result gt 3",
    "$filter=result foo 3", "$filter=result gt 'x", "$filter=nothing eq 3", "$filter=result eq eq 3", "$filter=3",
    "$filter='x'", "$filter=result gt 3 and", "$filter=not", "$filter=nofunction(result) eq 3", "$filter=length() eq 3",
    "$filter=length(1) eq 3", "$filter=length(parameters/a, 'b') eq 3", "$filter=year(result) eq 3", "$filter=result/x eq 3",
    "$filter=phenomenonTime gt 3", "$filter=phenomenonTime gt 'x'", "$filter=phenomenonTime gt 2026-03-01",
    "$filter=phenomenonTime gt 2026-03-01T00:00:00", "$filter=phenomenonTime gt 2026-99-01T00:00:00Z",
    "$filter=result gt null", "$filter=result add 'x' eq 3", "$filter=phenomenonTime add 3 gt now()",
    "$filter=phenomenonTime mul duration'PT1H' gt now()", "$filter=phenomenonTime gt duration'PT1H'",
    "$filter=phenomenonTime add duration'1H' gt now()", "$filter=phenomenonTime add duration'P' gt now()",
    "$filter=st_within(result, geography'POINT(1 1)')", "$filter=st_within(FeatureOfInterest/feature, 'POINT(1 1)')",
    "$filter=st_within(FeatureOfInterest/feature, geography'POINT(1)')", "$filter=geo.distance(FeatureOfInterest/feature)",
    "$filter=geo.distance(FeatureOfInterest/feature, geography'POINT(1 1)')", "$filter=st_nothing(FeatureOfInterest/feature)",
    "$filter=geo.distance(FeatureOfInterest/feature, geography'POINT(1 1)') lt 'x'", "$filter=st_relate(FeatureOfInterest/feature, geography'POINT(1 1)', 'x')",
    "$filter=result gt 3;drop table", "$filter=result gt 3 -- x", "$filter=__import__('os') eq 1", "$filter=result gt $top",
    "$filter=result gt 99999999999999999999e999", "$filter=" + "(" * 300 + "1 eq 1" + ")" * 300, "$filter=" + "not " * 3000,
    "$filter=result eq 1" + " or result eq 1" * 2000, "$filter=Datastream eq 1", "$filter=Datastream/nothing eq 1",
    "$filter=datastream__name eq 'x'", "$filter=pk eq 1", "$filter=result gt %00", "$filter=result gt \x7f",
    "$orderby=", "$orderby=nothing", "$orderby=result down", "$orderby=result,,id", "$orderby=result desc desc",
    "$orderby='x'", "$orderby=3", "$orderby=Datastream", "$orderby=result gt 3",
    "$top=-1", "$top=x", "$top=", "$top=1.5", "$top=1e3", "$top=99999999999999999", "$skip=-1", "$skip=x", "$skip=",
    "$skip=99999999", "$count=1", "$count=", "$count=TRUE", "$select=", "$select=nothing", "$select=result,",
    "$select=*", "$expand=", "$expand=nothing", "$expand=Datastream,", "$expand=Datastream($top=1", "$expand=Datastream)",
    "$expand=Datastream($top=x)", "$expand=Datastream($nothing=1)", "$expand=Datastream(top)", "$expand=Datastream/nothing",
    "$expand=Datastream($filter=nothing eq 1;$expand=Observations)", "$expand=result", "$expand=Datastream($expand=Nothing)",
    "$expand=" + "Datastream/Observations/" * 8 + "Datastream", "$skiptoken=x", "$skiptoken=W10=", "$skiptoken=WyJ4Il0=",
    "$skiptoken=WzEsMl0=", "$skiptoken=bnVsbA==", "$resultFormat=csv", "$resultFormat=", "$nothing=1", "top=1", "$Top=1",
    "$top=1&$top=2", "$format=json", "x=1", "$resultFormat=dataArray&$expand=Datastream",
]  # fmt: skip
NO_ARRAYS: list[Any] = [
    {}, "x", 5, [5], [{}], [{"Datastream": {"@iot.id": 1}}], [{"components": ["result"], "dataArray": [[1]]}],
    [{"Datastream": 1, "components": ["result"], "dataArray": [[1]]}],
    [{"Datastream": {"@iot.id": "1"}, "components": ["result"], "dataArray": [[1]]}],
    [{"Datastream": {"@iot.id": 10**9}, "components": ["result"], "dataArray": [[1]]}],
    [{"Datastream": {"@iot.id": 1}, "components": "result", "dataArray": [[1]]}],
    [{"Datastream": {"@iot.id": 1}, "components": [], "dataArray": [[1]]}],
    [{"Datastream": {"@iot.id": 1}, "components": ["phenomenonTime"], "dataArray": [["2026-03-01T00:00:00Z"]]}],
    [{"Datastream": {"@iot.id": 1}, "components": ["result", "result"], "dataArray": [[1, 1]]}],
    [{"Datastream": {"@iot.id": 1}, "components": ["result", "colour"], "dataArray": [[1, 1]]}],
    [{"Datastream": {"@iot.id": 1}, "components": ["result"], "dataArray": "x"}],
    [{"Datastream": {"@iot.id": 1}, "components": ["result"], "dataArray": [5]}],
    [{"Datastream": {"@iot.id": 1}, "components": ["result"], "dataArray": [[]]}],
    [{"Datastream": {"@iot.id": 1}, "components": ["result"], "dataArray": [[1]], "dataArray@iot.count": 2}],
    [{"Datastream": {"@iot.id": 1}, "components": ["result"], "dataArray": [[1]], "x": 2}],
    [{"Datastream": {"@iot.id": 1}, "components": ["result", "FeatureOfInterest/id"], "dataArray": [[1, 10**9]]}],
]  # fmt: skip
Case = tuple[str, str, Any, dict[str, str]]


def spoilt(name: str) -> Iterator[Case]:
    """Each entity with one thing wrong at a time."""
    good, required = ENTITIES[name]
    texts = {"name", "description", "encodingType", "observationType", "definition"} & set(good)
    wrong: list[tuple[str, Any]] = [(field, value) for field in sorted(texts) for value in NO_TEXTS]
    wrong += [("properties", value) for value in NO_OBJECTS if name not in ("Observations", "HistoricalLocations")]
    wrong += [(field, value) for field in ("location", "feature") if field in good for value in NO_SHAPES]
    wrong += [("name", "  ")] * ("name" in good)
    for field in sorted(required & set(good)):
        yield "POST", f"/{name}", {key: value for key, value in good.items() if key != field}, {}
    for field, value in wrong:
        yield "POST", f"/{name}", {**deepcopy(good), field: value}, {}
    for extra in ({"colour": 1}, {"@iot.id": 5}, {"id": 5}, {"thing": 1}, {"__class__": 1}, {"place_code": "99"}):
        yield "POST", f"/{name}", {**deepcopy(good), **extra}, {}
    for body in NO_BODIES:
        yield "POST", f"/{name}", body, {}
    yield "POST", f"/{name}", b"{}", {"content_type": "text/plain"}


def observations() -> Iterator[Case]:
    at = "/Datastreams({stream})/Observations"
    for field in ("phenomenonTime", "resultTime", "validTime"):
        for value in NO_TIMES:
            if not (field != "phenomenonTime" and value in ("1970-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "")):
                yield "POST", at, {"result": 1, field: value}, {}
    for value in NO_RESULTS:
        yield "POST", at, {"result": value}, {}
    for value in (*NO_OBJECTS, {"unit": "cm"}, {"unit": 5}, {"key": 5}, {"key": "x" * 65}):
        yield "POST", at, {"result": 1, "parameters": value}, {}
    for value in NO_IDS:
        yield "POST", "/Observations", {"result": 1, "Datastream": {"@iot.id": value}}, {}
        yield "POST", at, {"result": 1, "FeatureOfInterest": {"@iot.id": value}}, {}
    for value in (5, "x", [], {}, {"name": "x"}, {"@iot.id": 10**9}):
        yield "POST", "/Observations", {"result": 1, "Datastream": value}, {}
        yield "POST", at, {"result": 1, "FeatureOfInterest": value}, {}
    yield "POST", at, {"result": 1, "Datastream": {"@iot.id": 10**9}}, {}


def datastreams() -> Iterator[Case]:
    units: list[Any] = [None, "mm", 5, [], {}, {"name": "a"}, {"name": "a", "symbol": 5, "definition": ""}]
    for unit in units:
        yield "POST", "/Things({thing})/Datastreams", {**DATASTREAM, "unitOfMeasurement": unit}, {}
    for count in (0, -1, 1.5, "x", True, 10**12):
        for name in ("every_seconds", "days_kept"):
            yield "POST", "/Things({thing})/Datastreams", {**DATASTREAM, "properties": {name: count}}, {}
    for link in ("Thing", "Sensor", "ObservedProperty"):
        for value in (None, 5, "x", [], {}, {"@iot.id": 10**9}, {"@iot.id": "1"}):
            yield "POST", "/Datastreams", {**DATASTREAM, "Thing": {"@iot.id": 1}, link: value}, {}
    for code in ("", "x", "12", "990199", 5, [], "990102001001"):
        yield "POST", "/Things", {**THING, "properties": {"place_code": code or "0"}}, {}
    for value in ({}, 5, "x", [5], [{"@iot.id": 10**9}], [{"name": "x"}]):
        yield "POST", "/Things", {**THING, "Locations": value}, {}


def addresses() -> Iterator[Case]:
    for query in NO_QUERIES:
        yield "GET", "/Observations?" + query, None, {}
    for path in ("/Nothing", "/Things(", "/Things()", "/Things(x)", "/Things(-1)", "/Things(1.5)", "/Things({thing})/x",
                 "/Things/name", "/Things({thing})/name/name", "/Things/$value", "/$metadata", "/Things({thing})/$value",
                 "/Things({thing})/Datastreams/Sensor", "/" + "Things({thing})/Datastreams({stream})/" * 9 + "x",
                 "/%00", "/Things(99999999999999999999)", "/CreateObservations", "/$batch"):  # fmt: skip
        yield "GET", path, None, {}
    for path in ("/Things", "/Things({thing})/Datastreams", "/Things({thing})/name", "/Things({thing})/$ref"):
        for method in ("PATCH", "PUT", "DELETE"):
            yield method, path, {}, {}
    for path in ("/Things({thing})?$filter=name eq 'x'", "/Things({thing})?$top=1", "/Things({thing})/name?$top=1"):
        yield "GET", path, None, {}
    for method in ("PATCH", "PUT"):
        for body in (*NO_BODIES, {"name": None}, {"name": 5}, {"x": 1}, {"Datastreams": [{}]}, {"@iot.id": 1, "x": 1}):
            yield method, "/Things({thing})", body, {}
    for body in NO_ARRAYS:
        yield "POST", "/CreateObservations", body, {}
    for body in ({}, [], "x", {"requests": 5}, {"requests": [5]}, b"{"):
        yield "POST", "/$batch", body, {}
    yield "POST", "/$batch", b"x", {"content_type": "multipart/mixed"}
    yield "POST", "/$batch", b"x", {"content_type": "multipart/mixed; boundary=b"}
    yield "POST", "/$batch", b"x", {"content_type": "text/plain"}
    yield "POST", "/Things", b'{"name": "' + b"x" * 10_000_000 + b'"}', {}


PARTS: dict[str, list[Case]] = {name: list(spoilt(name)) for name in ENTITIES}
PARTS |= {"values": list(observations()), "streams": list(datastreams()), "addresses": list(addresses())}


def test_there_are_hundreds_of_kinds() -> None:
    assert sum(map(len, PARTS.values())) > 720


@pytest.mark.parametrize("part", sorted(PARTS))
def test_malformed_request_is_refused_with_a_reason(cadre: Sender, gauge: int, stream: int, part: str) -> None:
    before, wrong = rows(), []
    for method, path, body, headers in PARTS[part]:
        path, _, query = path.replace("{thing}", str(gauge)).replace("{stream}", str(stream)).partition("?")
        sent = dict(pair.split("=", 1) for pair in query.split("&")) if query.count("$top") < 2 and query else None
        if query and sent is None:
            path = f"http://testserver/sensorthings/v1.1{path}?{query}"
        answer = cadre.ask(method, path, body, query=sent, **headers)
        told = answer.json().get("message") if answer.status_code >= 400 else ""
        if not 400 <= answer.status_code < 500 or not told:
            wrong.append(
                f"{method} {path[:80]} {query[:100]} {str(body)[:120]}: {answer.status_code} {answer.content[:80]!r}"
            )
    assert not wrong, "\n".join(wrong)
    assert rows() == before


def test_any_kind_of_result_is_taken_where_any_is_meant(cadre: Sender, gauge: int) -> None:
    stream = cadre.post(f"/Things({gauge})/Datastreams", {**DATASTREAM, "observationType": ANY})
    deep: Any = "x"
    for _ in range(30):
        deep = [deep]
    for result in (deep, {"a": "x" * 30000}, "x" * 30000):
        assert cadre.ask("POST", f"/Datastreams({stream})/Observations", {"result": result}).status_code == 400
    assert connection.in_atomic_block
