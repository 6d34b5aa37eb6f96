"""Wild cluster bootstrap with the null imposed: p-values and intervals that hold with few clusters."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Literal

import numpy as np

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.panel.arrays import FloatArray
from cunzhi.evaluation.panel.covariance import cluster_codes, directions
from cunzhi.evaluation.panel.design import Design, prepare
from cunzhi.evaluation.panel.frame import Panel
from cunzhi.evaluation.panel.model import Clustered, Model
from cunzhi.evaluation.panel.moments import Grouping, Moments, cluster_moments
from cunzhi.evaluation.panel.sample import weights_of

Signs = Literal["rademacher", "webb", "mammen"]
DRAWS = 9999
# With fewer clusters, plus and minus give too few different draws (Webb 2023).
FEW_FOR_SIGNS = 12
CHUNK = 2_000_000
WEBB = np.array([-1.0, -1.0, -1.0, 1.0, 1.0, 1.0]) * np.sqrt([1.5, 1.0, 0.5, 0.5, 1.0, 1.5])


@dataclass(frozen=True, slots=True)
class WildRow:
    """One slope: its t under CR0, the share of draws with a larger |t|, the inverted 95 % interval."""

    name: str
    t: float
    p: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class WildInference:
    """Wild cluster bootstrap of all slopes; `signs` are the cluster weights drawn."""

    rows: tuple[WildRow, ...]
    clusters: int
    draws: int
    signs: Signs
    level: float
    seed: int


@dataclass(frozen=True, slots=True)
class _Paths:
    """Draws of one slope as functions of the null value r.

    Numerator top0 - r top1 and squared scale low0 - 2 r low1 + r^2 low2, each (B,).
    """

    top0: FloatArray
    top1: FloatArray
    low0: FloatArray
    low1: FloatArray
    low2: FloatArray

    def squared_t(self, r: float) -> FloatArray:
        """(B,) squared t statistics under the null value r."""
        scale = self.low0 - 2 * r * self.low1 + r * r * self.low2
        return np.asarray((self.top0 - r * self.top1) ** 2 / np.maximum(scale, 1e-300))


def wild_inference(
    panel: Panel,
    model: Model,
    *,
    draws: int = DRAWS,
    signs: Signs | None = None,
    level: float = 0.95,
    seed: int = 0,
) -> WildInference:
    """Wild cluster restricted bootstrap (WCR) of each slope of a model clustered one way.

    signs: None takes Webb's six points below FEW_FOR_SIGNS clusters and Rademacher's two
    otherwise. Effects that the clusters do not nest are re-estimated in each draw, exactly.
    Raises DataRefused for errors that are not clustered one way.
    Source: Cameron, Gelbach and Miller (2008); Roodman, Nielsen, MacKinnon and Webb (2019).
    """
    design = prepare(panel, model)
    moments, size = _moments(design)
    kind: Signs = signs or ("webb" if size < FEW_FOR_SIGNS else "rademacher")
    v = _signs(kind, (draws, size), np.random.default_rng(seed))
    # Without effects the one dummy is the constant, the last of the slopes.
    at = list(range(1, moments.cross.shape[1]))
    cross = moments.cross
    total = cross.sum(axis=0)
    inverse = _pseudo_inverse(total[np.ix_(at, at)])
    rows = [_row(name, v, level, _Scores.of(cross, total, inverse, at, j)) for j, name in enumerate(design.slopes)]
    return WildInference(tuple(rows), size, draws, kind, level, seed)


@dataclass(frozen=True, slots=True)
class _Scores:
    """Cluster scores of one slope under the null value r: s0 - r s1, each (G, p).

    row: (p,) the slope's row of A^-1; spread: (G, p) = H_g row; inverse: (p, p);
    beta: the slope; own: (G,) scores of the unrestricted fit along the row.
    """

    j: int
    s0: FloatArray
    s1: FloatArray
    spread: FloatArray
    inverse: FloatArray
    beta: float
    own: FloatArray

    @classmethod
    def of(cls, cross: FloatArray, total: FloatArray, inverse: FloatArray, at: list[int], j: int) -> "_Scores":
        """Scores of the j-th of the regressors at positions `at`; the outcome stands at 0."""
        h, big = cross[:, at, 0], cross[:, at, :][:, :, at]
        a, b = total[np.ix_(at, at)], total[at, 0]
        others = [i for i in range(len(at)) if i != j]
        rest = _pseudo_inverse(a[np.ix_(others, others)])
        s0 = h - big[:, :, others] @ (rest @ b[others])
        s1 = big[:, :, j] - big[:, :, others] @ (rest @ a[others, j])
        beta = inverse @ b
        own = (h - big @ beta) @ inverse[j]
        return cls(j, s0, s1, big @ inverse[j], inverse, float(beta[j]), own)

    def paths(self, v: FloatArray) -> _Paths:
        """Numerators and scales of all draws v (B, G)."""
        parts = []
        step = max(1, CHUNK // v.shape[1])
        row = self.inverse[self.j]
        for start in range(0, v.shape[0], step):
            chunk = v[start : start + step]
            d0, d1 = chunk @ self.s0 @ self.inverse, chunk @ self.s1 @ self.inverse
            c0 = chunk * (self.s0 @ row) - d0 @ self.spread.T
            c1 = chunk * (self.s1 @ row) - d1 @ self.spread.T
            sums = [np.einsum("bg,bg->b", one, two) for one, two in ((c0, c0), (c0, c1), (c1, c1))]
            parts.append((d0[:, self.j], d1[:, self.j], *sums))
        return _Paths(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _row(name: str, v: FloatArray, level: float, scores: _Scores) -> WildRow:
    """p-value at zero and the interval of null values that the draws do not reject."""
    paths = scores.paths(v)
    se = float(np.sqrt(scores.own @ scores.own))

    def p(r: float) -> float:
        squared = ((scores.beta - r) / se) ** 2
        return float(np.mean(paths.squared_t(r) >= squared * (1 - 1e-9)))

    low = _edge(p, scores.beta, -se, 1 - level)
    high = _edge(p, scores.beta, se, 1 - level)
    return WildRow(name, scores.beta / se, p(0.0), low, high)


def _edge(p: Callable[[float], float], start: float, step: float, size: float) -> float:
    """Where p falls below size on the way from start in the direction of step; infinite if never."""
    near, far = 0.0, 1.0
    while p(start + far * step) >= size:
        near, far = far, 2 * far
        if far > 4096:
            return inf if step > 0 else -inf
    for _ in range(40):
        middle = (near + far) / 2
        near, far = (middle, far) if p(start + middle * step) >= size else (near, middle)
    return start + near * step


def _moments(design: Design) -> tuple[Moments, int]:
    """Cross products within the clusters of a model clustered one way, and their number."""
    errors = design.model.errors
    if not isinstance(errors, Clustered) or len(errors.by) != 1:
        raise DataRefused(
            what="the wild cluster bootstrap needs errors clustered in one direction",
            where=f"errors {errors.label}",
            how='take Clustered(("unit",)) or another single direction',
        )
    codes, size = cluster_codes(design, errors.by[0])
    (direction,) = directions(design, errors.by)
    grouping = Grouping(codes, size, direction.nests_unit, direction.nests_period)
    names = (design.model.outcome, *design.model.regressors)
    weights = weights_of(design.panel, design.model.weights)
    found = cluster_moments(design.panel, names, effects=design.model.effects, grouping=grouping, weights=weights)
    return found, size


def _signs(kind: Signs, shape: tuple[int, int], rng: np.random.Generator) -> FloatArray:
    """(B, G) cluster weights of mean zero and variance one."""
    if kind == "webb":
        return np.asarray(WEBB[rng.integers(0, 6, shape)])
    if kind == "mammen":
        golden = np.sqrt(5.0)
        first = rng.random(shape) < (golden + 1) / (2 * golden)
        return np.asarray(np.where(first, (1 - golden) / 2, (1 + golden) / 2))
    return rng.integers(0, 2, shape).astype(np.float64) * 2 - 1


def _pseudo_inverse(matrix: FloatArray) -> FloatArray:
    """Pseudo-inverse of a cross product, scaled so that units of measurement do not matter."""
    scale = np.sqrt(np.maximum(np.diag(matrix), 1e-300))
    scaled = np.linalg.pinv(matrix / np.outer(scale, scale), rcond=1e-11, hermitian=True)
    return np.asarray(scaled / np.outer(scale, scale))
