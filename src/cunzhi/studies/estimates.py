"""Runs every estimator that a study's roles ask for, each with the trace of its numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.panel.heterogeneity import Heterogeneity, heterogeneity
from cunzhi.evaluation.panel.index_uncertainty import IndexUncertainty
from cunzhi.evaluation.panel.mediation import Mediation, mediate_apart, mediate_together
from cunzhi.evaluation.panel.model import Model
from cunzhi.evaluation.panel.placebo import Placebo, placebo
from cunzhi.evaluation.panel.robustness import LeftOut, Winsorised, winsorised, without_each_period
from cunzhi.evaluation.panel.specification import SpecificationCurve, specification_curve
from cunzhi.evaluation.panel.threshold import Threshold, threshold_model
from cunzhi.evaluation.panel.trace import Traced
from cunzhi.studies.benchmark import Estimated, benchmark, model_of
from cunzhi.studies.index_doubts import index_doubts
from cunzhi.studies.keeper import Keeper, Progress
from cunzhi.studies.leaving_out import without_units
from cunzhi.studies.prepared import GROUP, Prepared
from cunzhi.studies.spec import Study

MOST_CURVE_CONTROLS = 6
"""Every subset of more controls would be more pictures than anybody reads."""


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
    study = prepared.study
    model = model_of(study)
    columns = benchmark(prepared, model)
    keep = Keeper(progress, prepared.panel, model)
    treatment = study.roles.treatment
    low, high = study.robustness.winsor
    return Estimates(
        model=model,
        columns=columns,
        winsorised=keep.must("winsorised", 0.15, winsorised, low=low, high=high),
        without_unit=keep.must("without_unit", 0.2, without_units, treatment=treatment),
        without_period=keep.may("without_period", 0.3, without_each_period, treatment=treatment),
        placebo=keep.must("placebo", 0.35, placebo, treatment=treatment, draws=study.draws, seed=study.seed),
        curve=_curve(keep, study),
        mediation=_mediation(keep, study, 0.5, mediate_apart, least=1),
        mediation_together=_mediation(keep, study, 0.52, mediate_together, least=2),
        heterogeneity=_heterogeneity(keep, study),
        threshold=_threshold(keep, study),
        uncertainty=_uncertainty(keep, prepared),
        refused=tuple(keep.refused),
    )


def _curve(keep: Keeper, study: Study) -> Traced[SpecificationCurve] | None:
    controls = len(study.roles.controls)
    if controls > MOST_CURVE_CONTROLS:
        refusal = DataRefused(
            "no specification curve is drawn",
            f"{controls} controls have too many subsets",
            f"name {MOST_CURVE_CONTROLS} controls at most",
        )
        keep.refused.append(("curve", refusal))
        return None
    others = {"treatments": study.robustness.treatments, "outcomes": study.robustness.outcomes}
    return keep.may("curve", 0.4, specification_curve, treatment=study.roles.treatment, **others)


def _mediation(
    keep: Keeper, study: Study, done: float, function: Callable[..., Mediation], *, least: int
) -> Traced[Mediation] | None:
    """One way of mediating, for studies with so many mediators at least."""
    roles = study.roles
    if len(roles.mediators) < least:
        return None
    chosen: dict[str, Any] = {"draws": study.draws, "seed": study.seed}
    return keep.may("mediation", done, function, mediators=roles.mediators, treatment=roles.treatment, **chosen)


def _heterogeneity(keep: Keeper, study: Study) -> Traced[Heterogeneity] | None:
    if not study.roles.groups:
        return None
    chosen: dict[str, Any] = {"permutations": study.draws, "seed": study.seed, "treatment": study.roles.treatment}
    return keep.may("heterogeneity", 0.55, heterogeneity, by=GROUP, **chosen)


def _threshold(keep: Keeper, study: Study) -> Traced[Threshold] | None:
    asked = study.roles.threshold
    if asked is None:
        return None
    told: dict[str, Any] = {"threshold": asked.column, "count": asked.count, "trim": asked.trim}
    chosen: dict[str, Any] = {"draws": study.draws, "seed": study.seed}
    return keep.may("threshold", 0.6, threshold_model, regime=(study.roles.treatment,), **told, **chosen)


def _uncertainty(keep: Keeper, prepared: Prepared) -> Traced[IndexUncertainty] | None:
    study = prepared.study
    if study.roles.treatment not in study.indices:
        return None
    return keep.may("uncertainty", 0.7, index_doubts(prepared), draws=study.draws, seed=study.seed)
