"""Obstacle degrees: which indicators hold a unit back most."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.index.arrays import Numbers, matrix, weights_vector


@dataclass(frozen=True)
class Obstacles:
    """degree (n, k): shares of the shortfall, adding up to one in each row; shortfall (n,) = sum F (1 - x)."""

    degree: Numbers
    shortfall: Numbers


def obstacle_degrees(values: ArrayLike, weights: ArrayLike) -> Obstacles:
    """O_j = F_j I_j / sum F I with the factor contribution F (global weight) and the deviation I = 1 - x.

    values: (n, k) in [0, 1], more is better; weights: (k,). A row without any shortfall has degrees of zero.
    DataRefused: values outside [0, 1]. Source: as used by Lu, Wen, Yang et al. (2011), An Evaluation of Urban
    Land Use Performance Based on the Improved TOPSIS Method and Diagnosis of Its Obstacle Indicators (Chongqing).
    """
    array = matrix(values)
    outside = (array < -1e-9) | (array > 1 + 1e-9)
    if outside.any():
        raise DataRefused(
            "Values outside [0, 1] have no deviation from the best",
            f"rows {named(np.flatnonzero(outside.any(axis=1)) + 1)}; "
            f"columns {named(np.flatnonzero(outside.any(axis=0)) + 1)}",
            "normalise by min-max over all periods, or by goalposts",
        )
    lost = np.clip(1.0 - array, 0.0, 1.0) * weights_vector(weights, array.shape[1])
    shortfall = lost.sum(axis=1)
    return Obstacles(
        np.divide(lost, shortfall[:, None], out=np.zeros_like(lost), where=shortfall[:, None] > 0), shortfall
    )
