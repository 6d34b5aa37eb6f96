"""TOPSIS: nearness to the best and distance from the worst that the data show."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.index.arrays import Numbers, matrix, weights_vector


@dataclass(frozen=True)
class Topsis:
    """closeness (n,) in [0, 1]; distances to_best and to_worst (n,); best and worst (k,) weighted ideals."""

    closeness: Numbers
    to_best: Numbers
    to_worst: Numbers
    best: Numbers
    worst: Numbers


def topsis(
    values: ArrayLike, weights: ArrayLike, *, base: ArrayLike | None = None, codes: Sequence[str] = ()
) -> Topsis:
    """Relative closeness to the ideal solution.

    values: (n, k) normalised so that more is better; weights: (k,), scaled to one.
    base: (m, k) rows whose best and worst are the ideals (default: values), so that later rows do not move them.
    DataRefused: missing cells, best equal to worst in all columns.
    Source: Hwang & Yoon (1981), Multiple Attribute Decision Making, Springer.
    """
    array = matrix(values, codes)
    share = weights_vector(weights, array.shape[1])
    ideals = array if base is None else matrix(base, codes)
    best, worst = ideals.max(axis=0) * share, ideals.min(axis=0) * share
    to_best = np.sqrt(((array * share - best) ** 2).sum(axis=1))
    to_worst = np.sqrt(((array * share - worst) ** 2).sum(axis=1))
    reach = to_best + to_worst
    if not (reach > 0).all():
        raise DataRefused("All rows are equal: there is no best and no worst", "all columns", "check the data")
    return Topsis(to_worst / reach, to_best, to_worst, best, worst)
