"""A connection whose prepared queries lie in SQLite's own words, and that reads the same moment once."""

from functools import lru_cache
from sqlite3 import Cursor, register_converter
from typing import Any, Self

from django.db.backends.sqlite3 import base
from django.utils.dateparse import parse_datetime

MOMENTS = 10_000
"""Of how many moments it is kept how they are read: rows of a list come again and again."""


@lru_cache(MOMENTS)
def _moment(cell: bytes) -> Any:
    return parse_datetime(cell.decode())


for declared in ("datetime", "timestamp"):
    register_converter(declared, _moment)


class PreparedCursor(Cursor):
    """Looks for Django's blanks in a statement once, not each time it is run."""

    def execute(self, text: str, values: Any = ()) -> Self:
        return super().execute(_own_blanks(text), values)


@lru_cache(500)
def _own_blanks(text: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", text).replace("%%", "%")


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, with a cursor for queries whose text stays the same."""

    def prepared_cursor(self) -> Any:
        if self.queries_logged:
            return self.cursor()
        self.close_if_health_check_failed()
        self.ensure_connection()
        return self.make_cursor(self.connection.cursor(factory=PreparedCursor))
