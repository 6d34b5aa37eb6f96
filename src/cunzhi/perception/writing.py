"""Puts readings into the table in one statement, whatever their number; what is there already stays as it is."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from cunzhi.perception.reading import Reading

Row = tuple[Any, ...]
Key = tuple[int, datetime, str]
"""Datastream, moment, key."""
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
ENDING = " ON CONFLICT (datastream_id, at, key) DO NOTHING RETURNING datastream_id, at, key, id"
INSERT = f"INSERT INTO perception_observation ({NAMES}) "
ARRAYS = ", ".join(f"%s::{kind}[]" for kind in COLUMNS.values())
BY_ARRAYS = f"{INSERT}SELECT * FROM unnest({ARRAYS}){ENDING}"  # noqa: S608  constants
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
            columns = [list(column) for column in zip(*rows, strict=True)]
            cursor.execute(BY_ARRAYS, columns)
            return _ids(cursor)
        found: dict[Key, int] = {}
        for part in _parts(rows):
            values = ", ".join([ONE] * len(part))
            cursor.execute(f"{INSERT}VALUES {values}{ENDING}", [value for row in part for value in row])
            found |= _ids(cursor)
        return found


def known(keys: Sequence[Key]) -> dict[Key, tuple[int, tuple[str, float | None, str | None]]]:
    """What is there under each key: its id and its value."""
    found: dict[Key, tuple[int, tuple[str, float | None, str | None]]] = {}
    with connection.cursor() as cursor:
        for part in _parts(keys):
            values = ", ".join(["(%s, %s, %s)"] * len(part))
            given = [value for datastream, at, key in part for value in (datastream, stored(at), key)]
            cursor.execute(f"{KNOWN}(VALUES {values})", given)
            for datastream, at, key, number, *value in cursor.fetchall():
                found[datastream, _read(at), key] = (number, tuple(value))
    return found


def row_of(datastream: int, reading: Reading, feature: int | None, now: datetime) -> Row:
    """The values of a reading in the order of the columns, as this database takes them."""
    return (
        datastream,
        feature,
        stored(reading.at),
        stored(reading.until),
        reading.kind,
        reading.number,
        reading.text,
        stored(reading.result_at),
        stored(reading.valid_from),
        stored(reading.valid_until),
        None if reading.quality is None else json.dumps(reading.quality, ensure_ascii=False),
        None if reading.parameters is None else json.dumps(reading.parameters, ensure_ascii=False),
        reading.key,
        stored(now),
    )


def stored(moment: datetime | None) -> Any:
    """A moment as the database takes it."""
    if moment is None or connection.vendor == "postgresql":
        return moment
    return connection.ops.adapt_datetimefield_value(moment)


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
