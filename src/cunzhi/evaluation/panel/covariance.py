"""Covariance of slopes: bread @ meat @ bread, with the meat that the errors call for."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

import numpy as np

from cunzhi.evaluation.cores import on_all_cores
from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.panel import conventions
from cunzhi.evaluation.panel.arrays import FloatArray, IntArray
from cunzhi.evaluation.panel.blocks import LARGE, blocks_of
from cunzhi.evaluation.panel.conventions import Direction
from cunzhi.evaluation.panel.design import Design
from cunzhi.evaluation.panel.leverage import leverages
from cunzhi.evaluation.panel.model import Classical, DriscollKraay, Robust, RobustKind
from cunzhi.evaluation.panel.thin import cross, dot

ROWS = 1 << 16


@dataclass(frozen=True, slots=True)
class Meat:
    """matrix (k, k): the middle of the sandwich, small-sample factor in.

    df: degrees of freedom of the critical values (infinity: normal).
    clusters: number of clusters of each direction, empty without clusters.
    notes: what a reader of the table must know.
    """

    matrix: FloatArray
    df: float
    clusters: tuple[int, ...]
    notes: tuple[str, ...] = ()


def meat(design: Design, x: FloatArray, u_hat: FloatArray, bread: FloatArray) -> Meat:
    """The meat of scores x_it u_it for the errors and convention of the design's model.

    x: (n, k) regressors without effects; u_hat: (n,); bread: (k, k) = (X'X)^-1.
    Raises DataRefused for too few clusters (at least as many as slopes plus one are needed).
    """
    counts = design.counts(x.shape[1])
    conventions.refuse_without_freedom(counts)
    errors, convention = design.model.errors, design.model.convention
    if isinstance(errors, Classical):
        sigma2 = dot(u_hat, u_hat) / conventions.classical_df(convention, counts)
        return Meat(sigma2 * cross(x, x), conventions.critical_df(convention, counts, None), ())
    if isinstance(errors, Robust):
        return _robust(design, errors.kind, x, u_hat, bread)
    if isinstance(errors, DriscollKraay):
        return _driscoll_kraay(design, errors.lags, x, u_hat)
    return _clustered(design, errors.by, x, u_hat)


def cluster_codes(design: Design, name: str) -> tuple[IntArray, int]:
    """Codes (n,) and number of the clusters of one direction."""
    panel = design.panel
    if name == "unit":
        return panel.unit, panel.units.size
    if name == "period":
        return panel.period, panel.periods.size
    found, codes = np.unique(panel.column(name), return_inverse=True)
    return codes.astype(np.intp, copy=False), found.size


def directions(design: Design, names: Sequence[str]) -> tuple[Direction, ...]:
    """The directions of clusters with the effects that each nests."""
    found = []
    for name in names:
        codes, size = cluster_codes(design, name)
        nests_unit = name == "unit" or (name != "period" and nests(design.panel.unit, codes))
        nests_period = name == "period" or (name != "unit" and nests(design.panel.period, codes))
        found.append(Direction(size, nests_unit, nests_period))
    return tuple(found)


def nests(inner: IntArray, outer: IntArray) -> bool:
    """Whether each level of inner lies in one level of outer."""
    representative = np.zeros(int(inner.max()) + 1, dtype=np.intp)
    representative[inner] = outer
    return bool(np.all(representative[inner] == outer))


def score_sums(x: FloatArray, u_hat: FloatArray, codes: IntArray, size: int) -> FloatArray:
    """(size, k) sums of the scores x_it u_it within clusters."""
    sums = np.empty((size, x.shape[1]))
    blocks = blocks_of(codes, size)

    def add_up(j: int) -> None:
        for block in blocks:
            sums[block.groups, j] = block.sums(x[block.rows, j] * u_hat[block.rows])

    on_all_cores(add_up, range(x.shape[1]), large=x.shape[0] >= LARGE)
    return sums


def score_cross_product(x: FloatArray, u_hat: FloatArray) -> FloatArray:
    """(k, k) sum of x_it x_it' u_it^2, a block of rows at a time."""
    total = np.zeros((x.shape[1], x.shape[1]))
    for start in range(0, x.shape[0], ROWS):
        scores = x[start : start + ROWS] * u_hat[start : start + ROWS, None]
        total += cross(scores, scores)
    return total


def _robust(design: Design, kind: RobustKind, x: FloatArray, u_hat: FloatArray, bread: FloatArray) -> Meat:
    """White's meat and its corrections."""
    convention, counts = design.model.convention, design.counts(x.shape[1])
    factor, scaled = 1.0, u_hat
    if kind == "hc1":
        factor = conventions.independent_factor(convention, counts)
    elif kind in ("hc2", "hc3"):
        left = 1 - leverages(design, x, bread)
        scaled = np.where(left > 1e-10, u_hat / np.maximum(left, 1e-10) ** (0.5 if kind == "hc2" else 1.0), 0)
    df = conventions.critical_df(convention, counts, None)
    return Meat(factor * score_cross_product(x, scaled), df, ())


def _clustered(design: Design, by: tuple[str, ...], x: FloatArray, u_hat: FloatArray) -> Meat:
    """Sums over clusters in one direction, or in two less their intersection."""
    convention, counts = design.model.convention, design.counts(x.shape[1])
    found = directions(design, by)
    sizes = tuple(direction.clusters for direction in found)
    _refuse_few(by, sizes, x.shape[1])
    factors = conventions.cluster_factors(convention, counts, found)
    total = np.zeros((x.shape[1], x.shape[1]))
    for name, factor in zip(by, factors[: len(by)], strict=True):
        sums = score_sums(x, u_hat, *cluster_codes(design, name))
        total += factor * cross(sums, sums)
    notes: tuple[str, ...] = ()
    if len(by) == 2:
        total -= factors[2] * _intersection(design, x, u_hat, by)
        total, notes = _nearest_positive(total)
    return Meat(total, conventions.critical_df(convention, counts, min(sizes)), sizes, notes)


def _intersection(design: Design, x: FloatArray, u_hat: FloatArray, by: tuple[str, ...]) -> FloatArray:
    """Cross product of the scores summed where both directions agree."""
    if set(by) == {"unit", "period"}:
        return score_cross_product(x, u_hat)
    first, _ = cluster_codes(design, by[0])
    second, size = cluster_codes(design, by[1])
    found, codes = np.unique(first * size + second, return_inverse=True)
    sums = score_sums(x, u_hat, codes, found.size)
    return cross(sums, sums)


def _driscoll_kraay(design: Design, asked: int | None, x: FloatArray, u_hat: FloatArray) -> Meat:
    """Bartlett-weighted autocovariances of the period sums of the scores."""
    counts, periods = design.counts(x.shape[1]), design.panel.periods.size
    lags = min(floor(4 * (periods / 100) ** (2 / 9)) if asked is None else asked, periods - 1)
    direction = Direction(periods, nests_unit=False, nests_period=False)
    _refuse_few(("period",), (periods,), 0)
    factor = conventions.cluster_factors(design.model.convention, counts, (direction,))[0]
    if design.model.convention == "linearmodels":
        factor = counts.n / counts.residual_df
    sums = score_sums(x, u_hat, design.panel.period, periods)
    total = sums.T @ sums
    for lag in range(1, lags + 1):
        gamma = sums[lag:].T @ sums[:-lag]
        total += (1 - lag / (lags + 1)) * (gamma + gamma.T)
    df = conventions.critical_df(design.model.convention, counts, periods)
    notes: tuple[str, ...] = (f"Driscoll-Kraay with {lags} lags over {periods} periods",)
    if periods < 20:
        notes = (
            *notes,
            "Driscoll-Kraay errors rest on many periods; below 20 they are too small",
        )
    return Meat(factor * total, df, (periods,), notes)


def _nearest_positive(matrix: FloatArray) -> tuple[FloatArray, tuple[str, ...]]:
    """Set negative eigenvalues of a two-way meat to zero and say so."""
    values, vectors = np.linalg.eigh(matrix)
    if values[0] >= -1e-12 * abs(values[-1]):
        return matrix, ()
    note = "the two-way covariance was not positive; its negative eigenvalues were set to zero"
    return (vectors * np.maximum(values, 0)) @ vectors.T, (note,)


def _refuse_few(by: Sequence[str], sizes: Sequence[int], slopes: int) -> None:
    """Refuse clusters that are too few to hold the covariance of the slopes."""
    for name, size in zip(by, sizes, strict=True):
        if size < 2 or size <= slopes:
            raise DataRefused(
                what=f"{size} clusters cannot carry the covariance of {slopes} slopes",
                where=f"clusters by {name}: {size}",
                how="cluster in a direction with more groups, take fewer regressors, or take "
                "Robust() errors and say so",
            )
