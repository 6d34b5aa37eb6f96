"""Cross products by cluster: all that a bootstrap over clusters needs, so no draw touches the rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.panel.arrays import FloatArray, IntArray
from cunzhi.evaluation.panel.frame import Panel
from cunzhi.evaluation.panel.model import Effects
from cunzhi.evaluation.panel.within import absorb_columns

# Effects that clusters do not nest stand as dummies; more of them would be a slow dense system.
MOST_DUMMIES = 300


@dataclass(frozen=True, slots=True)
class Moments:
    """Cross products of columns within clusters.

    names: the q columns that came in; after them stand d dummies of the effects that the
        clusters do not nest. cross: (G, q + d, q + d), the sum over the cluster's rows of z z',
        z being times sqrt(w) and without the effects that the clusters nest.
    """

    names: tuple[str, ...]
    cross: FloatArray

    @property
    def dummies(self) -> list[int]:
        """Positions of the dummies."""
        return list(range(len(self.names), self.cross.shape[1]))

    def positions(self, names: Sequence[str]) -> list[int]:
        """Positions of named columns."""
        return [self.names.index(name) for name in names]


@dataclass(frozen=True, slots=True)
class Grouping:
    """Clusters of observations: codes (n,), how many, and which effects they nest."""

    codes: IntArray
    size: int
    nests_unit: bool
    nests_period: bool


def by_unit(panel: Panel) -> Grouping:
    """The units as clusters."""
    return Grouping(panel.unit, panel.units.size, nests_unit=True, nests_period=False)


def cluster_moments(
    panel: Panel,
    names: Sequence[str],
    *,
    effects: Effects,
    grouping: Grouping,
    weights: FloatArray | None = None,
) -> Moments:
    """Cross products of named columns within clusters; see Moments.

    Without effects a column of ones is among the dummies. Raises DataRefused when more than
    MOST_DUMMIES dummies would be needed.
    """
    inside, outside = _split_effects(panel, effects, grouping)
    columns = [panel.column(name) for name in names]
    for codes, size in outside:
        columns += [(codes == code).astype(np.float64) for code in range(bool(inside != "none"), size)]
    if effects == "none":
        columns.append(np.ones(panel.n))
    data = absorb_columns(panel, columns, inside, weights).data
    return Moments(tuple(names), _cross_by_cluster(data, grouping.codes, grouping.size))


def slopes_of(cross: FloatArray, outcome: int, regressors: Sequence[int]) -> FloatArray:
    """(..., k) least-squares slopes from cross products (..., q, q).

    A regressor without any variation in a draw (a period that was not drawn) gets slope 0.
    """
    at = list(regressors)
    return _solved(cross[..., at, :][..., :, at], cross[..., at, outcome][..., None])[..., 0]


def partialled(cross: FloatArray, kept: int) -> FloatArray:
    """(..., kept, kept) cross products of the first columns of (..., q, q) once all others are partialled out."""
    beside = cross[..., kept:, :kept]
    slopes = _solved(cross[..., kept:, kept:], beside)
    return np.asarray(cross[..., :kept, :kept] - np.swapaxes(beside, -1, -2) @ slopes)


def _solved(a: FloatArray, b: FloatArray) -> FloatArray:
    """Solve normal equations a (..., k, k) for b (..., k, m); columns without variation get 0."""
    scale = np.sqrt(np.einsum("...ii->...i", a))
    empty = scale <= 1e-9 * scale.max(initial=1e-300)
    scale = np.where(empty, 1.0, scale)
    a = a / (scale[..., :, None] * scale[..., None, :])
    a = np.where(empty[..., :, None] | empty[..., None, :], 0.0, a)
    at = range(a.shape[-1])
    a[..., at, at] = 1.0
    b = np.where(empty[..., None], 0.0, b / scale[..., None])
    return _correlations_solved(a, b) / scale[..., None]


def _correlations_solved(a: FloatArray, b: FloatArray) -> FloatArray:
    """Solve stacked correlation systems; a singular one by least norm."""
    try:
        solution = np.linalg.solve(a, b)
        # Rounding lets a singular system through with huge numbers: compare what it gives back.
        if np.all(np.abs(a @ solution - b) <= 1e-6 * (1 + np.abs(b))) and np.all(np.isfinite(solution)):
            return np.asarray(solution)
    except np.linalg.LinAlgError:
        pass
    return np.asarray(np.linalg.pinv(a, rcond=1e-10, hermitian=True) @ b)


def _split_effects(panel: Panel, effects: Effects, grouping: Grouping) -> tuple[Effects, list[tuple[IntArray, int]]]:
    """The effect to take out within clusters, and the others as codes for dummies."""
    unit, period = (panel.unit, panel.units.size), (panel.period, panel.periods.size)
    outside = []
    inside: Effects = "none"
    if effects in ("both", "unit"):
        if grouping.nests_unit:
            inside = "unit"
        else:
            outside.append(unit)
    if effects in ("both", "period"):
        if grouping.nests_period and inside == "none":
            inside = "period"
        else:
            outside.append(period)
    wanted = sum(size for _, size in outside)
    if wanted > MOST_DUMMIES:
        raise DataRefused(
            what="resampling these clusters would need too many dummies",
            where=f"{wanted} levels of effects that the clusters do not nest",
            how="cluster by unit, group the periods, or take fewer effects",
        )
    return inside, outside


def _cross_by_cluster(data: FloatArray, codes: IntArray, size: int) -> FloatArray:
    """(G, q, q) cross products of the rows of data (n, q) within clusters."""
    q = data.shape[1]
    cross = np.empty((size, q, q))
    for i in range(q):
        for j in range(i + 1):
            cross[:, i, j] = np.bincount(codes, data[:, i] * data[:, j], minlength=size)
            cross[:, j, i] = cross[:, i, j]
    return cross


def resampled(cross: FloatArray, counts: FloatArray) -> FloatArray:
    """(B, q, q) sums of cross products (G, q, q) with clusters taken counts (B, G) times."""
    size, q, _ = cross.shape
    return np.asarray((counts @ cross.reshape(size, q * q)).reshape(-1, q, q))


def draw_counts(size: int, draws: int, rng: np.random.Generator) -> FloatArray:
    """(B, G) how often each of G clusters comes up when G are drawn with replacement."""
    picks = rng.integers(0, size, (draws, size)) + np.arange(draws)[:, None] * size
    return np.bincount(picks.ravel(), minlength=draws * size).reshape(draws, size).astype(np.float64)
