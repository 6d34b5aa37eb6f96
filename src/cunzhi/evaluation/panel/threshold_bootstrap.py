"""Two bootstraps of the test for one more threshold: residuals of whole units, and signs of units."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cunzhi.evaluation.panel.arrays import FloatArray, IntArray
from cunzhi.evaluation.panel.threshold_search import Candidates

# Numbers held at a time; small enough for the cache, large enough for the matrix products.
BLOCK = 1 << 18
LEVELS = (0.90, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class BootstrapTest:
    """Share of draws whose F is at least the observed one, and the draws' quantiles.

    critical: 10, 5 and 1 % critical values. draws: (B,) all values of F, for a histogram.
    """

    p: float
    critical: tuple[float, float, float]
    draws: FloatArray


def unit_bootstrap(
    search: Candidates, u_hat: FloatArray, *, f: float, df: int, draws: int, rng: np.random.Generator
) -> BootstrapTest:
    """Draw units with replacement and give each its donor's residual series (Hansen 1999).

    u_hat: (n,) residuals of the larger model. f: the observed statistic; df its divisor.
    In a panel with gaps a donor lends residuals of the periods it has and, for the others,
    residuals drawn from its own.
    """
    panel = search.ground.panel
    n_units, n_periods = panel.units.size, panel.periods.size
    cells = np.full((n_units, n_periods), np.nan)
    cells[panel.unit, panel.period] = u_hat
    gaps = np.argwhere(np.isnan(cells))
    starts = np.searchsorted(panel.unit, np.arange(n_units + 1))
    lengths = np.diff(starts)
    at = panel.unit[search.ground.order] * n_periods + panel.period[search.ground.order]

    def errors(size: int) -> FloatArray:
        donors = rng.integers(0, n_units, (size, n_units))
        if gaps.size:
            lent = starts[gaps[:, 0]] + (rng.random(len(gaps)) * lengths[gaps[:, 0]]).astype(np.intp)
            cells[gaps[:, 0], gaps[:, 1]] = u_hat[lent]
        return cells[donors].reshape(size, -1)[:, at]

    return _test(search, errors, f=f, df=df, draws=draws, zero_sums=not gaps.size)


def wild_bootstrap(
    search: Candidates, u_hat: FloatArray, *, f: float, df: int, draws: int, rng: np.random.Generator
) -> BootstrapTest:
    """Multiply each unit's residual series by plus or minus one: keeps each unit's own variance.

    u_hat: (n,) residuals of the smaller model.
    """
    panel, order = search.ground.panel, search.ground.order
    own, unit = u_hat[order], panel.unit[order]

    def errors(size: int) -> FloatArray:
        signs = rng.integers(0, 2, (size, panel.units.size)) * 2.0 - 1.0
        drawn = signs[:, unit]
        drawn *= own
        return np.asarray(drawn)

    return _test(search, errors, f=f, df=df, draws=draws, zero_sums=True)


def _test(
    search: Candidates,
    errors: Callable[[int], FloatArray],
    *,
    f: float,
    df: int,
    draws: int,
    zero_sums: bool,
) -> BootstrapTest:
    """Refit both models on draws of errors (b, n) in q's order and compare F.

    zero_sums: whether the errors sum to zero in each unit already.
    """
    order = search.ground.order
    basis = np.ascontiguousarray(search.basis[order])
    unit = search.ground.panel.unit[order]
    demean = search.ground.inside == "unit" and not zero_sums
    step = max(1, BLOCK // order.size)
    values = []
    for start in range(0, draws, step):
        u = errors(min(step, draws - start))
        if demean:
            u -= _unit_means(u, unit)
        u -= (u @ basis) @ basis.T
        rest = np.einsum("bn,bn->b", u, u)
        gain = search.gains(u).max(axis=1)
        values.append(gain / ((rest - gain) / df))
    drawn = np.concatenate(values)
    quantiles = np.quantile(drawn, LEVELS)
    critical = (float(quantiles[0]), float(quantiles[1]), float(quantiles[2]))
    return BootstrapTest(float(np.mean(drawn >= f)), critical, drawn)


def _unit_means(u: FloatArray, unit: IntArray) -> FloatArray:
    """(b, n) the unit means of each draw u (b, n)."""
    size = int(unit.max()) + 1
    at = (np.arange(u.shape[0])[:, None] * size + unit).ravel()
    sums = np.bincount(at, u.ravel(), minlength=u.shape[0] * size).reshape(u.shape[0], size)
    return np.asarray((sums / np.bincount(unit))[:, unit])
