"""Outlines of places: the counties' as published, and those that somebody gives for villages in a file."""

from typing import Any

from django.conf import settings
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from cunzhi.base.errors import Refused
from cunzhi.base.strict_json import Unreadable, load
from cunzhi.perception.checks import check_geometry
from cunzhi.perception.entities import BY_NAME
from cunzhi.perception.shapes import GEOJSON, geometry_of
from cunzhi.registry.queries.places import county_shapes, require_place

MOST_BYTES = 20_000_000
AREAS = ("Polygon", "MultiPolygon")


def county_outline(code: str) -> BaseGeometry | None:
    """The outline of a county; None for all other places, whose outlines nobody publishes."""
    key = "code" if settings.CUNZHI_PLACE_SYSTEM == "nbs" else "code_2026"
    found = (one["geometry"] for one in county_shapes()["features"] if one["properties"][key] == code)
    geometry = next(found, None)
    return None if geometry is None else shape(geometry).buffer(0)


def read_outlines(data: bytes) -> dict[str, BaseGeometry]:
    """Outlines from GeoJSON: each feature an area in longitude and latitude, its place in the property `code`."""
    if len(data) > MOST_BYTES:
        raise Refused("perception.outline.too_long", most=MOST_BYTES // 1_000_000)
    try:
        content = load(data)
    except Unreadable as error:
        raise Refused("perception.outline.no_geojson") from error
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not features:
        raise Refused("perception.outline.no_geojson")
    found: dict[str, BaseGeometry] = {}
    for number, feature in enumerate(features, start=1):
        code, area = _one(feature, number)
        if code in found:
            raise Refused("perception.outline.twice", code=code)
        found[code] = area
    return found


def _one(feature: Any, number: int) -> tuple[str, BaseGeometry]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    code = properties.get("code") if isinstance(properties, dict) else None
    if not isinstance(code, str):
        raise Refused("perception.outline.no_code", number=number)
    require_place(code, "code")
    area = geometry_of(feature)
    if area is None or area.geom_type not in AREAS or area.is_empty or not area.is_valid:
        raise Refused("perception.outline.no_area", code=code)
    check_geometry(BY_NAME["FeaturesOfInterest"], GEOJSON[0], feature)
    return code, area
