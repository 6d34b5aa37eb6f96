"""The specification curve: one slope under every defensible choice, none of them picked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations, product

import numpy as np

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.panel.fixed_effects import fixed_effects
from cunzhi.evaluation.panel.frame import Panel
from cunzhi.evaluation.panel.model import Effects, Errors, Model

MOST_SPECIFICATIONS = 5000


@dataclass(frozen=True, slots=True)
class Specification:
    """One choice and the treatment's slope under it."""

    outcome: str
    treatment: str
    controls: tuple[str, ...]
    effects: Effects
    errors: str
    beta: float
    se: float
    p: float
    n: int


@dataclass(frozen=True, slots=True)
class SpecificationCurve:
    """Specifications by rising slope, those refused with the reason, and shares over the curve.

    median: of the slopes. same_sign: share with the sign of the median. significant: share
    of p at most 0.05 and that sign.
    """

    specifications: tuple[Specification, ...]
    refused: tuple[tuple[str, str], ...]
    median: float
    same_sign: float
    significant: float


def specification_curve(
    panel: Panel,
    model: Model,
    *,
    treatment: str,
    treatments: Sequence[str] = (),
    outcomes: Sequence[str] = (),
    effects: Sequence[Effects] = ("both", "unit"),
    errors: Sequence[Errors] = (),
) -> SpecificationCurve:
    """Estimate one slope under every subset of the controls and every choice offered.

    treatments, outcomes, errors: choices beside the model's own. Raises DataRefused for more
    than MOST_SPECIFICATIONS combinations, or when none can be estimated.
    Source: Simonsohn, Simmons and Nelson (2020).
    """
    controls = tuple(name for name in model.regressors if name != treatment)
    subsets = chain.from_iterable(combinations(controls, k) for k in range(len(controls) + 1))
    choices = list(
        product(
            dict.fromkeys((model.outcome, *outcomes)),
            dict.fromkeys((treatment, *treatments)),
            subsets,
            dict.fromkeys((model.effects, *effects)),
            dict.fromkeys((model.errors, *errors)),
        )
    )
    if len(choices) > MOST_SPECIFICATIONS:
        raise DataRefused(
            what="there are too many specifications for one curve",
            where=f"{len(choices)} combinations of {len(controls)} controls and the other choices",
            how=f"offer fewer choices; {MOST_SPECIFICATIONS} at most",
        )
    found, refused = [], []
    for outcome, x, subset, effect, error in choices:
        variant = replace(model, outcome=outcome, regressors=(x, *subset), effects=effect, errors=error)
        try:
            found.append(_specification(panel, variant))
        except DataRefused as refusal:
            refused.append((f"{outcome} on {named((x, *subset))}, effects {effect}", refusal.what))
    return _curve(found, refused)


def _specification(panel: Panel, model: Model) -> Specification:
    """The slope of a model's first regressor."""
    fit = fixed_effects(panel, model)
    treatment, *controls = model.regressors
    at = fit.at(treatment)
    figures = float(fit.beta[at]), float(fit.se[at]), float(fit.p[at])
    chosen = model.effects, model.errors.label
    return Specification(model.outcome, treatment, tuple(controls), *chosen, *figures, fit.sample.used)


def _curve(found: list[Specification], refused: list[tuple[str, str]]) -> SpecificationCurve:
    """Sort and sum up."""
    if not found:
        raise DataRefused(
            what="no specification can be estimated",
            where=f"{len(refused)} refused; the first: {refused[0][1]}",
            how="check the model by itself first",
        )
    found.sort(key=lambda specification: specification.beta)
    slopes = np.array([specification.beta for specification in found])
    p = np.array([specification.p for specification in found])
    median = float(np.median(slopes))
    alike = np.sign(slopes) == np.sign(median)
    return SpecificationCurve(
        tuple(found), tuple(refused), median, float(alike.mean()), float(np.mean(alike & (p <= 0.05)))
    )
