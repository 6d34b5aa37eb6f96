"""Treatment of outliers and skew: winsorising, logarithm, Box-Cox."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.index.arrays import Mask, Numbers, Whole, column_names, refuse_constant, refuse_negative, shaped


@dataclass(frozen=True)
class Winsorised:
    """values (n, k); changed (n, k) which cells moved; low, high (T, k) limits by period, or (1, k) pooled."""

    values: Numbers
    changed: Mask
    low: Numbers
    high: Numbers


@dataclass(frozen=True)
class BoxCox:
    """values (n, k); exponents (k,) lambda of each column, 0 meaning the logarithm."""

    values: Numbers
    exponents: Numbers


def winsorise(values: ArrayLike, *, low: float = 0.01, high: float = 0.99, period: Whole | None = None) -> Winsorised:
    """Move values beyond two quantiles to these quantiles, pooled, or within each period (n,) when given.

    values: (n, k), NaN allowed and kept; quantiles by linear interpolation (type 7 of Hyndman & Fan 1996).
    DataRefused: limits not 0 <= low < high <= 1.
    """
    array = shaped(values)
    if not 0 <= low < high <= 1:
        raise DataRefused(f"Winsorising from {low} to {high}", "limits", "give shares with 0 <= low < high <= 1")
    groups = np.zeros(len(array), dtype=np.int64) if period is None else period
    limits = np.full((2, int(groups.max()) + 1, array.shape[1]), np.nan)
    for group in np.unique(groups):
        rows = array[groups == group]
        known = ~np.isnan(rows).all(axis=0)
        limits[:, group, known] = np.nanquantile(rows[:, known], [low, high], axis=0)
    moved = np.clip(array, limits[0][groups], limits[1][groups])
    return Winsorised(moved, (moved != array) & ~np.isnan(array), limits[0], limits[1])


def log_transform(values: ArrayLike, codes: Sequence[str] = ()) -> Numbers:
    """Natural logarithm (n, k), NaN kept. DataRefused names rows and columns at or below zero."""
    array = shaped(values)
    refuse_negative(array, codes, "the logarithm", zero_too=True)
    return np.log(array)


def box_cox(values: ArrayLike, exponents: ArrayLike | None = None, codes: Sequence[str] = ()) -> BoxCox:
    """(x ** lambda - 1) / lambda, or ln x for lambda 0; lambda by maximum likelihood unless given.

    values: (n, k), NaN kept; exponents: (k,). DataRefused: values at or below zero, constant columns.
    Source: Box & Cox (1964), J. Royal Statistical Society B 26, 211-252.
    """
    array = shaped(values)
    refuse_negative(array, codes, "the Box-Cox transformation", zero_too=True)
    refuse_constant(np.nanmax(array, axis=0) - np.nanmin(array, axis=0), codes, "transformed by Box-Cox")
    if exponents is None:
        names = column_names(array.shape[1], codes)
        chosen = np.array([_likeliest(array[:, at], names[at]) for at in range(array.shape[1])])
    else:
        chosen = np.asarray(exponents, dtype=np.float64)
    logs = np.log(array)
    safe = np.where(chosen == 0, 1.0, chosen)
    return BoxCox(np.where(chosen == 0, logs, np.expm1(safe * logs) / safe), chosen)


def _likeliest(column: Numbers, name: str) -> float:
    from scipy.optimize import minimize_scalar  # noqa: PLC0415 -- slow to import

    logs = np.log(column[~np.isnan(column)])
    if logs.size < 3:
        raise DataRefused(
            "Box-Cox needs three known values or more", f"column {name}", "give its exponent or use the log"
        )
    # The scale of x only shifts the likelihood by a constant, so centred logs keep the powers finite.
    centred = logs - logs.mean()

    def loss(exponent: float) -> float:
        powers = centred if abs(exponent) < 1e-9 else np.expm1(exponent * centred) / exponent
        return float(0.5 * np.log(powers.var()))

    return float(minimize_scalar(loss, bounds=(-5.0, 5.0), method="bounded", options={"xatol": 1e-9}).x)
