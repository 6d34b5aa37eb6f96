"""Spatial weights: who counts as a neighbour of whom."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.index.arrays import Numbers, matrix


def contiguity_weights(units: Sequence[str], borders: Sequence[tuple[str, str]]) -> Numbers:
    """(n, n) of 1 for units that share a border, from pairs of names; DataRefused for unknown names."""
    at = {name: position for position, name in enumerate(units)}
    unknown = sorted({name for pair in borders for name in pair if name not in at})
    if unknown:
        raise DataRefused("Borders of units that are not in the data", f"units {named(unknown)}", "correct the names")
    weights = np.zeros((len(units), len(units)))
    for one, other in borders:
        weights[at[one], at[other]] = weights[at[other], at[one]] = 1.0
    return weights


def nearest_weights(points: ArrayLike, count: int) -> Numbers:
    """(n, n) of 1 for the `count` nearest others; points (n, 2) in a projection where distance means distance.

    Ties are broken by the order of the rows. DataRefused unless 1 <= count < n.
    """
    array = matrix(points)
    if not 1 <= count < len(array):
        raise DataRefused(f"{count} neighbours among {len(array)} units", "count", f"use 1 to {len(array) - 1}")
    order = np.argsort(_distances(array), axis=1, kind="stable")[:, :count]
    weights = np.zeros((len(array), len(array)))
    np.put_along_axis(weights, order, 1.0, axis=1)
    return weights


def inverse_distance_weights(points: ArrayLike, power: float = 1.0) -> Numbers:
    """(n, n) of 1 / distance ** power between points (n, 2), 0 on the diagonal; DataRefused for equal points."""
    distances = _distances(matrix(points))
    same = np.argwhere(np.triu(distances == 0, 1))
    if len(same):
        pairs = [f"{one + 1} and {other + 1}" for one, other in same]
        raise DataRefused("Units lie on the same point", f"rows {named(pairs)}", "move or merge them")
    return np.asarray(distances**-power)


def row_standardised(weights: ArrayLike) -> Numbers:
    """Weights (n, n) with rows that sum to one; DataRefused names units without any neighbour."""
    array = matrix(weights)
    if array.shape[0] != array.shape[1] or (array < 0).any() or np.diag(array).any():
        raise DataRefused(
            f"Spatial weights must be square, not negative and zero on the diagonal (shape {array.shape})",
            "the weights",
            "one row and one column for each unit, in the order of the values",
        )
    total = array.sum(axis=1)
    alone = np.flatnonzero(total == 0)
    if alone.size:
        raise DataRefused(
            "Units without neighbours", f"rows {named(alone + 1)}", "use nearest_weights or leave them out"
        )
    return np.asarray(array / total[:, None])


def _distances(points: Numbers) -> Numbers:
    distances = np.sqrt(((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2))
    np.fill_diagonal(distances, np.inf)
    return np.asarray(distances)
