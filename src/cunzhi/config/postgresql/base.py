"""A connection that needs no question to know that it is alive, and that lets queries keep their plan."""

import select
from typing import Any, cast

from django.db.backends.postgresql import base
from psycopg import Cursor, postgres
from psycopg.abc import Loader
from psycopg.pq import Format

MOMENT = postgres.types["timestamptz"].oid
READER = cast(type[Loader], postgres.adapters.get_loader(MOMENT, Format.TEXT))


class DatabaseWrapper(base.DatabaseWrapper):
    """Django asks the server before each request whether it is still there; a closed connection shows by itself."""

    def is_usable(self) -> bool:
        """Whether nothing has arrived unasked: the server says farewell, or the network reports an end."""
        if self.connection is None or self.connection.closed:
            return False
        return _silent(self.connection.fileno()) or bool(super().is_usable())

    def prepared_cursor(self) -> Any:
        """A cursor whose statements the server plans once and then runs with other values.

        It reads moments by the driver's compiled code; Django's own reader is ten times slower and says the same.
        Where statements are logged they are sent whole, for a planned one has no text to log.
        """
        if self.queries_logged:
            return self.cursor()
        self.close_if_health_check_failed()
        self.ensure_connection()
        cursor: Any = Cursor(self.connection)
        cursor.adapters.register_loader(MOMENT, READER)
        return self.make_cursor(cursor)


def _silent(file: int) -> bool:
    """Whether nothing is there to be read; `select` knows only the first thousand files, but every system has it."""
    if not hasattr(select, "poll"):
        return not select.select([file], [], [], 0)[0]
    poll = select.poll()
    poll.register(file, select.POLLIN)
    return not poll.poll(0)
