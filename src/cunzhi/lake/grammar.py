"""What may stand in an indicator's SELECT, and of what kind it is: all else is refused, whatever it does.

The list is closed, so nothing has to be known about what is dangerous. Kinds are as strict as PostgreSQL's; SQLite
alone would compare a number with a text and quietly find nothing.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final, Literal

from sqlglot import exp

from cunzhi.base.text import nearest
from cunzhi.lake.tables import Table

Words = Mapping[str, frozenset[str]]
"""List of words -> the words that a scenario declares, such as its states. A list that is absent stays open."""

AGGREGATES: Final = (exp.Count, exp.Sum, exp.Avg, exp.Min, exp.Max)
ONLY_COUNTED: Final = ("reference", "place")
UNKNOWN: Final = "unknown"
NOTHING: Final = "nothing"
WRITTEN: Final = {
    "day": re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", re.ASCII),
    "month": re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII),
}
ALLOWED: Final = (
    "an indicator has columns, literals, + - * /, comparisons, AND, OR, NOT, IN, BETWEEN, IS NULL, CASE WHEN, "
    "COALESCE, NULLIF, and in its value COUNT, SUM, AVG, MIN, MAX"
)


class Grammar:
    """One reading of an indicator's expressions, which gathers every problem with the node that it is about."""

    def __init__(self, table: Table, words: Words) -> None:
        self.table = table
        self.words = words
        self.problems: list[tuple[exp.Expression, str]] = []
        self.within: Literal["condition", "value", "aggregate"] = "condition"

    def condition(self, node: exp.Expression) -> None:
        """A WHERE clause: true or false of each row."""
        self.within = "condition"
        self._expect(node, "truth")

    def value(self, node: exp.Expression) -> None:
        """The figure: a number made of aggregates."""
        self.within = "value"
        self._expect(node, "number")
        if node.find(*AGGREGATES) is None:
            self._wrong(node, "the value counts nothing: use COUNT, SUM, AVG, MIN or MAX")

    def kind(self, node: exp.Expression) -> str:
        """The kind of an expression; 'unknown' once it has a problem, so that one mistake is told once."""
        rule, parts = RULES.get(type(node), (None, frozenset()))
        if rule is None:
            return self._wrong(node, f"{_called(node)} is not allowed; {ALLOWED}")
        given = {name for name, part in node.args.items() if part not in (None, False, [])}
        if given - parts:
            return self._wrong(node, f"this form of {_called(node)} is not allowed: `{node.sql()}`")
        return rule(self, node)

    def _wrong(self, node: exp.Expression, what: str) -> str:
        self.problems.append((node, what))
        return UNKNOWN

    def _expect(self, node: exp.Expression, wanted: str) -> None:
        found = self.kind(node)
        if found in (wanted, UNKNOWN):
            return
        counted = (found, wanted) == ("truth", "number")
        how = "write CASE WHEN … THEN 1 ELSE 0 END" if counted else f"a {wanted} is needed here"
        self._wrong(node, f"`{node.sql()}` is a {found}: {how}")

    def _column(self, node: exp.Expression) -> str:
        column = self.table.columns.get(node.name)
        if column is None:
            meant = nearest(node.name, self.table.columns)
            hint = f"did you mean {meant!r}?" if meant else f"there are {', '.join(self.table.columns)}"
            return self._wrong(node, f"there is no column {node.name!r}: {hint}")
        if self.within == "value":
            return self._wrong(node, f"`{node.name}` must stand inside an aggregate: it differs from row to row")
        return column.type

    def _literal(self, node: exp.Expression) -> str:
        return "text" if node.args["is_string"] else "number"

    def _truth(self, node: exp.Expression) -> str:
        return "truth"

    def _nothing(self, node: exp.Expression) -> str:
        return NOTHING

    def _inside(self, node: exp.Expression) -> str:
        return self.kind(node.this)

    def _arithmetic(self, node: exp.Expression) -> str:
        for part in node.iter_expressions():
            self._expect(part, "number")
        return "number"

    def _logic(self, node: exp.Expression) -> str:
        for part in node.iter_expressions():
            self._expect(part, "truth")
        return "truth"

    def _is_null(self, node: exp.Expression) -> str:
        if not isinstance(node.expression, exp.Null):
            return self._wrong(node, f"`{node.sql()}`: IS stands before NULL or NOT NULL only")
        self.kind(node.this)
        return "truth"

    def _equality(self, node: exp.Expression) -> str:
        self._compare(node)
        return "truth"

    def _order(self, node: exp.Expression) -> str:
        if not {"number", "day", "month", UNKNOWN} & set(self._compare(node)):
            self._wrong(node, f"`{node.sql()}`: only numbers, days and months have an order")
        return "truth"

    def _compare(self, node: exp.Expression) -> list[str]:
        """The kinds of all that is compared, in order; each of the others must go with the first."""
        parts = list(node.iter_expressions())
        kinds = [self.kind(part) for part in parts]
        for part, kind in zip(parts[1:], kinds[1:], strict=True):
            self._fit(node, (parts[0], kinds[0]), (part, kind))
        return kinds

    def _fit(self, node: exp.Expression, left: tuple[exp.Expression, str], right: tuple[exp.Expression, str]) -> None:
        kinds = {left[1], right[1]}
        if UNKNOWN in kinds:
            return
        if NOTHING in kinds:
            self._wrong(node, f"`{node.sql()}` is never true: write IS NULL or IS NOT NULL")
        elif kinds & set(ONLY_COUNTED):
            self._wrong(node, f"`{node.sql()}`: a {left[1]} can be counted or asked for NULL, but not compared")
        elif len(kinds) == 1:
            self._known_words(left[0], right[0])
            self._known_words(right[0], left[0])
        elif not self._dated(left, right) and not self._dated(right, left):
            self._wrong(node, f"`{node.sql()}` compares a {left[1]} with a {right[1]}")

    def _dated(self, literal: tuple[exp.Expression, str], other: tuple[exp.Expression, str]) -> bool:
        """Whether one side is a text beside a day or month; such a text must be one."""
        pattern = WRITTEN.get(other[1])
        if pattern is None or not isinstance(literal[0], exp.Literal) or literal[1] != "text":
            return False
        if not pattern.fullmatch(literal[0].name):
            example = "'2026-07-01'" if other[1] == "day" else "'2026-07'"
            self._wrong(literal[0], f"{literal[0].sql()} is no {other[1]}: write it as {example}")
        return True

    def _known_words(self, column: exp.Expression, literal: exp.Expression) -> None:
        """A word that the scenario does not know would count nothing for ever."""
        if not isinstance(column, exp.Column) or not isinstance(literal, exp.Literal):
            return
        known = self.words.get(self.table.columns[column.name].words)
        if known is None or literal.name in known or not literal.name:
            return
        meant = nearest(literal.name, known)
        hint = f"did you mean {meant!r}?" if meant else f"there are {', '.join(sorted(known))}"
        self._wrong(literal, f"{column.name} is never {literal.name!r} in this scenario: {hint}")

    def _case(self, node: exp.Expression) -> str:
        for branch in node.args["ifs"]:
            self._expect(branch.this, "truth")
        default = node.args.get("default")
        results = [branch.args["true"] for branch in node.args["ifs"]]
        return self._same_kind(node, [*results, default] if default is not None else results)

    def _coalesce(self, node: exp.Expression) -> str:
        return self._same_kind(node, [node.this, *node.expressions])

    def _nullif(self, node: exp.Expression) -> str:
        return self._compare(node)[0]

    def _same_kind(self, node: exp.Expression, parts: Iterable[exp.Expression]) -> str:
        kinds = {self.kind(part) for part in parts}
        if UNKNOWN in kinds:
            return UNKNOWN
        kinds.discard(NOTHING)
        if len(kinds) == 1:
            return kinds.pop()
        return self._wrong(node, f"`{node.sql()}` may give {' or '.join(sorted(kinds)) or 'nothing'}: make it one kind")

    def _number_aggregate(self, node: exp.Expression) -> str:
        return self._aggregate(node, lambda: self._expect(node.this, "number"))

    def _count(self, node: exp.Expression) -> str:
        counted = node.this
        if isinstance(counted, exp.Distinct):
            if len(counted.expressions) != 1 or counted.args.get("on"):
                return self._wrong(node, "COUNT(DISTINCT …) takes one column or expression")
            counted = counted.expressions[0]
        if isinstance(counted, exp.Star):
            return self._aggregate(node, lambda: None)
        return self._aggregate(node, lambda: self.kind(counted))

    def _aggregate(self, node: exp.Expression, read: Callable[[], object]) -> str:
        if self.within == "condition":
            return self._wrong(node, f"{_called(node)} stands in the value only: a row knows nothing of the others")
        if self.within == "aggregate":
            return self._wrong(node, f"{_called(node)} stands inside another aggregate")
        self.within = "aggregate"
        read()
        self.within = "value"
        return "number"


