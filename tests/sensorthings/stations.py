"""A county with a rain gauge and somebody who looks after it, for the tests of SensorThings."""

import json
from dataclasses import dataclass, field
from typing import Any

from api.counties import BY, HERE, LENGTHS, LONG_AGO, code
from django.test import Client

from cunzhi.api.actions import make_token
from cunzhi.api.queries import grantable
from cunzhi.base.actor import Actor
from cunzhi.perception.actions.devices import give_token
from cunzhi.perception.models import Thing
from cunzhi.perception.queries.scope import Scope
from cunzhi.registry.access import Access
from cunzhi.registry.actions.accounts import make_account
from cunzhi.registry.actions.appointments import appoint
from cunzhi.registry.actions.people import register_person
from cunzhi.registry.models import Account, Place

ROOT = "/sensorthings/v1.1"
VILLAGE = code(HERE, "village")
MEASUREMENT = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"
ANY = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Observation"
POINT = {"type": "Point", "coordinates": [106.54, 29.4]}
DATASTREAM: dict[str, Any] = {
    "name": "rain of an hour",
    "description": "what fell",
    "unitOfMeasurement": {"name": "millimetre", "symbol": "mm", "definition": "ucum:mm"},
    "observationType": MEASUREMENT,
    "Sensor": {"name": "bucket", "description": "tips", "encodingType": "application/pdf", "metadata": "a manual"},
    "ObservedProperty": {"name": "rain", "definition": "http://example.org/rain", "description": "what falls"},
}
LOCATION = {"name": "bridge", "description": "", "encodingType": "application/geo+json", "location": POINT}
THING: dict[str, Any] = {
    "name": "gauge",
    "description": "a rain gauge",
    "properties": {"colour": "red", "height": 3},
    "Locations": [LOCATION],
    "Datastreams": [DATASTREAM],
}


@dataclass
class Sender:
    """Somebody's program, or a device."""

    secret: str = ""
    client: Client = field(default_factory=Client)

    def ask(self, method: str, path: str, body: Any = None, query: dict[str, str] | None = None, **headers: str) -> Any:
        sent = {} if body is None else {"data": _bytes(body), "content_type": "application/json"}
        if "content_type" in headers:
            sent["content_type"] = headers.pop("content_type")
        given = {"Authorization": f"Bearer {self.secret}", "Accept-Language": "en", **headers}
        address = path if path.startswith("http") else f"{ROOT}{path}"
        return self.client.generic(method, address, headers=given, query_params=query, **sent)

    def get(self, path: str, **query: str) -> Any:
        """What a GET brings; `top=1` is $top=1."""
        answer = self.ask("GET", path, query={f"${name}": value for name, value in query.items()} or None)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def post(self, path: str, body: Any) -> int:
        """The id of what was made."""
        answer = self.ask("POST", path, body)
        assert answer.status_code == 201, answer.content
        return int(answer["Location"].rsplit("(", 1)[1].rstrip(")"))


def _bytes(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def make_county(county: str = HERE) -> None:
    """A county with one township, village and grid."""
    for level in LENGTHS:
        system = "gb" if level == "county" else "nbs"
        place = code(county, level)
        Place.objects.create(system=system, code=place, name=f"{level}{county}", level=level, valid_from=LONG_AGO)


def keeper(role: str = "village_cadre", county: str = HERE) -> Sender:
    """The program of somebody who holds a role."""
    levels = {"village_cadre": "village", "grid_worker": "grid", "township_officer": "township"}
    person = register_person(name="张三", place_code=code(county, "grid"), by=BY)
    make_account(person=person, phone=f"1381000{Account.objects.count():04}", by=BY)
    appoint(by=BY, person=person, role=role, place_code=code(county, levels.get(role, "county")), basis="meeting")
    by = Actor(person_id=person.pk, channel="web")
    _, secret = make_token(by=by, name="a program", verbs=grantable(Access(by)), days=30)
    return Sender(secret)


def device(thing: int) -> Sender:
    """A device of a thing."""
    _, secret = give_token(scope=Scope(BY), thing=Thing.objects.get(pk=thing), name="logger")
    return Sender(secret)
