"""Measures beside the index, over a panel: growth, inequality, spatial pattern, productivity."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.index.arrays import Numbers, vector
from cunzhi.evaluation.index.growth import growth_rates
from cunzhi.evaluation.index.inequality import dagum_gini, theil_l, theil_t
from cunzhi.evaluation.index.malmquist import malmquist
from cunzhi.evaluation.index.moran import local_moran, moran
from cunzhi.evaluation.index.steps import is_filled
from cunzhi.evaluation.index.table import Panel

if TYPE_CHECKING:
    import polars as pl


def growth_table(panel: Panel, values: ArrayLike) -> "pl.DataFrame":
    """Compound, mean and logarithmic growth a year of `values` (n,), one row a unit.

    filled: share of the unit's indicator cells in the panel that were filled.
    """
    import polars as pl  # noqa: PLC0415 -- slow to import

    once = [panel.units[unit] for unit in np.flatnonzero(np.bincount(panel.unit) < 2)]
    if once:
        raise DataRefused("Units seen once have no growth", f"units {named(once)}", "leave them out (screen)")
    done = growth_rates(values, panel.unit, panel.times[panel.period])
    return pl.DataFrame(
        {
            "unit": [panel.units[unit] for unit in done.units],
            "first": done.first,
            "last": done.last,
            "years": done.span,
            "compound": done.compound,
            "mean": done.mean,
            "logarithmic": done.logarithmic,
            "filled": np.bincount(panel.unit, panel.row_filled) / np.bincount(panel.unit),
        }
    )


def inequality_table(panel: Panel, values: ArrayLike, group: str) -> "pl.DataFrame":
    """Dagum's Gini, Theil's T and L of `values` (n,) in each period, with their parts by the grouping `group`.

    filled: share of the period's indicator cells in the panel that were filled.
    """
    import polars as pl  # noqa: PLC0415 -- slow to import

    numbers, labels = vector(values), panel.group(group)
    rows = []
    for at, period in enumerate(panel.periods):
        here = panel.period == at
        gini = dagum_gini(numbers[here], labels[here])
        t, low = theil_t(numbers[here], labels[here]), theil_l(numbers[here], labels[here])
        rows.append((period, gini.gini, gini.within, gini.between, gini.overlap, t.total, t.within, t.between,
                     low.total, low.within, low.between, float(panel.row_filled[here].mean())))  # fmt: skip
    parts = ["gini", "gini_within", "gini_between", "gini_overlap"]
    theils = [f"theil_{kind}{part}" for kind in "tl" for part in ("", "_within", "_between")]
    return pl.DataFrame(rows, schema=["period", *parts, *theils, "filled"], orient="row")


def moran_table(panel: Panel, values: ArrayLike, weights: ArrayLike, *, permutations: int = 999) -> "pl.DataFrame":
    """Global Moran's I of `values` (n,) in each period; weights (U, U) in the order of panel.units.

    filled: share of the period's indicator cells in the panel that were filled.
    """
    import polars as pl  # noqa: PLC0415 -- slow to import

    by_period = _by_period(panel, vector(values))
    done = [moran(row, weights, permutations=permutations) for row in by_period]
    names = ("i", "expected", "z_normal", "p_normal", "z_random", "p_random", "permuted_p")
    found = {name: [getattr(one, name) for one in done] for name in names}
    return pl.DataFrame({"period": panel.periods, **found, "filled": _by_period(panel, panel.row_filled).mean(axis=1)})


def local_moran_table(
    panel: Panel, values: ArrayLike, weights: ArrayLike, *, period: str, permutations: int = 999
) -> "pl.DataFrame":
    """Local Moran's I of every unit in one period: unit, i, quadrant, permuted_p, filled (share of its cells)."""
    import polars as pl  # noqa: PLC0415 -- slow to import

    row = _by_period(panel, vector(values))[panel.period_position(period)]
    done = local_moran(row, weights, permutations=permutations)
    filled = _by_period(panel, panel.row_filled)[panel.period_position(period)]
    found = {"i": done.i, "quadrant": done.quadrant, "permuted_p": done.permuted_p}
    return pl.DataFrame({"unit": panel.units, **found, "filled": filled})


def malmquist_table(panel: Panel, inputs: Sequence[str], outputs: Sequence[str]) -> "pl.DataFrame":
    """Productivity change of every unit from each period to the next, from raw indicators of the panel.

    Columns: unit, period, since, productivity, efficiency, technology, pure, scale, filled (any cell used).
    """
    import polars as pl  # noqa: PLC0415 -- slow to import

    wide = {
        code: _by_period(panel, vector(panel.values[:, panel.position(code)], code)) for code in (*inputs, *outputs)
    }
    taken = np.stack([wide[code] for code in inputs], axis=2)
    made = np.stack([wide[code] for code in outputs], axis=2)
    done = malmquist(taken, made, panel.units)
    used = is_filled(panel.filled[:, panel.positions([*inputs, *outputs])]).sum(axis=1, dtype=np.float64)
    filled = _by_period(panel, np.asarray(used)) > 0
    steps, units = done.productivity.shape
    names = ("productivity", "efficiency", "technology", "pure", "scale")
    return pl.DataFrame(
        {
            "unit": list(panel.units) * steps,
            "period": np.repeat(np.array(panel.periods[1:]), units),
            "since": np.repeat(np.array(panel.periods[:-1]), units),
            **{name: getattr(done, name).ravel() for name in names},
            "filled": (filled[1:] | filled[:-1]).ravel(),
        }
    )


def _by_period(panel: Panel, values: Numbers) -> Numbers:
    """(T, U) from (n,); DataRefused names units that lack a period."""
    wide = np.full((len(panel.periods), len(panel.units)), np.nan)
    present = np.zeros(wide.shape, dtype=bool)
    wide[panel.period, panel.unit] = values
    present[panel.period, panel.unit] = True
    if not present.all():
        absent = [f"{panel.units[unit]} in {panel.periods[at]}" for at, unit in np.argwhere(~present).tolist()]
        raise DataRefused("Units are missing in some periods", named(absent), "add these rows or leave these units out")
    return wide
