"""What can be asked: filters with every function, order, pages, nested expansion."""

from typing import Any

import pytest
from stations import ANY, DATASTREAM, LOCATION, THING, Sender

from cunzhi.perception.models import Observation

MARCH = "2026-03-01T{:02}:30:05.250Z"


@pytest.fixture
def twelve(cadre: Sender, stream: int) -> int:
    """A datastream with the values 1 to 12, one an hour."""
    rows = [[number, MARCH.format(number), {"note": f"n{number}", "depth": number / 2}] for number in range(1, 13)]
    array = {
        "Datastream": {"@iot.id": stream},
        "components": ["result", "phenomenonTime", "parameters"],
        "dataArray": rows,
    }
    assert cadre.ask("POST", "/CreateObservations", [array]).status_code == 201
    return stream


FILTERS = {
    "result gt 3": range(4, 13),
    "result gt '3'": range(4, 10),
    "3 lt result": range(4, 13),
    "result ge 3 and result le 5 or result eq 9": (3, 4, 5, 9),
    "result ge 3 and (result le 5 or result eq 9)": (3, 4, 5, 9),
    "not (result lt 11)": (11, 12),
    "not result lt 11 and result ne 12": (11,),
    "result add 2 eq 5": (3,),
    "result sub 2 eq 5": (7,),
    "result mul 2 eq 8": (4,),
    "result div 2 eq 2.5": (5,),
    "result mod 5 eq 0": (5, 10),
    "result div 0 eq 1": (),
    "result mod 0 eq 1": (),
    "2 add 3 mul 2 eq result": (8,),
    "result eq null": (),
    "resultTime eq null and result lt 3": (1, 2),
    "phenomenonTime gt 2026-03-01T10:30:05.250Z": (11, 12),
    "phenomenonTime ge 2026-03-01T10:30:05.250Z": (10, 11, 12),
    "phenomenonTime eq 2026-03-01T18:30:05.250+08:00": (10,),
    "phenomenonTime lt 2026-03-01T03:00:00Z": (1, 2),
    "phenomenonTime lt 2026-03-01T03:00:00Z/2026-03-01T05:00:00Z": (1, 2),
    "phenomenonTime gt 2026-03-01T03:00:00Z/2026-03-01T11:00:00Z": (11, 12),
    "phenomenonTime add duration'PT1H' gt 2026-03-01T12:30:00Z": (11, 12),
    "phenomenonTime sub duration'P1DT2H' lt 2026-02-28T00:00:00Z": (1,),
    "2026-03-01T10:00:00Z add duration'PT1H' lt phenomenonTime": (11, 12),
    "year(phenomenonTime) eq 2026 and month(phenomenonTime) eq 3 and day(phenomenonTime) eq 1 and result lt 2": (1,),
    "hour(phenomenonTime) eq 7": (7,),
    "minute(phenomenonTime) eq 30 and second(phenomenonTime) eq 5 and result lt 2": (1,),
    "fractionalseconds(phenomenonTime) gt 0.24 and fractionalseconds(phenomenonTime) lt 0.26 and result lt 2": (1,),
    "date(phenomenonTime) eq 2026-03-01 and result lt 2": (1,),
    "date(phenomenonTime) eq 2026-03-02": (),
    "time(phenomenonTime) gt 11:30:00": (11, 12),
    "totaloffsetminutes(phenomenonTime) eq 0 and result lt 2": (1,),
    "phenomenonTime lt now() and phenomenonTime gt mindatetime() and phenomenonTime lt maxdatetime() and result lt 2":
        (1,),
    "round(result div 2) eq 3": (5, 6),
    "floor(result div 2) eq 3": (6, 7),
    "ceiling(result div 2) eq 3": (5, 6),
    "parameters/depth ge 5.5": (11, 12),
    "parameters/note eq 'n7'": (7,),
    "parameters/nothing eq 'n7'": (),
    "parameters/note gt 3": (),
    "substringof('n1', parameters/note)": (1, 10, 11, 12),
    "contains(parameters/note, '1')": (1, 10, 11, 12),
    "startswith(parameters/note, 'n1') eq true": (1, 10, 11, 12),
    "startswith(parameters/note, 'n1') eq false and result lt 4": (2, 3),
    "endswith(parameters/note, '2')": (2, 12),
    "length(parameters/note) eq 3": (10, 11, 12),
    "indexof(parameters/note, '2') eq 1": (2,),
    "substring(parameters/note, 1) eq '7'": (7,),
    "substring(parameters/note, 1, 1) eq '1'": (1, 10, 11, 12),
    "toupper(parameters/note) eq 'N7'": (7,),
    "tolower('N7') eq parameters/note": (7,),
    "trim(' n7 ') eq parameters/note": (7,),
    "concat(parameters/note, 'x') eq 'n7x'": (7,),
    "Datastream/name eq 'rain of an hour' and result eq 2": (2,),
    "Datastream/Thing/properties/height eq 3 and result eq 2": (2,),
    "Datastream/Thing/Locations/name eq 'bridge' and result eq 2": (2,),
    "Datastream/unitOfMeasurement/symbol eq 'mm' and result eq 2": (2,),
    "FeatureOfInterest/name eq 'bridge' and result eq 2": (2,),
    "st_within(FeatureOfInterest/feature, geography'POLYGON((106 29,107 29,107 30,106 30,106 29))') and result eq 2":
        (2,),
    "it''s": None,
}  # fmt: skip


