"""Exact search for a threshold over every value of a column, by cumulative sums in its order.

With everything else partialled out, moving the regime slopes at gamma lowers the sum of
squares by g' Q^-1 g, where g = sum over q <= gamma of r u (a cumulative sum of scores) and
Q does not depend on the outcome. So one sort serves all candidates and all bootstrap draws.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.panel.arrays import FloatArray, IntArray
from cunzhi.evaluation.panel.frame import Panel
from cunzhi.evaluation.panel.model import Effects
from cunzhi.evaluation.panel.moments import MOST_DUMMIES
from cunzhi.evaluation.panel.within import absorb_columns


@dataclass(frozen=True, slots=True)
class Ground:
    """What no candidate and no draw changes.

    panel: the sample. inside: the effect taken out by means ("unit" or "none").
    r: (n, m) regime-dependent columns as they are. q: (n,) threshold column.
    y: (n,) outcome without unit effects. fixed: (n, p) controls and dummies without them.
    order: (n,) positions in rising q. ends: (C,) places in that order where a value of q
    ends, gammas: (C,) those values. least: observations that each regime needs.
    """

    panel: Panel
    inside: Effects
    r: FloatArray
    q: FloatArray
    y: FloatArray
    fixed: FloatArray
    order: IntArray
    ends: IntArray
    gammas: FloatArray
    least: int


@dataclass(frozen=True, slots=True)
class Candidates:
    """Everything about one search but the outcome.

    basis: (n, p) orthonormal columns spanning the null model. places, gammas: (C,) admitted
    candidates. inverse: (C, m, m) = Q^-1. scored: (n, m) r in the order of q.
    """

    ground: Ground
    basis: FloatArray
    places: IntArray
    gammas: FloatArray
    inverse: FloatArray
    scored: FloatArray

    def residual(self, y: FloatArray) -> FloatArray:
        """(..., n) y less its projection on the null model; y without unit effects."""
        return y - (y @ self.basis) @ self.basis.T

    def gains(self, u: FloatArray) -> FloatArray:
        """(..., C) how much each candidate lowers the sum of squares of u (..., n) in q's order."""
        if self.scored.shape[1] == 1:
            g = np.cumsum(u * self.scored[:, 0], axis=-1)[..., self.places]
            return np.asarray(g * g * self.inverse[:, 0, 0])
        parts = [np.cumsum(u * column, axis=-1)[..., self.places] for column in self.scored.T]
        stacked = np.stack(parts, axis=-1)
        return np.asarray(np.einsum("...ci,cij,...cj->...c", stacked, self.inverse, stacked))


def lay_ground(
    panel: Panel,
    *,
    outcome: str,
    controls: tuple[str, ...],
    regime: tuple[str, ...],
    threshold: str,
    effects: Effects,
    trim: float,
) -> Ground:
    """Sort by the threshold column and take effects out of outcome and controls.

    trim: smallest share of observations in a regime. Raises DataRefused when no value of
    the threshold column leaves that many on both sides.
    """
    inside: Effects = "unit" if effects in ("both", "unit") else "none"
    columns = [panel.column(name) for name in (outcome, *controls)]
    if effects in ("both", "period"):
        if panel.periods.size > MOST_DUMMIES:
            raise DataRefused(
                what="a threshold search with period effects needs few periods",
                where=f"{panel.periods.size} periods",
                how=f'group them to at most {MOST_DUMMIES}, or take effects "unit"',
            )
        start = 1 if inside == "unit" else 0
        columns += [(panel.period == code).astype(np.float64) for code in range(start, panel.periods.size)]
    if effects == "none":
        columns.append(np.ones(panel.n))
    data = absorb_columns(panel, columns, inside).data
    q = panel.column(threshold)
    order = np.argsort(q, kind="stable")
    ends = np.flatnonzero(np.append(q[order][1:] > q[order][:-1], True))
    least = max(int(np.ceil(trim * panel.n)), len(regime) + 1)
    if not np.any((ends + 1 >= least) & (panel.n - ends - 1 >= least)):
        raise DataRefused(
            what=f"no value of {threshold!r} parts the observations",
            where=f"{ends.size} different values in {panel.n} rows, {least} rows needed on each side",
            how="take a column with more different values or a smaller trim",
        )
    r = np.column_stack([panel.column(name) for name in regime])
    return Ground(panel, inside, r, q, data[:, 0], data[:, 1:], order, ends, q[order][ends], least)


