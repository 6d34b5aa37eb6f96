"""PAPER.yaml: a table as printed, and how its cells are named."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cunzhi.base.text import Words
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
