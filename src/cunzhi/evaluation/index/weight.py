"""Weights of indicators: entropy (pooled, by period), CRITIC, equal; components and AHP are files of their own."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.index.arrays import (
    Numbers,
    Whole,
    column_names,
    matrix,
    refuse_constant,
    refuse_negative,
    shaped,
)
from cunzhi.evaluation.index.kernel import cross_products, log_sums


@dataclass(frozen=True)
class EntropyWeights:
    """weights (k,) sum to one; entropy e (k,) in [0, 1]; redundancy d = 1 - e (k,)."""

    weights: Numbers
    entropy: Numbers
    redundancy: Numbers


@dataclass(frozen=True)
class CriticWeights:
    """weights (k,) sum to one; deviation (k,) the contrast; conflict (k,) the sum of 1 - r."""

    weights: Numbers
    deviation: Numbers
    conflict: Numbers


def entropy_weights(values: ArrayLike, codes: Sequence[str] = ()) -> EntropyWeights:
    """Weights by how unevenly each column is spread over all n rows (the pooled entropy weight method).

    values: (n, k), n >= 2, not negative, normalised so that more is better.
    p = x / sum x, e = -sum p ln p / ln n with 0 ln 0 = 0, w = (1 - e) / sum (1 - e).
    DataRefused: missing or negative cells, a column of zeros, all columns without any spread.
    Source: Shannon (1948); Zeleny (1982), Multiple Criteria Decision Making, chapter 7.
    """
    array = shaped(values)
    if len(array) < 2:
        raise DataRefused("Entropy needs two rows or more", f"{len(array)} row", "pool more units or periods")
    total, logs, lowest = log_sums(array)
    if not np.isfinite(total).all():
        matrix(array, codes)
    if lowest < 0:
        refuse_negative(array, codes, "the entropy")
    refuse_constant(total, codes, "weighted by entropy (all their cells are zero)")
    redundancy = np.maximum((logs / total - np.log(total / len(array))) / np.log(len(array)), 0.0)
    if redundancy.sum() < 1e-14:
        raise DataRefused(
            "No column varies, so entropy tells no weights apart", "all columns", "use equal or given weights"
        )
    return EntropyWeights(redundancy / redundancy.sum(), 1.0 - redundancy, redundancy)


def entropy_weights_by_period(values: ArrayLike, period: Whole, codes: Sequence[str] = ()) -> Numbers:
    """Entropy weights computed within each period: (T, k) for periods numbered 0 to T - 1 in `period` (n,).

    Weights that change with the period make scores of different periods hard to compare:
    prefer pooled weights, or those of the first period for all.
    """
    array = shaped(values)
    return np.array([entropy_weights(array[period == at], codes).weights for at in range(int(period.max()) + 1)])


def critic_weights(values: ArrayLike, codes: Sequence[str] = ()) -> CriticWeights:
    """Weights by contrast and conflict: w ~ s_j sum_i (1 - r_ij).

    values: (n, k), k >= 2, min-max normalised, no column constant; s has the divisor n - 1.
    Source: Diakoulaki, Mavrotas & Papayannakis (1995), Computers & Operations Research 22(7), 763-770.
    """
    array = matrix(values, codes)
    _, cross = cross_products(array)
    spread = np.sqrt(np.diag(cross) / max(len(array) - 1, 1))
    refuse_constant(spread, codes, "weighted by CRITIC")
    correlation = cross / np.sqrt(np.outer(np.diag(cross), np.diag(cross)))
    conflict = np.maximum((1.0 - correlation).sum(axis=0), 0.0)
    amount = spread * conflict
    if not amount.sum() > 1e-12:
        raise DataRefused(
            "All columns move together, so CRITIC tells no weights apart",
            f"columns {', '.join(column_names(array.shape[1], codes))}",
            "use equal or given weights, or drop repeated indicators",
        )
    return CriticWeights(amount / amount.sum(), spread, conflict)


def equal_weights(count: int) -> Numbers:
    """(count,) weights of 1 / count."""
    return np.full(count, 1.0 / count)
