"""The cells of a paper's tables, read once, and the distributions that its columns call for."""

from fractions import Fraction

from cunzhi.evaluation.audit.interval import Interval
from cunzhi.evaluation.audit.printed import Cell, Place, read_cell, read_number
from cunzhi.evaluation.audit.stars import FEW, NORMAL, Reference
from cunzhi.studies.audit.spec.paper import Paper
from cunzhi.studies.audit.spec.table import CellName, Operand, Table

YES = {"yes", "y", "是", "控制", "√", "✓"}


class Cells:
    """Every cell of a paper by table, row and column."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.tables = {name: _read(name, table) for name, table in paper.tables.items()}

    def one(self, table: str, row: str, column: str) -> Cell:
        return self.tables[table][row][column]

    def named(self, name: CellName) -> Cell:
        return self.one(name.table, name.row, name.column)

    def operand(self, operand: Operand, sentence: Place) -> Cell:
        """A cell, or a number of a sentence as if it were one."""
        return self.named(operand) if isinstance(operand, CellName) else said(operand, sentence)

    def row(self, table: str, row: str, columns: list[str]) -> list[Cell]:
        return [self.one(table, row, column) for column in columns]

    def column(self, table: str, column: str) -> dict[str, Cell]:
        """The cells of a column by row, without those that are empty."""
        return {row: cells[column] for row, cells in self.tables[table].items() if cells[column].text}

    def observations(self, table: str, column: str) -> Fraction | None:
        """How many observations a column has: printed there, else units × periods of the paper's panel."""
        row = self.paper.tables[table].observations
        number = self.one(table, row, column).number if row else None
        if number is not None:
            return number.value
        panel = self.paper.panel
        return Fraction(panel.units * panel.periods) if panel else None

    def degrees(self, table_name: str, column: str) -> Interval | None:
        """Residual degrees of freedom of a column, from counting all effects to counting none; None when unknown."""
        count, panel = self.observations(table_name, column), self.paper.panel
        table, printed = self.paper.tables[table_name], self.column(table_name, column).values()
        slopes = table.hidden_regressors + sum(cell.bracket is not None and cell.number is not None for cell in printed)
        if count is None:
            return None
        effects = 0
        if panel:
            effects += (panel.units - 1) * self.may_have(table_name, column, table.effects.units)
            effects += (panel.periods - 1) * self.may_have(table_name, column, table.effects.periods)
        most = count - slopes - 1
        return Interval(max(most - effects, Fraction(1)), most) if most >= 1 else None

    def may_have(self, table: str, column: str, row: str | None) -> bool:
        """Whether a column has fixed effects, or the table does not say."""
        return row is None or self.one(table, row, column).text.casefold() in YES

    def references(self, table: str, column: str) -> list[Reference]:
        """What |t| of a column is held against: the normal, t of its residuals, and t of the panel's units."""
        found = [NORMAL]
        degrees, panel = self.degrees(table, column), self.paper.panel
        if degrees:
            found.append(Reference(f"t({degrees.low})", float(degrees.low)))
        if not panel:
            found.append(FEW)
        if panel and (panel.clusters or panel.units) > 1:
            clusters = (panel.clusters or panel.units) - 1
            found.append(Reference(f"t({clusters})", clusters))
        return list(dict.fromkeys(found))


def said(printed: str, sentence: Place) -> Cell:
    """A number that a sentence prints."""
    return Cell(sentence, printed, read_number(printed))


def levels(table: Table) -> list[Fraction]:
    """What stars mean, as exact numbers: 0.05 as written, not as a computer holds it."""
    return [Fraction(str(level)) for level in table.levels]


def _read(name: str, table: Table) -> dict[str, dict[str, Cell]]:
    return {
        row: {
            column: read_cell(text, Place(name, row, column)) for column, text in zip(table.columns, cells, strict=True)
        }
        for row, cells in table.rows.items()
    }
