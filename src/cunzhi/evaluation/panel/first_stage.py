"""How strong instruments are: first-stage F, and the effective F that holds under any errors."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cunzhi.evaluation.panel.arrays import FloatArray
from cunzhi.evaluation.panel.covariance import meat
from cunzhi.evaluation.panel.design import Design
from cunzhi.evaluation.panel.distributions import noncentral_chi2_quantile
from cunzhi.evaluation.panel.least_squares import LeastSquares, least_squares
from cunzhi.evaluation.panel.wald import WaldTest, wald_test

# Worst-case bias of 10 % of the benchmark at the 5 % level, as Stock and Yogo ask.
TOLERATED_BIAS = 0.10


@dataclass(frozen=True, slots=True)
class FirstStage:
    """The regression of one endogenous column on instruments and exogenous columns.

    names: instruments, then exogenous columns. beta, se: (k,). f: Wald test of the
    instruments as F(q, df), never chi-squared. partial_r2: share of the column's variance
    that the instruments add. u_hat: (n,) residuals times sqrt(w).
    """

    endogenous: str
    names: tuple[str, ...]
    beta: FloatArray
    se: FloatArray
    f: WaldTest
    partial_r2: float
    u_hat: FloatArray


@dataclass(frozen=True, slots=True)
class EffectiveF:
    """Effective F of Montiel Olea and Pflueger (2013) for one endogenous column.

    critical: what it must exceed so that, at the 5 % level, the bias is at most
    TOLERATED_BIAS of the worst case; by their simplified, slightly conservative rule.
    freedom: their effective degrees of freedom.
    """

    value: float
    critical: float
    freedom: float

    @property
    def weak(self) -> bool:
        """Whether instruments cannot be called strong."""
        return self.value < self.critical


def first_stage(
    design: Design, endogenous: str, instruments: Sequence[str], exogenous: Sequence[str]
) -> tuple[FirstStage, EffectiveF]:
    """Regress an endogenous column on instruments and exogenous columns, effects out.

    The errors and convention of the design's model apply. Returns the first stage and the
    effective F, which is the robust F when there is one instrument.
    """
    names = (*instruments, *exogenous)
    z = design.matrix(names)
    x = design.vector(endogenous)
    solved = least_squares(x, z, names)
    middle = meat(design, z, solved.u_hat, solved.bread)
    covariance = solved.bread @ middle.matrix @ solved.bread
    q = len(instruments)
    own: FloatArray = np.asarray(np.linalg.inv(solved.bread[:q, :q]), dtype=np.float64)
    explained = float(solved.beta[:q] @ own @ solved.beta[:q])
    stage = FirstStage(
        endogenous=endogenous,
        names=names,
        beta=solved.beta,
        se=np.sqrt(np.diag(covariance)),
        f=wald_test(solved.beta[:q], covariance[:q, :q], middle.df),
        partial_r2=explained / (explained + float(solved.u_hat @ solved.u_hat)),
        u_hat=solved.u_hat,
    )
    return stage, effective_f(solved, covariance[:q, :q], own)


def effective_f(solved: LeastSquares, covariance: FloatArray, own: FloatArray) -> EffectiveF:
    """pi' Q pi / tr(V Q) with pi (q,) the instruments' slopes, V (q, q) their covariance.

    own: Q (q, q), the cross product of the instruments with the exogenous columns out.
    """
    q = own.shape[0]
    pi = solved.beta[:q]
    root = np.linalg.cholesky(own)
    w = root.T @ covariance @ root
    trace = float(np.trace(w))
    x = 1 / TOLERATED_BIAS
    largest = float(np.linalg.eigvalsh(w)[-1])
    freedom = trace**2 * (1 + 2 * x) / (float(np.sum(w * w)) + 2 * x * trace * largest)
    critical = noncentral_chi2_quantile(0.95, freedom, x * freedom) / freedom
    return EffectiveF(float(pi @ own @ pi) / trace, critical, freedom)
