"""Geometry of locations and features."""

from typing import Any

from shapely.errors import ShapelyError
from shapely.geometry import shape

GEOJSON = ("application/geo+json", "application/vnd.geo+json")


def geometry_of(content: Any) -> Any:
    """The shape of a GeoJSON geometry or feature; None for what has none."""
    if not isinstance(content, dict):
        return None
    inner = content.get("geometry") if content.get("type") == "Feature" else content
    try:
        found = shape(inner)
        return found if found.is_empty or all(abs(edge) < 1e9 for edge in found.bounds) else None
    except (ShapelyError, AttributeError, KeyError, TypeError, ValueError, IndexError):
        return None
