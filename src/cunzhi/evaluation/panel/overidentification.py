"""Do instruments agree with each other, and would least squares have done."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from cunzhi.evaluation.panel.arrays import FloatArray
from cunzhi.evaluation.panel.covariance import meat
from cunzhi.evaluation.panel.design import Design
from cunzhi.evaluation.panel.distributions import chi2_tail
from cunzhi.evaluation.panel.least_squares import inverse_cross_product, least_squares
from cunzhi.evaluation.panel.model import Classical
from cunzhi.evaluation.panel.wald import WaldTest, wald_test


@dataclass(frozen=True, slots=True)
class OverIdentification:
    """Sargan's test under classical errors, Hansen's J of the two-step estimator otherwise.

    statistic is chi-squared(df) when all instruments are valid; a small p says that they
    cannot all be.
    """

    name: str
    statistic: float
    df: int
    p: float


def over_identification(
    design: Design, x_names: Sequence[str], z_names: Sequence[str], u_hat: FloatArray
) -> OverIdentification | None:
    """Test the spare instruments of a 2SLS fit; None when there are none to spare.

    x_names, z_names: right-hand side and instruments, exogenous columns in both.
    u_hat: (n,) residuals of 2SLS. No small-sample factor enters.
    Source: Sargan (1958); Hansen (1982).
    """
    spare = len(z_names) - len(x_names)
    if spare == 0:
        return None
    z = design.matrix(z_names)
    inverse = inverse_cross_product(z.T @ z, z_names)
    if isinstance(design.model.errors, Classical):
        moment = z.T @ u_hat
        value = float(moment @ inverse @ moment / (u_hat @ u_hat)) * u_hat.size
        return OverIdentification("Sargan", value, spare, chi2_tail(value, spare))
    plain = replace(design, model=replace(design.model, convention="none"))
    weight = np.linalg.inv(meat(plain, z, u_hat, inverse).matrix)
    x, y = design.matrix(x_names), design.vector(design.model.outcome)
    zx, zy = z.T @ x, z.T @ y
    beta = np.linalg.solve(zx.T @ weight @ zx, zx.T @ weight @ zy)
    moment = zy - zx @ beta
    value = float(moment @ weight @ moment)
    return OverIdentification("Hansen J", value, spare, chi2_tail(value, spare))


def endogeneity(design: Design, x_names: Sequence[str], residuals: FloatArray) -> WaldTest:
    """Wu-Hausman test: do first-stage residuals (n, e), added to least squares, have slopes.

    A large p says that least squares would have done. Errors and convention as the model's.
    Source: Wu (1973); Hausman (1978), in the regression form.
    """
    e = residuals.shape[1]
    x = np.asfortranarray(np.column_stack([residuals, design.matrix(x_names)]))
    names = (*(f"first-stage residual {i + 1}" for i in range(e)), *x_names)
    solved = least_squares(design.vector(design.model.outcome), x, names)
    middle = meat(design, x, solved.u_hat, solved.bread)
    covariance = solved.bread @ middle.matrix @ solved.bread
    return wald_test(solved.beta[:e], covariance[:e, :e], middle.df)
