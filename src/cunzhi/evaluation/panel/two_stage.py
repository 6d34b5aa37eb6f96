"""Two-stage least squares with effects, and all that tells whether its instruments deserve trust."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.panel.anderson_rubin import AndersonRubin, anderson_rubin
from cunzhi.evaluation.panel.arrays import FloatArray
from cunzhi.evaluation.panel.covariance import meat
from cunzhi.evaluation.panel.design import Design, prepare
from cunzhi.evaluation.panel.first_stage import EffectiveF, FirstStage, first_stage
from cunzhi.evaluation.panel.fixed_effects import Fit, assemble
from cunzhi.evaluation.panel.frame import Panel
from cunzhi.evaluation.panel.least_squares import (
    LeastSquares,
    inverse_cross_product,
    is_gone,
    least_squares,
    refuse_absorbed,
)
from cunzhi.evaluation.panel.model import Model, Robust
from cunzhi.evaluation.panel.overidentification import (
    OverIdentification,
    endogeneity,
    over_identification,
)
from cunzhi.evaluation.panel.thin import cross, residual, times
from cunzhi.evaluation.panel.wald import WaldTest


@dataclass(frozen=True, slots=True)
class TwoStage:
    """A 2SLS fit and its diagnostics.

    fit: slopes of the endogenous, then the exogenous columns.
    least_squares: the same equation by least squares, for comparison.
    first_stages: one for each endogenous column. effective_f, anderson_rubin: with one
    endogenous column, else None. over_identification: None when exactly identified.
    endogeneity: Wu-Hausman. notes: warnings to print under the table.
    """

    fit: Fit
    least_squares: Fit
    endogenous: tuple[str, ...]
    instruments: tuple[str, ...]
    first_stages: tuple[FirstStage, ...]
    effective_f: EffectiveF | None
    anderson_rubin: AndersonRubin | None
    over_identification: OverIdentification | None
    endogeneity: WaldTest
    notes: tuple[str, ...]


def two_stage(panel: Panel, model: Model, *, endogenous: Sequence[str], instruments: Sequence[str]) -> TwoStage:
    """Estimate by two-stage least squares with the effects taken out exactly.

    model.regressors are the exogenous columns only. Raises DataRefused when there are fewer
    instruments than endogenous columns, when the effects absorb an instrument, for hc2 and
    hc3 errors, and for all that fixed_effects refuses.
    Source: Wooldridge (2010), chapters 5 and 11.
    """
    _refuse_roles(model, endogenous, instruments)
    whole = replace(model, regressors=(*endogenous, *model.regressors))
    design = prepare(panel, whole, instruments)
    exogenous = tuple(name for name in design.slopes if name not in endogenous)
    _refuse_absorbed_instruments(design, instruments)
    z_names = (*instruments, *exogenous)
    solved, fitted = _solve(design, z_names)
    fit = assemble(design, solved, meat(design, fitted, solved.u_hat, solved.bread), estimator="2SLS")
    x = design.matrix(design.slopes)
    plain = least_squares(design.vector(model.outcome), x, design.slopes)
    stages = [first_stage(design, name, instruments, exogenous) for name in endogenous]
    single = stages[0][1] if len(endogenous) == 1 else None
    about = {"centre": float(fit.beta[0]), "spread": float(fit.se[0])}
    interval = anderson_rubin(design, endogenous[0], instruments, exogenous, **about) if single is not None else None
    residuals = np.column_stack([stage.u_hat for stage, _ in stages])
    return TwoStage(
        fit=fit,
        least_squares=assemble(design, plain, meat(design, x, plain.u_hat, plain.bread)),
        endogenous=tuple(endogenous),
        instruments=tuple(instruments),
        first_stages=tuple(stage for stage, _ in stages),
        effective_f=single,
        anderson_rubin=interval,
        over_identification=over_identification(design, design.slopes, z_names, solved.u_hat),
        endogeneity=endogeneity(design, design.slopes, residuals),
        notes=_notes(single, interval),
    )


def _solve(design: Design, z_names: Sequence[str]) -> tuple[LeastSquares, FloatArray]:
    """2SLS slopes, bread and residuals, and the fitted right-hand side (n, k)."""
    z, x = design.matrix(z_names), design.matrix(design.slopes)
    inverse = inverse_cross_product(cross(z, z), z_names)
    fitted = times(z, inverse @ cross(z, x))
    bread = inverse_cross_product(cross(fitted, fitted), design.slopes)
    y = design.vector(design.model.outcome)
    beta = bread @ cross(fitted, y)
    beta = beta + bread @ cross(fitted, residual(y, x, beta))
    return LeastSquares(beta, bread, residual(y, x, beta)), fitted


def _refuse_roles(model: Model, endogenous: Sequence[str], instruments: Sequence[str]) -> None:
    """Refuse too few instruments, columns in two roles and errors that 2SLS does not have."""
    if not endogenous or len(instruments) < len(endogenous):
        raise DataRefused(
            what="there are fewer instruments than endogenous columns",
            where=f"{len(endogenous)} endogenous ({named(endogenous)}), "
            f"{len(instruments)} instruments ({named(instruments)})",
            how="name at least one instrument of its own for each endogenous column",
        )
    roles = [model.outcome, *model.regressors, *endogenous, *instruments]
    twice = sorted({name for name in roles if roles.count(name) > 1})
    if twice:
        raise DataRefused(
            what="a column plays two roles in the equation",
            where=named(twice),
            how="name each column once: outcome, exogenous, endogenous or instrument",
        )
    if isinstance(model.errors, Robust) and model.errors.kind in ("hc2", "hc3"):
        raise DataRefused(
            what=f"{model.errors.label} corrects least squares, not 2SLS",
            where=f"errors {model.errors.label}",
            how='take Robust("hc1") or clustered errors',
        )


def _refuse_absorbed_instruments(design: Design, instruments: Sequence[str]) -> None:
    """Refuse an instrument of which the effects leave nothing, saying what could be done."""
    effects = design.model.effects
    gone = [name for name in instruments if is_gone(design.panel.column(name), design.vector(name))]
    if effects in ("unit", "both") and gone:
        raise DataRefused(
            what="the fixed effects absorb an instrument: it has one value for each unit, so within "
            "units it explains nothing and 2SLS has no first stage",
            where=f"{named(gone)}, effects {effects}, {design.panel.units.size} units",
            how="multiply it by something that changes with time and is not of the units' making "
            "(such as a lagged national figure), or drop the unit effects and say why",
        )
    refuse_absorbed(
        [design.panel.column(name) for name in instruments],
        design.matrix(instruments),
        instruments,
        effects,
    )


def _notes(strength: EffectiveF | None, interval: AndersonRubin | None) -> tuple[str, ...]:
    """What a reader must be told of weak instruments."""
    notes = []
    if strength is not None and strength.weak:
        notes.append(
            f"effective F {strength.value:.2f} is below {strength.critical:.2f}: the instruments are "
            "weak; read the Anderson-Rubin set, not the t value"
        )
    if interval is not None and not interval.bounded:
        notes.append("the Anderson-Rubin set is not one bounded interval: the data do not pin the slope down")
    return tuple(notes)
