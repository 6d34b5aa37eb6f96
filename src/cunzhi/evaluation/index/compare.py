"""Side by side: the ranks under named variants of an index, and what each indicator does to the ranks."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.index.arrays import Numbers
from cunzhi.evaluation.index.build import Build, replay
from cunzhi.evaluation.index.table import Panel
from cunzhi.evaluation.index.tree import Tree
from cunzhi.evaluation.index.uncertainty import ranks

if TYPE_CHECKING:
    import polars as pl

Steps = Sequence[Mapping[str, Any]]


def variant_table(data: Panel, tree: Tree, variants: Mapping[str, Steps], *, period: str) -> "pl.DataFrame":
    """Score and rank of every unit in one period under each variant: unit, `<name>`, `<name>:rank`, `<name>:filled`.

    variants: logs by name, such as pooled, yearly and frozen entropy weights made with `changed`; names are not "unit".
    DataRefused when variants keep different units.
    """
    import polars as pl  # noqa: PLC0415 -- slow to import

    columns: dict[str, object] = {}
    for name, log in variants.items():
        units, scores, filled = _in_period(replay(data, tree, log), period)
        if columns.setdefault("unit", units) != units:
            raise DataRefused("The variants keep different units", f"variant {name}", "do not vary the screening")
        columns |= {name: scores, f"{name}:rank": ranks(scores), f"{name}:filled": filled}
    return pl.DataFrame(columns)


def influence_table(data: Panel, tree: Tree, log: Steps, *, period: str) -> "pl.DataFrame":
    """What leaving out one indicator does to the ranks.

    Columns: indicator, mean_shift, largest_shift, unit (the one moved most), filled (share of its cells).
    The log is replayed without each indicator in turn; steps that name it are not changed and are refused.
    DataRefused for a tree of one indicator, and for indicators whose loss lets the screening keep other units.
    """
    import polars as pl  # noqa: PLC0415 -- slow to import

    if len(tree.codes) < 2:
        raise DataRefused("The tree has one indicator only", named(tree.codes), "leave it in")
    finished = replay(data, tree, log)
    units, whole, _ = _in_period(finished, period)
    rows = []
    for code in finished.tree.codes:
        columns = np.array([other != code for other in tree.codes])
        kept = data.keep(rows=np.ones(len(data.values), dtype=bool), columns=columns)
        others, scores, _ = _in_period(replay(kept, tree.without([code]), log), period)
        if others != units:
            raise DataRefused("Without it the screening keeps other units", f"indicator {code}", "screen once, before")
        shift = np.abs(ranks(scores) - ranks(whole))
        filled = finished.panel.filled[:, finished.panel.position(code)] > 0
        rows.append((code, float(shift.mean()), float(shift.max()), units[int(shift.argmax())], float(filled.mean())))
    return pl.DataFrame(rows, schema=["indicator", "mean_shift", "largest_shift", "unit", "filled"], orient="row")


def _in_period(build: Build, period: str) -> tuple[list[str], Numbers, Numbers]:
    rows = np.flatnonzero(build.panel.period == build.panel.period_position(period))
    units = [build.panel.units[unit] for unit in build.panel.unit[rows]]
    return units, build.index[rows], build.panel.row_filled[rows]
