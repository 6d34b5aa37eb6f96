"""How an alarm stands against its clock."""

from dataclasses import dataclass
from datetime import datetime

from cunzhi.alarms.clocks import rung_after
from cunzhi.alarms.models import Alarm
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
