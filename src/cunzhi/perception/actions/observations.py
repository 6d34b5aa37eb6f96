"""Taking values in: one, many, by whichever way they come. What is answered as taken is committed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import QuerySet

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Conflict, Refused
from cunzhi.base.prepared import Prepared
from cunzhi.perception import rules, writing
from cunzhi.perception.actions.features import derived_feature, widen_area
from cunzhi.perception.models import Datastream
from cunzhi.perception.queries.scope import Scope
from cunzhi.perception.reading import Reading
from cunzhi.perception.writing import stored

GROW = (
    "UPDATE perception_datastream SET first_at = %s, last_at = %s, first_result_at = %s, last_result_at = %s,"
    " stale_from = %s, stale_until = %s, heard_at = %s WHERE id = %s"
)


class Taken(NamedTuple):
    """An observation that is kept; `known` when it was there already."""

    id: int
    known: bool = False


Outcome = Taken | Refused
Item = tuple[int, Reading]
"""A datastream and what it saw."""


def take_one(*, by: Actor, datastream: int, reading: Reading, scope: Scope | None = None) -> Taken:
    """Keep one value; refused with its reason when a rule says no."""
    outcome = take(by=by, items=[(datastream, reading)], scope=scope)[0]
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


def take(*, by: Actor, items: Sequence[Item], scope: Scope | None = None) -> list[Outcome]:
    """Keep many values of one sender."""
    scope = scope or Scope(by)
    return take_from(items=items, senders=[scope] * len(items))


@transaction.atomic
def take_from(*, items: Sequence[Item], senders: Sequence[Scope]) -> list[Outcome]:
    """Keep many values of many senders. Each is judged alone: one that is refused costs the others nothing.

    The same datastream, moment and key again is answered with what is there, if it says the same.
    """
    now, store = clock.now(), writing.storing()
    streams = locked({datastream for datastream, _ in items})
    outcomes: dict[int, Outcome] = {}
    rows: dict[int, writing.Row] = {}
    for place, (number, reading) in enumerate(items):
        try:
            feature = judge(streams.get(number), reading, senders[place], now)
            rows[place] = writing.row_of(number, reading, feature, now, store)
        except Refused as refused:
            outcomes[place] = refused
    _write(items, rows, outcomes)
    grow(streams, [(items[place], rows[place][1]) for place in rows if _is_new(outcomes[place])], now)
    return [outcomes[place] for place in range(len(items))]


def locked(numbers: set[int]) -> dict[int, Datastream]:
    """The datastreams, held until the end so that what they know of themselves fits their values."""
    if len(numbers) == 1:
        rows = LOCKED.run(pk=min(numbers))
        return {row[0]: Datastream.from_db("default", COLUMNS, row) for row in rows}
    many = Datastream.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=numbers).order_by("pk")
    return {one.pk: one for one in many}


def _one(pk: int) -> QuerySet[Datastream, tuple[Any, ...]]:
    return Datastream.objects.select_for_update(no_key=True).filter(pk=pk).values_list(*COLUMNS)


COLUMNS = [field.attname for field in Datastream._meta.concrete_fields]
LOCKED = Prepared(_one, pk=271828182)
"""The busiest read of all, built once."""


def judge(datastream: Datastream | None, reading: Reading, scope: Scope, now: datetime) -> int:
    """The feature of an acceptable reading."""
    if datastream is None:
        raise Refused("perception.no_datastream", field="Datastream")
    if datastream.pk not in scope.sending:
        scope.sends_for(datastream)
        scope.sending.add(datastream.pk)
    rules.check(datastream, reading, now)
    if reading.feature is not None:
        return reading.feature
    if datastream.derived is None:
        datastream.derived = derived_feature(datastream.thing_id)
    if datastream.derived is None:
        raise Refused("perception.nowhere", field="FeatureOfInterest")
    return datastream.derived


def _write(items: Sequence[Item], rows: dict[int, writing.Row], outcomes: dict[int, Outcome]) -> None:
    if not rows:
        return
    keys = {place: (items[place][0], items[place][1].at, items[place][1].key) for place in rows}
    made = writing.insert(list(rows.values()))
    again = []
    for place, key in keys.items():
        number = made.pop(key, None)  # of two alike in one batch the first is new
        if number is None:
            again.append(place)
        else:
            outcomes[place] = Taken(number)
    there = writing.known([keys[place] for place in again]) if again else {}
    for place in again:
        reading = items[place][1]
        outcomes[place] = once_more(there[keys[place]], (reading.kind, reading.number, reading.text))


def once_more(there: tuple[int, writing.Value], value: writing.Value) -> Outcome:
    """What becomes of a value whose datastream, moment and key are taken."""
    return Taken(there[0], known=True) if there[1] == value else Conflict("perception.other_value", field="result")


def _is_new(outcome: Outcome) -> bool:
    return isinstance(outcome, Taken) and not outcome.known


def grow(streams: dict[int, Datastream], taken: Iterable[tuple[Item, int]], now: datetime) -> None:
    """Let each datastream know from when to when it reaches, that it spoke, and what has to be rolled up anew."""
    grown = {}
    for (number, reading), feature in taken:
        stream = grown[number] = streams[number]
        stream.first_at, stream.last_at = _wider(stream.first_at, stream.last_at, reading.at, reading.end)
        stream.stale_from, stream.stale_until = _wider(stream.stale_from, stream.stale_until, reading.at, reading.at)
        if reading.result_at is not None:
            first, last = stream.first_result_at, stream.last_result_at
            stream.first_result_at, stream.last_result_at = _wider(first, last, reading.result_at, reading.result_at)
        if stream.seen_feature != feature:
            widen_area(stream, feature)
            stream.save(update_fields=["observed_area", "seen_feature"])
    rows = [
        [
            *map(stored, (one.first_at, one.last_at, one.first_result_at, one.last_result_at)),
            *map(stored, (one.stale_from, one.stale_until, now)),
            one.pk,
        ]
        for one in grown.values()
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(GROW, rows)


def _wider(first: datetime | None, last: datetime | None, begin: datetime, end: datetime) -> tuple[datetime, datetime]:
    return begin if first is None else min(first, begin), end if last is None else max(last, end)
