"""What a camera wrote about when and where; anything odd in it counts as not written."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from PIL.Image import Image

from cunzhi.base.clock import ZONE

EXIF_IFD, GPS_IFD, ORIENTATION = 0x8769, 0x8825, 0x0112
ORIGINAL, DIGITISED, ORIGINAL_OFFSET, DIGITISED_OFFSET = 36867, 36868, 36881, 36882
GPS_LATITUDE_REF, GPS_LATITUDE, GPS_LONGITUDE_REF, GPS_LONGITUDE = 1, 2, 3, 4

Answer = TypeVar("Answer")
Tags = Mapping[int, Any]


@dataclass(frozen=True)
class Exif:
    """The little that we use; `orientation` is EXIF's 1 to 8."""

    taken_at: datetime | None = None
    longitude: float | None = None
    latitude: float | None = None
    orientation: int = 1


def read_exif(image: Image) -> Exif:
    """Reads without decoding the picture."""
    tags = _tried(image.getexif)
    if tags is None:
        return Exif()
    gps = _tried(lambda: tags.get_ifd(GPS_IFD)) or {}
    point = _tried(lambda: _point(gps)) or (None, None)
    orientation = tags.get(ORIENTATION, 1)
    return Exif(
        taken_at=_taken_at(_tried(lambda: tags.get_ifd(EXIF_IFD)) or {}),
        longitude=point[0],
        latitude=point[1],
        orientation=int(orientation) if orientation in range(1, 9) else 1,
    )


def _tried(read: Callable[[], Answer]) -> Answer | None:
    try:
        return read()
    except Exception:  # noqa: BLE001 - cameras and attackers write anything, and parsers then fail in any way
        return None


def _taken_at(tags: Tags) -> datetime | None:
    for time_tag, offset_tag in ((ORIGINAL, ORIGINAL_OFFSET), (DIGITISED, DIGITISED_OFFSET)):
        moment = _tried(lambda: _moment(tags[time_tag], tags.get(offset_tag)))  # noqa: B023
        if moment is not None:
            return moment
    return None


def _moment(written: Any, offset: Any) -> datetime:
    """'2026:07:01 08:30:00' with its offset; without one it is taken for the villages' clock."""
    naive = datetime.strptime(_word(written), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - the zone follows
    try:
        zone = datetime.strptime(_word(offset), "%z").tzinfo
    except ValueError:
        zone = None
    return naive.replace(tzinfo=zone or ZONE)


def _word(value: Any) -> str:
    return str(value).strip("\x00 ")


def _point(gps: Tags) -> tuple[float, float] | None:
    longitude = _degrees(gps[GPS_LONGITUDE], negative=_word(gps.get(GPS_LONGITUDE_REF)) == "W")
    latitude = _degrees(gps[GPS_LATITUDE], negative=_word(gps.get(GPS_LATITUDE_REF)) == "S")
    on_earth = abs(longitude) <= 180 and abs(latitude) <= 90
    at_home = (longitude, latitude) != (0.0, 0.0)  # what phones write when they do not know
    return (longitude, latitude) if on_earth and at_home else None


def _degrees(value: Any, *, negative: bool) -> float:
    degrees, minutes, seconds = (float(part) for part in value)
    angle = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(angle):
        raise ValueError("not an angle")
    return -angle if negative else angle
