"""What a study found, as plain frozen data: tables of cells, figures with their numbers, sentences, traces."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from cunzhi.base.text import Text

Kind = Literal["body", "beneath", "foot"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed cell.

    text: as printed, the same in every output and language; words: in place of it where a cell is words.
    value: the number behind the text, unrounded; None where the cell is no number.
    more: numbers that belong to the cell without being printed in it (se, p, low, high).
    trace: identity of the trace in `Results.traces`; path: where the number stands in the traced result.
    filled: whether the number rests on at least one cell that was filled, not observed.
    """

    text: str = ""
    words: Text | None = None
    value: float | None = None
    more: Mapping[str, float] = field(default_factory=dict)
    trace: str = ""
    path: str = ""
    filled: bool = False

    def say(self, language: str) -> str:
        """The cell as printed in a language, a dagger behind what rests on filled cells."""
        said = self.text if self.words is None else self.words.in_(language)
        return f"{said}†" if self.filled and said else said


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table; `beneath` belongs to the line above it (a standard error), `foot` stands under a rule."""

    key: str
    label: Text | None
    cells: tuple[Cell, ...]
    kind: Kind = "body"


@dataclass(frozen=True, slots=True)
class Table:
    """A three-line table: `head` names its columns, the first being that of the labels; notes stand under it."""

    key: str
    title: Text
    head: tuple[Text, ...]
    rows: tuple[Row, ...]
    notes: tuple[Text, ...] = ()

    def cell(self, row: str, column: int) -> Cell:
        """The cell in the row of that key and the column counted from 0, labels left out; KeyError when none."""
        for line in self.rows:
            if line.key == row:
                return line.cells[column]
        raise KeyError(f"{self.key} has no row {row!r}")


@dataclass(frozen=True, slots=True)
class Claim:
    """A number or word in a sentence and the cell it is taken from.

    kind: how the cell's value is put into words (see sentences.py); digits: decimals of a number.
    figure: which of the cell's numbers, empty for its value, else a key of `more`.
    """

    blank: str
    kind: str
    table: str
    row: str
    column: int
    figure: str = ""
    digits: int = 3


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence under a table: `key` names its template, claims fill the blanks that come from cells."""

    table: str
    key: str
    text: Text
    claims: tuple[Claim, ...]
    names: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawn figure: its numbers as a table (column names and rows) and its pictures by language."""

    key: str
    title: Text
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """All that a study found; the same data, specification, code and seed give the same Results."""

    title: Text
    simulated: bool
    seed: int
    draws: int
    data: Mapping[str, Any]
    choices: Mapping[str, Any]
    versions: Mapping[str, str]
    tables: tuple[Table, ...]
    figures: tuple[Figure, ...]
    sentences: tuple[Sentence, ...]
    traces: Mapping[str, Any]
    origins: Mapping[str, Any]
    left_out: tuple[Text, ...] = ()

    def table(self, key: str) -> Table:
        """The table of that key; KeyError when the study has none."""
        for table in self.tables:
            if table.key == key:
                return table
        raise KeyError(f"the study has no table {key!r}")
