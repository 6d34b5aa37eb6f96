"""Who is called about an alarm, rung by rung, until somebody answers."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from cunzhi.alarms.clocks import clock_on, clocks, due_after, phones_from, rung_after
from cunzhi.alarms.models import Alarm, Call, Happening
from cunzhi.alarms.queries.alarms import inhibitor, muted
from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.journal.actions import note
from cunzhi.registry.access import holders, holders_below

BATCH = 200
AGAIN = timedelta(minutes=1)
AHEAD = timedelta(minutes=10)
TOWNSHIP = 9
Tell = Callable[[Alarm, list[int], str, datetime], dict[int, int]]
"""Sends words about an alarm to people of a rung, phones from a moment on; the number of each person's message."""


def climb_due(*, by: Actor, tell: Tell) -> int:
    """Call the next rung of every alarm that nobody answered in time; how many climbed."""
    due = Alarm.objects.filter(_due()).order_by("climb_at").values_list("pk", flat=True)[:BATCH]
    return sum(_climb_one(pk, by, tell) for pk in list(due))


def _due() -> Q:
    """Its time has come; or it was called in what is now the future: then the clock was set back, and it is better to
    call once too often than to wait until then."""
    ahead = Q(climb_at__isnull=False, notified_at__gt=clock.now() + AHEAD)
    return Q(climb_at__lte=clock.now()) | ahead


@transaction.atomic
def _climb_one(pk: int, by: Actor, tell: Tell) -> int:
    alarm = Alarm.objects.select_for_update(of=("self",)).filter(_due(), pk=pk).first()
    if alarm is None:  # somebody answered, or another round was quicker
        return 0
    return call_next(alarm=alarm, by=by, tell=tell)


def call_next(*, alarm: Alarm, by: Actor, tell: Tell) -> int:
    """Call the next rung on which somebody is; 0 while a mute or a graver alarm holds it back."""
    if muted(alarm) or inhibitor(alarm):
        _wait(alarm, clock.now() + AGAIN)
        return 0
    rung, people = _next_rung(alarm)
    if not rung:
        _wait(alarm, None)
        return 0
    now = max(clock.now(), alarm.raised_at)
    phones = phones_from(now, alarm.colour)
    begun = alarm.notified_at or phones
    if alarm.notified_at is None:
        alarm.notified_at, alarm.due_at = now, due_after(phones, alarm.colour, clocks().ladder[0])
    alarm.rung = rung
    alarm.climb_at = due_after(max(begun, phones_from(begun, alarm.colour)), alarm.colour, rung)
    alarm.save(update_fields=["rung", "climb_at", "notified_at", "due_at"])
    _call(alarm, people, phones, tell)
    Happening.objects.create(alarm=alarm, at=now, what="called", colour=alarm.colour, rung=rung, count=len(people))
    detail = {"to": rung, "colour": alarm.colour, "people": len(people)} | ({"drill": True} if alarm.drill else {})
    note(by=by, verb="alarm.call", record=alarm.record, place_code=alarm.place_code, detail=detail)
    return 1


def _wait(alarm: Alarm, until: datetime | None) -> None:
    alarm.climb_at = until
    alarm.save(update_fields=["climb_at"])


def _next_rung(alarm: Alarm) -> tuple[str, list[int]]:
    """The next rung with somebody on it: an empty one costs no time."""
    rung = rung_after(alarm.rung)
    while rung:
        people = called_on(rung, alarm.place_code)
        if people:
            return rung, people
        rung = rung_after(rung)
    return "", []


def called_on(rung: str, place_code: str) -> list[int]:
    """Who holds a role over a place; where the alarm is wider than the role, everybody who holds it below."""
    found = list(holders(rung, place_code).order_by("id").values_list("id", flat=True))
    return found or list(holders_below([rung], place_code).values_list("id", flat=True))


def _call(alarm: Alarm, people: list[int], phones: datetime, tell: Tell) -> None:
    """One message for one storm: who was told of the same hazard in the same township just now is not told again."""
    called = set(Call.objects.filter(alarm=alarm, colour=alarm.colour).values_list("person_id", flat=True))
    people = [one for one in people if one not in called]
    told = _told_just_now(alarm, people)
    sent = tell(alarm, [one for one in people if one not in told], alarm.rung, phones)
    Call.objects.bulk_create(
        Call(
            alarm=alarm, person_id=one, colour=alarm.colour, rung=alarm.rung, at=max(clock.now(), alarm.raised_at),
            message=told.get(one, sent.get(one)), grouped=one in told,
        )
        for one in people
    )  # fmt: skip


def _told_just_now(alarm: Alarm, people: list[int]) -> dict[int, int]:
    """Person -> the message about this storm that they got within the minutes of grouping."""
    since = clock.now() - timedelta(minutes=clock_on(clock.today()).group_minutes)
    rows = Call.objects.filter(
        person_id__in=people, at__gte=since, colour=alarm.colour, message__isnull=False, grouped=False,
        alarm__hazard=alarm.hazard, alarm__drill=alarm.drill, alarm__place_code__startswith=alarm.place_code[:TOWNSHIP],
    ).exclude(alarm=alarm)  # fmt: skip
    return {person: message for person, message in rows.values_list("person_id", "message") if message is not None}
