"""Decomposition: what each indicator contributes to a score and to its change."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cunzhi.evaluation.index.arrays import Numbers, matrix, refuse_negative


@dataclass(frozen=True)
class Change:
    """Parts of a change due to each indicator: by_value and by_weight (n, k); total (n,) is their sum."""

    by_value: Numbers
    by_weight: Numbers
    total: Numbers


def contributions(values: ArrayLike, weights: ArrayLike) -> Numbers:
    """w x: (n, k) parts that add up to the arithmetic score; values (n, k), weights (k,) or (n, k) summing to one."""
    return np.asarray(matrix(values) * np.asarray(weights, dtype=np.float64))


def arithmetic_change(before: ArrayLike, after: ArrayLike, w_before: ArrayLike, w_after: ArrayLike) -> Change:
    """Exact parts of the change of sum w x between two states (n, k), at the mean of the other factor.

    Source: Bennet (1920), J. Royal Statistical Society 83, 455-462 (the symmetric decomposition of a sum of products).
    """
    x0, x1 = matrix(before), matrix(after)
    w0, w1 = (np.broadcast_to(np.asarray(w, dtype=np.float64), x0.shape) for w in (w_before, w_after))
    by_value, by_weight = (x1 - x0) * (w0 + w1) / 2, (w1 - w0) * (x0 + x1) / 2
    return Change(by_value, by_weight, (by_value + by_weight).sum(axis=1))


def geometric_change(before: ArrayLike, after: ArrayLike, w_before: ArrayLike, w_after: ArrayLike) -> Change:
    """Exact parts of the change of prod x ** w, with the logarithmic mean of both scores as the weight of logs.

    Values (n, k) must be above zero (DataRefused). Source: Ang (2004), Energy Policy 32(9), 1131-1139 (LMDI).
    """
    x0, x1 = matrix(before), matrix(after)
    for values in (x0, x1):
        refuse_negative(values, (), "the logarithmic mean", zero_too=True)
    parts = arithmetic_change(np.log(x0), np.log(x1), w_before, w_after)
    w0 = np.broadcast_to(np.asarray(w_before, dtype=np.float64), x0.shape)
    start = np.exp((np.log(x0) * w0).sum(axis=1))
    growth = parts.total
    # (s1 - s0) / ln(s1 / s0) = s0 (e^g - 1) / g, with the limit s0 at g = 0
    mean = start * np.where(growth == 0, 1.0, np.expm1(growth) / np.where(growth == 0, 1.0, growth))
    by_value, by_weight = parts.by_value * mean[:, None], parts.by_weight * mean[:, None]
    return Change(by_value, by_weight, (by_value + by_weight).sum(axis=1))
