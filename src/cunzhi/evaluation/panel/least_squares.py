"""Least squares on columns without effects, with a refusal that explains collinearity."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.panel.arrays import FloatArray
from cunzhi.evaluation.panel.thin import cross, dot, residual

# A column whose remaining length is below this share of its length has nothing left.
NOTHING_LEFT = 1e-9
# 1 - R2 of a column on those before it, below which it is their combination.
COLLINEAR = 1e-10


@dataclass(frozen=True, slots=True)
class LeastSquares:
    """beta (k,), bread (k, k) = (X'X)^-1 and u_hat (n,) = y - X beta."""

    beta: FloatArray
    bread: FloatArray
    u_hat: FloatArray


def least_squares(y: FloatArray, x: FloatArray, names: Sequence[str]) -> LeastSquares:
    """Regress y (n,) on X (n, k), names (k,) used in messages.

    Normal equations on columns scaled to length one, with one step of refinement on the
    residuals. Raises DataRefused when the columns are collinear, naming the combination.
    """
    bread = inverse_cross_product(cross(x, x), names)
    beta = bread @ cross(x, y)
    beta = beta + bread @ cross(x, residual(y, x, beta))
    return LeastSquares(beta, bread, residual(y, x, beta))


def inverse_cross_product(products: FloatArray, names: Sequence[str]) -> FloatArray:
    """(X'X)^-1 of a cross product (k, k), or DataRefused naming the collinear columns."""
    scale = np.sqrt(np.diag(products))
    correlation = products / np.outer(scale, scale)
    values = np.linalg.eigvalsh(correlation) if scale.size else np.ones(1)
    if values[0] < COLLINEAR * max(1, scale.size):
        _explain_collinear(correlation, names)
    return np.asarray(np.linalg.inv(correlation) / np.outer(scale, scale))


def refuse_absorbed(raw: Sequence[FloatArray], data: FloatArray, names: Sequence[str], effects: str) -> None:
    """Refuse columns of which the effects leave nothing; raw are the (n,) columns before.

    Raises DataRefused saying for each name whether it is constant, fixed within units, or
    the same for all units of a period.
    """
    gone = [name for column, left, name in zip(raw, data.T, names, strict=True) if is_gone(column, left)]
    if not gone:
        return
    reasons = {
        "unit": "do not change within any unit",
        "period": "are the same for all units of a period",
        "both": "are a sum of a part fixed for the unit and a part common to the period",
        "none": "are zero everywhere",
    }
    raise DataRefused(
        what="the fixed effects explain some columns completely, so they have no slope",
        where=f"{named(gone)}: constant, or the values {reasons[effects]}",
        how="leave the columns out, let them interact with something that varies, or take fewer effects",
    )


def is_gone(column: FloatArray, left: FloatArray) -> bool:
    """Whether nothing but rounding is left of a column once its effects are out."""
    return dot(left, left) <= NOTHING_LEFT**2 * dot(column, column)


def _explain_collinear(correlation: FloatArray, names: Sequence[str]) -> None:
    """Raise DataRefused naming the first column that those before it give, and those."""
    for j in range(1, len(names)):
        before = correlation[:j, :j]
        weights = np.linalg.lstsq(before, correlation[:j, j], rcond=1e-9)[0]
        left = 1 - correlation[:j, j] @ weights
        if left < COLLINEAR * len(names) * 10:
            parts = [names[i] for i in range(j) if abs(weights[i]) > 1e-6]
            raise DataRefused(
                what=f"column {names[j]!r} is a combination of other columns once the effects are out",
                where=f"{names[j]} = combination of {named(parts)}",
                how=f"leave out {names[j]!r} or one of the others; no single slope can be told apart",
            )
    raise DataRefused(
        what="the columns are so nearly collinear that their slopes are rounding error",
        where=named(names),
        how="leave out or combine columns that move together",
    )
