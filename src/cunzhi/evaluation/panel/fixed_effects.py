"""Panel least squares with unit, period, both or no effects."""

from dataclasses import dataclass, field
from functools import cached_property
from math import isinf, sqrt
from typing import Literal

import numpy as np

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.panel.arrays import FloatArray
from cunzhi.evaluation.panel.conventions import Counts
from cunzhi.evaluation.panel.covariance import Meat, meat
from cunzhi.evaluation.panel.design import Design, prepare
from cunzhi.evaluation.panel.distributions import critical_value, two_sided_p
from cunzhi.evaluation.panel.frame import Panel
from cunzhi.evaluation.panel.least_squares import LeastSquares, least_squares
from cunzhi.evaluation.panel.model import Clustered, Model
from cunzhi.evaluation.panel.sample import Sample, weights_of
from cunzhi.evaluation.panel.thin import dot
from cunzhi.evaluation.panel.wald import WaldTest, wald_test
from cunzhi.evaluation.panel.wild import WildInference, wild_inference

Estimator = Literal["least squares", "2SLS"]
# Below this many clusters the t distribution is not trusted alone.
FEW_CLUSTERS = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row: slope, standard error, t, p, 95 % interval; wild figures when clusters are few."""

    name: str
    beta: float
    se: float
    t: float
    p: float
    low: float
    high: float
    wild_p: float | None
    wild_low: float | None
    wild_high: float | None


@dataclass(frozen=True)
class Fit:
    """An estimated model.

    names: the k slopes, "constant" last when there are no effects. beta: (k,).
    covariance: (k, k). bread: (k, k) = (X'X)^-1. u_hat: (n,) residuals times sqrt(w).
    df: degrees of freedom of critical values; infinity is the normal.
    clusters: number of clusters in each direction.
    r2: share of the outcome's variance explained with the effects; r2_within: without them.
    sigma: residual standard deviation. mean_effect: the outcome's mean less the mean of
    X beta, what programs print as constant of a model with effects.
    sample: rows used and left out. panel: the observations used, in the order of u_hat.
    notes: what a reader of the table must know. estimator: how the slopes were found.
    """

    model: Model
    names: tuple[str, ...]
    beta: FloatArray
    covariance: FloatArray
    bread: FloatArray = field(repr=False)
    u_hat: FloatArray = field(repr=False)
    df: float
    clusters: tuple[int, ...]
    counts: Counts
    r2: float
    r2_within: float
    sigma: float
    mean_effect: float
    sample: Sample = field(repr=False)
    panel: Panel = field(repr=False)
    notes: tuple[str, ...] = ()
    estimator: Estimator = "least squares"

    @property
    def se(self) -> FloatArray:
        """(k,) standard errors."""
        return np.sqrt(np.diag(self.covariance))

    @cached_property
    def t(self) -> FloatArray:
        """(k,) slopes over standard errors."""
        return self.beta / self.se

    @cached_property
    def p(self) -> FloatArray:
        """(k,) two-sided p-values."""
        return two_sided_p(self.t, self.df)

    def interval(self, level: float = 0.95) -> FloatArray:
        """(k, 2) symmetric confidence intervals."""
        half = critical_value(level, self.df) * self.se
        return np.column_stack([self.beta - half, self.beta + half])

    def at(self, name: str) -> int:
        """Position of a slope; DataRefused when the model has none of that name."""
        if name not in self.names:
            raise DataRefused(
                what=f"the model has no slope of {name!r}",
                where=f"slopes: {named(self.names)}",
                how="name one of the model's regressors",
            )
        return self.names.index(name)

    @property
    def label(self) -> str:
        """The line under a table that says how its standard errors were made."""
        values = "normal" if isinf(self.df) else f"t({self.df:g})"
        groups = f" ({' and '.join(str(size) for size in self.clusters)})" if self.clusters else ""
        return f"SE {self.model.errors.label}{groups}, convention {self.model.convention}, {values}"

    @cached_property
    def wild(self) -> WildInference | None:
        """Wild cluster bootstrap of every slope when one direction has fewer than FEW_CLUSTERS.

        None for 2SLS, whose fit with few clusters is judged by the Anderson-Rubin set.
        """
        errors = self.model.errors
        few = isinstance(errors, Clustered) and len(errors.by) == 1 and self.clusters[0] < FEW_CLUSTERS
        return wild_inference(self.panel, self.model) if few and self.estimator == "least squares" else None

    def table(self) -> tuple[Row, ...]:
        """The rows to print, the wild cluster bootstrap with them below FEW_CLUSTERS clusters."""
        figures = np.column_stack([self.beta, self.se, self.t, self.p, self.interval()])
        wild: list[tuple[float | None, ...]] = [(None, None, None)] * len(self.names)
        if self.wild is not None:
            wild = [(row.p, row.low, row.high) for row in self.wild.rows]
        return tuple(
            Row(name, *map(float, line), *more) for name, line, more in zip(self.names, figures, wild, strict=True)
        )


def fixed_effects(panel: Panel, model: Model) -> Fit:
    """Estimate a model by least squares with its effects taken out exactly.

    Returns Fit. Raises DataRefused for columns that cannot be used, perfect collinearity,
    columns that the effects absorb, too few clusters or no residual degrees of freedom.
    Source: Baltagi (2021), chapters 3 and 9 (unbalanced); Liang and Zeger (1986).
    """
    design = prepare(panel, model)
    x = design.matrix(design.slopes)
    solved = least_squares(design.vector(model.outcome), x, design.slopes)
    return assemble(design, solved, meat(design, x, solved.u_hat, solved.bread))


def assemble(design: Design, solved: LeastSquares, middle: Meat, *, estimator: Estimator = "least squares") -> Fit:
    """Put slopes, covariance and fit statistics of a design together."""
    model, panel = design.model, design.panel
    counts = design.counts(len(design.slopes))
    weights = weights_of(panel, model.weights)
    outcome = panel.column(model.outcome)
    rest = dot(solved.u_hat, solved.u_hat)
    centred = outcome - np.average(outcome, weights=weights)
    total = dot(centred, centred if weights is None else weights * centred)
    y = design.vector(model.outcome)
    within = total if model.effects == "none" else dot(y, y)
    means = [np.average(panel.column(name), weights=weights) for name in model.regressors]
    return Fit(
        model=model,
        names=design.slopes,
        beta=solved.beta,
        covariance=solved.bread @ middle.matrix @ solved.bread,
        bread=solved.bread,
        u_hat=solved.u_hat,
        df=middle.df,
        clusters=middle.clusters,
        counts=counts,
        r2=1 - rest / total if total > 0 else float("nan"),
        r2_within=1 - rest / within if within > 0 else float("nan"),
        sigma=sqrt(rest / counts.residual_df),
        mean_effect=float(np.average(outcome, weights=weights) - np.dot(means, solved.beta[: len(means)])),
        sample=design.sample,
        panel=panel,
        notes=design.sample.notes + middle.notes,
        estimator=estimator,
    )


def joint_test(fit: Fit, names: tuple[str, ...]) -> WaldTest:
    """Wald test that the named slopes are all zero, as F(q, df)."""
    at = [fit.at(name) for name in names]
    return wald_test(fit.beta[at], fit.covariance[np.ix_(at, at)], fit.df)