def regime_columns(ground: Ground, gammas: tuple[float, ...]) -> list[FloatArray]:
    """The regime-dependent columns in each regime that the thresholds make, regime by regime."""
    regime = np.searchsorted(np.sort(gammas), ground.q, side="left")
    return [column * (regime == k) for k in range(len(gammas) + 1) for column in ground.r.T]


def candidates(ground: Ground, given: tuple[float, ...]) -> Candidates:
    """Prepare the search for one more threshold beside those given; see Candidates.

    Values at which some regime's slope is not identified are no candidates. Raises
    DataRefused when none is left.
    """
    span = absorb_columns(ground.panel, regime_columns(ground, given), ground.inside).data
    basis = _orthonormal(np.column_stack([ground.fixed, span]))
    places = _admitted(ground, given)
    r = np.asfortranarray(ground.r[ground.order])
    inner = _inner_products(ground, r)[places]
    across = np.stack([np.cumsum(column[:, None] * basis[ground.order], axis=0)[places] for column in r.T], axis=1)
    q = inner - np.einsum("cip,cjp->cij", across, across)
    sound = np.linalg.eigvalsh(q)[:, 0] > 1e-9 * np.trace(inner, axis1=1, axis2=2)
    if not sound.any():
        raise DataRefused(
            what="no further threshold can be told apart from those given",
            where=f"thresholds {given}, {places.size} candidates",
            how="ask for fewer thresholds or a larger trim",
        )
    inverse = np.linalg.inv(q[sound])
    return Candidates(ground, basis, places[sound], ground.q[ground.order][places[sound]], inverse, r)


def _admitted(ground: Ground, given: tuple[float, ...]) -> IntArray:
    """Places of candidates that leave each regime `least` observations."""
    bounds = [0, *(int(np.searchsorted(ground.q[ground.order], g, side="right")) for g in sorted(given))]
    bounds.append(ground.panel.n)
    counts = ground.ends + 1
    kept = np.zeros(counts.size, dtype=bool)
    for low, high in pairwise(bounds):
        kept |= (counts - low >= ground.least) & (high - counts >= ground.least)
    if not kept.any():
        raise DataRefused(
            what="there is no room for one more threshold",
            where=f"thresholds {given}, {ground.least} rows needed in each regime",
            how="ask for fewer thresholds or a smaller trim",
        )
    return np.asarray(ground.ends[kept])


def _inner_products(ground: Ground, r: FloatArray) -> FloatArray:
    """(n, m, m) cross products of r 1(q <= gamma) without unit means, at each place in q's order."""
    m = r.shape[1]
    total = np.cumsum(r[:, :, None] * r[:, None, :], axis=0)
    if ground.inside == "none":
        return total
    unit = ground.panel.unit[ground.order]
    by_unit = np.argsort(unit, kind="stable")
    sorted_r, sorted_unit = r[by_unit], unit[by_unit]
    running = np.cumsum(sorted_r, axis=0) - sorted_r
    starts = np.searchsorted(sorted_unit, np.arange(ground.panel.units.size))
    before = np.empty_like(r)
    before[by_unit] = running - running[starts][sorted_unit]
    size = np.bincount(unit)[unit]
    step = before[:, :, None] * r[:, None, :]
    growth = step + step.transpose(0, 2, 1) + r[:, :, None] * r[:, None, :]
    return np.asarray(total - np.cumsum(growth / size[:, None, None], axis=0).reshape(-1, m, m))


def _orthonormal(columns: FloatArray) -> FloatArray:
    """Orthonormal basis (n, rank) of the span of columns (n, p)."""
    scale = np.sqrt(np.einsum("ij,ij->j", columns, columns))
    scaled = columns[:, scale > 0] / scale[scale > 0]
    left, values, _ = np.linalg.svd(scaled, full_matrices=False)
    return np.asarray(left[:, values > 1e-9 * values[0]])
