"""Turns an indicator's SELECT into the queries that answer it: figures by place and month, and the rows behind them.

Nothing here knows what an indicator is about. The figure and its records come from the same parsed SELECT, over the
same rows; so they cannot tell different stories.
"""

from dataclasses import dataclass

from sqlglot import exp

from cunzhi.lake.grammar import AGGREGATES
from cunzhi.lake.indicator import Indicator
from cunzhi.lake.rows import Blanks, counted_rows, opened_rows
from cunzhi.lake.tables import PLACE
from cunzhi.lake.window import Level, Window

ROW = ("row_id", "row_record", "row_label", "row_place", "row_day", "row_part")
"""The columns of the rows behind a figure."""


@dataclass(frozen=True)
class Query:
    """A rewritten SELECT with the values of its blanks."""

    select: exp.Select
    blanks: Blanks


def figures_query(indicator: Indicator, window: Window, *, level: Level | None, monthly: bool) -> Query:
    """Place, period and value: cut by the places of a level, or not at all; by month, or over the whole window."""
    blanks = Blanks()
    rows = counted_rows(indicator, window, blanks).subquery(indicator.table)
    place = _place_at(level, window) if level else exp.Literal.string(window.under)
    period = exp.column(indicator.month) if monthly else exp.Literal.string(window.period)
    cuts = [part for part, wanted in ((place, level), (period, monthly)) if wanted]
    value = exp.cast(_real(indicator.value), "double")
    select = exp.select(place.as_("place"), period.as_("period"), value.as_("value")).from_(rows)
    return Query(select.where(*_conditions(indicator)).group_by(*cuts), blanks)


def records_query(indicator: Indicator, window: Window, *, level: Level | None, scopes: list[str]) -> Query:
    """The rows that the figure of `window.under` was counted from, as far as they lie in one of the scopes."""
    blanks = Blanks()
    rows = opened_rows(indicator, window, blanks, scopes=scopes).subquery(indicator.table)
    select = exp.select(*(exp.column(name) for name in ROW[:-1]), _part(indicator).as_(ROW[-1]), "row_at").from_(rows)
    select = select.where(*_conditions(indicator))
    if level:
        select = select.where(_place_at(level, window).eq(blanks.put(window.under)))
    return Query(select.where(_taken(indicator)), blanks)


def how_many(query: Query, indicator: Indicator) -> Query:
    """How many rows there are, and how many of them the figure's first aggregate counts."""
    part = exp.column(ROW[-1])
    counts = part.is_(exp.null()).not_()
    if isinstance(first_aggregate(indicator), exp.Sum):
        counts = exp.and_(counts, part.neq(0))
    counted = exp.func("COUNT", exp.case().when(counts, exp.Literal.number(1)))
    select = exp.select(exp.Count(this=exp.Star()), counted).from_(query.select.subquery("opened"))
    return Query(select, query.blanks)


def page(query: Query, *, limit: int, offset: int) -> Query:
    """Some of the rows, the newest first."""
    newest = (exp.column("row_at").desc(), exp.column("row_id").desc())
    return Query(query.select.order_by(*newest).limit(limit).offset(offset), query.blanks)


def first_aggregate(indicator: Indicator) -> exp.Expression:
    """The numerator of a ratio, or the only aggregate that there is."""
    return next(node for node in indicator.value.walk(bfs=False) if isinstance(node, AGGREGATES))


def _conditions(indicator: Indicator) -> list[exp.Expression]:
    return [] if indicator.where is None else [indicator.where]


def _place_at(level: Level, window: Window) -> exp.Expression:
    """The code of the level's place in which a row lies; one that lies higher keeps its own shorter code."""
    return exp.Anonymous(this="PREFIX", expressions=[exp.column(PLACE), exp.Literal.number(window.digits(level))])


def _part(indicator: Indicator) -> exp.Expression:
    """What a row brings to the first aggregate: 1 to COUNT(*), its amount to SUM(amount)."""
    taken = _taken_by(first_aggregate(indicator))
    return exp.Literal.number(1) if isinstance(taken, exp.Star) else _real(taken)


def _taken_by(aggregate: exp.Expression) -> exp.Expression:
    inside: exp.Expression = aggregate.this
    return inside.expressions[0] if isinstance(inside, exp.Distinct) else inside


def _taken(indicator: Indicator) -> exp.Expression:
    """That some aggregate of the value counts the row: one that sees NULL passes it over."""
    taken = [_taken_by(node) for node in indicator.value.find_all(*AGGREGATES)]
    if any(isinstance(one, exp.Star) for one in taken):
        return exp.true()
    return exp.or_(*(_real(one).is_(exp.null()).not_() for one in taken))


def _real(node: exp.Expression) -> exp.Expression:
    """A copy that divides alike on every engine: in real numbers, and by zero to no figure."""
    copy = node.copy()
    for division in list(copy.find_all(exp.Div)):
        division.set("this", exp.cast(division.this, "double"))
        division.set("expression", exp.Nullif(this=division.expression, expression=exp.Literal.number(0)))
        division.set("typed", True)
    return copy
