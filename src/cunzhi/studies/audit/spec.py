"""PAPER.yaml: the printed tables of a paper and what it says about them."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cunzhi.base.text import Text, Words
from cunzhi.evaluation.audit.arithmetic import Formula
from cunzhi.evaluation.audit.stars import Bracket

Location = tuple[str | int, ...]


class Spec(BaseModel):
    """Closed: an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CellName(Spec):
    """A cell by the labels of its table, row and column, as printed."""

    table: str
    row: str
    column: str


class ColumnName(Spec):
    """A column of a table."""

    table: str
    column: str


Operand = str | CellName
"""A number as the sentence prints it, in quotes, or the cell that it stands in."""


class Panel(Spec):
    """Units and periods of the data, as the paper says; clusters of standard errors where they are not the units."""

    units: int = Field(gt=0)
    periods: int = Field(gt=0)
    clusters: int | None = Field(default=None, gt=1)


class Effects(Spec):
    """The rows that say which fixed effects a column has."""

    units: str | None = None
    periods: str | None = None


class Table(Spec):
    """A table as printed: every row has a cell for every column, empty where nothing is printed.

    kind: `regression` for coefficients with stars and brackets, `numbers` for values, `words` for text.
    bracket: what stands in brackets. errors: how standard errors were computed, as the paper says.
    levels: p of one, two, three stars; empty when the paper does not say.
    observations, effects: rows of counts and of YES and NO.
    hidden_regressors: how many controls are in the equations without a row. statistics: rows that print t or z itself.
    unit: of all numbers, such as "%". quantities: whether a row or a column holds one quantity.
    """

    title: Words
    kind: Literal["regression", "numbers", "words"] = "numbers"
    columns: list[str] = Field(min_length=1)
    rows: dict[str, list[str]]
    note: str = ""
    bracket: Bracket = Bracket.STANDARD_ERROR
    errors: Literal["classical", "robust", "clustered", "unknown"] = "unknown"
    levels: list[float] = [0.1, 0.05, 0.01]
    observations: str | None = None
    effects: Effects = Effects()
    hidden_regressors: int = Field(default=0, ge=0)
    statistics: list[str] = []
    unit: str = ""
    quantities: Literal["rows", "columns"] = "rows"

    @model_validator(mode="after")
    def whole(self) -> Self:
        if short := [row for row, cells in self.rows.items() if len(cells) != len(self.columns)]:
            raise ValueError(f"rows need {len(self.columns)} cells, one for each column: {', '.join(short)}")
        if len(set(self.columns)) < len(self.columns):
            raise ValueError("two columns have the same label; add to one of them what tells them apart")
        if sorted(self.levels, reverse=True) != self.levels or not all(0 < level < 1 for level in self.levels):
            raise ValueError("levels are p of one, two, three stars: between 0 and 1, falling")
        named = (self.observations, self.effects.units, self.effects.periods, *self.statistics)
        if unknown := [row for row in named if row is not None and row not in self.rows]:
            raise ValueError(f"no such row: {', '.join(unknown)}")
        return self


class Relation(Spec):
    """A relation between cells; `mentions` yields every label it names, with where it stands in the relation."""

    def mentions(self) -> Iterator[tuple[Location, str, str | None, str | None]]:
        for name, value in self:
            for location, cell in _cells(value):
                yield (name, *location), cell.table, getattr(cell, "row", None), cell.column


def _cells(value: object) -> Iterator[tuple[Location, CellName | ColumnName]]:
    if isinstance(value, CellName | ColumnName):
        yield (), value
    if isinstance(value, list):
        for number, one in enumerate(value):
            for location, cell in _cells(one):
                yield (number, *location), cell


class OfRows(Relation):
    """In each column (all, unless named), the cell of `row` is the mean or the sum of those of the rows `of`."""

    check: Literal["mean", "sum"]
    table: str
    row: str
    of: list[str] = Field(min_length=1)
    columns: list[str] = []

    def mentions(self) -> Iterator[tuple[Location, str, str | None, str | None]]:
        yield ("row",), self.table, self.row, None
        yield from ((("of", number), self.table, row, None) for number, row in enumerate(self.of))
        yield from ((("columns", number), self.table, None, column) for number, column in enumerate(self.columns))


class OfColumns(Relation):
    """In each row (all, unless named), the cell of `column` is first − second or first / second of the columns `of`."""

    check: Literal["difference", "ratio"]
    table: str
    column: str
    of: list[str] = Field(min_length=2, max_length=2)
    rows: list[str] = []

    def mentions(self) -> Iterator[tuple[Location, str, str | None, str | None]]:
        yield ("column",), self.table, None, self.column
        yield from ((("of", number), self.table, None, column) for number, column in enumerate(self.of))
        yield from ((("rows", number), self.table, row, None) for number, row in enumerate(self.rows))


