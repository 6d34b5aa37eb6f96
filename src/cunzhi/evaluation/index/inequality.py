"""Inequality between and within groups: Dagum's Gini decomposition and Theil's indices."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.index.arrays import Numbers, vector


@dataclass(frozen=True)
class Dagum:
    """gini = within + between + overlap (transvariation); groups (g,) names; gini_of (g, g) within on the diagonal."""

    gini: float
    within: float
    between: float
    overlap: float
    groups: tuple[str, ...]
    gini_of: Numbers


@dataclass(frozen=True)
class Theil:
    """total = within + between; by_group (g,) index of each group; share (g,) its weight; groups (g,) names."""

    total: float
    within: float
    between: float
    by_group: Numbers
    share: Numbers
    groups: tuple[str, ...]


def dagum_gini(values: ArrayLike, group: NDArray[np.str_]) -> Dagum:
    """Gini coefficient (no n / (n - 1) correction) split into within, net between and overlap of groups.

    values: (n,) not negative with a positive mean; group: (n,) names. O(n log n) for each pair of groups.
    DataRefused: negative values, a group whose values are all zero.
    Source: Dagum (1997), Empirical Economics 22, 515-531, eq. 8-27.
    """
    names, parts = _groups(values, group, positive=False)
    size = len(parts)
    count = np.array([part.size for part in parts], dtype=np.float64)
    mean = np.array([part.mean() for part in parts])
    population, income = count / count.sum(), count * mean / (count * mean).sum()
    gap = np.array([[_mean_gap(one, other) for other in parts] for one in parts])
    ginis = gap / (mean[:, None] + mean[None, :])
    share = np.outer(population, income)
    distance = np.divide(np.abs(mean[:, None] - mean[None, :]), gap, out=np.zeros_like(gap), where=gap > 0)
    off = ~np.eye(size, dtype=bool)
    across = (ginis * share)[off]
    return Dagum(
        gini=float((ginis * share).sum()),
        within=float(np.diag(ginis * share).sum()),
        between=float((across * distance[off]).sum()),
        overlap=float((across * (1 - distance[off])).sum()),
        groups=names,
        gini_of=ginis,
    )


def theil_t(values: ArrayLike, group: NDArray[np.str_]) -> Theil:
    """Theil's T = mean of (y / mu) ln(y / mu), groups weighted by their share of the total of y.

    values: (n,) above zero; group: (n,) names. Source: Theil (1967); Shorrocks (1980), Econometrica 48, 613-625.
    """
    names, parts = _groups(values, group, positive=True)
    total = sum(part.sum() for part in parts)
    share = np.array([part.sum() / total for part in parts])
    by_group = np.array([float(((part / part.mean()) * np.log(part / part.mean())).mean()) for part in parts])
    return _theil(names, parts, by_group, share, np.array([part.mean() for part in parts]))


def theil_l(values: ArrayLike, group: NDArray[np.str_]) -> Theil:
    """Theil's L, the mean logarithmic deviation ln(mu / y), groups weighted by their share of the rows.

    values: (n,) above zero; group: (n,) names. Source: as for T.
    """
    names, parts = _groups(values, group, positive=True)
    total = sum(part.size for part in parts)
    share = np.array([part.size / total for part in parts])
    by_group = np.array([float(-np.log(part / part.mean()).mean()) for part in parts])
    pooled = np.concatenate(parts).mean()
    between = float(-(share * np.log(np.array([part.mean() for part in parts]) / pooled)).sum())
    within = float((share * by_group).sum())
    return Theil(within + between, within, between, by_group, share, names)


def _theil(names: tuple[str, ...], parts: list[Numbers], by_group: Numbers, share: Numbers, means: Numbers) -> Theil:
    within = float((share * by_group).sum())
    between = float((share * np.log(means / np.concatenate(parts).mean())).sum())
    return Theil(within + between, within, between, by_group, share, names)


def _mean_gap(one: Numbers, other: Numbers) -> float:
    """Mean |a - b| over all pairs of two sorted arrays, by cumulative sums."""
    sums = np.concatenate([[0.0], np.cumsum(other)])
    below = np.searchsorted(other, one)
    gaps = one * below - sums[below] + (sums[-1] - sums[below]) - one * (other.size - below)
    return float(gaps.mean() / other.size)


def _groups(values: ArrayLike, group: NDArray[np.str_], *, positive: bool) -> tuple[tuple[str, ...], list[Numbers]]:
    numbers = vector(values)
    labels = np.asarray(group).astype(str)
    if labels.shape != numbers.shape:
        raise DataRefused(f"{labels.size} group names for {numbers.size} values", "the groups", "give each row a group")
    low = np.flatnonzero(numbers <= 0 if positive else numbers < 0)
    if low.size:
        raise DataRefused(
            f"Values {'at or ' if positive else ''}below zero", f"rows {named(low + 1)}", "use values above zero"
        )
    names = np.unique(labels)
    parts = [np.sort(numbers[labels == name]) for name in names]
    empty = [name for name, part in zip(names, parts, strict=True) if part.sum() <= 0]
    if empty:
        raise DataRefused("All values of a group are zero", f"groups {named(empty)}", "merge or leave out these groups")
    return tuple(str(name) for name in names), parts
