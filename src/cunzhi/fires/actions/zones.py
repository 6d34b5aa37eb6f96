"""Takes no-burn zones in from GeoJSON; a zone of the same name at the same place replaces the one before."""

from datetime import date
from typing import Any

import shapely
from django.db import transaction
from shapely.errors import ShapelyError

from cunzhi.base import clock, strict_json
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.fires.models import Zone
from cunzhi.journal.actions import note
from cunzhi.registry.access import Access
from cunzhi.registry.queries.places import require_place


@transaction.atomic
def take_zones(*, by: Actor, data: bytes, place_code: str, basis: str, since: date | None = None) -> int:
    """Every feature of a FeatureCollection is a zone, named by its property `name`; all of them or none."""
    place = require_place(place_code)
    Access(by).require("sensors.manage", place.code)
    if not basis.strip():
        raise Refused("fires.zone.basis", field="basis")
    begin = since or clock.today()
    for number, feature in enumerate(_features(data), 1):
        name, shape = _zone(feature, number)
        held = Zone.objects.filter(place_code=place.code, name=name, until__isnull=True)
        if held.filter(since__gt=begin).exists():
            raise Refused("fires.zone.later", name=name, since=begin)
        held.update(until=begin)
        zone = Zone.objects.create(place_code=place.code, name=name, shape=shape, since=begin, basis=basis.strip())
        note(by=by, verb="fires.zone", record=zone.record, place_code=place.code, detail={"since": begin})
    return number


def _features(data: bytes) -> list[Any]:
    try:
        content = strict_json.load(data)
    except strict_json.Unreadable:
        raise Refused("fires.zone.no_json") from None
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not features:
        raise Refused("fires.zone.no_features")
    return features


def _zone(feature: Any, number: int) -> tuple[str, Any]:
    """Name and outline of one feature; an outline that does not close or crosses itself is refused."""
    try:
        name = " ".join(str(feature["properties"]["name"]).split())[:80]
        outline = feature["geometry"]
        shape = shapely.geometry.shape(outline)
        polygons = [outline["coordinates"]] if outline["type"] == "Polygon" else outline["coordinates"]
        rings = [ring for polygon in polygons for ring in polygon]
        closed = all(list(ring[0]) == list(ring[-1]) for ring in rings)
    except (ShapelyError, AttributeError, KeyError, TypeError, ValueError, IndexError):
        raise Refused("fires.zone.feature", number=number) from None
    west, south, east, north = shape.bounds
    if not (name and closed and shape.is_valid and shape.geom_type in ("Polygon", "MultiPolygon")):
        raise Refused("fires.zone.feature", number=number)
    if max(-west, east) > 180 or max(-south, north) > 90:
        raise Refused("fires.zone.feature", number=number)
    return name, outline
