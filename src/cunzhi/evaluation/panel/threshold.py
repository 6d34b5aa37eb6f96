"""Panel thresholds (Hansen 1999): one to three, exact, unbalanced panels allowed, two bootstraps."""

from dataclasses import dataclass, replace

import numpy as np

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.panel.arrays import FloatArray
from cunzhi.evaluation.panel.fixed_effects import Fit, fixed_effects
from cunzhi.evaluation.panel.frame import Panel
from cunzhi.evaluation.panel.model import Model
from cunzhi.evaluation.panel.sample import draw
from cunzhi.evaluation.panel.threshold_bootstrap import BootstrapTest, unit_bootstrap, wild_bootstrap
from cunzhi.evaluation.panel.threshold_search import Candidates, Ground, candidates, lay_ground, regime_columns

MOST_THRESHOLDS = 3


@dataclass(frozen=True, slots=True)
class ThresholdStep:
    """The test of k thresholds against k - 1.

    gammas: (k,) rising. ssr: sum of squares with them. f: (SSR_{k-1} - SSR_k) / (SSR_k / df),
    df being n - N - (T - 1) as far as these effects are in. unit, wild: its two bootstraps.
    """

    k: int
    gammas: tuple[float, ...]
    ssr: float
    f: float
    df: int
    unit: BootstrapTest
    wild: BootstrapTest


@dataclass(frozen=True, slots=True)
class LikelihoodRatio:
    """The interval of one threshold and the data of its plot.

    candidates, ratio: (C,) gamma and LR(gamma) = (SSR(gamma) - SSR) / sigma2, the other
    thresholds held. critical: -2 log(1 - sqrt(level)), a horizontal line in the plot.
    low, high: smallest and largest gamma with LR <= critical; connected: whether all
    candidates between them are inside too.
    """

    gamma: float
    low: float
    high: float
    connected: bool
    critical: float
    candidates: FloatArray
    ratio: FloatArray


@dataclass(frozen=True, slots=True)
class Threshold:
    """A threshold model.

    steps: one test for each number of thresholds. intervals: for the last step's thresholds.
    fit: slopes in the regimes, named "column | regime 1" and so on, then the controls.
    counts: observations in each regime.
    """

    threshold: str
    regime: tuple[str, ...]
    steps: tuple[ThresholdStep, ...]
    intervals: tuple[LikelihoodRatio, ...]
    fit: Fit
    counts: tuple[int, ...]
    trim: float
    draws: int
    seed: int
    notes: tuple[str, ...]

    @property
    def gammas(self) -> tuple[float, ...]:
        """The thresholds of the last step, rising."""
        return self.steps[-1].gammas


def threshold_model(
    panel: Panel,
    model: Model,
    *,
    regime: tuple[str, ...],
    threshold: str,
    count: int = 1,
    trim: float = 0.05,
    draws: int = 300,
    level: float = 0.95,
    seed: int = 0,
) -> Threshold:
    """Let slopes change where a column crosses thresholds found by exact search.

    regime: regressors of the model whose slopes change. threshold: the column q; regime k
    holds gamma_{k-1} < q <= gamma_k. count: 1 to 3, found one after another, each earlier
    one searched again beside the later ones (Bai 1997). trim: least share in a regime.
    Raises DataRefused for weights, unknown roles and thresholds without room.
    Source: Hansen (1999), Journal of Econometrics 93, 345-368.
    """
    _refuse_roles(model, regime, count, trim)
    used, sample = draw(panel, model, (threshold,))
    controls = tuple(name for name in model.regressors if name not in regime)
    ground = lay_ground(
        used,
        outcome=model.outcome,
        controls=controls,
        regime=regime,
        threshold=threshold,
        effects=model.effects,
        trim=trim,
    )
    df = used.n - used.units.size * (model.effects in ("both", "unit"))
    df -= (used.periods.size - 1) * (model.effects in ("both", "period"))
    rng = np.random.default_rng(seed)
    steps: list[ThresholdStep] = []
    for _ in range(count):
        steps.append(_step(ground, steps[-1].gammas if steps else (), df, draws, rng))
    gammas = steps[-1].gammas
    intervals = tuple(_interval(ground, gammas, k, steps[-1].ssr / df, level) for k in range(count))
    fit, counts = _regime_fit(used, model, ground, gammas, regime, controls)
    return Threshold(
        threshold, regime, tuple(steps), intervals, fit, counts, trim, draws, seed, (*sample.notes, *_notes(used))
    )


