"""Ranks with their doubts: intervals over many defensible choices, and groups that cannot be told apart."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.index.arrays import Numbers, Whole, matrix


@dataclass(frozen=True)
class RankIntervals:
    """Ranks (1 is the highest score) of n units over the draws.

    median, low, high: (n,), the interval holding `level` of the draws; score_low, score_high: (n,) likewise.
    groups: runs of units (numbers, best first) of which no two can be told apart; a unit may be in several.
    """

    median: Numbers
    low: Numbers
    high: Numbers
    score_low: Numbers
    score_high: Numbers
    level: float
    groups: tuple[tuple[int, ...], ...]


def rank_intervals(scores: ArrayLike, *, level: float = 0.9) -> RankIntervals:
    """Intervals of ranks from scores (draws, n) of the same n units under different choices.

    Two units can be told apart when one is above the other in at least `level` of the draws (ties count half).
    The groups are the longest runs, in the order of the median rank, in which no two units can be told apart.
    DataRefused: fewer than 20 draws, a level outside (0.5, 1). Source: Saisana, Saltelli & Tarantola (2005),
    J. Royal Statistical Society A 168(2), 307-323; groups after Goldstein & Spiegelhalter (1996).
    """
    array = matrix(scores)
    if len(array) < 20 or not 0.5 < level < 1:
        raise DataRefused(
            f"{len(array)} draws and level {level}", "uncertainty", "use 20 draws or more, 0.5 < level < 1"
        )
    by_draw = np.array([ranks(row) for row in array])
    tail = (1 - level) / 2
    median = np.median(by_draw, axis=0)
    return RankIntervals(
        median=median,
        low=np.quantile(by_draw, tail, axis=0, method="lower"),
        high=np.quantile(by_draw, 1 - tail, axis=0, method="higher"),
        score_low=np.quantile(array, tail, axis=0),
        score_high=np.quantile(array, 1 - tail, axis=0),
        level=level,
        groups=_groups(array, np.lexsort((-array.mean(axis=0), median)), level),
    )


def ranks(row: Numbers) -> Numbers:
    """Ranks (n,) of scores (n,), 1 for the highest; equal scores share the mean of their ranks."""
    ordered = np.sort(-row)
    return (np.searchsorted(ordered, -row, side="left") + np.searchsorted(ordered, -row, side="right") + 1) / 2


def noisy_weights(weights: ArrayLike, noise: float, random: np.random.Generator) -> Numbers:
    """Weights (k,) or (T, k), each multiplied by a uniform number in [1 - noise, 1 + noise]; rows scaled to one."""
    base = np.asarray(weights, dtype=np.float64)
    if not 0 <= noise < 1:
        raise DataRefused(f"Noise of weights {noise}", "uncertainty", "give a share from 0 to below 1, such as 0.25")
    disturbed = base * random.uniform(1 - noise, 1 + noise, base.shape)
    return np.asarray(disturbed / disturbed.sum(axis=-1, keepdims=True))


def _groups(scores: Numbers, order: NDArray[np.intp] | Whole, level: float) -> tuple[tuple[int, ...], ...]:
    runs: list[tuple[int, int]] = []
    reach = 0
    for start in range(order.size):
        reach = max(reach, start)
        while reach + 1 < order.size and _alike(scores, order[start : reach + 1], int(order[reach + 1]), level):
            reach += 1
        if not runs or reach > runs[-1][1]:
            runs.append((start, reach))
    return tuple(tuple(int(unit) for unit in order[start : end + 1]) for start, end in runs)


def _alike(scores: Numbers, members: NDArray[np.intp] | Whole, other: int, level: float) -> bool:
    against = scores[:, members] - scores[:, [other]]
    above = ((against > 0) + 0.5 * (against == 0)).mean(axis=0)
    return bool((np.maximum(above, 1 - above) < level).all())
