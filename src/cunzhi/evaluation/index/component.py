"""The principal component index, with its tests of fitness, retained components and recorded signs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.index.arrays import Mask, Numbers, Whole, matrix, refuse_constant, shaped
from cunzhi.evaluation.index.kernel import cross_products

SUM_RULE = "loadings sum to a positive number; where they cancel, the first of the largest is positive"
RETENTION = ("kaiser", "share", "count")


@dataclass(frozen=True)
class Fitness:
    """Whether columns share enough: KMO overall and of each column (k,), Bartlett's chi2, df and p."""

    kmo: float
    kmo_each: Numbers
    bartlett_chi2: float
    bartlett_df: int
    bartlett_p: float


@dataclass(frozen=True)
class PcaIndex:
    """An index from principal components of standardised columns.

    scores: (n,) index; coefficients: (k,) on the standardised columns; weights: (k,) |coefficients| scaled to one.
    eigenvalues: (k,) falling; explained: (k,) shares; retained: number of components used, by `rule`.
    loadings: (k, retained) eigenvectors after the sign rule; flipped: which of them it turned.
    sign_rule: in words; mean, deviation: (k,) of the base, frozen for later rows.
    """

    scores: Numbers
    coefficients: Numbers
    weights: Numbers
    eigenvalues: Numbers
    explained: Numbers
    retained: int
    rule: str
    loadings: Numbers
    flipped: tuple[bool, ...]
    sign_rule: str
    mean: Numbers
    deviation: Numbers
    fitness: Fitness


@dataclass(frozen=True)
class Components:
    """Components of one or of many correlation matrices (..., k, k).

    eigenvalues: (..., k) falling; loadings: (..., k, k) eigenvectors after the sign rule; flipped: (..., k) which of
    them it turned. retained: (...) how many the rule keeps; coefficients: (..., k) on standardised columns.
    """

    eigenvalues: Numbers
    loadings: Numbers
    flipped: Mask
    retained: Whole
    coefficients: Numbers


def components(
    correlation: Numbers, *, rule: str = "kaiser", share: float = 0.85, count: int = 1, anchor: int | None = None
) -> Components:
    """Components of correlation matrices (..., k, k), weighted by their eigenvalues; rules as in pca_index.

    DataRefused: an unknown rule. Source: Jolliffe (2002), Principal Component Analysis, 2nd ed., chapter 6.
    """
    eigenvalues, vectors = np.linalg.eigh(correlation)
    eigenvalues, vectors = np.maximum(eigenvalues[..., ::-1], 0.0), vectors[..., ::-1]
    flipped = _leading(vectors, anchor) < 0
    loadings = np.where(flipped[..., None, :], -vectors, vectors)
    retained = _retained(eigenvalues, rule, share, count)
    kept = np.where(np.arange(eigenvalues.shape[-1]) < retained[..., None], eigenvalues, 0.0)
    weighed = kept / kept.sum(axis=-1, keepdims=True)
    coefficients = np.einsum("...ij,...j->...i", loadings, weighed)
    return Components(eigenvalues, loadings, flipped, retained, coefficients)


def pca_index(
    values: ArrayLike,
    *,
    base: ArrayLike | None = None,
    rule: str = "kaiser",
    share: float = 0.85,
    count: int = 1,
    anchor: int | None = None,
    codes: Sequence[str] = (),
) -> PcaIndex:
    """Components of the correlation matrix of `base`, weighted by their eigenvalues, scored on `values`.

    values: (n, k), more is better; base: (m, k) rows that fix means, deviations and components (default: values).
    rule: "kaiser" keeps eigenvalues above 1 (at least one); "share" keeps the fewest components that explain
    `share`; "count" keeps `count`. Sign rule: each component is turned so that its loading on the column
    number `anchor` is positive, or, without an anchor, by SUM_RULE.
    DataRefused: missing cells, constant columns, fewer rows than 3, an unknown rule.
    Source: Jolliffe (2002), Principal Component Analysis, 2nd ed., chapter 6; Kaiser (1960).
    """
    array = shaped(values)
    fitted = array if base is None else shaped(base)
    mean, deviation, correlation = _correlation(fitted, codes)
    found = components(correlation, rule=rule, share=share, count=count, anchor=anchor)
    retained, coefficients = int(found.retained), found.coefficients
    slope = coefficients / deviation
    scores = array @ slope - mean @ slope
    if not np.isfinite(scores).all():
        matrix(array, codes)
    return PcaIndex(
        scores=scores,
        coefficients=coefficients,
        weights=np.abs(coefficients) / np.abs(coefficients).sum(),
        eigenvalues=found.eigenvalues,
        explained=found.eigenvalues / found.eigenvalues.sum(),
        retained=retained,
        rule={"kaiser": "eigenvalue above 1", "share": f"at least {share:.0%} explained", "count": f"{count} given"}[
            rule
        ],
        loadings=found.loadings[:, :retained],
        flipped=tuple(bool(turned) for turned in found.flipped[:retained]),
        sign_rule=SUM_RULE if anchor is None else f"loading on column {anchor + 1} positive",
        mean=mean,
        deviation=deviation,
        fitness=_fitness(correlation, len(fitted)),
    )


