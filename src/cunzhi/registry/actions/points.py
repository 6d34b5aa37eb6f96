"""Where villages and grids lie: points by code, from a list."""

import csv
import io
from math import isfinite

from django.db import transaction

from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.journal.actions import note
from cunzhi.registry.access import Access
from cunzhi.registry.models import Place
from cunzhi.registry.queries.places import require_place

COLUMNS = {"code", "longitude", "latitude"}


@transaction.atomic
def take_points(*, by: Actor, data: bytes) -> int:
    """Set the point of every place of a CSV with code, longitude and latitude; all of them or none."""
    try:
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise Refused("registry.points.no_csv") from None
    if not rows or not rows[0].keys() >= COLUMNS:
        raise Refused("registry.points.columns")
    for line, row in enumerate(rows, 2):
        set_point(by=by, place_code=row["code"] or "", point=_point(row, line))
    return len(rows)


@transaction.atomic
def set_point(*, by: Actor, place_code: str, point: tuple[float, float]) -> Place:
    """Say where a place lies, by longitude and latitude."""
    place = require_place(place_code, "code")
    Access(by).require("people.edit", place.code)
    place.longitude, place.latitude = point
    place.save(update_fields=["longitude", "latitude"])
    detail = {"longitude": f"{point[0]:.5f}", "latitude": f"{point[1]:.5f}"}
    note(by=by, verb="place.pointed", record=f"place:{place.code}", place_code=place.code, detail=detail)
    return place


def _point(row: dict[str, str], line: int) -> tuple[float, float]:
    try:
        longitude, latitude = float(row["longitude"]), float(row["latitude"])
    except (TypeError, ValueError):
        raise Refused("registry.points.point", line=line) from None
    if not (isfinite(longitude) and isfinite(latitude) and abs(longitude) <= 180 and abs(latitude) <= 90):
        raise Refused("registry.points.point", line=line)
    return longitude, latitude
