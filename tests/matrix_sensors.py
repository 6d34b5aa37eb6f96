"""A station with a datastream, a value and a device, in the right place of the matrix."""

from datetime import timedelta
from typing import Any

from api.counties import BY, HERE, code
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from cunzhi.base import clock
from cunzhi.perception.actions.devices import give_token
from cunzhi.perception.actions.entities import Draft, create
from cunzhi.perception.actions.observations import take_one
from cunzhi.perception.entities import BY_NAME, SETS
from cunzhi.perception.models import Datastream, ObservedProperty, Sensor, Still, Thing
from cunzhi.perception.queries.scope import Scope
from cunzhi.perception.queries.stills import path_of
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


def make_still(stream: Datastream) -> Still:
    """A still picture; what its file holds is no matter here."""
    now, path = clock.now(), path_of("0" * 64)
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(b"0"))
    return Still.objects.create(
        datastream=stream, observation=stream.observations.get().pk, place_code=stream.place_code, at=now,
        taken_at=now, keep_until=now + timedelta(days=30), sha256="0" * 64, size=1, width=640, height=480,
    )  # fmt: skip


def make_seen(stream: Datastream) -> Datastream:
    """What somebody saw beside it on a round, with photos."""
    seen = make_public(stream)
    seen.observation_type = f"{OM}CategoryObservation"
    seen.save()
    told = {"label": {"zh_Hans": "倾倒垃圾", "en": "Dumped waste"}, "photos": ["/pictures/1/", "/pictures/2/"]}
    feature = stream.observations.get().feature_id
    reading = read({"result": "waste", "phenomenonTime": clock.now().isoformat(), "parameters": told}, feature)
    take_one(by=BY, datastream=seen.pk, reading=reading)
    return seen


def sensors(world: Any) -> None:
    """What the addresses of sensors name; every name in it begins as those of the right place do."""
    made = make_station(code(HERE, "village"))
    device, _ = give_token(scope=Scope(BY), thing=Thing.objects.get(), name=NAME)
    world.values |= {"stream_id": made.pk, "thing_id": made.thing_id, "device_id": device.pk}
    world.values["still_id"] = make_still(made).pk
    single = [f"{one.name}({one.model._default_manager.get().pk})" for one in SETS]
    streams = f"Datastreams({made.pk})"
    world.made["sensorthings"] = [f"{streams}/Observations", *single, f"{streams}/name"]
    world.made["public_stream"] = make_public(made).pk


def make_public(stream: Datastream) -> Datastream:
    """A datastream beside it that everybody may see; no name in it tells of the right place."""
    told = {"name": "河边站", "place_code": stream.place_code}
    return Datastream.objects.create(
        **told, thing=Thing.objects.create(**told), sensor=Sensor.objects.create(**told, metadata=""), is_public=True,
        observed_property=ObservedProperty.objects.create(**told), unit=stream.unit, made_at=clock.now(),
        observation_type=stream.observation_type,
    )  # fmt: skip
