"""Small-sample factors and critical values under five conventions, each named after who uses it.

Standard errors of the same slope differ between programs by up to a third on short
panels, only because the programs count parameters differently. The differences:

==============  ============================  ===========================  =============
convention      factor, clustered             K counts                     critical value
==============  ============================  ===========================  =============
reghdfe         G/(G-1) (n-1)/(n-K)           slopes + effects not nested  t(G-1)
                                              in the clusters
plm             G/(G-1) (n-1)/(n-K)           slopes only                  t(n-K-effects)
linearmodels    n/(n-K)                       slopes + all effects, unless t(n-K-effects)
                                              a single one is nested
lsdv            G/(G-1) (n-1)/(n-K)           slopes + all effects         t(G-1)
none            1                             nothing                      normal
==============  ============================  ===========================  =============

reghdfe: also R fixest and pyfixest (Correia 2017; Berge 2018). plm: type "sss" (Croissant and
Millo 2008). lsdv: Stata's areg and least squares with dummies.
"""

from dataclasses import dataclass
from math import inf

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.panel.model import Convention


@dataclass(frozen=True, slots=True)
class Counts:
    """What the factors are made of.

    n: observations; slopes: columns of X; effects: rank of the effects.
    unit_levels, period_levels: levels of an absorbed effect, 0 when it is not absorbed.
    """

    n: int
    slopes: int
    effects: int
    unit_levels: int = 0
    period_levels: int = 0

    @property
    def residual_df(self) -> int:
        """n less all parameters."""
        return self.n - self.slopes - self.effects


@dataclass(frozen=True, slots=True)
class Direction:
    """One direction of clusters: how many, and which effects it nests."""

    clusters: int
    nests_unit: bool
    nests_period: bool


def independent_factor(convention: Convention, counts: Counts) -> float:
    """Factor on the covariance for independent errors of any variance (HC1)."""
    if convention == "none":
        return 1.0
    used = counts.slopes if convention == "plm" else counts.slopes + counts.effects
    return counts.n / (counts.n - used)


def classical_df(convention: Convention, counts: Counts) -> int:
    """The divisor of the residual sum of squares."""
    return counts.n if convention == "none" else counts.residual_df


def cluster_factors(convention: Convention, counts: Counts, directions: tuple[Direction, ...]) -> tuple[float, ...]:
    """Factor on the meat of each direction and, for two of them, of the intersection (last)."""
    sizes = [direction.clusters for direction in directions]
    if len(sizes) == 2:
        sizes.append(counts.n)
    used = _counted(convention, counts, directions)
    if convention == "none":
        return tuple(1.0 for _ in sizes)
    if convention == "linearmodels":
        return tuple(counts.n / (counts.n - used) for _ in sizes)
    if convention == "reghdfe":
        sizes = [min(sizes)] * len(sizes)
    return tuple(size / (size - 1) * (counts.n - 1) / (counts.n - used) for size in sizes)


def critical_df(convention: Convention, counts: Counts, clusters: int | None) -> float:
    """Degrees of freedom of the t distribution; infinity is the normal.

    clusters: the smallest number of clusters of any direction, None when there are none.
    """
    if convention == "none":
        return inf
    if clusters is not None and convention in ("reghdfe", "lsdv"):
        return clusters - 1
    return counts.residual_df


def refuse_without_freedom(counts: Counts) -> None:
    """Refuse a model with as many parameters as observations."""
    if counts.residual_df <= 0:
        raise DataRefused(
            what="the model has as many parameters as observations",
            where=f"{counts.n} observations, {counts.slopes} slopes, {counts.effects} effects",
            how="add periods or units, or take fewer regressors or effects",
        )


def _counted(convention: Convention, counts: Counts, directions: tuple[Direction, ...]) -> int:
    """K, the parameters that a convention counts for clustered errors."""
    everything = counts.slopes + counts.effects
    if convention in ("plm", "none"):
        return counts.slopes
    if convention == "lsdv":
        return everything
    if convention == "linearmodels":
        single = (counts.unit_levels == 0) != (counts.period_levels == 0)
        nested = all(direction.nests_unit if counts.unit_levels else direction.nests_period for direction in directions)
        return counts.slopes if single and nested else everything
    by_unit = counts.unit_levels > 0 and any(direction.nests_unit for direction in directions)
    by_period = counts.period_levels > 0 and any(direction.nests_period for direction in directions)
    free = (counts.unit_levels - 1) * by_unit + (counts.period_levels - 1) * by_period
    return everything - free
