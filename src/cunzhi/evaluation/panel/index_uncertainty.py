"""Carries the uncertainty of an index into the regression that it enters.

An index is an estimate. A bootstrap that builds it anew in each draw carries its spread, but
not the attenuation: noise in a regressor pulls its slope towards zero, and the interval with
it. So three figures stand side by side: the naive slope, the bootstrap, and slopes corrected
by reliability and by using one half of the indicators as instrument for the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.panel.arrays import FloatArray
from cunzhi.evaluation.panel.fixed_effects import Fit, fixed_effects
from cunzhi.evaluation.panel.frame import Panel
from cunzhi.evaluation.panel.index_draws import (
    INDEX,
    Builder,
    Drawn,
    Plan,
    Split,
    Weigher,
    draw_units,
    from_products,
    from_rows,
    on_rows,
    products_are_enough,
)
from cunzhi.evaluation.panel.model import Model
from cunzhi.evaluation.panel.sample import draw


@dataclass(frozen=True, slots=True)
class Corrected:
    """A slope with its standard deviation and percentile interval over the draws."""

    beta: float
    se: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class IndexUncertainty:
    """The slope of an index, naive and with the index's uncertainty carried in.

    fit: the regression that takes the index as given. refitted: the same slope with the
    index built anew in each draw of units. reliability: share of the index's variance,
    effects and controls out, that is not noise (Guttman's lambda 4, mean over splits).
    by_reliability: slope over reliability. by_halves: slope of the signal in the full index,
    from each half instrumented by the other. splits: pairs of halves used.
    failed_draws: draws in which the index or the model could not be built.
    """

    fit: Fit
    naive: float
    refitted: Corrected
    reliability: float
    by_reliability: Corrected
    by_halves: Corrected
    splits: tuple[Split, ...]
    draws: int
    failed_draws: int
    seed: int
    notes: tuple[str, ...]


def index_uncertainty(
    panel: Panel,
    model: Model,
    *,
    indicators: Sequence[str],
    build: Builder,
    weigh: Weigher | None = None,
    splits: int = 10,
    draws: int = 400,
    level: float = 0.95,
    seed: int = 0,
) -> IndexUncertainty:
    """Estimate a model in which the column "index" is built from indicators, uncertainty and all.

    model.regressors name "index" once; the column is made here. build(panel, names) returns
    (n,) values and is called on the panel, on draws of units, and on halves of the indicators;
    it must orient the index the same way each time (a sign rule). At least four indicators.
    weigh: for an index that is a weighted sum of its indicators, what it multiplies them with in each draw (see
    Weigher); the regressions of the draws then need no rows and take a hundredth of the time.
    Rows with an empty indicator are left out.
    Source: Guttman (1945); Gillen, Snowberg and Yariv (2019) for instruments both ways.
    """
    _refuse_roles(model, indicators)
    bare = replace(model, regressors=tuple(name for name in model.regressors if name != INDEX))
    used, sample = draw(panel, bare, indicators)
    rng = np.random.default_rng(seed)
    plan = Plan(model, tuple(indicators), _splits(tuple(indicators), splits, rng))
    whole = used.with_columns({INDEX: build(used, indicators)})
    fit = fixed_effects(whole, model)
    naive = float(fit.beta[fit.at(INDEX)])
    _, reliability, halves = on_rows(whole, plan, build)
    drawn = _figures(draw_units(used, draws, rng), plan, build, weigh)
    refitted, by_reliability, by_halves = corrected(np.array([naive, reliability, halves]), drawn, level)
    failed = draws - len(drawn)
    return IndexUncertainty(
        fit=fit,
        naive=naive,
        refitted=refitted,
        reliability=reliability,
        by_reliability=by_reliability,
        by_halves=by_halves,
        splits=plan.halves,
        draws=draws,
        failed_draws=failed,
        seed=seed,
        notes=(*sample.notes, *_notes(reliability, failed, draws)),
    )


def corrected(point: FloatArray, drawn: FloatArray, level: float) -> tuple[Corrected, Corrected, Corrected]:
    """The naive slope, the slope over reliability, and the slope by halves, each with the spread of its draws.

    point: (3,) naive slope, reliability and slope by halves of the panel itself; slopes in units of the outcome for
    one of the index, the reliability a share. drawn: (B, 3) the same of each draw of units; values that are not
    finite are left out, and where none is left, or the slope is not finite itself, all else is NaN.
    level: of the percentile intervals.
    """
    slopes = (point[0], point[0] / point[1], point[2])
    spread = (drawn[:, 0], drawn[:, 0] / drawn[:, 1], drawn[:, 2])
    refitted, by_reliability, by_halves = (
        _with_spread(float(slope), values, level) for slope, values in zip(slopes, spread, strict=True)
    )
    return refitted, by_reliability, by_halves


def _figures(drawn: Drawn, plan: Plan, build: Builder, weigh: Weigher | None) -> FloatArray:
    """(B', 3) figures of the draws that could be made, by the quickest way there is."""
    if weigh is not None and products_are_enough(drawn.panel, plan):
        figures = from_products(drawn, plan, weigh)
    else:
        figures = from_rows(drawn, plan, build)
    _refuse_few(len(drawn.picks) - len(figures), len(drawn.picks))
    return figures


def _refuse_roles(model: Model, indicators: Sequence[str]) -> None:
    """Refuse a model without the index, and an index of too few indicators to make halves of."""
    if INDEX not in model.regressors or len(indicators) < 4:
        raise DataRefused(
            what='the model must have a regressor named "index", and the index four indicators or more',
            where=f"regressors {named(model.regressors)}; indicators {named(indicators)}",
            how='name the regressor "index" and give its indicators',
        )


def _refuse_few(failed: int, draws: int) -> None:
    """Refuse a bootstrap most of whose draws failed."""
    if failed > draws / 2:
        raise DataRefused(
            what="the index or the model could not be built in most draws of units",
            where=f"{failed} of {draws} draws",
            how="check for indicators that vary in a few units only",
        )


def _with_spread(beta: float, values: FloatArray, level: float) -> Corrected:
    """A slope with the spread of its draws."""
    kept = values[np.isfinite(values)]
    if not kept.size or not np.isfinite(beta):
        return Corrected(beta, float("nan"), float("nan"), float("nan"))
    low, high = np.quantile(kept, [(1 - level) / 2, (1 + level) / 2])
    return Corrected(beta, float(kept.std(ddof=1)), float(low), float(high))


def _splits(indicators: tuple[str, ...], splits: int, rng: np.random.Generator) -> tuple[Split, ...]:
    """Different random halves of the indicators; the first indicator is always in the first half."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    half = len(indicators) // 2
    for _ in range(20 * splits):
        picks = rng.permutation(len(indicators) - 1)[: half - 1] + 1
        first = (indicators[0], *(indicators[i] for i in sorted(picks)))
        found[first] = tuple(name for name in indicators if name not in first)
        if len(found) == splits:
            break
    return tuple(found.items())


def _notes(reliability: float, failed: int, draws: int) -> tuple[str, ...]:
    """What the reader must know."""
    notes = ["the corrections take the indicators' errors as independent of each other and of the outcome's"]
    if reliability < 0.7:
        notes.append(
            f"reliability {reliability:.2f} within effects and controls: the naive slope is pulled "
            "towards zero; read the corrected ones"
        )
    if failed:
        notes.append(f"{failed} of {draws} draws could not be estimated and are not in the intervals")
    return tuple(notes)