def _step(ground: Ground, given: tuple[float, ...], df: int, draws: int, rng: np.random.Generator) -> ThresholdStep:
    """Find one more threshold, search the earlier ones again, and test it."""
    search = candidates(ground, given)
    u_null = search.residual(ground.y)
    null = float(u_null @ u_null)
    gammas, ssr = _refined(ground, (*given, _best(search, u_null)))
    f = (null - ssr) / (ssr / df)
    u_large = _residual(ground, gammas)
    unit = unit_bootstrap(search, u_large, f=f, df=df, draws=draws, rng=rng)
    wild = wild_bootstrap(search, u_null, f=f, df=df, draws=draws, rng=rng)
    return ThresholdStep(len(gammas), gammas, ssr, f, df, unit, wild)


def _best(search: Candidates, u: FloatArray) -> float:
    """The candidate that lowers the sum of squares most."""
    return float(search.gammas[int(np.argmax(search.gains(u[search.ground.order])))])


def _refined(ground: Ground, found: tuple[float, ...]) -> tuple[tuple[float, ...], float]:
    """Search each earlier threshold again beside the others; the rising thresholds and their SSR."""
    gammas = list(found)
    for k in range(len(gammas) - 1):
        search = candidates(ground, tuple(gammas[:k] + gammas[k + 1 :]))
        gammas[k] = _best(search, search.residual(ground.y))
    u = _residual(ground, tuple(gammas))
    return tuple(sorted(gammas)), float(u @ u)


def _residual(ground: Ground, gammas: tuple[float, ...]) -> FloatArray:
    """(n,) residuals of the model with these thresholds."""
    search = candidates(ground, gammas[1:])
    u = search.residual(ground.y)
    z = search.residual(_threshold_columns(ground, gammas[0], search).T).T
    slopes = np.linalg.lstsq(z, u, rcond=None)[0]
    return np.asarray(u - z @ slopes)


def _threshold_columns(ground: Ground, gamma: float, search: Candidates) -> FloatArray:
    """(n, m) r 1(q <= gamma) without unit effects."""
    from_below = ground.r * (ground.q <= gamma)[:, None]
    if ground.inside == "none":
        return from_below
    counts = np.bincount(ground.panel.unit)
    for column in from_below.T:
        column -= (np.bincount(ground.panel.unit, column) / counts)[ground.panel.unit]
    return from_below


def _interval(ground: Ground, gammas: tuple[float, ...], k: int, sigma2: float, level: float) -> LikelihoodRatio:
    """LR over all candidates for the k-th threshold, the others held."""
    search = candidates(ground, gammas[:k] + gammas[k + 1 :])
    gains = search.gains(search.residual(ground.y)[ground.order])
    ratio = (gains.max() - gains) / sigma2
    critical = float(-2 * np.log(1 - np.sqrt(level)))
    inside = np.flatnonzero(ratio <= critical)
    connected = bool(inside[-1] - inside[0] + 1 == inside.size)
    low, high = search.gammas[inside[0]], search.gammas[inside[-1]]
    return LikelihoodRatio(gammas[k], float(low), float(high), connected, critical, search.gammas, ratio)


def _regime_fit(
    panel: Panel,
    model: Model,
    ground: Ground,
    gammas: tuple[float, ...],
    regime: tuple[str, ...],
    controls: tuple[str, ...],
) -> tuple[Fit, tuple[int, ...]]:
    """The slopes in the regimes under the model's errors, and the observations in each."""
    names = [f"{name} | regime {k + 1}" for k in range(len(gammas) + 1) for name in regime]
    columns = dict(zip(names, regime_columns(ground, gammas), strict=True))
    fit = fixed_effects(panel.with_columns(columns), replace(model, regressors=(*names, *controls)))
    counts = np.bincount(np.searchsorted(gammas, ground.q, side="left"), minlength=len(gammas) + 1)
    return fit, tuple(int(count) for count in counts)


def _notes(panel: Panel) -> tuple[str, ...]:
    """What the reader must know of the bootstraps."""
    if panel.balanced:
        return ()
    return ("the panel has gaps: donors in the unit bootstrap lend drawn residuals for periods they lack",)


def _refuse_roles(model: Model, regime: tuple[str, ...], count: int, trim: float) -> None:
    """Refuse what a threshold model does not have."""
    wrong = [name for name in regime if name not in model.regressors]
    if wrong or not regime:
        raise DataRefused(
            what="columns whose slopes change must be regressors of the model",
            where=f"{named(wrong or ['none named'])}; regressors {named(model.regressors)}",
            how="name some of the model's regressors",
        )
    if not 1 <= count <= MOST_THRESHOLDS or not 0 < trim < 0.5:
        raise DataRefused(
            what=f"one to {MOST_THRESHOLDS} thresholds, with a trim between 0 and 0.5",
            where=f"count {count}, trim {trim}",
            how="correct the numbers; 0.05 is a usual trim",
        )
    if model.weights is not None:
        raise DataRefused(
            what="thresholds are searched without weights",
            where=f"weights {model.weights!r}",
            how="leave the weights out",
        )
