"""Whether a rule holds at a datastream now, from the values that are kept: nothing is remembered beside them.

So a restart loses no condition that was half over, and a late or corrected value is judged as if it had come in time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Min, Q, QuerySet

from cunzhi.alarms.models import Rule
from cunzhi.base import clock
from cunzhi.base.fields import under
from cunzhi.perception.models import Datastream, Observation, Silence
from cunzhi.perception.queries.silence import is_silent

VILLAGE = 12
FRESH = timedelta(hours=1)
"""Older values raise nothing, unless a rule or the rhythm of the datastream looks further back."""


@dataclass(frozen=True)
class Holding:
    """What a rule saw: the value that is told, and when it was observed."""

    value: float | None
    at: datetime


def holds(rule: Rule, stream: Datastream) -> Holding | None:
    """What the rule found alarming, or None."""
    if rule.kind == Rule.Kind.SILENCE:
        return _silent(rule, stream)
    last = newest(stream)
    if last is None or last.at < clock.now() - horizon(rule, stream):
        return None
    found = CONDITIONS[rule.kind](rule, stream, last)
    return None if found is None else Holding(found, last.at)


def is_calm(rule: Rule, stream: Datastream) -> bool:
    """Whether what the rule found is over. Values must come back across `calm_limit`, so that none flutters."""
    if rule.kind == Rule.Kind.SILENCE:
        return not is_silent(stream, clock.now())
    last = newest(stream)
    if last is None or last.number is None:
        return False
    if rule.kind == Rule.Kind.RATE:
        return holds(rule, stream) is None
    if rule.kind == Rule.Kind.SEVERAL and holds(rule, stream) is None:
        return True
    limit = rule.limit if rule.calm_limit is None else rule.calm_limit
    assert limit is not None  # noqa: S101  a constraint of the database
    return not _beyond(last.number, limit, below=rule.below)


def newest(stream: Datastream) -> Observation | None:
    """The newest number by the time of what was seen; a device whose clock runs ahead was refused before."""
    return stream.observations.filter(number__isnull=False).order_by("-at", "-key").first()


def horizon(rule: Rule, stream: Datastream) -> timedelta:
    """How old the newest value may be for the rule to say anything."""
    return max(FRESH, timedelta(minutes=rule.minutes), 3 * timedelta(seconds=stream.every or 0))


def _threshold(rule: Rule, stream: Datastream, last: Observation) -> float | None:
    return last.number if _is_beyond(rule, last) else None


def _duration(rule: Rule, stream: Datastream, last: Observation) -> float | None:
    """Beyond the limit in every value for so many minutes: also in the last one before they began."""
    since = last.at - timedelta(minutes=rule.minutes)
    rows = stream.observations.filter(number__isnull=False)
    before = rows.filter(at__lte=since).order_by("-at").first()
    if before is None or before.at < since - horizon(rule, stream) or not _is_beyond(rule, before):
        return None
    broken = rows.filter(at__gt=since, at__lte=last.at).exclude(_query(rule)).exists()
    return None if broken else last.number


def _rate(rule: Rule, stream: Datastream, last: Observation) -> float | None:
    """How far it rose (or fell) to its newest value from the lowest (highest) within so many minutes."""
    ends = _within(rule, stream, last).aggregate(least=Min("number"), most=Max("number"))
    assert last.number is not None and rule.limit is not None  # noqa: S101  numbers only; a constraint
    moved = ends["most"] - last.number if rule.below else last.number - ends["least"]
    return last.number if moved >= rule.limit else None


def _repetition(rule: Rule, stream: Datastream, last: Observation) -> float | None:
    many = _within(rule, stream, last).filter(_query(rule)).count()
    return last.number if many >= rule.count and _is_beyond(rule, last) else None


def _several(rule: Rule, stream: Datastream, last: Observation) -> float | None:
    """Beyond the limit in the newest values of so many sensors of one village."""
    if not _is_beyond(rule, last):
        return None
    others = neighbours(rule, stream).exclude(pk=stream.pk)
    news = (newest(one) for one in others.filter(last_at__gte=last.at - horizon(rule, stream)))
    beyond = [one for one in news if one is not None and one.at >= last.at - _window(rule) and _is_beyond(rule, one)]
    return last.number if 1 + len(beyond) >= rule.count else None


def neighbours(rule: Rule, stream: Datastream) -> QuerySet[Datastream]:
    """The datastreams of the same village that a rule speaks of; what stands higher up has neighbours right there."""
    village = village_of(stream)
    near = under(village) if len(village) == VILLAGE else Q(place_code=village)
    return Datastream.objects.filter(near, observed_property__name=rule.observed)


def village_of(stream: Datastream) -> str:
    """The village that a sensor stands in; of one that stands higher up, that place."""
    return stream.place_code[:VILLAGE]


def _silent(rule: Rule, stream: Datastream) -> Holding | None:
    silence = Silence.objects.filter(datastream=stream, ended_at__isnull=True).first()
    if silence is None or clock.now() - silence.since < timedelta(minutes=rule.minutes):
        return None
    return Holding(None, silence.since)


def _window(rule: Rule) -> timedelta:
    return timedelta(minutes=rule.minutes)


def _within(rule: Rule, stream: Datastream, last: Observation) -> QuerySet[Observation]:
    return stream.observations.filter(number__isnull=False, at__gte=last.at - _window(rule), at__lte=last.at)


def _query(rule: Rule) -> Q:
    return Q(number__lte=rule.limit) if rule.below else Q(number__gte=rule.limit)


def _is_beyond(rule: Rule, seen: Observation) -> bool:
    assert seen.number is not None and rule.limit is not None  # noqa: S101  numbers only; a constraint
    return _beyond(seen.number, rule.limit, below=rule.below)


def _beyond(value: float, limit: float, *, below: bool) -> bool:
    return value <= limit if below else value >= limit


CONDITIONS: dict[str, Callable[[Rule, Datastream, Observation], float | None]] = {
    Rule.Kind.THRESHOLD: _threshold,
    Rule.Kind.DURATION: _duration,
    Rule.Kind.RATE: _rate,
    Rule.Kind.REPETITION: _repetition,
    Rule.Kind.SEVERAL: _several,
}
