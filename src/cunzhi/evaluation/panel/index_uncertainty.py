"""Carries the uncertainty of an index into the regression that it enters.

An index is an estimate. A bootstrap that builds it anew in each draw carries its spread, but
not the attenuation: noise in a regressor pulls its slope towards zero, and the interval with
it. So three figures stand side by side: the naive slope, the bootstrap, and slopes corrected
by reliability and by using one half of the indicators as instrument for the other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.panel.arrays import FloatArray
from cunzhi.evaluation.panel.fixed_effects import Fit, fixed_effects
from cunzhi.evaluation.panel.frame import Panel
from cunzhi.evaluation.panel.model import Model
from cunzhi.evaluation.panel.reliability import Halves, compare_halves
from cunzhi.evaluation.panel.sample import draw, weights_of
from cunzhi.evaluation.panel.within import absorb_columns

INDEX = "index"
# A builder takes a panel and names of indicators and returns the index, one value a row.
Builder = Callable[[Panel, Sequence[str]], FloatArray]
# A split is used when both halves share this much variance within the effects; below it the
# instrument is too weak and its slope wild.
LEAST_SHARED = 0.05


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
    splits: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
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
    splits: int = 10,
    draws: int = 400,
    level: float = 0.95,
    seed: int = 0,
) -> IndexUncertainty:
    """Estimate a model in which the column "index" is built from indicators, uncertainty and all.

    model.regressors name "index" once; the column is made here. build(panel, names) returns
    (n,) values and is called on the panel, on draws of units, and on halves of the indicators;
    it must orient the index the same way each time (a sign rule). At least four indicators.
    Rows with an empty indicator are left out.
    Source: Guttman (1945); Gillen, Snowberg and Yariv (2019) for instruments both ways.
    """
    if INDEX not in model.regressors or len(indicators) < 4:
        raise DataRefused(
            what='the model must have a regressor named "index", and the index four indicators or more',
            where=f"regressors {named(model.regressors)}; indicators {named(indicators)}",
            how='name the regressor "index" and give its indicators',
        )
    bare = replace(model, regressors=tuple(name for name in model.regressors if name != INDEX))
    used, sample = draw(panel, bare, indicators)
    rng = np.random.default_rng(seed)
    halves = _splits(tuple(indicators), splits, rng)
    whole, fit = _with_index(used, model, indicators, build)
    point = _slopes(whole, fit, indicators, build, halves)
    drawn, failed = _draws(used, model, indicators, build, halves, draws, rng)
    naive = float(fit.beta[fit.at(INDEX)])
    refitted, by_reliability, by_halves = (
        _corrected(value, drawn[:, i], level) for i, value in enumerate((naive, naive / point[1], point[2]))
    )
    return IndexUncertainty(
        fit=fit,
        naive=naive,
        refitted=refitted,
        reliability=point[1],
        by_reliability=by_reliability,
        by_halves=by_halves,
        splits=halves,
        draws=draws,
        failed_draws=failed,
        seed=seed,
        notes=(*sample.notes, *_notes(point[1], failed, draws)),
    )


def _with_index(panel: Panel, model: Model, indicators: Sequence[str], build: Builder) -> tuple[Panel, Fit]:
    """The panel with the index, and the model on it."""
    whole = panel.with_columns({INDEX: build(panel, indicators)})
    return whole, fixed_effects(whole, model)


def _slopes(
    panel: Panel,
    fit: Fit,
    indicators: Sequence[str],
    build: Builder,
    halves: Sequence[tuple[tuple[str, ...], tuple[str, ...]]],
) -> tuple[float, float, float]:
    """Naive slope, reliability, and slope by halves, effects and controls out."""
    controls = [name for name in fit.model.regressors if name != INDEX]
    full = panel.column(INDEX)
    columns = [panel.column(fit.model.outcome), full]
    for first, second in halves:
        columns += [build(panel, first), build(panel, second)]
    left = _partialled(panel, fit.model, columns, controls)
    y, index, parts = left[:, 0], left[:, 1], left[:, 2:]
    found: list[Halves] = [compare_halves(y, index, parts[:, 2 * i], parts[:, 2 * i + 1]) for i in range(len(halves))]
    usable = [half for half in found if half.shared >= LEAST_SHARED]
    reliability = float(np.mean([half.reliability for half in found]))
    by_halves = float(np.median([half.slope for half in usable])) if usable else float("nan")
    return float(fit.beta[fit.at(INDEX)]), max(reliability, 1e-6), by_halves


def _partialled(panel: Panel, model: Model, columns: Sequence[FloatArray], controls: Sequence[str]) -> FloatArray:
    """(n, k) columns without effects and controls."""
    beside = [panel.column(name) for name in controls]
    if model.effects == "none":
        beside.append(np.ones(panel.n))
    data = absorb_columns(panel, [*columns, *beside], model.effects, weights_of(panel, model.weights)).data
    left, basis = data[:, : len(columns)], np.linalg.qr(data[:, len(columns) :])[0]
    return np.asarray(left - basis @ (basis.T @ left))


def _draws(
    panel: Panel,
    model: Model,
    indicators: Sequence[str],
    build: Builder,
    halves: Sequence[tuple[tuple[str, ...], tuple[str, ...]]],
    draws: int,
    rng: np.random.Generator,
) -> tuple[FloatArray, int]:
    """(B, 3) naive, by reliability and by halves over draws of units; and how many failed."""
    figures = []
    for _ in range(draws):
        sample = panel.of_units(rng.integers(0, panel.units.size, panel.units.size))
        try:
            whole, fit = _with_index(sample, model, indicators, build)
        except (DataRefused, np.linalg.LinAlgError):
            continue
        naive, reliability, by_halves = _slopes(whole, fit, indicators, build, halves)
        figures.append((naive, naive / reliability, by_halves))
    if len(figures) < draws / 2:
        raise DataRefused(
            what="the index or the model could not be built in most draws of units",
            where=f"{draws - len(figures)} of {draws} draws",
            how="check for indicators that vary in a few units only",
        )
    return np.array(figures), draws - len(figures)


def _corrected(beta: float, values: FloatArray, level: float) -> Corrected:
    """A slope with the spread of its draws."""
    kept = values[np.isfinite(values)]
    if not kept.size or not np.isfinite(beta):
        return Corrected(beta, float("nan"), float("nan"), float("nan"))
    low, high = np.quantile(kept, [(1 - level) / 2, (1 + level) / 2])
    return Corrected(beta, float(kept.std(ddof=1)), float(low), float(high))


def _splits(
    indicators: tuple[str, ...], splits: int, rng: np.random.Generator
) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
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
