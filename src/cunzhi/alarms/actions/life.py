"""The life of an alarm: raised, notified, acknowledged, handled, cleared. Each step is noted and kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from cunzhi.alarms.actions.calling import Tell, call_next
from cunzhi.alarms.hazards import require_hazard
from cunzhi.alarms.models import Alarm, Colour, Happening, Rule
from cunzhi.alarms.queries.alarms import ANSWER, SET, may_answer
from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.journal.actions import note
from cunzhi.perception.models import Datastream
from cunzhi.registry.access import Access, NotHere
from cunzhi.registry.actions.rules import checked_words
from cunzhi.registry.queries.places import require_place

LONGEST = 200


@dataclass(frozen=True)
class Danger:
    """What is to be raised: where, which hazard, how grave, and what it was seen by."""

    source: str
    hazard: str
    place_code: str
    colour: str
    rule: Rule | None = None
    datastream: Datastream | None = None
    value: float | None = None
    observed_at: datetime | None = None
    words: str = ""
    drill: bool = False


@transaction.atomic
def raise_alarm(*, by: Actor, danger: Danger, tell: Tell) -> Alarm:
    """Open an alarm, or make the open one of this source and hazard graver. Of two who raise at once one opens."""
    alarm, new = _opened(danger)
    if new:
        happened(alarm, "raised", by)
        note_of(by, "alarm.raise", alarm, {"rule": danger.rule.pk if danger.rule else None})
        call_next(alarm=alarm, by=by, tell=tell)
    elif Colour(danger.colour).rank > Colour(alarm.colour).rank:
        _make_graver(by, alarm, danger, tell)
    elif alarm.calm_since is not None:
        Alarm.objects.filter(pk=alarm.pk).update(calm_since=None)
    return alarm


def _opened(danger: Danger) -> tuple[Alarm, bool]:
    """The open alarm of a source and hazard, and whether it was opened now. The database keeps out a second one."""
    there = Alarm.objects.select_for_update(of=("self",)).filter(
        source=danger.source, hazard=danger.hazard, cleared_at__isnull=True
    )
    found = there.first()
    if found is not None:
        return found, False
    try:
        with transaction.atomic():
            return Alarm.objects.create(**_values(danger), raised_at=clock.now()), True
    except IntegrityError:
        return there.get(), False


def _values(danger: Danger) -> dict[str, Any]:
    unit = danger.datastream.unit.get("symbol") if danger.datastream else ""
    return {**vars(danger), "unit": str(unit or "")[:20]}


def _make_graver(by: Actor, alarm: Alarm, danger: Danger, tell: Tell) -> None:
    """An answer to yellow is no answer to red: whoever was called is called again."""
    alarm.colour, alarm.rule, alarm.value = danger.colour, danger.rule, danger.value
    alarm.observed_at = danger.observed_at or alarm.observed_at
    alarm.acknowledged_at = alarm.acknowledged_by = alarm.notified_at = alarm.calm_since = None
    alarm.rung, alarm.climb_at = "", None
    alarm.save()
    happened(alarm, "rose", by)
    note_of(by, "alarm.rise", alarm)
    call_next(alarm=alarm, by=by, tell=tell)


@transaction.atomic
def raise_by_hand(
    *, by: Actor, place_code: str, hazard: str, colour: str, words: str, drill: bool, tell: Tell
) -> Alarm:
    """Somebody saw it, or a drill is held. A drill is an alarm of its own, so that it never hides a real one."""
    Access(by).require(SET, place_code)
    require_place(place_code)
    require_hazard(hazard)
    if colour not in Colour.values:
        raise Refused("alarms.no_such_colour", field="colour")
    source = f"{'drill' if drill else 'person'}:{place_code}"
    danger = Danger(
        source=source, hazard=hazard, place_code=place_code, colour=colour, drill=drill, observed_at=clock.now(),
        words=checked_words(words, "words", LONGEST),
    )  # fmt: skip
    return raise_alarm(by=by, danger=danger, tell=tell)


@transaction.atomic
def acknowledge(*, by: Actor, alarm: Alarm) -> Alarm:
    """Somebody who may answer says: I have it. From then on it climbs no further."""
    alarm = _locked(by, alarm)
    if alarm.acknowledged_at is not None:
        return alarm
    alarm.acknowledged_at, alarm.acknowledged_by_id, alarm.climb_at = _not_before(alarm), by.person_id, None
    alarm.save(update_fields=["acknowledged_at", "acknowledged_by", "climb_at"])
    happened(alarm, "acknowledged", by)
    note_of(by, "alarm.acknowledge", alarm)
    return alarm


@transaction.atomic
def handle(*, by: Actor, alarm: Alarm, words: str) -> Alarm:
    """What was done about it. Whoever has done something has also answered."""
    alarm = acknowledge(by=by, alarm=alarm)
    alarm.handled_words = checked_words(words, "words", LONGEST)
    alarm.handled_at, alarm.handled_by_id = _not_before(alarm), by.person_id
    alarm.save(update_fields=["handled_at", "handled_by", "handled_words"])
    happened(alarm, "handled", by, words=alarm.handled_words)
    note_of(by, "alarm.handle", alarm, private=alarm.handled_words)
    return alarm


@transaction.atomic
def clear(*, by: Actor, alarm: Alarm, outcome: str, words: str = "") -> Alarm:
    """The danger is over, or there was none. A drill ends as a drill, whatever is said."""
    alarm = _locked(by, alarm)
    outcome = Alarm.Outcome.DRILL if alarm.drill else outcome
    if outcome not in (Alarm.Outcome.REAL, Alarm.Outcome.FALSE, Alarm.Outcome.DRILL):
        raise Refused("alarms.no_such_outcome", field="outcome")
    if outcome == Alarm.Outcome.FALSE:
        words = checked_words(words, "words", LONGEST)
    return _cleared(by, alarm, outcome, words[:LONGEST])


@transaction.atomic
def clear_by_itself(*, by: Actor, alarm: Alarm) -> Alarm:
    """What the rules saw has been over for a while."""
    alarm = Alarm.objects.select_for_update(of=("self",)).get(pk=alarm.pk)
    return alarm if alarm.cleared_at else _cleared(by, alarm, Alarm.Outcome.OVER, "")


def _cleared(by: Actor, alarm: Alarm, outcome: str, words: str) -> Alarm:
    alarm.cleared_at, alarm.outcome, alarm.climb_at = _not_before(alarm), outcome, None
    alarm.save(update_fields=["cleared_at", "outcome", "climb_at"])
    happened(alarm, "cleared", by, words=words)
    note_of(by, "alarm.clear", alarm, {"outcome": outcome}, private=words or None)
    return alarm


def _locked(by: Actor, alarm: Alarm) -> Alarm:
    """The alarm as it is now, if the actor may answer it and it is open."""
    access = Access(by)
    if not may_answer(access, alarm):
        raise NotHere(verb=ANSWER, place=alarm.place_code)
    now = Alarm.objects.select_for_update(of=("self",)).get(pk=alarm.pk)
    if now.cleared_at is not None:
        raise Refused("alarms.cleared_already")
    return now


def _not_before(alarm: Alarm) -> datetime:
    """Now; when the clock was set back, not before the alarm itself."""
    return max(clock.now(), alarm.raised_at)


def happened(alarm: Alarm, what: str, by: Actor, *, words: str = "") -> None:
    Happening.objects.create(
        alarm=alarm, at=_not_before(alarm), what=what, colour=alarm.colour, person_id=by.person_id, words=words
    )


def note_of(by: Actor, verb: str, alarm: Alarm, detail: dict[str, Any] | None = None, private: Any = None) -> None:
    known = {"colour": alarm.colour, "hazard": alarm.hazard} | ({"drill": True} if alarm.drill else {})
    note(by=by, verb=verb, record=alarm.record, place_code=alarm.place_code, detail=known | (detail or {}),
         private=private)  # fmt: skip
