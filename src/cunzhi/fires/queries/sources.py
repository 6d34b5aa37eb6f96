"""Reads of static sources and of zones."""

import shapely
from django.db.models import Q

from cunzhi.base import clock
from cunzhi.fires.geometry import Point, metres
from cunzhi.fires.models import StaticSource, Zone

REACH = 500.0
"""Metres around a static source within which what is seen is taken to be the source."""
WITHIN = 0.02
"""Degrees that hold more than that."""


def active_near(point: Point) -> list[StaticSource]:
    """The sources that hold today within reach of a point, the nearest first."""
    rows = StaticSource.objects.filter(
        until__isnull=True,
        latitude__range=(point[0] - WITHIN, point[0] + WITHIN),
        longitude__range=(point[1] - WITHIN, point[1] + WITHIN),
    )
    far = {one.pk: metres(point, (one.latitude, one.longitude)) for one in rows}
    return sorted((one for one in rows if far[one.pk] <= REACH), key=lambda one: far[one.pk])


def zones_in_force() -> list[Zone]:
    today = clock.today()
    return list(Zone.objects.filter(Q(until__isnull=True) | Q(until__gt=today), since__lte=today).order_by("name"))


def in_a_zone(point: Point) -> bool:
    """Whether a point lies in a zone that holds today."""
    spot = shapely.Point(point[1], point[0])
    return any(shapely.geometry.shape(zone.shape).covers(spot) for zone in zones_in_force())
