"""Coupling coordination of subsystems such as technology, industry and institution."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.index.arrays import Numbers, matrix, refuse_negative, weights_vector

CLASSES = (  # by tenths of D; Liao (1999)
    "极度失调",
    "严重失调",
    "中度失调",
    "轻度失调",
    "濒临失调",
    "勉强协调",
    "初级协调",
    "中级协调",
    "良好协调",
    "优质协调",
)
CLASSES_EN = (
    "extreme disorder",
    "severe disorder",
    "moderate disorder",
    "mild disorder",
    "near disorder",
    "barely coordinated",
    "primary coordination",
    "intermediate coordination",
    "good coordination",
    "quality coordination",
)


@dataclass(frozen=True)
class Coupling:
    """coupling C, development T and coordination D = sqrt(C T), each (n,) in [0, 1]; level (n,) 0 to 9 in CLASSES."""

    coupling: Numbers
    development: Numbers
    coordination: Numbers
    level: Numbers


def coupling_coordination(
    subsystems: ArrayLike, weights: ArrayLike | None = None, codes: Sequence[str] = ()
) -> Coupling:
    """The usual form: C = m (u1 ... um)^(1/m) / (u1 + ... + um), T = sum a u, D = sqrt(C T).

    subsystems: (n, m) scores in [0, 1], m >= 2; weights a: (m,), equal by default. All-zero rows get C = 0.
    DataRefused: scores outside [0, 1]. Source: Liao (1999), Tropical Geography 19(2), 171-177;
    Wang, Kong, Ren et al. (2021), J. Natural Resources 36(3), 793-810.
    """
    array = _scores(subsystems, codes)
    total = array.sum(axis=1)
    product = np.prod(array ** (1 / array.shape[1]), axis=1)
    degree = np.divide(array.shape[1] * product, total, out=np.zeros_like(total), where=total > 0)
    return _coordinated(degree, array, weights)


def coupling_coordination_revised(
    subsystems: ArrayLike, weights: ArrayLike | None = None, codes: Sequence[str] = ()
) -> Coupling:
    """The form that spreads C over [0, 1]: C = sqrt((1 - mean |ui - uj|) (prod u / max u)^(1/(m - 1))).

    The mean runs over all pairs i > j; the product over u / max u, leaving out one maximum (whose factor is 1).
    subsystems: (n, m) as above.
    Source: Wang, Kong, Ren et al. (2021), J. Natural Resources 36(3), 793-810, doi 10.31497/zrzyxb.20210319.
    """
    array = _scores(subsystems, codes)
    size = array.shape[1]
    first, second = np.triu_indices(size, 1)
    gap = np.abs(array[:, first] - array[:, second]).mean(axis=1)
    highest = array.max(axis=1, keepdims=True)
    relative = np.divide(array, highest, out=np.zeros_like(array), where=highest > 0)
    degree = np.sqrt((1 - gap) * np.prod(relative, axis=1) ** (1 / (size - 1)))
    return _coordinated(degree, array, weights)


def _scores(subsystems: ArrayLike, codes: Sequence[str]) -> Numbers:
    array = matrix(subsystems, codes)
    if array.shape[1] < 2:
        raise DataRefused(
            "Coupling needs two subsystems or more", f"{array.shape[1]} column", "give one score for each"
        )
    refuse_negative(array, codes, "the coupling degree")
    if array.max() > 1 + 1e-9:
        raise DataRefused(
            f"Scores of subsystems reach {array.max():.3g}, above 1",
            f"rows {', '.join(str(row + 1) for row in np.flatnonzero((array > 1 + 1e-9).any(axis=1))[:8])}",
            "normalise them to [0, 1]; with a frozen base period use goalposts, which hold later values at the ends",
        )
    return np.minimum(array, 1.0)


def _coordinated(degree: Numbers, array: Numbers, weights: ArrayLike | None) -> Coupling:
    count = array.shape[1]
    development = array @ weights_vector(np.ones(count) if weights is None else weights, count)
    coordination = np.sqrt(degree * development)
    return Coupling(degree, development, coordination, np.minimum((coordination * 10 + 1e-12).astype(np.int64), 9))
