"""Quantiles and tails of the normal, t, chi-squared and F distributions.

scipy.special is loaded on first use: importing the package stays fast.
"""

from math import isinf

import numpy as np
from numpy.typing import ArrayLike

from cunzhi.evaluation.panel.arrays import FloatArray


def two_sided_p(t: ArrayLike, df: float) -> FloatArray:
    """P(|t(df)| >= |t|); the normal for infinite df. Shape as t."""
    from scipy import special  # noqa: PLC0415 - slow to load, wanted only here

    size = -np.abs(np.asarray(t, dtype=np.float64))
    return np.asarray(2 * (special.ndtr(size) if isinf(df) else special.stdtr(df, size)))


def critical_value(level: float, df: float) -> float:
    """The value that |t(df)| exceeds with probability 1 - level."""
    from scipy import special  # noqa: PLC0415 - slow to load, wanted only here

    tail = 0.5 + level / 2
    return float(special.ndtri(tail) if isinf(df) else special.stdtrit(df, tail))


def f_tail(value: float, q: int, df: float) -> float:
    """P(F(q, df) >= value); chi-squared(q) / q for infinite df."""
    from scipy import special  # noqa: PLC0415 - slow to load, wanted only here

    return float(special.chdtrc(q, q * value) if isinf(df) else special.fdtrc(q, df, value))


def f_quantile(level: float, q: int, df: float) -> float:
    """The level quantile of F(q, df); of chi-squared(q) / q for infinite df."""
    from scipy import special  # noqa: PLC0415 - slow to load, wanted only here

    return float(special.chdtri(q, 1 - level) / q if isinf(df) else special.fdtri(q, df, level))


def chi2_tail(value: float, df: int) -> float:
    """P(chi-squared(df) >= value)."""
    from scipy import special  # noqa: PLC0415 - slow to load, wanted only here

    return float(special.chdtrc(df, value))


def noncentral_chi2_quantile(level: float, df: float, noncentrality: float) -> float:
    """The level quantile of the noncentral chi-squared distribution."""
    from scipy import special  # noqa: PLC0415 - slow to load, wanted only here

    return float(special.chndtrix(level, df, noncentrality))
