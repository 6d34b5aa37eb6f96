"""Queries that Django builds once and that run many times: building one costs ten times what answering it does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from operator import itemgetter
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet

from cunzhi.base.fields import next_prefix

Row = tuple[Any, ...]
Slot = Callable[[dict[str, Any]], Any]


@dataclass(frozen=True)
class Statement:
    """A built query of one kind of database: its text, what fills each blank, and what reads each column."""

    text: str
    slots: list[Slot]
    converters: list[tuple[int, list[Any], Any]]


class Prepared:
    """A `values_list` query whose values change and whose shape does not.

    `build` makes the query from example values; wherever an example, or the first code after all that begin with it,
    ends up in the statement, a run puts its own value. So `build` must read no clock and decide nothing by its values,
    and no example may be a value that the query needs by itself.
    """

    def __init__(
        self,
        build: Callable[..., QuerySet[Any, Any]],
        *,
        around: str = "{}",
        first: tuple[str, ...] = (),
        **examples: Any,
    ) -> None:
        """`around` is a statement about the query, which goes in for `{}`, with blanks for the values in `first`."""
        self._build = build
        self._around = around
        self._first = first
        self._examples = examples
        self._statements: dict[str, Statement] = {}

    def run(self, *, start: int = 0, most: int | None = None, **values: Any) -> list[Row]:
        """The rows for these values, which must have the names and the kinds of the examples."""
        statement = self._statements.get(connection.vendor)
        if statement is None:
            statement = self._statements[connection.vendor] = self._made()
        bound = {name: adapted(value, connection) for name, value in values.items()}
        given = [bound[name] for name in self._first] + [slot(bound) for slot in statement.slots]
        text = statement.text
        if most is not None:
            text, given = f"{text} LIMIT %s OFFSET %s", [*given, most, start]
        with getattr(connection, "prepared_cursor", connection.cursor)() as cursor:
            cursor.execute(text, given)
            rows = cursor.fetchall()
        return [converted(row, statement.converters) for row in rows] if statement.converters else rows

    def _made(self) -> Statement:
        compiler = self._build(**self._examples).query.get_compiler(connection=connection)
        text, parameters = compiler.as_sql()
        known: dict[Any, Slot] = {}
        for name, example in self._examples.items():
            if isinstance(example, str):
                known[next_prefix(example)] = partial(_end_of, name)
            known[adapted(example, connection)] = itemgetter(name)
        slots = [known.get(value) or partial(_always, value) for value in parameters]
        missing = [name for name, value in self._examples.items() if adapted(value, connection) not in parameters]
        if missing:
            raise LookupError(f"the query does not use {', '.join(missing)}")
        columns = [column for column, _, _ in compiler.select[: compiler.col_count]]
        converters = compiler.get_converters(columns).items() if self._around == "{}" else ()
        return Statement(self._around.format(text), slots, [(at, *how) for at, how in converters])


def _end_of(name: str, bound: dict[str, Any]) -> str:
    return next_prefix(bound[name])


def _always(value: Any, _: dict[str, Any]) -> Any:
    return value


def adapted(value: Any, database: BaseDatabaseWrapper) -> Any:
    """A value as the database takes it."""
    if isinstance(value, datetime):
        return database.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return database.ops.adapt_datefield_value(value)
    return value


def converted(row: Row, converters: list[tuple[int, list[Any], Any]]) -> Row:
    """A row as Django reads it: moments with their zone, answers as a dictionary."""
    cells = list(row)
    for at, functions, expression in converters:
        for function in functions:
            cells[at] = function(cells[at], expression, connection)
    return tuple(cells)
