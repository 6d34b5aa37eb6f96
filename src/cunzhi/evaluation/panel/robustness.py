"""The list of robustness checks that a paper is asked for, each a function and all in one call."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.panel.fixed_effects import Fit, fixed_effects
from cunzhi.evaluation.panel.frame import Panel
from cunzhi.evaluation.panel.model import Model
from cunzhi.evaluation.panel.placebo import Placebo, placebo
from cunzhi.evaluation.panel.sample import draw
from cunzhi.evaluation.panel.specification import SpecificationCurve, specification_curve


@dataclass(frozen=True, slots=True)
class Checked:
    """The treatment's slope under one change: label of the change and figures of the new fit."""

    label: str
    beta: float
    se: float
    p: float
    n: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The treatment's slope when units or periods are left out one at a time.

    rows: one for each left out. refused: those without which the model cannot be estimated,
    with the reason. low, high: range of the slope. sign_changes: how many turn its sign.
    loses: how many make p larger than 0.05 although the full sample's is not.
    """

    rows: tuple[Checked, ...]
    refused: tuple[tuple[str, str], ...]
    low: float
    high: float
    sign_changes: int
    loses: int


@dataclass(frozen=True, slots=True)
class Winsorised:
    """A fit after winsorising; moved: how many cells of each column were moved."""

    fit: Fit
    low: float
    high: float
    moved: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Robustness:
    """All checks of one slope of one model."""

    treatment: str
    base: Fit
    replaced: tuple[tuple[str, Fit], ...]
    winsorised: Winsorised
    without_unit: LeftOut
    without_period: LeftOut
    placebo: Placebo
    curve: SpecificationCurve
    seed: int
    notes: tuple[str, ...] = field(default=())


def robustness(
    panel: Panel,
    model: Model,
    *,
    treatment: str,
    treatments: Sequence[str] = (),
    outcomes: Sequence[str] = (),
    winsor: tuple[float, float] = (0.01, 0.99),
    draws: int = 999,
    seed: int = 0,
) -> Robustness:
    """Run every check on one slope: replaced columns, winsorising, leaving out, placebo, curve.

    treatments, outcomes: other columns to measure the treatment or the outcome by.
    Returns Robustness; raises DataRefused as fixed_effects does.
    """
    base = fixed_effects(panel, model)
    base.at(treatment)
    return Robustness(
        treatment=treatment,
        base=base,
        replaced=replaced(panel, model, treatment=treatment, treatments=treatments, outcomes=outcomes),
        winsorised=winsorised(panel, model, low=winsor[0], high=winsor[1]),
        without_unit=without_each_unit(panel, model, treatment=treatment),
        without_period=without_each_period(panel, model, treatment=treatment),
        placebo=placebo(panel, model, treatment=treatment, draws=draws, seed=seed),
        curve=specification_curve(panel, model, treatment=treatment, treatments=treatments, outcomes=outcomes),
        seed=seed,
        notes=base.notes,
    )


def replaced(
    panel: Panel, model: Model, *, treatment: str, treatments: Sequence[str] = (), outcomes: Sequence[str] = ()
) -> tuple[tuple[str, Fit], ...]:
    """The model with another treatment, or another outcome, one at a time; named by the new column."""
    fits = []
    for name in treatments:
        regressors = tuple(name if old == treatment else old for old in model.regressors)
        fits.append((name, fixed_effects(panel, replace(model, regressors=regressors))))
    fits += [(name, fixed_effects(panel, replace(model, outcome=name))) for name in outcomes]
    return tuple(fits)


def winsorised(panel: Panel, model: Model, *, low: float = 0.01, high: float = 0.99) -> Winsorised:
    """The model with outcome and regressors drawn in to their low and high quantiles.

    A column with two values is left alone: quantiles would erase the rarer one.
    Quantiles are taken over the complete observations of the model, linearly interpolated.
    """
    if not 0 <= low < high <= 1:
        raise DataRefused(
            what="winsorising needs two shares in rising order",
            where=f"low {low}, high {high}",
            how="take for example 0.01 and 0.99",
        )
    used, _ = draw(panel, model)
    columns, moved = {}, {}
    for name in (model.outcome, *model.regressors):
        values = used.column(name)
        if np.unique(values).size <= 2:
            moved[name] = 0
            continue
        columns[name] = np.clip(values, *np.quantile(values, [low, high]))
        moved[name] = int(np.sum(columns[name] != values))
    return Winsorised(fixed_effects(used.with_columns(columns), model), low, high, moved)


def without_each_unit(panel: Panel, model: Model, *, treatment: str) -> LeftOut:
    """The model without each unit in turn."""
    used, _ = draw(panel, model)
    samples = ((str(label), used.take(used.unit != code)) for code, label in enumerate(used.units))
    return _leave_out(samples, fixed_effects(used, model), treatment)


def without_each_period(panel: Panel, model: Model, *, treatment: str) -> LeftOut:
    """The model without each period in turn."""
    used, _ = draw(panel, model)
    samples = ((str(label), used.take(used.period != code)) for code, label in enumerate(used.periods))
    return _leave_out(samples, fixed_effects(used, model), treatment)


def _leave_out(samples: Iterable[tuple[str, Panel]], full: Fit, treatment: str) -> LeftOut:
    """Fit the model on each sample and sum up."""
    rows, refused = [], []
    for label, sample in samples:
        try:
            rows.append(checked(f"without {label}", fixed_effects(sample, full.model), treatment))
        except DataRefused as refusal:
            refused.append((label, refusal.what))
    if not rows:
        raise DataRefused(
            what="the model cannot be estimated without any one of them",
            where=named(label for label, _ in refused),
            how="add periods or units",
        )
    at = full.at(treatment)
    slopes = [row.beta for row in rows]
    held = full.p[at] <= 0.05
    return LeftOut(
        rows=tuple(rows),
        refused=tuple(refused),
        low=min(slopes),
        high=max(slopes),
        sign_changes=sum(bool(slope * full.beta[at] < 0) for slope in slopes),
        loses=sum(row.p > 0.05 for row in rows) if held else 0,
    )


def checked(label: str, fit: Fit, name: str) -> Checked:
    """One slope of a fit as a row."""
    at = fit.at(name)
    return Checked(label, float(fit.beta[at]), float(fit.se[at]), float(fit.p[at]), fit.sample.used)
