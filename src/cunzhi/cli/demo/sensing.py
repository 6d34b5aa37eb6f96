"""Simulated stations of a few villages, with two days of values up to the end of the year; every one says so."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from math import cos, pi
from random import Random
from typing import Any

from cunzhi.base import clock
from cunzhi.cli.demo.cast import BY, Village
from cunzhi.perception.actions.entities import Draft, create
from cunzhi.perception.actions.observations import take
from cunzhi.perception.actions.roll_ups import notice_silence, roll_up_due
from cunzhi.perception.entities import BY_NAME
from cunzhi.perception.models import Datastream
from cunzhi.perception.queries.scope import Scope
from cunzhi.perception.reading import read
from cunzhi.perception.rules import OM
from cunzhi.registry.queries.points import points_of

STEP, LENGTH = timedelta(minutes=10), timedelta(days=2)
FELL_SILENT = timedelta(hours=3)
MARK = "模拟数据"
NOWHERE = (106.5, 29.4)
"""Where a village lies of which no point is known."""
Curve = Callable[[Random, float], float]
"""A value at a share of the two days."""


def _storm(share: float) -> float:
    """A shower that comes on the second evening."""
    return max(0.0, cos((share - 0.8) * 14)) if abs(share - 0.8) < pi / 28 else 0.0


def _rain(random: Random, share: float) -> float:
    return round(_storm(share) * random.uniform(3, 9), 1)


def _level(random: Random, share: float) -> float:
    return round(1.2 + 1.6 * _storm(share - 0.06) + random.gauss(0, 0.02), 2)


def _dust(random: Random, share: float) -> float:
    return round(38 + 14 * cos(share * 4 * pi) + random.gauss(0, 3))


KINDS: dict[str, tuple[str, str, str, Curve]] = {
    "雨量站": ("十分钟雨量", "毫米", "mm", _rain),
    "河道水位站": ("水位", "米", "m", _level),
    "空气站": ("细颗粒物 PM2.5", "微克每立方米", "µg/m³", _dust),
}
"""Station -> what it sees, unit, symbol, and its way."""
SLOPE = ("地表位移", "毫米", "mm")


def sense(villages: Sequence[Village], end: datetime, seed: int) -> None:
    """Rain gauges in two villages, a river gauge and an air station in the first; one gauge fell silent.

    The village between them has its stations from `raining`, where what they see is watched as it comes.
    """
    random = Random(seed + 7)
    with clock.at(end - LENGTH):
        made = [
            station(village, name, expected=600 if place == 2 else 86_400)
            for place, village in enumerate(villages[:3])
            for name in (KINDS if place == 0 else ("雨量站",) if place == 2 else ())
        ]
    for stream in made:
        until = end - FELL_SILENT if stream.every == STEP.total_seconds() else end
        with clock.at(until):
            _values(stream, end - LENGTH, until, random)
    with clock.at(end + STEP):
        roll_up_due()
        notice_silence()


def station(village: Village, name: str, *, expected: int) -> Datastream:
    """A station at the village, with one datastream."""
    what, unit, symbol = KINDS[name][:3] if name in KINDS else SLOPE
    place = village.place
    short = place.name.removesuffix("村民委员会").removesuffix("居民委员会") or place.name
    marked: dict[str, Any] = {"simulated": True}
    point = {"type": "Point", "coordinates": list(points_of([place.code]).get(place.code, NOWHERE))}
    where = {"name": place.name, "description": MARK, "encodingType": "application/geo+json", "location": point}
    sensor = {"name": f"{name}（{MARK}）", "description": MARK, "encodingType": "text/plain", "metadata": MARK}
    seen = {"name": what, "description": MARK, "definition": f"urn:cunzhi:demo:{symbol}"}
    stream = {
        "name": f"{short}{what}",
        "description": MARK,
        "properties": {**marked, "every_seconds": expected, "days_kept": 60},
        "unitOfMeasurement": {"name": unit, "symbol": symbol, "definition": f"ucum:{symbol}"},
        "observationType": f"{OM}Measurement",
    }
    ends = {"Sensor": [_draft("Sensors", sensor)], "ObservedProperty": [_draft("ObservedProperties", seen)]}
    inner = {"Locations": [_draft("Locations", where)], "Datastreams": [_draft("Datastreams", stream, ends)]}
    thing = {"name": f"{short}{name}", "description": MARK, "properties": marked}
    made = create(scope=Scope(BY), draft=_draft("Things", thing, inner), place_code=place.code)
    return Datastream.objects.get(thing=made.id)


def _draft(kind: str, sent: dict[str, Any], links: dict[str, list[Any]] | None = None) -> Draft:
    return Draft(BY_NAME[kind], sent, links or {})


def _values(stream: Datastream, begin: datetime, until: datetime, random: Random) -> None:
    curve = next(curve for what, _, _, curve in KINDS.values() if stream.name.endswith(what))
    items, at = [], begin
    while at <= until:
        value = curve(random, (at - begin) / LENGTH)
        items.append((stream.pk, read({"result": value, "phenomenonTime": at.isoformat()})))
        at += STEP
    take(by=BY, items=items)
