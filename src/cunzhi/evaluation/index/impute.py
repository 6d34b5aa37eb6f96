"""Imputation: fills missing cells and flags every one of them."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cunzhi.evaluation.index.arrays import Mask, Numbers, Whole


@dataclass(frozen=True)
class Imputation:
    """values (n, k) with cells filled; filled (n, k) which; left: number of cells that are still missing."""

    values: Numbers
    filled: Mask
    left: int


def impute_linear(values: Numbers, unit: Whole, times: Numbers) -> Imputation:
    """Straight lines between two known periods of the same unit; beyond the known ones nothing is filled.

    values: (n, k); unit: (n,) whole numbers, rows sorted by unit and time; times: (n,) in years.
    A unit known in one period only has no line: its gaps are left (`left` counts them).
    """
    result = values.copy()
    for rows in _runs(unit):
        for column in np.flatnonzero(np.isnan(values[rows]).any(axis=0)):
            known = ~np.isnan(values[rows, column])
            if known.sum() > 1:
                result[rows, column] = np.interp(
                    times[rows], times[rows][known], values[rows, column][known], left=np.nan, right=np.nan
                )
    return _filled(values, result)


def impute_last(values: Numbers, unit: Whole) -> Imputation:
    """The last known value of the same unit; gaps before the first known value are left.

    values: (n, k); unit: (n,) whole numbers, rows sorted by unit and time.
    """
    known = ~np.isnan(values)
    row = np.where(known, np.arange(len(values))[:, None], -1)
    last = np.maximum.accumulate(row, axis=0)
    first_row = np.concatenate([[0], np.flatnonzero(np.diff(unit)) + 1])
    start = np.repeat(first_row, np.diff(np.append(first_row, len(unit))))
    usable = last >= start[:, None]
    carried = np.take_along_axis(values, np.maximum(last, 0), axis=0)
    return _filled(values, np.where(usable, carried, np.nan))


def impute_group_mean(values: Numbers, group: NDArray[np.str_], period: Whole) -> Imputation:
    """The mean of the known values of the same group in the same period; groups without one are left.

    values: (n, k); group: (n,) names; period: (n,) whole numbers.
    """
    _, number = np.unique(group, return_inverse=True)
    cell = number * (int(period.max()) + 1) + period
    known = ~np.isnan(values)
    total, count = np.zeros((2, int(cell.max()) + 1, values.shape[1]))
    np.add.at(total, cell, np.where(known, values, 0.0))
    np.add.at(count, cell, known)
    means = np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0)
    return _filled(values, np.where(known, values, means[cell]))


def _runs(unit: Whole) -> list[slice]:
    edges = np.concatenate([[0], np.flatnonzero(np.diff(unit)) + 1, [len(unit)]])
    return [slice(int(start), int(stop)) for start, stop in pairwise(edges)]


def _filled(before: Numbers, after: Numbers) -> Imputation:
    missing = np.isnan(after)
    return Imputation(after, np.isnan(before) & ~missing, int(missing.sum()))
