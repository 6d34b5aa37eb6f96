"""Which observations a model is estimated on, and which ones it cannot use and why."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.panel.arrays import BoolArray, FloatArray, IntArray
from cunzhi.evaluation.panel.frame import Panel
from cunzhi.evaluation.panel.model import Model


@dataclass(frozen=True, slots=True)
class Sample:
    """The observations used and those left out; nothing goes without standing here.

    read: rows of the table that was read; used: observations in the estimate.
    units, periods: how many of each are used.
    incomplete: source rows left out because a column of the model is empty.
    singletons: source rows that an effect of their own fits perfectly.
    singletons_dropped: whether the convention leaves those out (reghdfe) or keeps and counts them.
    """

    read: int
    used: int
    units: int
    periods: int
    incomplete: IntArray
    singletons: IntArray
    singletons_dropped: bool

    @property
    def notes(self) -> tuple[str, ...]:
        """What a table must say about rows left out, one sentence each."""
        notes = []
        if self.incomplete.size:
            notes.append(f"{self.incomplete.size} rows left out for empty cells: {named(self.incomplete)}")
        if self.singletons.size:
            fate = "left out" if self.singletons_dropped else "kept, though they add nothing to the slopes"
            notes.append(f"{self.singletons.size} singleton rows {fate}: {named(self.singletons)}")
        return tuple(notes)


def draw(panel: Panel, model: Model, extra: Sequence[str] = ()) -> tuple[Panel, Sample]:
    """The complete observations for a model (and extra columns), and what was left out.

    Singletons are dropped again and again until none is left under the convention
    "reghdfe" (Correia 2015), and only reported under the others.
    Raises DataRefused when nothing is left or a weight is not positive.
    """
    names = tuple(dict.fromkeys((*model.columns, *extra)))
    complete = complete_rows(panel, names)
    incomplete = panel.rows[~complete]
    whole = panel.take(complete)
    if whole.n == 0:
        raise DataRefused(
            what="no row has a value in every column of the model",
            where=f"columns {named(names)}, {panel.n} rows",
            how="look for an empty column, or for columns that are never filled together",
        )
    _refuse_weights(whole, model.weights)
    single = singleton_rows(whole, model.effects)
    rows = whole.rows[single]
    dropped = model.convention == "reghdfe"
    if dropped and bool(single.all()):
        raise DataRefused(
            what="every observation is a singleton, so the effects explain everything",
            where=f"{whole.n} rows, {whole.units.size} units, {whole.periods.size} periods",
            how="observe the units in at least two periods or take fewer effects",
        )
    used = whole.take(~single) if dropped else whole
    return used, Sample(panel.source_rows, used.n, used.units.size, used.periods.size, incomplete, rows, dropped)


def complete_rows(panel: Panel, names: Sequence[str]) -> BoolArray:
    """(n,) whether an observation has a value in each of the columns."""
    complete = np.ones(panel.n, dtype=bool)
    for name in names:
        values = panel.column(name)
        if np.isnan(values.sum()):
            complete &= ~np.isnan(values)
    return complete


def singleton_rows(panel: Panel, effects: str) -> BoolArray:
    """(n,) whether an observation is alone in its unit or period once other singletons go."""
    alone = np.zeros(panel.n, dtype=bool)
    sides = {"both": (panel.unit, panel.period), "unit": (panel.unit,), "period": (panel.period,)}
    found = True
    while found:
        found = False
        for codes in sides.get(effects, ()):
            kept = np.bincount(codes, weights=None if not alone.any() else ~alone)
            new = (kept[codes] == 1) & ~alone if bool((kept == 1).any()) else None
            if new is not None and bool(new.any()):
                alone |= new
                found = True
    return alone


def weights_of(panel: Panel, name: str | None) -> FloatArray | None:
    """The (n,) weights of a model, or None when all weigh the same."""
    return None if name is None else panel.column(name)


def _refuse_weights(panel: Panel, name: str | None) -> None:
    """Refuse weights of zero or less."""
    if name is None:
        return
    bad = np.flatnonzero(panel.column(name) <= 0)
    if bad.size:
        raise DataRefused(
            what=f"weights in {name!r} must be positive",
            where=panel.places(bad),
            how="leave out rows that should not count, or correct their weights",
        )
