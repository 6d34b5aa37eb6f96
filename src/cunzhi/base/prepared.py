"""Queries that Django builds once and that run many times: building one costs ten times what answering it does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import DateTimeField, IntegerField, QuerySet

from cunzhi.base.fields import next_prefix

Row = tuple[Any, ...]
Slot = Callable[[dict[str, Any]], Any]
Converter = Callable[[Any], Any]
MOMENTS = 10_000
"""Of how many moments of a column it is kept how they are read from text."""


@dataclass(frozen=True)
class Statement:
    """A built query of one kind of database: its text, what fills each blank, and what reads each column."""

    text: str
    slots: list[Slot]
    converters: list[tuple[int, Converter]]


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
        database: Any = connections[DEFAULT_DB_ALIAS]  # once: each attribute of `connection` looks for it anew
        statement = self._statements.get(database.vendor)
        if statement is None:
            statement = self._statements[database.vendor] = self._made()
        bound = {name: adapted(value, database) for name, value in values.items()}
        given = [bound[name] for name in self._first] + [slot(bound) for slot in statement.slots]
        text = statement.text
        if most is not None:
            text, given = f"{text} LIMIT %s OFFSET %s", [*given, most, start]
        with database.prepared_cursor() as cursor:
            cursor.execute(text, given)
            rows: list[Row] = cursor.fetchall()
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
        converters = compiler.get_converters(columns) if self._around == "{}" else {}
        read = [(at, _converter(*how)) for at, how in converters.items() if not _is_whole(how[1])]
        return Statement(self._around.format(text), slots, read)


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


def _is_whole(expression: Any) -> bool:
    """Whether a column holds counts, which both databases give as they are; Django reads each of them once more."""
    return type(expression.output_field) is IntegerField


def _converter(functions: list[Any], expression: Any) -> Converter:
    """Reads the cells of a column as Django does; a moment that stands in many rows is read once."""

    def read(cell: Any) -> Any:
        for function in functions:
            cell = function(cell, expression, connection)
        return cell

    return lru_cache(MOMENTS)(read) if isinstance(expression.output_field, DateTimeField) else read


def converted(row: Row, converters: list[tuple[int, Converter]]) -> Row:
    """A row as Django reads it: moments with their zone, answers as a dictionary."""
    cells = list(row)
    for at, read in converters:
        cells[at] = read(cells[at])
    return tuple(cells)