class Growth(Relation):
    """In each row (all, unless named), `column` is the growth per period, in per cent, over the columns `over`."""

    check: Literal["growth"]
    table: str
    column: str
    over: list[str] = Field(min_length=2)
    rows: list[str] = []
    formulas: list[Formula] = [Formula.COMPOUND, Formula.MEAN]

    def mentions(self) -> Iterator[tuple[Location, str, str | None, str | None]]:
        yield ("column",), self.table, None, self.column
        yield from ((("over", number), self.table, None, column) for number, column in enumerate(self.over))
        yield from ((("rows", number), self.table, row, None) for number, row in enumerate(self.rows))


class NationalMean(Relation):
    """`column` is the weighted mean of the two columns `parts`; `rows` are periods in order and one step apart."""

    check: Literal["national_mean"]
    table: str
    column: str
    parts: list[str] = Field(min_length=2, max_length=2)
    rows: list[str] = Field(min_length=1)
    largest_step: float = Field(default=0.02, gt=0, le=1)

    def mentions(self) -> Iterator[tuple[Location, str, str | None, str | None]]:
        yield ("column",), self.table, None, self.column
        yield from ((("parts", number), self.table, None, column) for number, column in enumerate(self.parts))
        yield from ((("rows", number), self.table, row, None) for number, row in enumerate(self.rows))


class Mediation(Relation):
    """Paths a and b, total and direct effect, and z of the product test where it is printed."""

    check: Literal["mediation"]
    a: CellName
    b: CellName
    total: CellName
    direct: CellName
    z: CellName | None = None
    same_rows: bool = False


class SameModel(Relation):
    """Columns that show the same estimates: rows with the same label must agree."""

    check: Literal["same_model"]
    columns: list[ColumnName] = Field(min_length=2)


class R2Gain(Relation):
    """`added` is the only regressor by which the equation of `having` exceeds that of `without` (both cells of R²)."""

    check: Literal["r2_gain"]
    added: CellName
    without: CellName
    having: CellName


class Instrument(Relation):
    """An instrument that varies only across units (or periods), in the equation of `estimate`."""

    check: Literal["instrument"]
    name: Words
    where: Words
    varies: Literal["units", "periods", "both"]
    estimate: CellName
    effects: CellName
    absorbs: Literal["units", "periods"] = "units"


class Number(Relation):
    """A number of the sentence is that of a cell."""

    check: Literal["number"]
    printed: str
    of: CellName


class Gap(Relation):
    """A number of the sentence is first − second."""

    check: Literal["difference", "ratio"]
    printed: str
    of: list[Operand] = Field(min_length=2, max_length=2)


class PointGap(Relation):
    """A number of the sentence with a percent sign is a gap between two percentages: of what kind?"""

    check: Literal["percentage_points"]
    printed: str
    of: list[Operand] = Field(min_length=2, max_length=2)


class Significance(Relation):
    """The sentence gives a cell a level of significance: a p, or significant at some level, or not significant."""

    check: Literal["significance"]
    of: CellName
    level: float | Literal["some", "none"]


class Sign(Relation):
    """The sentence says that a cell is positive or negative."""

    check: Literal["sign"]
    of: CellName
    sign: Literal["positive", "negative"]


class Order(Relation):
    """The sentence says that one number is smaller than another."""

    check: Literal["order"]
    smaller: Operand
    greater: Operand


class Trend(Relation):
    """The sentence says that rows (all, unless named) rise or fall over columns."""

    check: Literal["trend"]
    table: str
    over: list[str] = Field(min_length=2)
    rows: list[str] = []
    direction: Literal["rises", "falls"]

    def mentions(self) -> Iterator[tuple[Location, str, str | None, str | None]]:
        yield from ((("over", number), self.table, None, column) for number, column in enumerate(self.over))
        yield from ((("rows", number), self.table, row, None) for number, row in enumerate(self.rows))


class Word(Relation):
    """The sentence says that a cell has a word, such as NO for effects that are not in."""

    check: Literal["word"]
    of: CellName
    printed: str


class Standardised(Relation):
    """The sentence reads a coefficient as standard deviations of the outcome per standard deviation of the regressor.

    deviations: printed standard deviations of regressor and outcome, where the paper prints them.
    """

    check: Literal["standardised"]
    printed: str
    of: CellName
    constant: CellName
    deviations: list[Operand] = Field(default=[], max_length=2)


class Evidence(Relation):
    """The sentence states a result. needs: what would show it. shown: tables or tests of the paper that do."""

    check: Literal["evidence"]
    needs: Text
    shown: list[str] = []


RelationOf = Annotated[
    OfRows | OfColumns | Growth | NationalMean | Mediation | SameModel | R2Gain | Instrument,
    Field(discriminator="check"),
]
SentenceOf = Annotated[
    Number | Gap | PointGap | Significance | Sign | Order | Trend | Word | Standardised | Evidence,
    Field(discriminator="check"),
]


class Claim(Spec):
    """A sentence of the paper: where it stands, its words, and what it says about numbers."""

    where: Words
    says: Words
    checks: list[SentenceOf] = Field(min_length=1)


class Paper(Spec):
    """A paper as printed. source: title, authors, place and licence, for whoever reads the audit."""

    title: Words
    authors: Words
    source: Words
    panel: Panel | None = None
    tables: dict[str, Table]
    relations: list[RelationOf] = []
    claims: list[Claim] = []
