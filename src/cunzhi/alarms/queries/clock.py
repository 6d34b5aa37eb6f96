"""How an alarm stands against its clock, and which rungs it has climbed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from cunzhi.alarms.clocks import rung_after
from cunzhi.alarms.models import Alarm, Happening
from cunzhi.alarms.queries.alarms import inhibitor, muted
from cunzhi.base import clock


@dataclass(frozen=True)
class Standing:
    """What the desk says of an alarm: who is called next and when, or why nobody is."""

    minutes_old: int
    next_rung: str = ""
    climbs_at: datetime | None = None
    late: bool = False
    held_by: str = ""


def standing(alarm: Alarm) -> Standing:
    now = clock.now()
    old = max(0, int((now - alarm.raised_at).total_seconds() // 60))
    late = alarm.acknowledged_at is None and alarm.due_at is not None and alarm.due_at < now
    if alarm.acknowledged_at is not None or alarm.cleared_at is not None:
        return Standing(old)
    held = "mute" if muted(alarm) else "graver" if inhibitor(alarm) else ""
    following = rung_after(alarm.rung) if alarm.climb_at else ""
    return Standing(old, following, alarm.climb_at, late=late, held_by=held)


def climbed(alarms: Sequence[Alarm]) -> dict[int, list[Happening]]:
    """When each rung was called since each alarm has its colour, by alarm, in one query."""
    called = Happening.objects.filter(alarm__in=[one.pk for one in alarms], what="called", colour=F("alarm__colour"))
    found: dict[int, list[Happening]] = {one.pk: [] for one in alarms}
    for one in called.order_by("id"):
        found[one.alarm_id].append(one)
    return found
