"""An indicator: one SELECT over one of the lake's tables, read and checked."""

import hashlib
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError

from cunzhi.base.strict_yaml import Problem
from cunzhi.base.text import nearest
from cunzhi.lake.grammar import Grammar, Words
from cunzhi.lake.header import Header, read_header
from cunzhi.lake.tables import PLACE, Table, tables

SHAPE: Final = "SELECT place_code AS place, … AS period, … AS value FROM … WHERE … GROUP BY place_code, …"
CLAUSES: Final = frozenset({"expressions", "from_", "where", "group"})
LONGEST: Final = 10_000


class IndicatorRefused(ValueError):
    """An indicator's file breaks the rules; every problem is named with file and line."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


@dataclass(frozen=True)
class Indicator:
    """A checked SELECT. `month` is the column of its period, `where` is None when every row counts.

    scenario: whose cases and steps it counts; empty for those of every scenario.
    """

    name: str
    scenario: str
    header: Header
    sql: str
    table: str
    month: str
    where: exp.Expression | None = field(repr=False, compare=False)
    value: exp.Expression = field(repr=False, compare=False)

    @property
    def digest(self) -> str:
        """Changes with every change of what is counted."""
        return hashlib.sha256(f"{self.scenario}\0{self.sql}".encode()).hexdigest()

    @property
    def when_nothing(self) -> float | None:
        """The figure of a place where nothing happened: 0 of a bare count or sum, no figure of anything else."""
        return 0.0 if isinstance(self.value, exp.Count | exp.Sum) else None


def read_indicator(text: str, *, name: str, scenario: str = "", words: Words | None = None) -> Indicator:
    """The indicator of a file; IndicatorRefused with every problem when it breaks the rules.

    `name` is the file as the messages show it; `words` are those that the scenario declares.
    """
    header, problems = read_header(text, name=name)
    reading = _Reading(text, name, words or {})
    select = reading.select()
    problems += reading.problems
    if problems or header is None or select is None:
        raise IndicatorRefused(sorted(problems, key=lambda problem: problem.line))
    where = select.args.get("where")
    return Indicator(
        name=PurePosixPath(name).stem,
        scenario=scenario,
        header=header,
        sql=text,
        table=select.args["from_"].this.name,
        month=select.expressions[1].this.name,
        where=where.this if where else None,
        value=select.expressions[2].this,
    )


class _Reading:
    """One reading of the SELECT, from the outside in."""

    def __init__(self, text: str, name: str, words: Words) -> None:
        self.text = text
        self.name = name
        self.words = words
        self.problems: list[Problem] = []

    def select(self) -> exp.Select | None:
        """The SELECT, when it is one of the kind that we know how to open."""
        select = self._parse()
        if select is None:
            return None
        for clause, part in select.args.items():
            if part and clause not in CLAUSES:
                self._wrong(self._first(part) or select, f"`{_keyword(clause)}` is not allowed: write {SHAPE}")
        table = self._table(select)
        if table is not None:
            self._columns(select, table)
            self._expressions(select, table)
        return select

    def _parse(self) -> exp.Select | None:
        if len(self.text) > LONGEST:
            self._refuse(1, f"an indicator has at most {LONGEST} characters")
            return None
        try:
            statements = sqlglot.parse(self.text)
        except ParseError as error:
            first = error.errors[0]
            what = f"not readable near `{first.get('highlight')}`: {first['description']}"
            self._refuse(first.get("line") or 1, what)
            return None
        except (SqlglotError, RecursionError) as error:
            self._refuse(1, f"not readable: {str(error).splitlines()[0]}")
            return None
        if len(statements) == 1 and isinstance(statements[0], exp.Select):
            return statements[0]
        self._refuse(self._first_line(), f"one SELECT is needed and nothing else: {SHAPE}")
        return None

    def _table(self, select: exp.Select) -> Table | None:
        source = select.args.get("from_")
        table = source.this if source else None
        given = {name for name, part in table.args.items() if part} if table else set()
        if not isinstance(table, exp.Table) or given != {"this"} or not isinstance(table.this, exp.Identifier):
            self._wrong(table or select, "FROM names one table, without alias, schema or SELECT")
            return None
        if table.name not in tables():
            meant = nearest(table.name, tables())
            hint = f"did you mean {meant!r}?" if meant else f"there are {', '.join(tables())}"
            self._wrong(table, f"there is no table {table.name!r}: {hint}")
            return None
        return tables()[table.name]

    def _columns(self, select: exp.Select, table: Table) -> None:
        """Place, period and value, grouped by the first two: what every figure is cut by."""
        names = [column.alias for column in select.expressions]
        if names != ["place", "period", "value"] or not all(isinstance(one, exp.Alias) for one in select.expressions):
            self._wrong(select, f"the columns must be place, period, value in this order: {SHAPE}")
            return
        place, period, _ = (column.this for column in select.expressions)
        if not _is_column(place) or place.name != PLACE:
            self._wrong(place, f"the place is `{PLACE} AS place`")
        if not _is_column(period) or period.name not in table.months:
            self._wrong(period, f"the period is one of {', '.join(table.months)}, as `{table.months[0]} AS period`")
            return
        group = select.args.get("group")
        grouped = group.expressions if group else []
        bare = group is not None and {name for name, part in group.args.items() if part} == {"expressions"}
        if not bare or not all(map(_is_column, grouped)) or [one.name for one in grouped] != [PLACE, period.name]:
            self._wrong(group or select, f"the grouping must be `GROUP BY {PLACE}, {period.name}`")

    def _expressions(self, select: exp.Select, table: Table) -> None:
        grammar = Grammar(table, self.words)
        where = select.args.get("where")
        if where is not None:
            grammar.condition(where.this)
        value = next((one.this for one in select.expressions if one.alias == "value"), None)
        if value is not None:
            grammar.value(value)
        for node, what in grammar.problems:
            self._wrong(node, what)

    def _wrong(self, node: exp.Expression, what: str) -> None:
        lines = (one.meta["line"] for one in node.walk(bfs=False) if "line" in one.meta)
        self._refuse(next(lines, self._first_line()), what)

    def _refuse(self, line: int, what: str) -> None:
        self.problems.append(Problem(self.name, line, "", what))

    def _first(self, part: object) -> exp.Expression | None:
        """The first node of a clause, which may be a list of them or a mere flag."""
        parts = part if isinstance(part, list) else [part]
        return next((one for one in parts if isinstance(one, exp.Expression)), None)

    def _first_line(self) -> int:
        """The line on which the SELECT begins."""
        lines = enumerate(self.text.splitlines(), start=1)
        return next((number for number, line in lines if line.strip() and not line.startswith("--")), 1)


def _is_column(node: exp.Expression) -> bool:
    """Whether a node is a bare column, without table or catalogue before it."""
    return isinstance(node, exp.Column) and {name for name, part in node.args.items() if part} == {"this"}


def _keyword(clause: str) -> str:
    return {"with_": "WITH", "joins": "JOIN", "order": "ORDER BY", "laterals": "LATERAL"}.get(clause, clause.upper())
