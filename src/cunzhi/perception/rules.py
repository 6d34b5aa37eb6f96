"""What a datastream takes: the kind of its values, its unit, and times that a clock which is right can show."""

from datetime import datetime, timedelta

from cunzhi.base.clock import ZONE
from cunzhi.base.errors import Refused
from cunzhi.perception.models import Datastream
from cunzhi.perception.reading import Reading

AHEAD = timedelta(minutes=10)
"""How far a clock may go ahead of ours before we take it for wrong."""
CLOCK_NEVER_SET = datetime(2000, 1, 2, tzinfo=ZONE)
"""Devices that lost power wake up in 1970 or on 1 January 2000."""
OM = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_"
KINDS = {
    f"{OM}Measurement": "n",
    f"{OM}CountObservation": "n",
    f"{OM}TruthObservation": "b",
    f"{OM}CategoryObservation": "t",
    f"{OM}Observation": "nbtj",
    f"{OM}GeometryObservation": "j",
    f"{OM}ComplexObservation": "j",
}
WORDS = {"n": "number", "b": "boolean", "t": "text", "j": "object"}


def check(datastream: Datastream, reading: Reading, now: datetime) -> None:
    """Refused when this datastream cannot have seen that."""
    _check_kind(datastream, reading)
    _check_unit(datastream, reading)
    if reading.end > now + AHEAD:
        raise Refused("perception.clock_ahead", field="phenomenonTime", now=now.isoformat(timespec="seconds"))
    if reading.at < CLOCK_NEVER_SET:
        raise Refused("perception.clock_never_set", field="phenomenonTime")
    if datastream.days_kept is not None and reading.at < oldest_kept(datastream.days_kept, now):
        raise Refused("perception.too_old", field="phenomenonTime", days=datastream.days_kept)


def oldest_kept(days: int, now: datetime) -> datetime:
    """Single values from before this midnight of the villages are gone; only their roll-ups are kept."""
    midnight = now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=days)


def _check_kind(datastream: Datastream, reading: Reading) -> None:
    taken = KINDS.get(datastream.observation_type, "nbtj")
    whole = datastream.observation_type.endswith("OM_CountObservation")
    if reading.kind not in taken:
        raise Refused("perception.other_kind", field="result", kind=datastream.observation_type.rsplit("/", 1)[-1])
    if whole and not (reading.number or 0.0).is_integer():
        raise Refused("perception.not_whole", field="result")


def _check_unit(datastream: Datastream, reading: Reading) -> None:
    """A sender that names its unit must mean ours: millimetres are no centimetres."""
    unit = (reading.parameters or {}).get("unit")
    if unit is not None and unit not in (datastream.unit.get("symbol"), datastream.unit.get("name")):
        raise Refused(
            "perception.other_unit",
            field="parameters.unit",
            sent=str(unit)[:40],
            unit=str(datastream.unit.get("symbol"))[:40],
        )
