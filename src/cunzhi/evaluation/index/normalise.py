"""Normalisation: a scale is fitted to a base and then applied, so that later years do not rewrite earlier scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.index.arrays import Numbers, column_names, matrix, refuse_constant
from cunzhi.evaluation.index.kernel import column_ranges, cross_products


class Scale(Protocol):
    """Whatever turns raw values (n, k) into values in which more is better (n, k); NaN stays NaN."""

    def apply(self, values: Numbers) -> Numbers:
        """The normalised values."""


@dataclass(frozen=True)
class Straight:
    """slope * x + offset, held between `least` and `most`; each (k,)."""

    slope: Numbers
    offset: Numbers
    least: float = -np.inf
    most: float = np.inf

    def apply(self, values: Numbers) -> Numbers:
        """slope * x + offset of every column; NaN stays NaN."""
        scaled = values * self.slope + self.offset
        return scaled if np.isinf(self.least) and np.isinf(self.most) else np.clip(scaled, self.least, self.most)


@dataclass(frozen=True)
class Ranked:
    """Share of the base below a value, ties counted half: 0 for the worst of the base, 1 for its best.

    base: (m, k), each column sorted and already turned so that more is better.
    """

    base: Numbers
    direction: Numbers

    def apply(self, values: Numbers) -> Numbers:
        """Relative ranks in [0, 1] of every column; NaN stays NaN."""
        turned = values * self.direction
        ranks = np.empty_like(turned)
        for column in range(turned.shape[1]):
            below = np.searchsorted(self.base[:, column], turned[:, column], side="left")
            up_to = np.searchsorted(self.base[:, column], turned[:, column], side="right")
            ranks[:, column] = (below + up_to - 1) / 2 / (len(self.base) - 1)
        return np.where(np.isnan(values), np.nan, np.clip(ranks, 0.0, 1.0))


@dataclass(frozen=True)
class Aimed:
    """1 - |x - target| / farthest: 1 on the target, 0 for the farthest of the base; target, farthest (k,)."""

    target: Numbers
    farthest: Numbers

    def apply(self, values: Numbers) -> Numbers:
        """Nearness to the target; below 0 for values farther away than any of the base. NaN stays NaN."""
        return 1.0 - np.abs(values - self.target) / self.farthest


def min_max_scale(
    base: ArrayLike, direction: ArrayLike, *, to: tuple[float, float] = (0.0, 1.0), codes: Sequence[str] = ()
) -> Straight:
    """Scale on which the worst of the base is to[0] and its best is to[1].

    base: (m, k) rows of the base period, or all rows; direction: (k,) of 1 and -1.
    Values outside the base's range leave the interval: they are not cut off.
    DataRefused: missing cells, constant columns. Source: OECD/JRC Handbook (2008), step 5.
    """
    low, high = column_ranges(matrix(base, codes))
    refuse_constant(high - low, codes, "min-max normalised")
    return _between(low, high, np.asarray(direction, dtype=np.float64), to)


def z_scale(base: ArrayLike, direction: ArrayLike, *, codes: Sequence[str] = ()) -> Straight:
    """Scale with mean 0 and standard deviation 1 (divisor m - 1) on the base (m, k), turned by direction.

    DataRefused: missing cells, constant columns, fewer than two rows. Source: OECD/JRC Handbook (2008), step 5.
    """
    array = matrix(base, codes)
    low, high = column_ranges(array)
    refuse_constant(high - low, codes, "standardised")
    mean, cross = cross_products(array)
    deviation = np.sqrt(np.diag(cross) / (len(array) - 1))
    slope = np.asarray(direction, dtype=np.float64) / deviation
    return Straight(slope, -mean * slope)


def goalpost_scale(
    low: ArrayLike,
    high: ArrayLike,
    direction: ArrayLike,
    *,
    to: tuple[float, float] = (0.0, 1.0),
    codes: Sequence[str] = (),
) -> Straight:
    """Scale between fixed goalposts low < high (k,) in raw units; beyond them values are held at the ends.

    DataRefused: goalposts missing or low not below high. Source: UNDP Human Development Report, technical notes.
    """
    lows, highs = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    bad = np.flatnonzero(~(lows < highs))
    if bad.size:
        names = column_names(lows.size, codes)
        raise DataRefused(
            "Goalposts are missing, or low is not below high",
            f"indicators {named(names[position] for position in bad)}",
            "give low and high of these indicators in the tree",
        )
    straight = _between(lows, highs, np.asarray(direction, dtype=np.float64), to)
    return Straight(straight.slope, straight.offset, least=min(to), most=max(to))


def rank_scale(base: ArrayLike, direction: ArrayLike, *, codes: Sequence[str] = ()) -> Ranked:
    """Relative ranks within the base (m, k), m >= 2; later values are placed between those of the base.

    DataRefused: missing cells, constant columns. Source: OECD/JRC Handbook (2008), step 5.
    """
    array = matrix(base, codes)
    refuse_constant(np.ptp(array, axis=0), codes, "ranked")
    turn = np.asarray(direction, dtype=np.float64)
    return Ranked(np.sort(array * turn, axis=0), turn)


def target_scale(base: ArrayLike, target: ArrayLike, *, codes: Sequence[str] = ()) -> Aimed:
    """Nearness to the targets (k,), relative to the farthest value of the base (m, k).

    DataRefused: missing targets, a base that lies on its target throughout.
    Source: OECD/JRC Handbook (2008), step 5, distance to a reference.
    """
    array, aims = matrix(base, codes), np.asarray(target, dtype=np.float64)
    bad = np.flatnonzero(~np.isfinite(aims))
    if bad.size:
        names = column_names(aims.size, codes)
        raise DataRefused(
            "Targets are missing", f"indicators {named(names[at] for at in bad)}", "give them in the tree"
        )
    farthest = np.abs(array - aims).max(axis=0)
    refuse_constant(farthest, codes, "compared with their target")
    return Aimed(aims, farthest)


def _between(low: Numbers, high: Numbers, direction: Numbers, to: tuple[float, float]) -> Straight:
    slope = direction * (to[1] - to[0]) / (high - low)
    worst = np.where(direction > 0, low, high)
    return Straight(slope, to[0] - worst * slope)
