"""Puts readings into the table in one statement, whatever their number; what is there already stays as it is."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain, islice, repeat
from typing import Any, cast

from django.db import connection
from django.db.backends.utils import CursorWrapper

from cunzhi.perception.reading import Reading
from cunzhi.perception.runs import Run

Row = tuple[Any, ...]
Store = Callable[[Any], Any]
Key = tuple[int, datetime, str]
"""Datastream, moment, key."""
Value = tuple[str, float | None, str | None]
"""Kind, number, text."""
COLUMNS = {
    "datastream_id": "bigint",
    "feature_id": "bigint",
    "at": "timestamptz",
    "until": "timestamptz",
    "kind": "text",
    "number": "float8",
    "text": "text",
    "result_at": "timestamptz",
    "valid_from": "timestamptz",
    "valid_until": "timestamptz",
    "quality": "jsonb",
    "parameters": "jsonb",
    "key": "text",
    "taken_at": "timestamptz",
}
NAMES = ", ".join(COLUMNS)
UNLESS_THERE = " ON CONFLICT (datastream_id, at, key) DO NOTHING"
ENDING = f"{UNLESS_THERE} RETURNING datastream_id, at, key, id"
RUN = (
    "INSERT INTO perception_observation (datastream_id, feature_id, at, kind, number, key, taken_at)"
    " SELECT u.datastream, u.feature, u.at, 'n', u.number, '', %s::timestamptz"
    " FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::float8[]) AS u(datastream, feature, at, number)"
)
INSERT = f"INSERT INTO perception_observation ({NAMES}) "
ONE = f"({', '.join(['%s'] * len(COLUMNS))})"
KNOWN = (
    "SELECT datastream_id, at, key, id, kind, number, text FROM perception_observation"
    " WHERE (datastream_id, at, key) IN "
)
MOST_ROWS = 500
"""Rows of one statement where every value is a parameter of its own."""


def insert(rows: Sequence[Row]) -> dict[Key, int]:
    """The new ids, by key; rows whose key is taken are not among them."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and len(rows) > 1:
            cursor.execute(*_by_columns(rows))
            return _ids(cursor)
        found: dict[Key, int] = {}
        for part in _parts(rows):
            values = ", ".join([ONE] * len(part))
            cursor.execute(f"{INSERT}VALUES {values}{ENDING}", [value for row in part for value in row])
            found |= _ids(cursor)
        return found


def _by_columns(rows: Sequence[Row]) -> tuple[str, list[Any]]:
    """One statement for any number of rows: what is the same in all of them is sent once, the rest as arrays."""
    same: list[Any] = []
    arrays: list[Any] = []
    told, kinds = [], []
    for (name, kind), column in zip(COLUMNS.items(), zip(*rows, strict=True), strict=True):
        if all(one == column[0] for one in column):
            told.append(f"%s::{kind}")
            same.append(column[0])
        else:
            told.append(f"u.{name}")
            kinds.append((name, f"%s::{kind}[]"))
            arrays.append(list(column))
    names, blanks = ", ".join(name for name, _ in kinds), ", ".join(blank for _, blank in kinds)
    source = f"unnest({blanks}) AS u({names})" if kinds else "generate_series(1, 1)"
    return f"{INSERT}SELECT {', '.join(told)} FROM {source}{ENDING}", [*same, *arrays]  # noqa: S608  constants


def insert_runs(runs: Sequence[Run], features: Sequence[int], now: datetime, *, new: bool) -> list[int]:
    """The new ids in the order of the values; fewer than there are values where some were there before.

    Where all are known to be `new` the database need not be prepared for others, which spares it a third of its work.
    """
    if connection.vendor != "postgresql":
        made = insert(_rows(runs, features, now))
        keys = ((run.datastream, at, "") for run in runs for at in run.at)
        return [made.pop(key) for key in keys if key in made]  # of two alike in one batch the first is new
    given = [_listed(column) for column in _columns(runs, features)]
    with cast(Any, connection).prepared_cursor() as cursor:
        cursor.execute(f"{RUN}{'' if new else UNLESS_THERE} RETURNING id", [now, *given])
        return [number for (number,) in cursor.fetchall()]


def _columns(runs: Sequence[Run], features: Sequence[int]) -> list[Iterable[str]]:
    """Datastreams, features, moments and numbers, each spelt as the database reads it."""
    lengths = [len(run.at) for run in runs]
    return [
        chain.from_iterable(repeat(str(run.datastream), many) for run, many in zip(runs, lengths, strict=True)),
        chain.from_iterable(repeat(str(feature), many) for feature, many in zip(features, lengths, strict=True)),
        (run.written for run in runs),
        map(repr, chain.from_iterable(run.numbers for run in runs)),
    ]


def _listed(column: Iterable[str]) -> str:
    """An array as PostgreSQL writes it: one long text is quicker to send than a thousand values."""
    return f"{{{','.join(column)}}}"


def _rows(runs: Sequence[Run], features: Sequence[int], now: datetime) -> list[Row]:
    store = storing()
    return [
        row_of(run.datastream, Reading("n", number, None, at), feature, now, store)
        for run, feature in zip(runs, features, strict=True)
        for at, number in zip(run.at, run.numbers, strict=True)
    ]


def known(keys: Sequence[Key]) -> dict[Key, tuple[int, Value]]:
    """What is there under each key: its id and its value."""
    found: dict[Key, tuple[int, Value]] = {}
    with connection.cursor() as cursor:
        for part in _parts(keys):
            values = ", ".join(["(%s, %s, %s)"] * len(part))
            given = [value for datastream, at, key in part for value in (datastream, stored(at), key)]
            cursor.execute(f"{KNOWN}(VALUES {values})", given)
            for datastream, at, key, number, *value in cursor.fetchall():
                found[datastream, _read(at), key] = (number, tuple(value))
    return found


def row_of(datastream: int, reading: Reading, feature: int | None, now: datetime, store: Store) -> Row:
    """The values of a reading in the order of the columns, as this database takes them."""
    return (
        datastream,
        feature,
        store(reading.at),
        store(reading.until),
        reading.kind,
        reading.number,
        reading.text,
        store(reading.result_at),
        store(reading.valid_from),
        store(reading.valid_until),
        None if reading.quality is None else json.dumps(reading.quality, ensure_ascii=False),
        None if reading.parameters is None else json.dumps(reading.parameters, ensure_ascii=False),
        reading.key,
        store(now),
    )


def storing() -> Store:
    """How this database takes a moment."""
    return _plainly if connection.vendor == "postgresql" else connection.ops.adapt_datetimefield_value


def stored(moment: datetime | None) -> Any:
    """A moment as the database takes it."""
    return storing()(moment)


def _plainly(moment: datetime | None) -> Any:
    return moment


def _ids(cursor: CursorWrapper) -> dict[Key, int]:
    return {(datastream, _read(at), key): number for datastream, at, key, number in cursor.fetchall()}


def _read(at: Any) -> datetime:
    """SQLite gives moments as text or without their zone, which is UTC."""
    moment: datetime = datetime.fromisoformat(at) if isinstance(at, str) else at
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _parts(rows: Sequence[Row]) -> Iterator[list[Row]]:
    waiting = iter(rows)
    while part := list(islice(waiting, MOST_ROWS)):
        yield part
