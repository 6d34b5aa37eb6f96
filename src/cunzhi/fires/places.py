"""Where a point lies, as far as that is known."""

from dataclasses import dataclass

from cunzhi.base.fields import under
from cunzhi.fires.geometry import Point, county_at, metres
from cunzhi.registry.queries.places import ours

FURTHEST = 5000
"""Metres to the nearest known point of a village or grid; beyond, no more is said than the county."""
WITHIN = 0.08
"""Degrees of latitude and longitude that hold more than that."""


@dataclass(frozen=True)
class Located:
    """A place and how it is known: by the nearest point of a grid or village, some metres away, or by the outline."""

    place_code: str
    known_by: str
    metres: int | None


def locate(point: Point) -> Located:
    """The grid or village whose point is nearest, within the county that holds the point; else that county."""
    county = county_at(point)
    near = ours().filter(under(county, "code"), level__in=("village", "grid"), valid_to__isnull=True)
    near = near.filter(latitude__gte=point[0] - WITHIN, latitude__lte=point[0] + WITHIN)
    near = near.filter(longitude__gte=point[1] - WITHIN, longitude__lte=point[1] + WITHIN)
    rows = [
        (round(metres(point, (one.latitude, one.longitude))), -len(one.code), one.code)
        for one in near
        if one.latitude is not None and one.longitude is not None
    ]
    if not rows or min(rows)[0] > FURTHEST:
        return Located(county, "outline", None)
    apart, _, code = min(rows)
    return Located(code, "point", apart)
