"""The treatment's slope without each unit: whole fits for few units, slopes alone for many."""

import numpy as np

from cunzhi.evaluation.panel.fixed_effects import fixed_effects
from cunzhi.evaluation.panel.frame import Panel
from cunzhi.evaluation.panel.model import Model
from cunzhi.evaluation.panel.moments import by_unit, cluster_moments, resampled, slopes_of
from cunzhi.evaluation.panel.robustness import Checked, LeftOut, without_each_unit
from cunzhi.evaluation.panel.sample import draw, weights_of

MOST_FITS = 200
"""Beyond this many units a fit each takes minutes; slopes come from sums by unit in a second."""
NOT_TESTED = float("nan")


def without_units(panel: Panel, model: Model, *, treatment: str) -> LeftOut:
    """The slope without each unit; standard errors and p are not numbers beyond MOST_FITS units.

    Returns LeftOut whose `loses` is then 0 because nothing was tested. Raises DataRefused as fixed_effects does.
    """
    used, _ = draw(panel, model)
    if used.units.size <= MOST_FITS:
        return without_each_unit(panel, model, treatment=treatment)
    moments = cluster_moments(
        used,
        (model.outcome, *model.regressors),
        effects=model.effects,
        grouping=by_unit(used),
        weights=weights_of(used, model.weights),
    )
    at = [*moments.positions(model.regressors), *moments.dummies]
    all_but_one = 1.0 - np.eye(used.units.size)
    slopes = slopes_of(resampled(moments.cross, all_but_one), 0, at)[:, model.regressors.index(treatment)]
    sizes = used.n - np.bincount(used.unit)
    rows = tuple(
        Checked(f"without {label}", float(slope), NOT_TESTED, NOT_TESTED, int(size))
        for label, slope, size in zip(used.units, slopes, sizes, strict=True)
    )
    full = fixed_effects(used, model)
    turned = int(np.sum(slopes * full.beta[full.at(treatment)] < 0))
    return LeftOut(rows, (), float(slopes.min()), float(slopes.max()), turned, 0)
