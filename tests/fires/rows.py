"""Files as FIRMS writes them, of fires in Banan that nobody ever saw."""

from datetime import UTC, datetime, timedelta

VIIRS = (
    "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,instrument,confidence,version,bright_ti5,"
    "frp,daynight"
)
MODIS = (
    "latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,instrument,confidence,version,bright_t31,"
    "frp,daynight"
)
NOW = datetime(2026, 10, 29, 8, tzinfo=UTC)
LATITUDE, LONGITUDE = 29.40, 106.54
STEP = 0.0036
"""About 400 m of latitude."""


def viirs(
    latitude: float = LATITUDE,
    longitude: float = LONGITUDE,
    *,
    at: datetime = NOW - timedelta(hours=3),
    satellite: str = "N20",
    confidence: str = "n",
    version: str = "2.0NRT",
    kind: str | None = None,
) -> str:
    """One line of the API, or, with `kind`, of the archive."""
    line = (
        f"{latitude},{longitude},331.2,0.39,0.36,{at:%Y-%m-%d},{at.hour * 100 + at.minute},{satellite},VIIRS,"
        f"{confidence},{version},290.1,4.52,D"
    )
    return line if kind is None else f"{line},{kind}"


def file(*lines: str, header: str = VIIRS, archive: bool = False) -> bytes:
    """The bytes of a file."""
    return "\n".join([header + (",type" if archive else ""), *lines, ""]).encode()
