"""A connection that needs no question to know that it is alive, and that lets queries keep their plan."""

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Cursor


class DatabaseWrapper(base.DatabaseWrapper):
    """Django asks the server before each request whether it is still there; a closed connection shows by itself."""

    def is_usable(self) -> bool:
        """Whether nothing has arrived unasked: the server says farewell, or the network reports an end."""
        if self.connection is None or self.connection.closed:
            return False
        return _silent(self.connection.fileno()) or bool(super().is_usable())

    def prepared_cursor(self) -> Any:
        """A cursor whose statements the server plans once and then runs with other values."""
        self.ensure_connection()
        cursor = Cursor(self.connection)
        return self.make_debug_cursor(cursor) if self.queries_logged else self.make_cursor(cursor)


def _silent(file: int) -> bool:
    """Whether nothing is there to be read; `select` knows only the first thousand files, but every system has it."""
    if not hasattr(select, "poll"):
        return not select.select([file], [], [], 0)[0]
    poll = select.poll()
    poll.register(file, select.POLLIN)
    return not poll.poll(0)
