"""The eight entity sets of SensorThings 1.1: what each is made of, by the standard's names and by ours."""

from dataclasses import dataclass
from typing import Literal

from django.db.models import Model

from cunzhi.perception.models import (
    Datastream,
    FeatureOfInterest,
    HistoricalLocation,
    Location,
    Observation,
    ObservedProperty,
    Sensor,
    Thing,
)

Kind = Literal["text", "json", "object", "moment", "span", "result"]
"""`json` may be anything, `object` is a JSON object, a `span` is a moment or two of them."""


@dataclass(frozen=True)
class Property:
    """`column` is where it is kept; `until` is where a span's end is. What we reckon ourselves is `reckoned`."""

    name: str
    column: str
    kind: Kind = "text"
    until: str = ""
    required: bool = False
    reckoned: bool = False


@dataclass(frozen=True)
class Link:
    """A way to other entities: `path` in our models, `back` the same way from the other end."""

    name: str
    target: str
    path: str
    back: str
    many: bool = False
    required: bool = False


@dataclass(frozen=True)
class EntitySet:
    """One kind of entity."""

    name: str
    single: str
    model: type[Model]
    properties: tuple[Property, ...]
    links: tuple[Link, ...]

    def property(self, name: str) -> Property | None:
        return next((one for one in self.properties if one.name == name), None)

    def link(self, name: str) -> Link | None:
        return next((one for one in self.links if one.name == name), None)


NAME = Property("name", "name", required=True)
DESCRIPTION = Property("description", "description", required=True)
PROPERTIES = Property("properties", "properties", "object")
ENCODING = Property("encodingType", "encoding_type", required=True)

SETS = (
    EntitySet(
        "Things",
        "Thing",
        Thing,
        (NAME, DESCRIPTION, PROPERTIES),
        (
            Link("Locations", "Locations", "locations", "things", many=True),
            Link("HistoricalLocations", "HistoricalLocations", "historical_locations", "thing", many=True),
            Link("Datastreams", "Datastreams", "datastreams", "thing", many=True),
        ),
    ),
    EntitySet(
        "Locations",
        "Location",
        Location,
        (NAME, DESCRIPTION, PROPERTIES, ENCODING, Property("location", "location", "json", required=True)),
        (
            Link("Things", "Things", "things", "locations", many=True),
            Link("HistoricalLocations", "HistoricalLocations", "historical_locations", "locations", many=True),
        ),
    ),
    EntitySet(
        "HistoricalLocations",
        "HistoricalLocation",
        HistoricalLocation,
        (Property("time", "time", "moment", required=True),),
        (
            Link("Thing", "Things", "thing", "historical_locations", required=True),
            Link("Locations", "Locations", "locations", "historical_locations", many=True, required=True),
        ),
    ),
    EntitySet(
        "Datastreams",
        "Datastream",
        Datastream,
        (
            NAME,
            DESCRIPTION,
            PROPERTIES,
            Property("unitOfMeasurement", "unit", "object", required=True),
            Property("observationType", "observation_type", required=True),
            Property("observedArea", "observed_area", "json", reckoned=True),
            Property("phenomenonTime", "first_at", "span", until="last_at", reckoned=True),
            Property("resultTime", "first_result_at", "span", until="last_result_at", reckoned=True),
        ),
        (
            Link("Thing", "Things", "thing", "datastreams", required=True),
            Link("Sensor", "Sensors", "sensor", "datastreams", required=True),
            Link("ObservedProperty", "ObservedProperties", "observed_property", "datastreams", required=True),
            Link("Observations", "Observations", "observations", "datastream", many=True),
        ),
    ),
    EntitySet(
        "Sensors",
        "Sensor",
        Sensor,
        (NAME, DESCRIPTION, PROPERTIES, ENCODING, Property("metadata", "metadata", "json", required=True)),
        (Link("Datastreams", "Datastreams", "datastreams", "sensor", many=True),),
    ),
    EntitySet(
        "ObservedProperties",
        "ObservedProperty",
        ObservedProperty,
        (NAME, DESCRIPTION, PROPERTIES, Property("definition", "definition", required=True)),
        (Link("Datastreams", "Datastreams", "datastreams", "observed_property", many=True),),
    ),
    EntitySet(
        "Observations",
        "Observation",
        Observation,
        (
            Property("phenomenonTime", "at", "span", until="until"),
            Property("result", "result", "result", required=True),
            Property("resultTime", "result_at", "moment"),
            Property("resultQuality", "quality", "json"),
            Property("validTime", "valid_from", "span", until="valid_until"),
            Property("parameters", "parameters", "object"),
        ),
        (
            Link("Datastream", "Datastreams", "datastream", "observations", required=True),
            Link("FeatureOfInterest", "FeaturesOfInterest", "feature", "observations"),
        ),
    ),
    EntitySet(
        "FeaturesOfInterest",
        "FeatureOfInterest",
        FeatureOfInterest,
        (NAME, DESCRIPTION, PROPERTIES, ENCODING, Property("feature", "feature", "json", required=True)),
        (Link("Observations", "Observations", "observations", "feature", many=True),),
    ),
)
BY_NAME = {one.name: one for one in SETS}
