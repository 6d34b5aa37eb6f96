"""What may stand in an entity, checked before it is written."""

import re
from collections.abc import Iterator
from typing import Any

from cunzhi.base.errors import Refused
from cunzhi.perception.entities import EntitySet, Property
from cunzhi.perception.models import Datastream
from cunzhi.perception.reading import object_of, written
from cunzhi.perception.shapes import GEOJSON, geometry_of
from cunzhi.perception.times import instant, span

LONGEST = {"name": 300, "description": 5000, "definition": 1000, "encodingType": 200, "observationType": 300}
MOST_SECONDS, MOST_DAYS = 366 * 24 * 3600, 36_500
WORD = re.compile(r"[a-z][a-z0-9_]{0,38}")
UNIT = ("name", "symbol", "definition")
GEOMETRY = {"Locations": "location", "FeaturesOfInterest": "feature"}


def columns(kind: EntitySet, sent: dict[str, Any], *, whole: bool) -> dict[str, Any]:
    """Our columns from the standard's names. `whole`: what is not sent is missing, not left as it is."""
    found: dict[str, Any] = {}
    for one in kind.properties:
        if one.reckoned or one.kind == "result":
            continue
        if sent.get(one.name) is None and one.required and (whole or one.name in sent):
            raise Refused("perception.missing", field=one.name)
        if one.name in sent or whole:
            found |= _column(one, sent.get(one.name))
    if kind.model is Datastream and "unit" in found:
        _check_unit(found["unit"])
    if kind.model is Datastream and "properties" in found:
        found |= _rhythm(found["properties"] or {}) | _meant(found["properties"] or {})
    return found


def _column(one: Property, value: Any) -> dict[str, Any]:
    if value is None:
        return {one.column: None} | ({one.until: None} if one.until else {})
    if one.kind == "text":
        return {one.column: _text(one.name, value)}
    if one.kind == "moment":
        return {one.column: instant(value, one.name)}
    if one.kind == "span":
        return dict(zip((one.column, one.until), span(value, one.name), strict=True))
    if one.kind == "object":
        return {one.column: object_of(value, one.name)}
    written(value, one.name)
    return {one.column: value}


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise Refused("perception.no_text", field=name)
    longest = LONGEST.get(name, 5000)
    if len(value) > longest:
        raise Refused("perception.too_long", field=name, longest=longest)
    if name == "name" and not value.strip():
        raise Refused("perception.missing", field=name)
    return value


def _check_unit(unit: dict[str, Any]) -> None:
    for name in UNIT:
        if name not in unit:
            raise Refused("perception.missing", field=f"unitOfMeasurement.{name}")
        if unit[name] is not None and not isinstance(unit[name], str):
            raise Refused("perception.no_text", field=f"unitOfMeasurement.{name}")


def _rhythm(properties: dict[str, Any]) -> dict[str, int | None]:
    """How often a value is expected, and how long single values are kept."""
    found = {}
    for column, name, most in (("every", "every_seconds", MOST_SECONDS), ("days_kept", "days_kept", MOST_DAYS)):
        value = properties.get(name)
        if value is not None and not (type(value) is int and 1 <= value <= most):
            raise Refused("perception.no_count", field=f"properties.{name}", most=most)
        found[column] = value
    return found


def _meant(properties: dict[str, Any]) -> dict[str, Any]:
    """What is measured in the words of standards, by which class it is judged, and whether everybody may see it."""
    found: dict[str, Any] = {}
    for name in ("substance", "standard"):
        value = properties.get(name) or ""
        if not isinstance(value, str) or (value and not WORD.fullmatch(value)):
            raise Refused("perception.no_word", field=f"properties.{name}")
        found[name] = value
    public = properties.get("public", False)
    if not isinstance(public, bool):
        raise Refused("perception.not_yes_or_no", field="properties.public")
    return found | {"is_public": public}


def check_geometry(kind: EntitySet, encoding: str, content: Any) -> None:
    """GeoJSON must be GeoJSON, on this earth, and its rings must close."""
    field = GEOMETRY[kind.name]
    if encoding not in GEOJSON:
        return
    geometry = geometry_of(content)
    if geometry is None or geometry.is_empty:
        raise Refused("perception.no_geometry", field=field)
    inner = content.get("geometry") if content.get("type") == "Feature" else content
    for ring in _rings(inner):
        if ring[0] != ring[-1]:
            raise Refused("perception.ring_open", field=field)
    west, south, east, north = geometry.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Refused("perception.off_the_earth", field=field)


def _rings(geometry: dict[str, Any]) -> Iterator[list[Any]]:
    if geometry.get("type") == "Polygon":
        yield from geometry["coordinates"]
    elif geometry.get("type") == "MultiPolygon":
        for polygon in geometry["coordinates"]:
            yield from polygon
    elif geometry.get("type") == "GeometryCollection":
        for one in geometry["geometries"]:
            yield from _rings(one)
