"""A gauge at a river, people on every rung of the ladder, and rules over its level."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from web.village import COUNTY, NAMED, TOWNSHIP, VILLAGE

from cunzhi.alarms.actions.settings import set_rule
from cunzhi.alarms.models import Alarm, Rule
from cunzhi.alarms.rules_file import RuleSpec
from cunzhi.base import clock
from cunzhi.base.actor import Actor, system
from cunzhi.engine.alarming import climb_alarms, look
from cunzhi.engine.models import Message
from cunzhi.perception.actions.entities import Draft, create
from cunzhi.perception.actions.observations import take
from cunzhi.perception.entities import BY_NAME
from cunzhi.perception.models import Datastream
from cunzhi.perception.queries.scope import Scope
from cunzhi.perception.reading import read
from cunzhi.perception.rules import OM
from cunzhi.registry.actions.appointments import appoint
from cunzhi.registry.actions.people import register_person
from cunzhi.registry.models import Person, Place

MONDAY = datetime(2026, 7, 6, 14, 0, tzinfo=clock.ZONE)
BY = system("test")
GRID = f"{VILLAGE}001"
LEVEL = "水位"
SEATS = {"grid_worker": GRID, "village_cadre": VILLAGE, "township_officer": TOWNSHIP, "county_officer": COUNTY}


@dataclass
class River:
    """One gauge, its people by role, and the time that passes."""

    stream: Datastream
    people: dict[str, Person] = field(default_factory=dict)

    def actor(self, role: str) -> Actor:
        return Actor(person_id=self.people[role].pk, channel="test")

    def flows(self, *values: float, every: int = 10, stream: Datastream | None = None, seen: bool = True) -> int:
        """Values so many minutes apart, the last one now; how many alarms they raised."""
        spaced(stream or self.stream, values, every)
        return look(BY) if seen else 0

    def alarm(self) -> Alarm:
        return Alarm.objects.get(cleared_at__isnull=True)

    def told(self) -> dict[str, int]:
        """How many messages each has."""
        return {role: Message.objects.filter(to=person).count() for role, person in self.people.items()}


def spaced(stream: Datastream, values: tuple[float, ...], every: int) -> None:
    now = clock.now()
    moments = [now - timedelta(minutes=every * (len(values) - 1 - at)) for at in range(len(values))]
    items = [
        (stream.pk, read({"result": value, "phenomenonTime": at.astimezone(UTC).isoformat()}))
        for value, at in zip(values, moments, strict=True)
    ]
    take(by=BY, items=items)


def make_river() -> River:
    for code, name, level in (*NAMED, (GRID, "一网格", "grid")):
        system_name = "gb" if level == "county" else "nbs"
        Place.objects.create(system=system_name, code=code, name=name, level=level, valid_from=date(2020, 1, 1))
    people = {}
    for number, (role, seat) in enumerate(SEATS.items()):
        person = register_person(name=f"王{role}", place_code=GRID, by=BY, phone=f"1380000{number:04}")
        appoint(person=person, role=role, place_code=seat, basis="任职文件", by=BY, since=date(2026, 1, 1))
        people[role] = person
    return River(make_stream(), people)


def make_stream(name: str = "河道水位站", place_code: str = VILLAGE, observed: str = LEVEL) -> Datastream:
    """A station with one datastream."""
    point = {"type": "Point", "coordinates": [106.55, 29.41]}
    where = {"name": name, "description": "", "encodingType": "application/geo+json", "location": point}
    sensor = {"name": name, "description": "", "encodingType": "text/plain", "metadata": ""}
    seen = {"name": observed, "description": "", "definition": "urn:test:level"}
    stream = {
        "name": name, "description": "", "properties": {"every_seconds": 600},
        "unitOfMeasurement": {"name": "米", "symbol": "m", "definition": "ucum:m"},
        "observationType": f"{OM}Measurement",
    }  # fmt: skip
    ends = {"Sensor": [_draft("Sensors", sensor)], "ObservedProperty": [_draft("ObservedProperties", seen)]}
    inner = {"Locations": [_draft("Locations", where)], "Datastreams": [_draft("Datastreams", stream, ends)]}
    made = create(scope=Scope(BY), draft=_draft("Things", {"name": name, "description": ""}, inner),
                  place_code=place_code)  # fmt: skip
    return Datastream.objects.get(thing=made.id)


def _draft(kind: str, sent: dict[str, Any], links: dict[str, list[Any]] | None = None) -> Draft:
    return Draft(BY_NAME[kind], sent, links or {})


def rule(kind: str = "threshold", limit: float | None = 3.0, **more: Any) -> Rule:
    """A rule over the level of rivers in the county."""
    values = {
        "name": more.pop("name", kind), "title": {"zh_Hans": "超警戒水位", "en": "Above the warning level"},
        "hazard": "flood", "observed": LEVEL, "kind": kind, "limit": limit, "colour": "red",
        "basis": "防汛办〔2026〕1号", **more,
    }  # fmt: skip
    return set_rule(by=BY, place_code=COUNTY, spec=RuleSpec.model_validate(values), since=date(2026, 1, 1))


def tick_at(moment: datetime) -> None:
    """A round of what alarms have due."""
    with clock.at(moment):
        look(BY)
        climb_alarms(BY)
