"""Runs a rewritten SELECT in a way that the database itself keeps from changing anything, and not for ever."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper

from cunzhi.base.errors import Refused
from cunzhi.lake.dialects import spell
from cunzhi.lake.rewrite import Query

SECONDS: Final = 20.0
"""The longest that one query may take."""
OPERATIONS: Final = 20_000
"""How many of SQLite's steps pass between two looks at the clock."""


def answer(query: Query) -> list[tuple[Any, ...]]:
    """All rows of a query. Refused when it takes too long."""
    sql = spell(query.select, connection.vendor)
    begun = time.monotonic()
    try:
        with _reading() as cursor:
            cursor.execute(sql, query.blanks.values)
            return list(cursor.fetchall())
    except OperationalError as error:
        if time.monotonic() - begun < SECONDS:
            raise
        raise Refused("lake.too_slow", seconds=round(SECONDS)) from error


@contextmanager
def _reading() -> Iterator[CursorWrapper]:
    reading = _reading_postgres if connection.vendor == "postgresql" else _reading_sqlite
    with reading() as cursor:
        yield cursor


@contextmanager
def _reading_postgres() -> Iterator[CursorWrapper]:
    """A read-only transaction, or the same inside one; what is set ends with it, for it is rolled back."""
    with transaction.atomic(), connection.cursor() as cursor:
        limit = f"SET LOCAL statement_timeout = {SECONDS * 1000:.0f}"
        # Compiling such a query takes longer than running it.
        cursor.execute(f"SET TRANSACTION READ ONLY; {limit}; SET LOCAL jit = off")
        yield cursor
        transaction.set_rollback(True)


@contextmanager
def _reading_sqlite() -> Iterator[CursorWrapper]:
    """Without a transaction, since SQLite's would wait for the writers; the connection refuses to write meanwhile."""
    until = time.monotonic() + SECONDS
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA query_only").fetchone()[0]
        cursor.execute("PRAGMA query_only = ON")
        connection.connection.set_progress_handler(lambda: time.monotonic() > until, OPERATIONS)
        try:
            yield cursor
        finally:
            connection.connection.set_progress_handler(None, 0)
            cursor.execute(f"PRAGMA query_only = {before}")