def fitness(values: ArrayLike, codes: Sequence[str] = ()) -> Fitness:
    """KMO and Bartlett's test of sphericity of `values` (n, k), k >= 2.

    DataRefused: missing cells, constant columns; KMO is NaN when the correlation matrix is singular.
    Source: Kaiser (1974), Psychometrika 39, 31-36; Bartlett (1950), British J. of Psychology 3, 77-85.
    """
    array = shaped(values)
    return _fitness(_correlation(array, codes)[2], len(array))


def _correlation(array: Numbers, codes: Sequence[str]) -> tuple[Numbers, Numbers, Numbers]:
    if len(array) < 3 or array.shape[1] < 2:
        raise DataRefused(
            f"Components need three rows and two columns or more, not {array.shape}",
            "the values",
            "add rows or columns",
        )
    mean, cross = cross_products(array)
    if not np.isfinite(mean).all():
        matrix(array, codes)
    spread = np.sqrt(np.diag(cross) / (len(array) - 1))
    refuse_constant(np.where(spread > 1e-14 * np.abs(mean), spread, 0.0), codes, "standardised")
    return mean, spread, cross / (len(array) - 1) / np.outer(spread, spread)


def _retained(eigenvalues: Numbers, rule: str, share: float, count: int) -> Whole:
    size = eigenvalues.shape[-1]
    if rule == "kaiser":
        return np.asarray(np.maximum(1, (eigenvalues > 1.0).sum(axis=-1)))
    if rule == "share" and 0 < share <= 1:
        reached = np.cumsum(eigenvalues, axis=-1) >= (share - 1e-12) * eigenvalues.sum(axis=-1, keepdims=True)
        return np.asarray(np.argmax(reached, axis=-1) + 1)
    if rule == "count" and 1 <= count <= size:
        return np.full(eigenvalues.shape[:-1], count)
    raise DataRefused(
        f"No such rule of retention: {rule!r} with share {share} and count {count}",
        f"{size} components",
        f"use {', '.join(RETENTION)}, a share in (0, 1] and a count of at most {size}",
    )


def _leading(loadings: Numbers, anchor: int | None) -> Numbers:
    if anchor is not None:
        return np.asarray(loadings[..., anchor, :])
    total = loadings.sum(axis=-2)
    magnitude = np.abs(loadings)
    first_largest = np.argmax(magnitude > magnitude.max(axis=-2, keepdims=True) - 1e-9, axis=-2)
    largest = np.take_along_axis(loadings, first_largest[..., None, :], axis=-2)[..., 0, :]
    return np.asarray(np.where(np.abs(total) > 1e-9, total, largest))


def _fitness(correlation: Numbers, rows: int) -> Fitness:
    size = len(correlation)
    degrees = size * (size - 1) // 2
    sign, log_determinant = np.linalg.slogdet(correlation)
    if sign <= 0 or log_determinant < -30 * size:
        return Fitness(float("nan"), np.full(size, np.nan), float("inf"), degrees, 0.0)
    from scipy.special import gammaincc  # noqa: PLC0415 -- slow to import

    inverse = np.linalg.inv(correlation)
    partial = -inverse / np.sqrt(np.outer(np.diag(inverse), np.diag(inverse)))
    off = ~np.eye(size, dtype=bool)
    squares, partials = np.where(off, correlation**2, 0.0), np.where(off, partial**2, 0.0)
    chi2 = -(rows - 1 - (2 * size + 5) / 6) * log_determinant
    return Fitness(
        kmo=float(squares.sum() / (squares.sum() + partials.sum())),
        kmo_each=squares.sum(axis=0) / (squares.sum(axis=0) + partials.sum(axis=0)),
        bartlett_chi2=float(chi2),
        bartlett_df=degrees,
        bartlett_p=float(gammaincc(degrees / 2, max(chi2, 0.0) / 2)),
    )