@pytest.mark.parametrize("at", range(0, len(FILTERS) - 1, 20))
def test_filter_finds(cadre: Sender, twelve: int, at: int) -> None:
    for text, expected in list(FILTERS.items())[:-1][at : at + 20]:
        found = cadre.get(f"/Datastreams({twelve})/Observations", filter=text, orderby="result asc")
        assert [one["result"] for one in found["value"]] == list(expected or ()), text


GEO = {
    "geo.distance(location, geography'POINT(106.54 29.4)') lt 0.05": ("bridge", "close"),
    "geo.distance(location, geography'POINT(106.54 29.4)') ge 0.05": ("far", "road"),
    "0.05 gt geo.distance(location, geography'POINT(106.54 29.4)')": ("bridge", "close"),
    "geo.length(location) gt 0.5": ("road",),
    "geo.intersects(location, geography'LINESTRING(106 29.4,107 29.4)')": ("bridge",),
    "st_equals(location, geography'POINT(106.54 29.4)')": ("bridge",),
    "st_equals(location, geography'SRID=4326;POINT(106.54 29.4)')": ("bridge",),
    "st_disjoint(location, geography'POINT(106.54 29.4)')": ("close", "far", "road"),
    "st_touches(location, geography'POINT(110 30)')": ("road",),
    "st_within(location, geography'POLYGON((106 29,107 29,107 30,106 30,106 29))')": ("bridge", "close"),
    "st_within(location, geography'POLYGON((106 29,107 29,107 30,106 30,106 29))') eq false": ("far", "road"),
    "st_contains(geography'POLYGON((106 29,107 29,107 30,106 30,106 29))', location)": ("bridge", "close"),
    "st_overlaps(location, geography'LINESTRING(110.5 30,111.5 30)')": ("road",),
    "st_crosses(location, geography'LINESTRING(110.5 29,110.5 31)')": ("road",),
    "st_intersects(location, geography'POINT(120 20)')": ("far",),
    "st_relate(location, geography'POINT(120 20)', 'T********')": ("far",),
    "not st_intersects(location, geography'POINT(120 20)')": ("bridge", "close", "road"),
}


def test_geo_functions_find(cadre: Sender, gauge: int) -> None:
    shapes = {
        "close": {"type": "Point", "coordinates": [106.55, 29.41]},
        "far": {"type": "Point", "coordinates": [120, 20]},
        "road": {"type": "LineString", "coordinates": [[110, 30], [111, 30]]},
    }
    for name, shape in shapes.items():
        cadre.post("/Locations", {**LOCATION, "name": name, "location": shape})
    for text, expected in GEO.items():
        found = cadre.get("/Locations", filter=text, orderby="name")["value"]
        assert tuple(one["name"] for one in found) == expected, text
    things = cadre.get("/Things", filter="geo.distance(Locations/location, geography'POINT(106.54 29.4)') lt 1")
    assert len(things["value"]) == 1


