"""Gauges of a told story: values come in, alarms are raised and answered, as in life."""

from cunzhi.alarms.actions.life import acknowledge, clear, handle
from cunzhi.alarms.actions.settings import set_rule
from cunzhi.alarms.models import Alarm
from cunzhi.alarms.rules_file import RuleSpec
from cunzhi.base import clock
from cunzhi.base.actor import Actor, system
from cunzhi.base.errors import Refused
from cunzhi.base.text import Text
from cunzhi.engine.alarming import look
from cunzhi.engine.spec.story import Gauge
from cunzhi.perception.actions.entities import Draft, create
from cunzhi.perception.actions.observations import take
from cunzhi.perception.entities import BY_NAME
from cunzhi.perception.models import Datastream
from cunzhi.perception.queries.scope import Scope
from cunzhi.perception.reading import read
from cunzhi.perception.rules import OM

BASIS = "故事里的预案 story"
POINT = {"type": "Point", "coordinates": [106.55, 29.41]}
STEP = 0.1
"""So far below its limit a value is calm again, as a share of the limit."""


def set_up(name: str, gauge: Gauge, place_code: str) -> int:
    """A gauge in the village with a rule for each of its limits; the number of its datastream."""
    by, said = system("test"), {"name": name, "description": "story"}
    where = Draft(BY_NAME["Locations"], {**said, "encodingType": "application/geo+json", "location": POINT})
    sensor = Draft(BY_NAME["Sensors"], {**said, "encodingType": "text/plain", "metadata": "story"})
    seen = Draft(BY_NAME["ObservedProperties"], {**said, "name": name, "definition": f"urn:story:{name}"})
    unit = {"name": gauge.unit, "symbol": gauge.unit, "definition": f"urn:story:{gauge.unit}"}
    stream = {**said, "unitOfMeasurement": unit, "observationType": f"{OM}Measurement"}
    ends = {"Sensor": [sensor], "ObservedProperty": [seen]}
    inner = {"Locations": [where], "Datastreams": [Draft(BY_NAME["Datastreams"], stream, ends)]}
    made = create(scope=Scope(by), draft=Draft(BY_NAME["Things"], dict(said), inner), place_code=place_code)
    for colour, limit in gauge.limits.items():
        spec = RuleSpec(
            name=f"{name}_{colour}", title=Text(zh_Hans=name, en=name), hazard=gauge.hazard, observed=name,
            kind="threshold", limit=limit, calm_limit=limit - abs(limit) * STEP, colour=colour, basis=BASIS,
        )  # fmt: skip
        set_rule(by=by, place_code=place_code, spec=spec)
    return Datastream.objects.get(thing=made.id).pk


def sees(stream: int, value: float) -> None:
    """A value comes in and is held against the rules."""
    by = system("test")
    take(by=by, items=[(stream, read({"result": value, "phenomenonTime": clock.now().isoformat()}))])
    look(by, [stream])


def newest_alarm() -> Alarm | None:
    return Alarm.objects.order_by("-id").first()


def answer(what: str, by: Actor, words: str) -> None:
    """What somebody who was called does about the newest alarm."""
    alarm = newest_alarm()
    if alarm is None:
        raise Refused("alarms.no_such_alarm")
    if what == "acknowledge":
        acknowledge(by=by, alarm=alarm)
    elif what == "handle":
        handle(by=by, alarm=alarm, words=words)
    else:
        clear(by=by, alarm=alarm, outcome="real" if what == "clear" else "false", words=words)


def stands() -> str:
    """The colour of the newest alarm while it is open, then what became of it; `none` where none was raised."""
    alarm = newest_alarm()
    return "none" if alarm is None else alarm.outcome or alarm.colour


def called() -> list[str]:
    """The rungs that were called since the newest alarm has its colour, in their order."""
    alarm = newest_alarm()
    if alarm is None:
        return []
    found = alarm.happenings.filter(what="called", colour=alarm.colour).order_by("id")
    return list(found.values_list("rung", flat=True))
