"""Spatial autocorrelation: Moran's I of the whole and of each unit."""

from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.index.arrays import Numbers, vector
from cunzhi.evaluation.index.neighbours import row_standardised

NO_VARIANCE = 1e-12  # all permutations alike, as when one unit stands out of otherwise equal ones
QUADRANTS = ("high-high", "low-high", "low-low", "high-low")  # own value first, neighbours second


@dataclass(frozen=True)
class Moran:
    """Global I with its expectation -1 / (n - 1).

    Under normality and under randomisation: variance, z and two-sided p, NaN where the variance vanishes;
    permuted_p one-sided from `permutations`.
    """

    i: float
    expected: float
    variance_normal: float
    z_normal: float
    p_normal: float
    variance_random: float
    z_random: float
    p_random: float
    permuted_p: float
    permutations: int


@dataclass(frozen=True)
class LocalMoran:
    """Local I (n,), whose mean is the global I; quadrant (n,) of QUADRANTS; permuted one-sided p (n,)."""

    i: Numbers
    quadrant: NDArray[np.str_]
    permuted_p: Numbers
    permutations: int


def moran(values: ArrayLike, weights: ArrayLike, *, permutations: int = 999, seed: int = 0) -> Moran:
    """Global Moran's I of values (n,), n >= 4, with weights (n, n) that are row-standardised here.

    DataRefused: constant values, units without neighbours, shapes that do not agree.
    Source: Moran (1950), Biometrika 37, 17-23; Cliff & Ord (1981), Spatial Processes, chapter 2.
    """
    z, w = _centred(values, weights)
    n, squares = z.size, float(z @ z)
    statistic = float(z @ w @ z / squares * n / w.sum())
    expected = -1.0 / (n - 1)
    normal, random = _variances(z, w)
    draws = np.random.default_rng(seed)
    shuffled = np.array([draws.permutation(z) for _ in range(permutations)]).reshape(permutations, n)
    simulated = np.einsum("ri,ri->r", shuffled @ w, shuffled) / squares * n / w.sum()
    return Moran(
        i=statistic,
        expected=expected,
        variance_normal=normal,
        z_normal=_z(statistic - expected, normal),
        p_normal=erfc(abs(_z(statistic - expected, normal)) / sqrt(2)),
        variance_random=random,
        z_random=_z(statistic - expected, random),
        p_random=erfc(abs(_z(statistic - expected, random)) / sqrt(2)),
        permuted_p=float(_pseudo_p(simulated[:, None], np.array([statistic]))[0]),
        permutations=permutations,
    )


def local_moran(values: ArrayLike, weights: ArrayLike, *, permutations: int = 999, seed: int = 0) -> LocalMoran:
    """I_i = z_i sum_j w_ij z_j / (sum z^2 / n), tested by shuffling the other units around each one.

    Many units mean many tests: with 38 units about two p values fall below 0.05 by chance.
    DataRefused: as for `moran`. Source: Anselin (1995), Geographical Analysis 27(2), 93-115.
    """
    z, w = _centred(values, weights)
    n = z.size
    moment, lag = float(z @ z) / n, w @ z
    draws = np.random.default_rng(seed)
    orders = np.array([draws.permutation(n - 1) for _ in range(permutations)]).reshape(permutations, n - 1)
    simulated = np.empty((permutations, n))
    for unit in range(n):
        others = np.delete(z, unit)
        simulated[:, unit] = z[unit] * (others[orders] @ np.delete(w[unit], unit)) / moment
    local = z * lag / moment
    names = np.where(z > 0, np.where(lag > 0, 0, 3), np.where(lag > 0, 1, 2))
    return LocalMoran(local, np.array(QUADRANTS)[names], _pseudo_p(simulated, local), permutations)


def _centred(values: ArrayLike, weights: ArrayLike) -> tuple[Numbers, Numbers]:
    array, w = vector(values), row_standardised(weights)
    if len(w) != array.size or array.size < 4:
        raise DataRefused(
            f"{array.size} values and weights of {len(w)} units",
            "values and weights",
            "give both for the same units, 4 or more",
        )
    z = array - array.mean()
    if not np.abs(z).max() > 1e-14 * np.abs(array).max():
        raise DataRefused("Constant values have no spatial pattern", "the values", "check the indicator")
    return z, w


def _variances(z: Numbers, w: Numbers) -> tuple[float, float]:
    n = z.size
    s0 = w.sum()
    s1 = ((w + w.T) ** 2).sum() / 2
    s2 = ((w.sum(axis=1) + w.sum(axis=0)) ** 2).sum()
    expected = -1.0 / (n - 1)
    normal = (n**2 * s1 - n * s2 + 3 * s0**2) / ((n**2 - 1) * s0**2) - expected**2
    kurtosis = (z**4).mean() / (z**2).mean() ** 2
    first = n * ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2)
    second = kurtosis * ((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2)
    random = (first - second) / ((n - 1) * (n - 2) * (n - 3) * s0**2) - expected**2
    return float(normal), float(random)


def _z(difference: float, variance: float) -> float:
    return difference / sqrt(variance) if variance > NO_VARIANCE else float("nan")


def _pseudo_p(simulated: Numbers, observed: Numbers) -> Numbers:
    draws = len(simulated)
    slack = 1e-12 * (1 + np.abs(observed))  # equal draws differ in their last digit
    above = (simulated >= observed - slack).sum(axis=0)
    below = (simulated <= observed + slack).sum(axis=0)
    return np.asarray((np.minimum(above, below) + 1) / (draws + 1))