def test_pages_follow_one_another_in_any_order(cadre: Sender, twelve: int) -> None:
    for order in (
        "result desc",
        "resultTime,parameters/note desc",
        "",
        "parameters/depth mul 2",
        "phenomenonTime desc",
    ):
        first = cadre.get(f"/Datastreams({twelve})/Observations", top="5", orderby=order or "result", count="true")
        pages, found = [first], first
        while link := found.get("@iot.nextLink"):
            answer = cadre.ask("GET", link)
            assert answer.status_code == 200, answer.content
            found = answer.json()
            pages.append(found)
        assert [len(one["value"]) for one in pages] == [5, 5, 2]
        whole = cadre.get(f"/Datastreams({twelve})/Observations", orderby=order or "result")["value"]
        assert [one for found in pages for one in found["value"]] == whole
        assert {one["@iot.count"] for one in pages} == {12}


def test_options_apply_in_their_order(cadre: Sender, twelve: int) -> None:
    found = cadre.get(
        f"/Datastreams({twelve})/Observations",
        filter="result gt 3",
        count="true",
        orderby="result desc",
        skip="2",
        top="3",
    )
    assert (found["@iot.count"], [one["result"] for one in found["value"]]) == (9, [10, 9, 8])
    assert "@iot.nextLink" not in cadre.get(f"/Datastreams({twelve})/Observations", top="12")
    assert cadre.get("/Observations", top="0", count="true") == {"@iot.count": 12, "value": []}


def test_expansion_takes_options_too(cadre: Sender, twelve: int) -> None:
    inner = "$filter=result gt 3;$orderby=result desc;$skip=1;$top=2;$count=true;$select=result,id"
    inner += ";$expand=FeatureOfInterest($select=name)"
    found = cadre.get(
        "/Things", expand=f"Datastreams($select=name;$expand=Observations({inner}))", select="name,Datastreams"
    )
    stream = found["value"][0]["Datastreams"][0]
    assert list(found["value"][0]) == ["name", "Datastreams"]
    assert stream["name"] == "rain of an hour"
    assert stream["Observations@iot.count"] == 9
    assert [one["result"] for one in stream["Observations"]] == [11, 10]
    assert stream["Observations"][0]["FeatureOfInterest"] == {"name": "bridge"}
    rest = cadre.ask("GET", stream["Observations@iot.nextLink"]).json()
    assert [one["result"] for one in rest["value"]] == [9, 8]
    paths = cadre.get("/Observations", expand="Datastream/Thing/Locations,Datastream/Sensor,FeatureOfInterest", top="1")
    assert paths["value"][0]["Datastream"]["Thing"]["Locations"][0]["name"] == "bridge"
    assert paths["value"][0]["Datastream"]["Sensor"]["name"] == "bucket"


def test_text_sorts_by_code_point_and_geometry_by_its_text(cadre: Sender, gauge: int) -> None:
    for name in ("b", "B", "a", "中", "Z"):
        cadre.post("/Locations", {**LOCATION, "name": name})
    names = [one["name"] for one in cadre.get("/Locations", orderby="name")["value"]]
    assert names == ["B", "Z", "a", "b", "bridge", "中"]
    assert len(cadre.get("/Locations", filter="name gt 'Z'")["value"]) == 4
    assert len(cadre.get("/Locations", orderby="location desc,name")["value"]) == 6


def test_results_of_every_kind_come_back_as_they_were(cadre: Sender, gauge: int) -> None:
    stream = cadre.post(f"/Things({gauge})/Datastreams", {**DATASTREAM, "observationType": ANY})
    values: list[Any] = [3, 2.5, -1e-9, True, False, "rain", "", {"a": [1, None]}, [1, 2], 9007199254740991]
    for place, value in enumerate(values):
        body = {"result": value, "phenomenonTime": f"2026-03-01T00:00:{place:02}Z"}
        cadre.post(f"/Datastreams({stream})/Observations", body)
    found = cadre.get(f"/Datastreams({stream})/Observations")["value"]
    assert [one["result"] for one in found] == values
    assert [one["result"] for one in cadre.get("/Observations", filter="result eq true")["value"]] == [True]
    assert [one["result"] for one in cadre.get("/Observations", filter="result eq 'rain'")["value"]] == ["rain"]
    assert Observation.objects.filter(kind="j").count() == 2


def test_thing_can_be_made_of_another_place_only_by_who_may(cadre: Sender) -> None:
    answer = cadre.ask("POST", "/Things", {**THING, "properties": {"place_code": "990102001001"}})
    assert answer.status_code in (400, 403)
