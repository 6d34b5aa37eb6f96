"""A station with a datastream, a value and a device, in the right place of the matrix."""

from datetime import timedelta
from typing import Any

from api.counties import BY, HERE, code

from cunzhi.base import clock
from cunzhi.perception.actions.devices import give_token
from cunzhi.perception.actions.entities import Draft, create
from cunzhi.perception.actions.observations import take_one
from cunzhi.perception.entities import BY_NAME, SETS
from cunzhi.perception.models import Datastream, Thing
from cunzhi.perception.queries.scope import Scope
from cunzhi.perception.reading import read
from cunzhi.perception.rules import OM

NAME = "庞家水位站"
POINT = {"type": "Point", "coordinates": [106.5, 29.4]}


def make_station(place_code: str, **properties: Any) -> Datastream:
    """A station with one datastream and one value, seen this hour."""
    said = {"name": NAME, "description": NAME}
    sensor = Draft(BY_NAME["Sensors"], {**said, "encodingType": "text/plain", "metadata": NAME})
    seen = Draft(BY_NAME["ObservedProperties"], {**said, "definition": "urn:level"})
    unit = {"name": "metre", "symbol": "m", "definition": "ucum:m"}
    stream = {**said, "unitOfMeasurement": unit, "observationType": f"{OM}Measurement", "properties": properties}
    where = Draft(BY_NAME["Locations"], {**said, "encodingType": "application/geo+json", "location": POINT})
    inner = Draft(BY_NAME["Datastreams"], stream, {"Sensor": [sensor], "ObservedProperty": [seen]})
    thing = Draft(BY_NAME["Things"], dict(said), {"Locations": [where], "Datastreams": [inner]})
    create(scope=Scope(BY), draft=thing, place_code=place_code)
    made = Datastream.objects.get()
    at = clock.now().replace(minute=0) - timedelta(minutes=30 if clock.now().minute == 0 else 0)
    body = {"result": 1.5, "phenomenonTime": at.isoformat()}
    take_one(by=BY, datastream=made.pk, reading=read(body))
    return made


def sensors(world: Any) -> None:
    """What the addresses of sensors name; every name in it begins as those of the right place do."""
    made = make_station(code(HERE, "village"))
    device, _ = give_token(scope=Scope(BY), thing=Thing.objects.get(), name=NAME)
    world.values |= {"stream_id": made.pk, "thing_id": made.thing_id, "device_id": device.pk}
    single = [f"{one.name}({one.model._default_manager.get().pk})" for one in SETS]
    streams = f"Datastreams({made.pk})"
    world.made["sensorthings"] = [f"{streams}/Observations", *single, f"{streams}/name"]
