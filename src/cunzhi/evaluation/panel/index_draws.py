"""Draws of units with the index built anew: from the rows, or from cross products where they are enough."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.panel.arrays import FloatArray, IntArray
from cunzhi.evaluation.panel.frame import Panel
from cunzhi.evaluation.panel.least_squares import is_gone
from cunzhi.evaluation.panel.model import Model
from cunzhi.evaluation.panel.moments import MOST_DUMMIES, by_unit, cluster_moments, partialled, resampled
from cunzhi.evaluation.panel.reliability import Halves, compare_halves
from cunzhi.evaluation.panel.sample import weights_of
from cunzhi.evaluation.panel.thin import dot
from cunzhi.evaluation.panel.within import absorb_columns

INDEX = "index"
# A builder takes a panel and names of indicators and returns the index, one value a row.
Builder = Callable[[Panel, Sequence[str]], FloatArray]
Split = tuple[tuple[str, ...], tuple[str, ...]]
# A split is used when both halves share this much variance within the effects; below it the
# instrument is too weak and its slope wild.
LEAST_SHARED = 0.05
# Cross products of so many cells at most are kept; larger panels are drawn row by row.
MOST_CELLS = 1 << 27
# Share of an indicator's variance below which a draw has none of it.
CONSTANT = 1e-12


@dataclass(frozen=True, slots=True)
class Drawn:
    """Draws of units with replacement: the panel they come from and the (B, N) units that each draw picks."""

    panel: Panel
    picks: IntArray

    def sample(self, draw: int) -> Panel:
        """The rows of one draw."""
        return self.panel.of_units(self.picks[draw])

    def counts(self) -> FloatArray:
        """(B, N) how often each unit comes up."""
        size = self.panel.units.size
        return np.array([np.bincount(picks, minlength=size) for picks in self.picks], dtype=np.float64)

    def covariances(self, names: Sequence[str]) -> FloatArray:
        """(B, k, k) of columns; NaN in the rows and columns of those that do not vary in a draw."""
        # Sums of squares lose less when they are taken about the means of the whole panel.
        centred = self.panel.with_columns(
            {name: self.panel.column(name) - self.panel.column(name).mean() for name in names}
        )
        moments = cluster_moments(centred, names, effects="none", grouping=by_unit(self.panel))
        found = _covariances(resampled(moments.cross, self.counts()))
        usual = np.diag(_covariances(moments.cross.sum(axis=0)))
        constant = np.diagonal(found, axis1=1, axis2=2) <= CONSTANT * usual
        return np.where(constant[:, :, None] | constant[:, None, :], np.nan, found)


# A weigher is for an index that is a weighted sum of its indicators. It takes the draws and lists of indicators
# (all of them, then halves) and returns (B, k, lists): what the index of each list multiplies the indicators with,
# in the order of the first list, 0 for those not in it and NaN for a draw in which there is no such index.
Weigher = Callable[[Drawn, Sequence[Sequence[str]]], FloatArray]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is drawn: the model with "index" among its regressors, the indicators, their halves."""

    model: Model
    indicators: tuple[str, ...]
    halves: tuple[Split, ...]

    @property
    def controls(self) -> tuple[str, ...]:
        """The regressors beside the index."""
        return tuple(name for name in self.model.regressors if name != INDEX)


def figures(left: FloatArray) -> tuple[float, float, float]:
    """Slope, reliability and slope by halves from columns y, index, first half, second half, first half, ….

    left: (n, 2 + 2s) with effects and controls out, or any matrix with the same cross products.
    """
    y, index, parts = left[:, 0], left[:, 1], left[:, 2:]
    found: list[Halves] = [
        compare_halves(y, index, parts[:, at], parts[:, at + 1]) for at in range(0, parts.shape[1], 2)
    ]
    usable = [half.slope for half in found if half.shared >= LEAST_SHARED]
    reliability = max(float(np.mean([half.reliability for half in found])), 1e-6)
    return dot(y, index) / dot(index, index), reliability, float(np.median(usable)) if usable else float("nan")


