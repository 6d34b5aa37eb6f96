"""The slope of an index with the index's own uncertainty: rebuilds a study's index in draws and from halves."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from cunzhi.evaluation.index.arrays import Numbers
from cunzhi.evaluation.index.build import Build, step_again
from cunzhi.evaluation.panel.frame import Panel
from cunzhi.evaluation.panel.index_draws import INDEX, Builder
from cunzhi.evaluation.panel.index_uncertainty import IndexUncertainty, index_uncertainty
from cunzhi.evaluation.panel.model import Model
from cunzhi.studies.index_weighers import index_panel, weigher_of
from cunzhi.studies.prepared import Prepared, leading_fills


def index_doubts(prepared: Prepared) -> Callable[..., IndexUncertainty]:
    """The estimator for the treatment's index, to be called with a panel, a model, draws and seed."""
    name = prepared.study.roles.treatment
    build = prepared.builds[name]
    mean, deviation = prepared.scale.get(name, (0.0, 1.0))

    def index_in_draws(panel: Panel, model: Model, *, draws: int, seed: int) -> IndexUncertainty:
        """Slope of the treatment's index with its weights estimated anew in every draw of units."""
        regressors = tuple(INDEX if one == name else one for one in model.regressors)
        own = replace(model, regressors=regressors)
        controls = {one: panel.column(one) for one in own.columns if one != INDEX}
        indicators = _filled_indicators(prepared.filled_builds[name], panel)
        lean = Panel(
            panel.unit,
            panel.period,
            panel.units,
            panel.periods,
            {**controls, **indicators},
            panel.rows,
            panel.source_rows,
        )
        return index_uncertainty(
            lean,
            own,
            indicators=tuple(indicators),
            build=rebuilder(build, mean, deviation),
            weigh=weigher_of(build, deviation),
            splits=prepared.study.splits,
            draws=draws,
            seed=seed,
        )

    return index_in_draws


def rebuilder(build: Build, mean: float, deviation: float) -> Builder:
    """Builds the index of `build` from any rows and any of its indicators, in standard deviations of the first one."""
    steps = build.log[leading_fills(build.log) :]

    def again(panel: Panel, names: Sequence[str]) -> Numbers:
        tree = build.tree.without([code for code in build.tree.codes if code not in names])
        table = index_panel(panel, names)
        made = Build(table, tree)
        for number, step in enumerate(steps, start=1):
            made = step_again(made, number, _within(step, names))
        return (made.index - mean) / deviation

    return again


def _within(step: dict[str, object], names: Sequence[str]) -> dict[str, object]:
    """A step for some of the indicators: those it names and no others, and no anchor that is not there."""
    own = dict(step)
    codes = own.get("codes")
    if isinstance(codes, (list, tuple)) and codes:
        own["codes"] = [code for code in codes if code in names]
    if own.get("anchor") not in (None, "", *names):
        own["anchor"] = ""
    return own


def _filled_indicators(state: Build, panel: Panel) -> dict[str, Numbers]:
    """The indicators after filling, before any further step, in the rows of the regressions' panel."""
    table = state.panel
    keys = table.keys()
    rows = {key: row for row, key in enumerate(zip(keys["unit"], keys["period"], strict=True))}
    units, periods = panel.units[panel.unit], panel.periods[panel.period]
    at = np.array([rows.get((str(unit), str(period)), -1) for unit, period in zip(units, periods, strict=True)])
    there = at >= 0
    return {code: np.where(there, table.values[at, column], np.nan) for column, code in enumerate(table.codes)}
