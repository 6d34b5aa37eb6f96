"""A panel: who (unit), when (period) and named float columns, sorted by unit and period."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.panel.arrays import BoolArray, FloatArray, IntArray, LabelArray
from cunzhi.evaluation.panel.reading import codes_of, floats_of, names_of, raw_column


@dataclass(frozen=True, slots=True)
class Panel:
    """Observations of units over periods; a unit has at most one row in a period.

    unit: (n,) codes 0..N-1, ascending.
    period: (n,) codes 0..T-1, ascending within a unit.
    units, periods: (N,) and (T,) labels that the codes stand for.
    columns: name to (n,) float64; a missing value is NaN.
    rows: (n,) position of each observation in the table that was read, from 0.
    source_rows: number of rows of the table that was read.
    """

    unit: IntArray
    period: IntArray
    units: LabelArray
    periods: LabelArray
    columns: Mapping[str, FloatArray]
    rows: IntArray
    source_rows: int

    @property
    def n(self) -> int:
        """Number of observations."""
        return int(self.unit.size)

    @property
    def balanced(self) -> bool:
        """Whether every unit is observed in every period."""
        return self.n == self.units.size * self.periods.size

    def column(self, name: str) -> FloatArray:
        """The (n,) values of a column; DataRefused names the columns there are."""
        if name not in self.columns:
            raise DataRefused(
                what=f"the panel has no column {name!r}",
                where=f"columns: {named(self.columns)}",
                how="correct the name or add the column when reading the panel",
            )
        return self.columns[name]

    def place(self, position: int) -> str:
        """Say which observation stands at a position, for messages."""
        unit, period = self.units[self.unit[position]], self.periods[self.period[position]]
        return f"row {int(self.rows[position])} (unit {unit}, period {period})"

    def places(self, positions: IntArray) -> str:
        """Name the first few of several observations and count the rest."""
        return named(self.place(int(position)) for position in positions[:9]) + (
            f" (of {positions.size})" if positions.size > 9 else ""
        )

    def with_columns(self, columns: Mapping[str, FloatArray]) -> "Panel":
        """The same observations with columns added or replaced; each must have shape (n,)."""
        for name, values in columns.items():
            if np.shape(values) != (self.n,):
                raise DataRefused(
                    what=f"column {name!r} does not fit the panel",
                    where=f"shape {np.shape(values)} where ({self.n},) is needed",
                    how="give one value for each observation, in the order of the panel",
                )
        added = {name: np.asarray(values, dtype=np.float64) for name, values in columns.items()}
        return replace(self, columns={**self.columns, **added})

    def take(self, keep: BoolArray) -> "Panel":
        """The observations where keep (n,) is true; units and periods left without any go."""
        if bool(keep.all()):
            return self
        unit, units = _compact(self.unit[keep], self.units)
        period, periods = _compact(self.period[keep], self.periods)
        columns = {name: values[keep] for name, values in self.columns.items()}
        return Panel(unit, period, units, periods, columns, self.rows[keep], self.source_rows)

    def of_units(self, chosen: Sequence[int] | IntArray) -> "Panel":
        """The panel made of units by code, in that order; a unit chosen twice becomes two units.

        The labels of the new units are 0, 1, 2 ... in the order of choice.
        """
        picks = np.asarray(chosen, dtype=np.intp)
        starts = np.searchsorted(self.unit, np.arange(self.units.size + 1))
        lengths = np.diff(starts)[picks]
        unit = np.repeat(np.arange(picks.size), lengths)
        first = np.cumsum(lengths) - lengths
        at = np.arange(unit.size) - first[unit] + starts[picks][unit]
        period, periods = _compact(self.period[at], self.periods)
        columns = {name: values[at] for name, values in self.columns.items()}
        labels: LabelArray = np.arange(picks.size)
        return Panel(unit, period, labels, periods, columns, self.rows[at], self.source_rows)


def read(source: Any, *, unit: str, period: str, columns: Iterable[str] | None = None) -> Panel:
    """Make a panel of a polars or pandas frame or of a mapping of names to sequences.

    unit, period: the names of the columns that say who and when.
    columns: the names to keep as numbers; all others but unit and period when None.
    Raises DataRefused for unknown names, text or infinity among numbers, a row without
    unit or period, and a unit with two rows in one period; each with rows and columns.
    """
    there = names_of(source)
    wanted = [name for name in there if name not in (unit, period)] if columns is None else list(columns)
    for name in (unit, period, *wanted):
        if name not in there:
            raise DataRefused(
                what=f"the table has no column {name!r}",
                where=f"columns: {named(there)}",
                how="correct the name; names are case-sensitive",
            )
    unit_codes, units = codes_of(raw_column(source, unit), unit)
    period_codes, periods = codes_of(raw_column(source, period), period)
    numbers = {name: floats_of(raw_column(source, name), name) for name in wanted}
    for name, values in numbers.items():
        if values.size != unit_codes.size:
            raise DataRefused(
                what="columns have different lengths",
                where=f"{name!r} has {values.size} rows, {unit!r} has {unit_codes.size}",
                how="give a table whose columns are equally long",
            )
    cell = unit_codes * periods.size + period_codes
    order = None if bool(np.all(cell[1:] > cell[:-1])) else np.argsort(cell, kind="stable")
    rows: IntArray = np.arange(cell.size) if order is None else order
    if order is not None:
        cell, unit_codes, period_codes = cell[order], unit_codes[order], period_codes[order]
        numbers = {name: values[order] for name, values in numbers.items()}
    panel = Panel(unit_codes, period_codes, units, periods, numbers, rows, int(cell.size))
    _refuse_twins(panel, cell)
    return panel


def _refuse_twins(panel: Panel, cell: IntArray) -> None:
    """Refuse a panel in which a unit has two rows in one period."""
    if cell.size == 0:
        raise DataRefused(what="the table is empty", where="0 rows", how="check the file and its filters")
    twins = np.flatnonzero(cell[1:] == cell[:-1]) + 1
    if twins.size:
        raise DataRefused(
            what="a unit has more than one row in a period",
            where=panel.places(np.unique(np.concatenate([twins - 1, twins]))),
            how="keep one row for each unit and period, or sum or average the twins first",
        )


def _compact(codes: IntArray, labels: LabelArray) -> tuple[IntArray, LabelArray]:
    """Renumber codes so that only labels still in use remain, in their order."""
    used = np.bincount(codes, minlength=labels.size) > 0
    renumbered = np.cumsum(used) - 1
    return renumbered[codes].astype(np.intp, copy=False), labels[used]
