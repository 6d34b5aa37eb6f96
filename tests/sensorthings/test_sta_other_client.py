"""A client that others wrote, Fraunhofer's frost_sta_client, works with the face over a real connection."""

from typing import Any

import frost_sta_client as frost
import pytest
from stations import ROOT, VILLAGE, Sender, keeper, make_county

MEASUREMENT = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"


@pytest.fixture
def service(transactional_db: None, live_server: Any) -> frost.SensorThingsService:
    make_county()
    cadre: Sender = keeper()
    auth = frost.AuthHandler(username="cadre", password=cadre.secret)
    return frost.SensorThingsService(f"{live_server.url}{ROOT}", auth_handler=auth)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # its own
def test_other_peoples_client_works(service: frost.SensorThingsService) -> None:
    unit = frost.UnitOfMeasurement(name="metre", symbol="m", definition="ucum:m")
    stream = frost.Datastream("level", "of the river", observation_type=MEASUREMENT, unit_of_measurement=unit)
    stream.sensor = frost.Sensor(name="radar", description="looks down", encoding_type="text/html", metadata="none")
    stream.observed_property = frost.ObservedProperty(name="level", definition="http://example.org/l", description="-")
    place = frost.Location(
        name="bridge", description="of stone", encoding_type="application/geo+json",
        location={"type": "Point", "coordinates": [106.5, 29.4]},
    )  # fmt: skip
    thing = frost.Thing("river gauge", "stands in the river", properties={"colour": "blue"})
    thing.locations, thing.datastreams = [place], [stream]
    service.create(thing)

    found = service.things().find(thing.id)
    assert (found.name, found.properties["place_code"]) == ("river gauge", VILLAGE)
    stream = service.datastreams().query().filter("name eq 'level'").expand("Thing,Sensor").list().get(0)
    assert (stream.thing.name, stream.sensor.name) == ("river gauge", "radar")

    for hour in range(1, 8):
        seen = frost.Observation(phenomenon_time=f"2026-03-01T0{hour}:00:00Z", result=hour / 2, datastream=stream)
        service.create(seen)
    query = service.observations().query().filter("result gt 1").orderby("phenomenonTime", "desc").top(2)
    values = query.list()
    assert [one.result for one in values] == [3.5, 3, 2.5, 2, 1.5]  # it follows the next links by itself

    array = frost.DataArrayValue()
    array.components = {array.Property.PHENOMENON_TIME, array.Property.RESULT}
    array.datastream = stream
    array.add_observation(frost.Observation(phenomenon_time="2026-03-02T00:00:00Z", result=9.0, datastream=stream))
    document = frost.DataArrayDocument()
    document.add_data_array_value(array)
    service.observations().create(document)
    assert service.observations().query().filter("result eq 9").list().entities[0].result == 9

    found.name = "renamed"
    service.update(found)
    assert service.things().find(thing.id).name == "renamed"
    service.delete(found)
    assert service.things().query().list().entities == []
