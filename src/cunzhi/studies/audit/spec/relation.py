"""PAPER.yaml: relations between cells that arithmetic knows."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from cunzhi.base.text import Words
from cunzhi.evaluation.audit.arithmetic import Formula
from cunzhi.studies.audit.spec.table import CellName, ColumnName, Location, Spec


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


RelationOf = Annotated[
    OfRows | OfColumns | Growth | NationalMean | Mediation | SameModel | R2Gain | Instrument,
    Field(discriminator="check"),
]