def _called(node: exp.Expression) -> str:
    """What an author would call a node: its function's name, or what the parser calls its keyword."""
    if isinstance(node, exp.Anonymous):
        return node.name.upper()
    return str(node.key).upper()


BINARY: Final = frozenset({"this", "expression"})
Rule = Callable[[Grammar, exp.Expression], str]
RULES: Final[dict[type[exp.Expression], tuple[Rule, frozenset[str]]]] = {
    exp.Column: (Grammar._column, frozenset({"this"})),
    exp.Literal: (Grammar._literal, frozenset({"this", "is_string"})),
    exp.Boolean: (Grammar._truth, frozenset({"this"})),
    exp.Null: (Grammar._nothing, frozenset()),
    exp.Paren: (Grammar._inside, frozenset({"this"})),
    exp.Neg: (Grammar._arithmetic, frozenset({"this"})),
    **{kind: (Grammar._arithmetic, BINARY | {"typed", "safe"}) for kind in (exp.Add, exp.Sub, exp.Mul, exp.Div)},
    **dict.fromkeys((exp.And, exp.Or, exp.Not), (Grammar._logic, BINARY)),
    **dict.fromkeys((exp.EQ, exp.NEQ), (Grammar._equality, BINARY)),
    **dict.fromkeys((exp.LT, exp.LTE, exp.GT, exp.GTE), (Grammar._order, BINARY)),
    exp.Between: (Grammar._order, frozenset({"this", "low", "high"})),
    exp.In: (Grammar._equality, frozenset({"this", "expressions"})),
    exp.Is: (Grammar._is_null, BINARY),
    exp.Case: (Grammar._case, frozenset({"ifs", "default"})),
    exp.Coalesce: (Grammar._coalesce, frozenset({"this", "expressions"})),
    exp.Nullif: (Grammar._nullif, BINARY),
    exp.Count: (Grammar._count, frozenset({"this", "big_int"})),
    **{kind: (Grammar._number_aggregate, frozenset({"this"})) for kind in (exp.Sum, exp.Avg, exp.Min, exp.Max)},
}
"""Node -> how its kind is found, and the parts that it may have."""
