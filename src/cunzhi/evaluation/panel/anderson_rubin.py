"""The Anderson-Rubin confidence set: valid however weak the instruments are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from cunzhi.evaluation.panel.arrays import FloatArray
from cunzhi.evaluation.panel.covariance import meat
from cunzhi.evaluation.panel.design import Design
from cunzhi.evaluation.panel.distributions import f_quantile, f_tail
from cunzhi.evaluation.panel.least_squares import least_squares

POINTS = 4001


@dataclass(frozen=True, slots=True)
class AndersonRubin:
    """Slopes that the data do not reject at 1 - level, as closed intervals in rising order.

    One bounded interval is the usual case; two unbounded ones or the whole line mean weak
    instruments; none at all means that the instruments contradict each other.
    f, p: the test of a slope of zero, F(q, df).
    """

    intervals: tuple[tuple[float, float], ...]
    level: float
    f: float
    p: float

    @property
    def bounded(self) -> bool:
        """Whether the set is one interval of finite length."""
        return len(self.intervals) == 1 and np.isfinite(self.intervals[0]).all().item()


def anderson_rubin(
    design: Design,
    endogenous: str,
    instruments: Sequence[str],
    exogenous: Sequence[str],
    *,
    centre: float,
    spread: float,
    level: float = 0.95,
) -> AndersonRubin:
    """Invert the Anderson-Rubin test for one endogenous column.

    For a slope b, y - b x is regressed on the instruments and exogenous columns; the test is
    that the instruments have no slope, under the errors and convention of the design's
    model. centre, spread: the estimate and its standard error, where the search is densest.
    Source: Anderson and Rubin (1949); Andrews, Stock and Sun (2019).
    """
    names = (*instruments, *exogenous)
    z, q = design.matrix(names), len(instruments)
    on_y = least_squares(design.vector(design.model.outcome), z, names)
    on_x = least_squares(design.vector(endogenous), z, names)
    # The covariance is a quadratic in b: three values of b give it whole.
    unit = max(abs(centre), spread)
    middles = [meat(design, z, on_y.u_hat - b * on_x.u_hat, on_y.bread) for b in (0.0, unit, -unit)]
    at_zero, plus, minus = ((on_y.bread @ middle.matrix @ on_y.bread)[:q, :q] for middle in middles)
    linear = (plus - minus) / (2 * unit)
    square = ((plus + minus) / 2 - at_zero) / unit**2
    pi_y, pi_x = on_y.beta[:q], on_x.beta[:q]

    def f_at(b: float) -> float:
        gap = pi_y - b * pi_x
        return float(gap @ np.linalg.solve(at_zero + b * linear + b * b * square, gap)) / q

    df = middles[0].df
    limit = f_quantile(level, q, df)
    at_infinity = float(pi_x @ np.linalg.solve(square, pi_x)) / q
    intervals = _accepted(f_at, limit, at_infinity, centre, spread)
    return AndersonRubin(intervals, level, f_at(0.0), f_tail(f_at(0.0), q, df))


def _accepted(
    f_at: Callable[[float], float], limit: float, at_infinity: float, centre: float, spread: float
) -> tuple[tuple[float, float], ...]:
    """Intervals where f_at stays at or below limit."""
    angles = np.linspace(-np.pi / 2, np.pi / 2, POINTS)[1:-1]
    points: FloatArray = centre + 2 * spread * np.tan(angles)
    inside = [f_at(float(point)) <= limit for point in points]
    found: list[tuple[float, float]] = []
    outside_ends = at_infinity <= limit
    low = -inf if inside[0] and outside_ends else (float(points[0]) if inside[0] else None)
    for i in range(1, points.size):
        if inside[i] == inside[i - 1]:
            continue
        edge = _edge(f_at, limit, float(points[i - 1]), float(points[i]))
        if inside[i]:
            low = edge
        elif low is not None:
            found.append((low, edge))
            low = None
    if low is not None:
        found.append((low, inf if outside_ends else float(points[-1])))
    return tuple(found)


def _edge(f_at: Callable[[float], float], limit: float, left: float, right: float) -> float:
    """The point between left and right where f_at crosses limit."""
    left_inside = f_at(left) <= limit
    for _ in range(80):
        middle = (left + right) / 2
        left, right = (middle, right) if (f_at(middle) <= limit) == left_inside else (left, middle)
    return (left + right) / 2
