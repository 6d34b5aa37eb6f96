"""Placebo by randomisation: whole treatment histories dealt out to other units at random."""

from dataclasses import dataclass

import numpy as np

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.panel.arrays import FloatArray, IntArray
from cunzhi.evaluation.panel.fixed_effects import fixed_effects
from cunzhi.evaluation.panel.frame import Panel
from cunzhi.evaluation.panel.model import Model
from cunzhi.evaluation.panel.sample import draw, weights_of
from cunzhi.evaluation.panel.thin import cross, dot
from cunzhi.evaluation.panel.within import absorb_columns

# Histories can only be exchanged between units observed in the same periods.
LEAST_EXCHANGEABLE = 0.5


@dataclass(frozen=True, slots=True)
class Placebo:
    """Slopes of dealt-out treatments.

    beta: the true slope. slopes: (B,) those of the draws. p: share of draws with |slope| at
    least |beta|, the true one counted in. exchangeable: share of units that had somebody
    to exchange with.
    """

    beta: float
    slopes: FloatArray
    p: float
    exchangeable: float
    seed: int


def placebo(panel: Panel, model: Model, *, treatment: str, draws: int = 999, seed: int = 0) -> Placebo:
    """Deal the treatment's histories out among units with the same periods and refit.

    Raises DataRefused when fewer than LEAST_EXCHANGEABLE of the units share their periods
    with another. Source: Fisher (1935); MacKinnon and Webb (2020) for clusters.
    """
    used, _ = draw(panel, model)
    fit = fixed_effects(used, model)
    at = fit.at(treatment)
    pattern = _patterns(used)
    alike = np.bincount(pattern)[pattern] > 1
    if alike.mean() < LEAST_EXCHANGEABLE:
        raise DataRefused(
            what="too few units are observed in the same periods to exchange their histories",
            where=f"{int(alike.sum())} of {alike.size} units share their periods with another",
            how="take the periods or units in which the panel is balanced",
        )
    residual_y, basis = _null(used, model, treatment)
    rng = np.random.default_rng(seed)
    slopes = np.array(
        [_slope(_dealt(used, treatment, pattern, rng), used, model, residual_y, basis) for _ in range(draws)]
    )
    beta = float(fit.beta[at])
    larger = int(np.sum(np.abs(slopes) >= abs(beta) * (1 - 1e-9)))
    return Placebo(beta, slopes, (1 + larger) / (1 + draws), float(alike.mean()), seed)


def _patterns(panel: Panel) -> IntArray:
    """(N,) a code for the set of periods in which a unit is observed."""
    seen = np.zeros((panel.units.size, panel.periods.size), dtype=bool)
    seen[panel.unit, panel.period] = True
    return np.unique(seen, axis=0, return_inverse=True)[1].astype(np.intp)


def _null(panel: Panel, model: Model, treatment: str) -> tuple[FloatArray, FloatArray]:
    """(n,) the outcome and (n, p) an orthonormal basis of the controls, effects out."""
    names = [name for name in model.regressors if name != treatment]
    columns = [panel.column(name) for name in (model.outcome, *names)]
    if model.effects == "none":
        columns.append(np.ones(panel.n))
    data = absorb_columns(panel, columns, model.effects, weights_of(panel, model.weights)).data
    basis = np.linalg.qr(data[:, 1:])[0] if data.shape[1] > 1 else data[:, :0]
    return data[:, 0] - basis @ (basis.T @ data[:, 0]), basis


def _dealt(panel: Panel, treatment: str, pattern: IntArray, rng: np.random.Generator) -> FloatArray:
    """(n,) the treatment with histories exchanged within patterns."""
    shuffled = np.lexsort((rng.random(pattern.size), pattern))
    donor = np.empty(pattern.size, dtype=np.intp)
    donor[np.argsort(pattern, kind="stable")] = shuffled
    starts = np.searchsorted(panel.unit, np.arange(panel.units.size))
    offset = np.arange(panel.n) - starts[panel.unit]
    return panel.column(treatment)[starts[donor[panel.unit]] + offset]


def _slope(x: FloatArray, panel: Panel, model: Model, y: FloatArray, basis: FloatArray) -> float:
    """Slope of y on x once x is without effects and controls."""
    left = absorb_columns(panel, [x], model.effects, weights_of(panel, model.weights)).data[:, 0]
    # y is without the controls already, so only the length of x must lose them.
    beside = cross(basis, left)
    return dot(left, y) / (dot(left, left) - dot(beside, beside))