def on_rows(panel: Panel, plan: Plan, build: Builder) -> tuple[float, float, float]:
    """The figures of a panel that has its index; DataRefused when the effects and controls explain it."""
    columns = [panel.column(plan.model.outcome), panel.column(INDEX)]
    for half in plan.halves:
        columns += [build(panel, names) for names in half]
    beside = [panel.column(name) for name in plan.controls]
    if plan.model.effects == "none":
        beside.append(np.ones(panel.n))
    weights = weights_of(panel, plan.model.weights)
    data = absorb_columns(panel, [*columns, *beside], plan.model.effects, weights).data
    left, basis = data[:, : len(columns)], np.linalg.qr(data[:, len(columns) :])[0]
    left = left - basis @ (basis.T @ left)
    if is_gone(columns[1], left[:, 1]):
        raise DataRefused("effects and controls explain the index", "a draw of units", "take fewer controls")
    return figures(left)


def draw_units(panel: Panel, draws: int, rng: np.random.Generator) -> Drawn:
    """As many units as there are, drawn with replacement, so many times."""
    return Drawn(panel, rng.integers(0, panel.units.size, (draws, panel.units.size)))


def from_rows(drawn: Drawn, plan: Plan, build: Builder) -> FloatArray:
    """(B', 3) figures of the draws that could be made, each index built from the rows of its draw."""
    found = []
    for draw in range(len(drawn.picks)):
        sample = drawn.sample(draw)
        try:
            found.append(on_rows(sample.with_columns({INDEX: build(sample, plan.indicators)}), plan, build))
        except (DataRefused, np.linalg.LinAlgError):
            continue
    return np.array(found).reshape(-1, 3)


def products_are_enough(panel: Panel, plan: Plan) -> bool:
    """Whether the cross products of the units fit into memory."""
    width = 1 + len(plan.indicators) + len(plan.controls) + panel.periods.size
    return panel.periods.size <= MOST_DUMMIES and panel.units.size * width**2 <= MOST_CELLS


def from_products(drawn: Drawn, plan: Plan, weigh: Weigher) -> FloatArray:
    """As from_rows, by sums of each unit's cross products: the regressions touch no rows."""
    panel, names = drawn.panel, plan.indicators
    columns = (plan.model.outcome, *names, *plan.controls)
    weights = weights_of(panel, plan.model.weights)
    moments = cluster_moments(panel, columns, effects=plan.model.effects, grouping=by_unit(panel), weights=weights)
    left = partialled(resampled(moments.cross, drawn.counts()), 1 + len(names))
    weighed = weigh(drawn, [names, *(part for half in plan.halves for part in half)])
    sound = np.isfinite(left).all(axis=(1, 2)) & np.isfinite(weighed).all(axis=(1, 2))
    found = [
        figures(np.column_stack([root[:, :1], root[:, 1:] @ sums]))
        for root, sums in zip(_roots(left[sound]), weighed[sound], strict=True)
    ]
    return np.array([one for one in found if np.isfinite(one[0])]).reshape(-1, 3)


def _covariances(cross: FloatArray) -> FloatArray:
    """(..., k, k) covariances from cross products (..., k + 1, k + 1) whose last column is of ones."""
    rows, sums = cross[..., -1:, -1:], cross[..., :-1, -1:]
    return np.asarray((cross[..., :-1, :-1] - sums @ np.swapaxes(sums, -1, -2) / rows) / (rows - 1))


def _roots(cross: FloatArray) -> FloatArray:
    """(B, q, q) matrices R with R'R = cross: few rows that stand for all."""
    values, vectors = np.linalg.eigh(cross)
    return np.asarray(np.sqrt(np.maximum(values, 0.0))[..., :, None] * np.swapaxes(vectors, -1, -2))
