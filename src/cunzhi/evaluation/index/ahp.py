"""The analytic hierarchy process: weights from pairwise judgements, with their consistency ratio."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.index.arrays import Numbers, matrix

RANDOM_INDEX = (0.0, 0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)  # by size; Saaty (1980), Table 3-8
ACCEPTED_BELOW = 0.1


@dataclass(frozen=True)
class AhpWeights:
    """weights (k,) sum to one; principal eigenvalue; consistency index CI and ratio CR; consistent when CR < 0.1."""

    weights: Numbers
    eigenvalue: float
    consistency_index: float
    consistency_ratio: float
    consistent: bool


def ahp_weights(judgements: ArrayLike) -> AhpWeights:
    """The principal eigenvector of a reciprocal matrix of judgements.

    judgements: (k, k), k <= 10; entry [i, j] says how many times more important i is than j.
    DataRefused: not square, entries not positive, a[i, j] * a[j, i] not 1, more than 10 criteria.
    Source: Saaty (1980), The Analytic Hierarchy Process, McGraw-Hill.
    """
    array = matrix(judgements)
    size = len(array)
    if array.shape != (size, size) or size >= len(RANDOM_INDEX):
        raise DataRefused(
            f"Judgements must be a square matrix of at most {len(RANDOM_INDEX) - 1} criteria, not {array.shape}",
            "the matrix of judgements",
            "judge the criteria of one dimension at a time",
        )
    broken = (array <= 0) | (np.abs(array * array.T - 1) > 0.02)
    if broken.any():
        cells = [f"[{row + 1}, {column + 1}]" for row, column in zip(*np.nonzero(broken), strict=True)]
        raise DataRefused(
            "Judgements must be positive and reciprocal: a[i, j] = 1 / a[j, i]",
            f"entries {named(cells)}",
            "correct one of each pair; write 1/3 with at least two decimals",
        )
    eigenvalues, vectors = np.linalg.eig(array)
    principal = int(np.argmax(eigenvalues.real))
    vector = np.abs(vectors[:, principal].real)
    index = (float(eigenvalues[principal].real) - size) / (size - 1) if size > 1 else 0.0
    ratio = index / RANDOM_INDEX[size] if RANDOM_INDEX[size] else 0.0
    return AhpWeights(vector / vector.sum(), float(eigenvalues[principal].real), index, ratio, ratio < ACCEPTED_BELOW)
