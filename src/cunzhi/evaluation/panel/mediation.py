"""Stepwise mediation: paths a, b, c, c', three product tests and a bootstrap over units in one row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import nan, sqrt

import numpy as np

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.panel.arrays import FloatArray
from cunzhi.evaluation.panel.distributions import two_sided_p
from cunzhi.evaluation.panel.fixed_effects import Fit, fixed_effects
from cunzhi.evaluation.panel.frame import Panel
from cunzhi.evaluation.panel.model import Model
from cunzhi.evaluation.panel.moments import by_unit, cluster_moments, draw_counts, resampled, slopes_of
from cunzhi.evaluation.panel.sample import draw, weights_of

# The identity c - c' = ab holds to rounding when all equations stand on the same rows.
IDENTITY_ROUNDING = 1e-7


@dataclass(frozen=True, slots=True)
class ProductTest:
    """z of the product ab over its standard error, and its two-sided normal p; nan when undefined."""

    z: float
    p: float


@dataclass(frozen=True, slots=True)
class Resampled:
    """Percentile interval and standard deviation over draws; p is twice the smaller tail at zero."""

    se: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, slots=True)
class Path:
    """One mediator's row: treatment -> mediator (a), mediator -> outcome (b), and their product.

    total: c. direct: c', the treatment's slope beside the mediator (or mediators).
    share: ab / c. sobel, aroian, goodman: tests of ab. bootstrap: of ab, over units.
    """

    mediator: str
    a: float
    se_a: float
    b: float
    se_b: float
    total: float
    direct: float
    indirect: float
    share: float
    sobel: ProductTest
    aroian: ProductTest
    goodman: ProductTest
    bootstrap: Resampled


@dataclass(frozen=True, slots=True)
class Mediation:
    """All equations and paths.

    total: outcome on treatment and controls. on_mediators: one equation for each mediator.
    with_mediators: outcome with each mediator alone (apart) or one with all (together).
    indirect: the sum of the products and its bootstrap, only when taken together.
    identity_gap: the largest |c - c' - ab|, over paths (apart) or of the sum (together).
    """

    treatment: str
    total: Fit
    on_mediators: tuple[Fit, ...]
    with_mediators: tuple[Fit, ...]
    paths: tuple[Path, ...]
    indirect: float | None
    indirect_bootstrap: Resampled | None
    identity_gap: float
    draws: int
    seed: int
    notes: tuple[str, ...]


def mediate_apart(
    panel: Panel,
    model: Model,
    *,
    treatment: str,
    mediators: Sequence[str],
    draws: int = 1999,
    level: float = 0.95,
    seed: int = 0,
) -> Mediation:
    """Each mediator in an outcome equation of its own, all on the rows complete in all of them.

    model: the total equation; its regressors hold the treatment and the controls.
    The bootstrap draws units with all their periods and solves all equations anew.
    Source: Sobel (1982), Aroian (1947), Goodman (1960); Preacher and Hayes (2008).
    """
    return _mediate(panel, model, treatment, [(name,) for name in mediators], draws, level, seed)


def mediate_together(
    panel: Panel,
    model: Model,
    *,
    treatment: str,
    mediators: Sequence[str],
    draws: int = 1999,
    level: float = 0.95,
    seed: int = 0,
) -> Mediation:
    """All mediators in one outcome equation: each b is beside the others; see mediate_apart."""
    return _mediate(panel, model, treatment, [tuple(mediators)], draws, level, seed)


def product_tests(a: float, se_a: float, b: float, se_b: float) -> tuple[ProductTest, ProductTest, ProductTest]:
    """Sobel, Aroian and Goodman from printed paths: they differ in + or - se_a^2 se_b^2, or neither.

    Goodman's variance can be negative in small samples; z and p are then nan.
    """
    first = a * a * se_b * se_b + b * b * se_a * se_a
    second = se_a * se_a * se_b * se_b
    return _tested(a * b, first), _tested(a * b, first + second), _tested(a * b, first - second)


def _tested(product: float, variance: float) -> ProductTest:
    """Product over the root of its variance."""
    if variance <= 0:
        return ProductTest(nan, nan)
    z = product / sqrt(variance)
    return ProductTest(z, float(two_sided_p(z, np.inf)))


def _mediate(
    panel: Panel,
    model: Model,
    treatment: str,
    groups: list[tuple[str, ...]],
    draws: int,
    level: float,
    seed: int,
) -> Mediation:
    """Estimate all equations; `groups` are the mediators that enter one outcome equation each."""
    mediators = tuple(name for group in groups for name in group)
    _refuse_roles(model, treatment, mediators)
    used, sample = draw(panel, model, mediators)
    total = fixed_effects(used, model)
    on_mediators = tuple(fixed_effects(used, replace(model, outcome=name)) for name in mediators)
    with_mediators = tuple(
        fixed_effects(used, replace(model, regressors=(*model.regressors, *group))) for group in groups
    )
    products = _resampled_products(used, model, treatment, groups, draws, seed)
    c = float(total.beta[total.at(treatment)])
    paths = []
    for group, outcome in zip(groups, with_mediators, strict=True):
        for name in group:
            on = on_mediators[mediators.index(name)]
            paths.append(_path(name, treatment, c, on, outcome, products[:, mediators.index(name)], level))
    together = len(groups) == 1
    indirect = sum(path.indirect for path in paths)
    gaps = [c - path.direct - (indirect if together else path.indirect) for path in paths]
    gap = max(abs(value) for value in gaps)
    return Mediation(
        treatment=treatment,
        total=total,
        on_mediators=on_mediators,
        with_mediators=with_mediators,
        paths=tuple(paths),
        indirect=indirect if together else None,
        indirect_bootstrap=_summary(products.sum(axis=1), level) if together else None,
        identity_gap=gap,
        draws=draws,
        seed=seed,
        notes=(*sample.notes, *_notes(groups, gap, c, paths)),
    )


def _path(name: str, treatment: str, c: float, on: Fit, outcome: Fit, products: FloatArray, level: float) -> Path:
    """The row of one mediator."""
    a, se_a = float(on.beta[on.at(treatment)]), float(on.se[on.at(treatment)])
    b, se_b = float(outcome.beta[outcome.at(name)]), float(outcome.se[outcome.at(name)])
    sobel, aroian, goodman = product_tests(a, se_a, b, se_b)
    return Path(
        mediator=name,
        a=a,
        se_a=se_a,
        b=b,
        se_b=se_b,
        total=c,
        direct=float(outcome.beta[outcome.at(treatment)]),
        indirect=a * b,
        share=a * b / c if c else nan,
        sobel=sobel,
        aroian=aroian,
        goodman=goodman,
        bootstrap=_summary(products, level),
    )


def _resampled_products(
    panel: Panel, model: Model, treatment: str, groups: list[tuple[str, ...]], draws: int, seed: int
) -> FloatArray:
    """(B, mediators) products ab over draws of whole units."""
    mediators = [name for group in groups for name in group]
    names = (model.outcome, *model.regressors, *mediators)
    moments = cluster_moments(
        panel, names, effects=model.effects, grouping=by_unit(panel), weights=weights_of(panel, model.weights)
    )
    counts = draw_counts(panel.units.size, draws, np.random.default_rng(seed))
    cross = resampled(moments.cross, counts)
    controls = [*moments.positions(model.regressors), *moments.dummies]
    x = controls.index(moments.positions([treatment])[0])
    a = {name: slopes_of(cross, moments.names.index(name), controls)[:, x] for name in mediators}
    products = []
    for group in groups:
        own = moments.positions(group)
        b = slopes_of(cross, 0, [*own, *controls])
        products += [a[name] * b[:, i] for i, name in enumerate(group)]
    return np.column_stack(products)


def _summary(values: FloatArray, level: float) -> Resampled:
    """Percentile interval, standard deviation and p of values over draws."""
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    tail = min(float(np.mean(values <= 0)), float(np.mean(values >= 0)))
    return Resampled(float(values.std(ddof=1)), float(low), float(high), min(1.0, 2 * tail))


def _notes(groups: list[tuple[str, ...]], gap: float, c: float, paths: list[Path]) -> tuple[str, ...]:
    """Warnings that belong under the table."""
    notes = []
    if len(groups) > 1:
        notes.append(
            "mediators were taken apart: each product holds part of what the others carry, so the "
            "products must not be added up"
        )
    if gap > IDENTITY_ROUNDING * max(abs(c), *(abs(path.indirect) for path in paths)):
        notes.append(f"c - c' and ab differ by {gap:.3g}: the equations do not stand on the same rows")
    if any(np.isnan(path.goodman.z) for path in paths):
        notes.append("Goodman's variance is negative for some path, so the test is not defined there")
    return tuple(notes)


def _refuse_roles(model: Model, treatment: str, mediators: Sequence[str]) -> None:
    """Refuse a treatment outside the model and mediators inside it."""
    if treatment not in model.regressors:
        raise DataRefused(
            what="the treatment is not a regressor of the model",
            where=f"{treatment!r}; regressors {named(model.regressors)}",
            how="name the treatment among the model's regressors",
        )
    wrong = [name for name in mediators if name in model.columns]
    if not mediators or wrong or len(set(mediators)) != len(mediators):
        raise DataRefused(
            what="mediators must be columns of their own, each named once",
            where=f"mediators {named(mediators)}; in the model already: {named(wrong)}",
            how="name mediators that are neither outcome nor regressors",
        )
