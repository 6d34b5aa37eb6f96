"""Tables that explain a finished index: contributions, changes, obstacles, coupling."""

from typing import TYPE_CHECKING

import numpy as np

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.index.arrays import Mask, Numbers, Whole
from cunzhi.evaluation.index.build import Build
from cunzhi.evaluation.index.coupling import CLASSES, CLASSES_EN, coupling_coordination, coupling_coordination_revised
from cunzhi.evaluation.index.decompose import arithmetic_change, contributions, geometric_change
from cunzhi.evaluation.index.obstacle import obstacle_degrees
from cunzhi.evaluation.index.steps import is_filled
from cunzhi.evaluation.index.table import FILLED_BY

if TYPE_CHECKING:
    import polars as pl

FORMS = {"usual": coupling_coordination, "revised": coupling_coordination_revised}


def contribution_table(build: Build) -> "pl.DataFrame":
    """What each indicator adds to each score: unit, period, indicator, value, weight, contribution, share, filled.

    The contributions of a unit and period add up to its index. DataRefused unless all means are arithmetic.
    """
    _refuse_other_means(build, "arithmetic")
    weights = np.broadcast_to(build.row_weights, build.panel.values.shape)
    parts = contributions(build.panel.values, weights)
    score = parts.sum(axis=1, keepdims=True)
    share = np.divide(parts, score, out=np.zeros_like(parts), where=score != 0)
    return _long(build, {"value": build.panel.values, "weight": weights, "contribution": parts, "share": share})


def change_table(build: Build) -> "pl.DataFrame":
    """What each indicator adds to each change of the index from one period of a unit to its next.

    Columns: unit, period (the later one), since, indicator, by_value, by_weight, filled (either period).
    Both parts add up over the indicators to the change of the index.
    DataRefused unless the means are all arithmetic or all geometric, or when every unit is seen once.
    """
    import polars as pl  # noqa: PLC0415 -- slow to import

    means = set(_last(build, "aggregate")["means"])
    if len(means) > 1:
        raise DataRefused(
            "A mix of means has no exact parts", f"aggregate({named(means)})", "use one mean for all levels"
        )
    panel = build.panel
    later = np.flatnonzero(np.diff(panel.unit) == 0) + 1
    if not later.size:
        raise DataRefused("Every unit is seen once, so nothing changes", named(panel.units), "add periods")
    weights = np.broadcast_to(build.row_weights, panel.values.shape)
    parts = geometric_change if means == {"geometric"} else arithmetic_change
    done = parts(panel.values[later - 1], panel.values[later], weights[later - 1], weights[later])
    filled = is_filled(panel.filled[later]) | is_filled(panel.filled[later - 1])
    size = len(panel.codes)
    return pl.DataFrame(
        {
            "unit": np.repeat(np.array(panel.units)[panel.unit[later]], size),
            "period": np.repeat(np.array(panel.periods)[panel.period[later]], size),
            "since": np.repeat(np.array(panel.periods)[panel.period[later - 1]], size),
            "indicator": list(panel.codes) * later.size,
            "by_value": done.by_value.ravel(),
            "by_weight": done.by_weight.ravel(),
            "filled": filled.ravel(),
        }
    )


def obstacle_table(build: Build) -> "pl.DataFrame":
    """The share of each indicator in what a unit lacks to the best: unit, period, indicator, value, degree, filled."""
    done = obstacle_degrees(build.panel.values, build.one_set_of_weights)
    return _long(build, {"value": build.panel.values, "degree": done.degree})


def coupling_table(build: Build, *, form: str = "usual") -> "pl.DataFrame":
    """Coupling coordination of the dimensions below the index, equally weighted, in the "usual" or "revised" form.

    Columns: unit, period, the dimensions, coupling, development, coordination, level, class, class_en, filled.
    """
    import polars as pl  # noqa: PLC0415 -- slow to import

    if form not in FORMS:
        raise DataRefused(f"No form {form!r} of the coupling degree", "coupling", f"use {named(FORMS)}")
    if build.scores is None:
        raise DataRefused("There are no scores of dimensions yet", "the log", "call aggregate() first")
    codes = [node.code for node in build.tree.children(build.tree.root.code)]
    column = {code: build.scores.codes.index(code) for code in codes if code in build.scores.codes}
    if len(column) < len(codes):
        raise DataRefused(
            "There are no scores of dimensions", named(codes), "use aggregate(); TOPSIS gives the index only"
        )
    scores = build.scores.values[:, list(column.values())]
    done = FORMS[form](scores, None, codes)
    return pl.DataFrame(
        {
            **build.panel.keys(),
            **{code: scores[:, position] for position, code in enumerate(codes)},
            "coupling": done.coupling,
            "development": done.development,
            "coordination": done.coordination,
            "level": done.level,
            "class": [CLASSES[level] for level in done.level],
            "class_en": [CLASSES_EN[level] for level in done.level],
            "filled": build.scores.filled[:, list(column.values())].mean(axis=1),
        }
    )


def weights_table(build: Build) -> "pl.DataFrame":
    """The weights in force: period ("all" when they do not change), indicator, dimension, weight."""
    import polars as pl  # noqa: PLC0415 -- slow to import

    weights = np.atleast_2d(build.weights_in_force)
    periods = build.panel.periods if len(weights) > 1 else ("all",)
    rows = [(period, node.code, node.parent) for period in periods for node in build.tree.indicators]
    table = pl.DataFrame(rows, schema=["period", "indicator", "dimension"], orient="row")
    return table.with_columns(weight=pl.Series(weights.ravel()))


def _long(build: Build, columns: dict[str, Numbers | Mask | Whole]) -> "pl.DataFrame":
    import polars as pl  # noqa: PLC0415 -- slow to import

    panel, size = build.panel, len(build.panel.codes)
    return pl.DataFrame(
        {
            "unit": np.repeat(np.array(panel.units)[panel.unit], size),
            "period": np.repeat(np.array(panel.periods)[panel.period], size),
            "indicator": list(panel.codes) * len(panel.values),
            **{name: values.ravel() for name, values in columns.items()},
            "filled": np.array(FILLED_BY)[panel.filled.ravel()],
        }
    )


def _refuse_other_means(build: Build, wanted: str) -> None:
    means = _last(build, "aggregate")["means"]
    if set(means) != {wanted}:
        raise DataRefused(
            f"Contributions add up for the {wanted} mean only", f"aggregate({named(means)})", "use change_table instead"
        )


def _last(build: Build, verb: str) -> dict[str, list[str]]:
    found = [step for step in build.log if step["verb"] in ("aggregate", "topsis", "components")]
    if not found or build.scores is None or found[-1]["verb"] != verb:
        raise DataRefused(f"The scores do not come from {verb}()", "the log", f"call {verb}() last")
    return found[-1]
