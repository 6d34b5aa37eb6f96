"""Wald tests of several slopes at once, printed as F."""

from dataclasses import dataclass

import numpy as np

from cunzhi.evaluation.panel.arrays import FloatArray
from cunzhi.evaluation.panel.distributions import f_tail


@dataclass(frozen=True, slots=True)
class WaldTest:
    """f = W / q with W = beta' V^-1 beta; p from F(q, df), from chi-squared(q) / q for infinite df."""

    f: float
    q: int
    df: float
    p: float


def wald_test(beta: FloatArray, covariance: FloatArray, df: float) -> WaldTest:
    """Test that all of beta (q,) with covariance (q, q) are zero."""
    q = beta.size
    f = float(beta @ np.linalg.solve(covariance, beta)) / q
    return WaldTest(f, q, df, f_tail(f, q, df))
