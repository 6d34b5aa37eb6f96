"""The rows of an indicator's table, narrowed to a window and to what a viewer may open."""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from sqlglot import exp, parse_one

from cunzhi.base.fields import next_prefix
from cunzhi.lake.indicator import Indicator
from cunzhi.lake.tables import PLACE, Table, tables
from cunzhi.lake.window import Window


@dataclass
class Blanks:
    """The values of a query, each bound under a name of its own; none is ever written into the SQL."""

    values: dict[str, Any] = field(default_factory=dict)

    def put(self, value: Any) -> exp.Placeholder:
        name = f"b{len(self.values)}"
        self.values[name] = value
        return exp.Placeholder(this=name)


Columns = dict[str, exp.Expression]


def counted_rows(indicator: Indicator, window: Window, blanks: Blanks) -> exp.Select:
    """What the indicator reads, narrowed to the window before anything is counted."""
    return _rows(indicator, window, blanks, _read_by(indicator))


def opened_rows(indicator: Indicator, window: Window, blanks: Blanks, *, scopes: list[str]) -> exp.Select:
    """The same rows with what each is found and shown by, where a viewer may open them."""
    table = tables()[indicator.table]
    rows = _rows(indicator, window, blanks, _read_by(indicator) | _opening(table, indicator.month))
    place = _unsearched(parse_one(table.place))
    return rows.where(exp.or_(*(_under(place, scope, blanks) for scope in scopes)))


def _rows(indicator: Indicator, window: Window, blanks: Blanks, columns: Columns) -> exp.Select:
    table = tables()[indicator.table]
    place, moment = parse_one(table.place), table.moment(indicator.month)
    if window.is_wide:
        place = _unsearched(place)
    else:
        moment = _unsearched(moment)
    bounds = _bounds(window, plain=table.is_plain(indicator.month))
    conditions = [_under(place, window.under, blanks), _between(moment, bounds, blanks)]
    if indicator.scenario and table.scenario:
        conditions.append(parse_one(table.scenario).eq(blanks.put(indicator.scenario)))
    chosen = [sql.as_(name) for name, sql in columns.items()]
    return table.source.select(*chosen, append=False).where(*conditions)


def _read_by(indicator: Indicator) -> Columns:
    nodes = [node for node in (indicator.where, indicator.value) if node is not None]
    names = {PLACE, indicator.month, *(column.name for node in nodes for column in node.find_all(exp.Column))}
    return {name: tables()[indicator.table].columns[name].expression for name in sorted(names)}


def _opening(table: Table, month: str) -> Columns:
    """What a row is found and shown by when it is opened."""
    moment = table.moment(month)
    day = "PLAIN_DAY" if table.is_plain(month) else "LOCAL_DAY"
    known = {"row_id": table.id, "row_record": table.record, "row_label": table.label, "row_place": table.place}
    return {
        **{name: parse_one(sql) for name, sql in known.items()},
        "row_day": exp.Anonymous(this=day, expressions=[moment.copy()]),
        "row_at": moment,
    }


def _unsearched(column: exp.Expression) -> exp.Expression:
    return exp.Anonymous(this="UNSEARCHED", expressions=[column])


def _under(place: exp.Expression, code: str, blanks: Blanks) -> exp.Expression:
    """A prefix as a range, which the index of the place answers."""
    return _between(place, (code, next_prefix(code)), blanks) if code else exp.true()


def _between(column: exp.Expression, bounds: tuple[object, object], blanks: Blanks) -> exp.Expression:
    """From the first bound on and before the second."""
    return exp.and_(column.copy() >= blanks.put(bounds[0]), column.copy() < blanks.put(bounds[1]))


def _bounds(window: Window, *, plain: bool) -> tuple[object, object]:
    """The window's time for the moment itself, which an index can answer where a month's text could not."""
    first, end = window.first.start, window.last.end
    if plain:
        return connection.ops.adapt_datefield_value(first.date()), connection.ops.adapt_datefield_value(end.date())
    return connection.ops.adapt_datetimefield_value(first), connection.ops.adapt_datetimefield_value(end)
