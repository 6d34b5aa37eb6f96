"""How far each observation pulls its own fitted value, effects included."""

import numpy as np

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.panel.arrays import FloatArray
from cunzhi.evaluation.panel.design import Design
from cunzhi.evaluation.panel.sample import weights_of
from cunzhi.evaluation.panel.within import absorb_columns

MOST_CELLS = 50_000_000


def leverages(design: Design, x: FloatArray, bread: FloatArray) -> FloatArray:
    """(n,) diagonal of the hat matrix of the least squares with dummies.

    x: (n, k) without effects; bread: (k, k). The part of the effects is w / W_i of the unit
    plus that of the period dummies with the units out. Raises DataRefused when the table of
    dummies, n times T, would be too large.
    """
    own: FloatArray = np.einsum("ij,jk,ik->i", x, bread, x)
    panel, effects = design.panel, design.model.effects
    if effects == "none":
        return own
    weights = weights_of(panel, design.model.weights)
    mass = np.ones(panel.n) if weights is None else weights
    first = panel.period if effects == "period" else panel.unit
    own += mass / np.bincount(first, mass)[first]
    if effects == "both":
        own += _period_part(design, weights)
    return own


def _period_part(design: Design, weights: FloatArray | None) -> FloatArray:
    """(n,) the part of the period dummies once the units are out."""
    panel = design.panel
    if panel.n * panel.periods.size > MOST_CELLS:
        raise DataRefused(
            what="leverages need a table of dummies that is too large here",
            where=f"{panel.n} observations times {panel.periods.size} periods",
            how='take Robust("hc1") or clustered errors; on long panels they agree with hc2 and hc3',
        )
    dummies = [(panel.period == code).astype(np.float64) for code in range(panel.periods.size)]
    left = absorb_columns(panel, dummies, "unit", weights).data
    inverse = np.linalg.pinv(left.T @ left, rcond=1e-12, hermitian=True)
    return np.asarray(np.einsum("ij,jk,ik->i", left, inverse, left))
