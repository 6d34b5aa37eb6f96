"""Runs every estimator that a study's roles ask for, each with the trace of its numbers."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from cunzhi.base.text import Text
from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.panel.fixed_effects import Fit, fixed_effects
from cunzhi.evaluation.panel.heterogeneity import Heterogeneity, heterogeneity
from cunzhi.evaluation.panel.index_uncertainty import IndexUncertainty
from cunzhi.evaluation.panel.mediation import Mediation, mediate_apart, mediate_together
from cunzhi.evaluation.panel.model import Classical, Clustered, DriscollKraay, Model, Robust
from cunzhi.evaluation.panel.model import Errors as PanelErrors
from cunzhi.evaluation.panel.placebo import Placebo, placebo
from cunzhi.evaluation.panel.robustness import LeftOut, Winsorised, winsorised, without_each_period
from cunzhi.evaluation.panel.specification import SpecificationCurve, specification_curve
from cunzhi.evaluation.panel.threshold import Threshold, threshold_model
from cunzhi.evaluation.panel.trace import Traced, traced
from cunzhi.evaluation.panel.two_stage import TwoStage, two_stage
from cunzhi.studies.index_doubts import index_doubts
from cunzhi.studies.leaving_out import without_units
from cunzhi.studies.prepared import GROUP, Prepared
from cunzhi.studies.spec import Column, Study

Progress = Callable[[str, float], None]
"""Told what is being done and which share of the whole is behind."""
MOST_CURVE_CONTROLS = 6
"""Every subset of more controls would be more pictures than anybody reads."""


@dataclass(frozen=True)
class Estimated:
    """A column of the benchmark table: its title, what was asked, and the fit (of two_stage with instruments)."""

    title: Text
    key: str
    outcome: str
    treatment: str
    controls: tuple[str, ...]
    effects: str
    least_squares: Traced[Fit] | None
    instrumented: Traced[TwoStage] | None

    @property
    def fit(self) -> Fit:
        """The fit, whichever way it was made."""
        if self.least_squares is not None:
            return self.least_squares.result
        assert self.instrumented is not None  # noqa: S101 -- one of both is always there
        return self.instrumented.result.fit


@dataclass(frozen=True)
class Estimates:
    """Everything estimated; what a study has no roles for is None."""

    model: Model
    columns: tuple[Estimated, ...]
    winsorised: Traced[Winsorised]
    without_unit: Traced[LeftOut]
    without_period: Traced[LeftOut] | None
    placebo: Traced[Placebo]
    curve: Traced[SpecificationCurve] | None
    mediation: Traced[Mediation] | None
    mediation_together: Traced[Mediation] | None
    heterogeneity: Traced[Heterogeneity] | None
    threshold: Traced[Threshold] | None
    uncertainty: Traced[IndexUncertainty] | None
    refused: tuple[tuple[str, DataRefused], ...] = ()


def estimate(prepared: Prepared, progress: Progress) -> Estimates:
    """Run all of it; a DataRefused of the main model ends the study, one of a further check is kept and printed."""
    study, panel = prepared.study, prepared.panel
    roles = study.roles
    model = Model(
        roles.outcome,
        (roles.treatment, *roles.controls),
        study.effects,
        roles.weights,
        errors_of(study),
        study.errors.convention,
    )
    keep = _Keeper(progress)
    columns = tuple(_column(prepared, model, column) for column in columns_of(study))
    told: dict[str, Any] = {"treatment": roles.treatment}
    drawn = {**told, "draws": study.draws, "seed": study.seed}
    low, high = study.robustness.winsor
    return Estimates(
        model=model,
        columns=columns,
        winsorised=keep.must("winsorised", 0.15, winsorised, panel, model, low=low, high=high),
        without_unit=keep.must("without_unit", 0.2, without_units, panel, model, **told),
        without_period=keep.may("without_period", 0.3, without_each_period, panel, model, **told),
        placebo=keep.must("placebo", 0.35, placebo, panel, model, **drawn),
        curve=_curve(keep, prepared, model),
        mediation=keep.may("mediation", 0.5, mediate_apart, panel, model, mediators=roles.mediators, **drawn)
        if roles.mediators
        else None,
        mediation_together=keep.may(
            "mediation", 0.52, mediate_together, panel, model, mediators=roles.mediators, **drawn
        )
        if len(roles.mediators) > 1
        else None,
        heterogeneity=keep.may(
            "heterogeneity",
            0.55,
            heterogeneity,
            panel,
            model,
            by=GROUP,
            permutations=study.draws,
            seed=study.seed,
            **told,
        )
        if roles.groups
        else None,
        threshold=_threshold(keep, prepared, model),
        uncertainty=keep.may(
            "uncertainty", 0.7, index_doubts(prepared), panel, model, draws=study.draws, seed=study.seed
        )
        if roles.treatment in study.indices
        else None,
        refused=tuple(keep.refused),
    )


def errors_of(study: Study) -> PanelErrors:
    """The errors of a study as the estimators take them."""
    errors = study.errors
    if errors.kind == "clustered":
        return Clustered(tuple(GROUP if name == "groups" else name for name in errors.by))
    if errors.kind == "robust":
        return Robust(errors.robust)
    return DriscollKraay() if errors.kind == "driscoll_kraay" else Classical()


def columns_of(study: Study) -> tuple[Column, ...]:
    """The columns asked for; else basic, with controls, one for each other treatment, and with instruments."""
    if study.columns:
        return study.columns
    basic = Text(zh_Hans="基础模型", en="Basic model")
    whole = Text(zh_Hans="加入控制变量", en="With controls")
    other = Text(zh_Hans="稳健性（替换变量）", en="Robustness (replaced variable)")
    instrument = Text(zh_Hans="工具变量法", en="Instrumental variable")
    columns = [Column(title=basic, controls=())]
    columns += [Column(title=whole)] if study.roles.controls else []
    columns += [Column(title=other, treatment=name) for name in study.robustness.treatments]
    columns += [Column(title=other, outcome=name) for name in study.robustness.outcomes]
    if study.roles.instruments:
        columns.append(Column(title=instrument, instruments=study.roles.instruments))
    return tuple(columns)


def _column(prepared: Prepared, model: Model, column: Column) -> Estimated:
    roles = prepared.study.roles
    treatment = column.treatment or roles.treatment
    controls = roles.controls if column.controls is None else column.controls
    own = replace(model, outcome=column.outcome or model.outcome, effects=column.effects or model.effects)
    plain = instrumented = None
    if column.instruments:
        exogenous = replace(own, regressors=controls)
        instrumented = traced(
            two_stage, prepared.panel, exogenous, endogenous=(treatment,), instruments=column.instruments
        )
    else:
        plain = traced(fixed_effects, prepared.panel, replace(own, regressors=(treatment, *controls)))
    key = "iv" if column.instruments else "ols"
    return Estimated(column.title, key, own.outcome, treatment, controls, own.effects, plain, instrumented)


def _curve(keep: "_Keeper", prepared: Prepared, model: Model) -> Traced[SpecificationCurve] | None:
    study = prepared.study
    if len(study.roles.controls) > MOST_CURVE_CONTROLS:
        refusal = DataRefused(
            "no specification curve is drawn",
            f"{len(study.roles.controls)} controls have too many subsets",
            f"name {MOST_CURVE_CONTROLS} controls at most",
        )
        keep.refused.append(("curve", refusal))
        return None
    return keep.may(
        "curve",
        0.4,
        specification_curve,
        prepared.panel,
        model,
        treatment=study.roles.treatment,
        treatments=study.robustness.treatments,
        outcomes=study.robustness.outcomes,
    )


def _threshold(keep: "_Keeper", prepared: Prepared, model: Model) -> Traced[Threshold] | None:
    study = prepared.study
    asked = study.roles.threshold
    if asked is None:
        return None
    return keep.may(
        "threshold",
        0.6,
        threshold_model,
        prepared.panel,
        model,
        regime=(study.roles.treatment,),
        threshold=asked.column,
        count=asked.count,
        trim=asked.trim,
        draws=study.draws,
        seed=study.seed,
    )


class _Keeper:
    """Runs traced estimators, tells the progress, and keeps the refusals of those a study can do without."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.refused: list[tuple[str, DataRefused]] = []

    def must(self, key: str, done: float, function: Callable[..., Any], *given: Any, **choices: Any) -> Traced[Any]:
        self.progress(key, done)
        return traced(function, *given, **choices)

    def may(
        self, key: str, done: float, function: Callable[..., Any], *given: Any, **choices: Any
    ) -> Traced[Any] | None:
        try:
            return self.must(key, done, function, *given, **choices)
        except DataRefused as refusal:
            self.refused.append((key, refusal))
            return None
