"""Where places lie, as far as that is known: their own point, else the middle of the points known below them."""

from collections.abc import Iterable

from django.db.models import Avg
from django.db.models.functions import Substr

from cunzhi.base.fields import under_any
from cunzhi.registry.queries.places import ours

Point = tuple[float, float]
"""Longitude and latitude in degrees."""


def points_of(codes: Iterable[str]) -> dict[str, Point]:
    """Points by code, with a query for what is known itself and one for each length of the others."""
    wanted = set(codes)
    known = ours().filter(longitude__isnull=False, latitude__isnull=False)
    found: dict[str, Point] = {}
    for code, longitude, latitude in known.filter(code__in=wanted).values_list("code", "longitude", "latitude"):
        found[code] = (longitude or 0.0, latitude or 0.0)
    missing = wanted - found.keys()
    for length in sorted({len(code) for code in missing}):
        below = known.filter(under_any(sorted(code for code in missing if len(code) == length), "code"))
        rows = below.annotate(above=Substr("code", 1, length)).values("above").order_by("above")
        for code, longitude, latitude in rows.annotate(x=Avg("longitude"), y=Avg("latitude")).values_list(
            "above", "x", "y"
        ):
            found[code] = (longitude, latitude)
    return found
