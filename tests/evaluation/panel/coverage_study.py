"""How often each interval holds the truth on simulated 38 x 3 panels; run as a script it prints the table."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from math import sqrt
from typing import Any, get_args

import numpy as np

from cunzhi.evaluation.panel.arrays import FloatArray
from cunzhi.evaluation.panel.fixed_effects import fixed_effects
from cunzhi.evaluation.panel.frame import Panel, read
from cunzhi.evaluation.panel.heterogeneity import heterogeneity
from cunzhi.evaluation.panel.index_uncertainty import index_uncertainty
from cunzhi.evaluation.panel.mediation import mediate_apart
from cunzhi.evaluation.panel.model import Clustered, Convention, DriscollKraay, Model, Robust
from cunzhi.evaluation.panel.threshold import threshold_model
from cunzhi.evaluation.panel.two_stage import two_stage
from cunzhi.evaluation.panel.wild import wild_inference

UNITS, PERIODS, SLOPE = 38, 3, 0.5
X = tuple(f"x{j}" for j in range(1, 6))


def base(rng: np.random.Generator) -> dict[str, Any]:
    """38 units, 3 periods, 5 regressors; each unit has an error variance and a drift of its own."""
    unit, period = np.repeat(np.arange(UNITS), PERIODS), np.tile(np.arange(2021, 2024), UNITS)
    effect = rng.normal(size=UNITS)
    data: dict[str, Any] = {"unit": unit, "year": period}
    for name in X:
        data[name] = rng.normal(size=unit.size) + 0.5 * effect[unit]
    spread = np.exp(0.5 * rng.normal(size=UNITS))[unit]
    drift = 0.3 * rng.normal(size=UNITS)[unit] * (period - 2022)
    data["u"] = spread * rng.normal(size=unit.size) + drift
    data["y"] = SLOPE * sum(data[name] for name in X) + effect[unit] + 0.2 * (period - 2022) + data["u"]
    return data


def panel_of(data: dict[str, Any]) -> Panel:
    """The panel of simulated data."""
    return read(data, unit="unit", period="year")


def holds(interval: Sequence[float] | FloatArray, truth: float) -> bool:
    """Whether an interval contains the truth."""
    return bool(interval[0] <= truth <= interval[1])


def slopes(rng: np.random.Generator) -> dict[str, bool]:
    """t intervals of a slope under each convention and kind of errors, and the wild bootstrap's."""
    panel = panel_of(base(rng))
    model = Model("y", X)
    found = {}
    for convention in get_args(Convention):
        fit = fixed_effects(panel, replace(model, convention=convention))
        found[f"clustered by unit, {convention}"] = holds(fit.interval()[0], SLOPE)
    for errors in (Robust("hc1"), Robust("hc3"), DriscollKraay()):
        fit = fixed_effects(panel, replace(model, errors=errors))
        found[f"{errors.label}, reghdfe"] = holds(fit.interval()[0], SLOPE)
    two = replace(model, regressors=("x1",), errors=Clustered(("unit", "period")))
    found["clustered by unit and period (one regressor), reghdfe"] = holds(
        fixed_effects(panel_of({**base(rng)}), two).interval()[0], SLOPE
    )
    row = wild_inference(panel, model, draws=499).rows[0]
    found["wild cluster bootstrap"] = holds((row.low, row.high), SLOPE)
    return found


def instruments(rng: np.random.Generator, strength: float, label: str) -> dict[str, bool]:
    """t interval of 2SLS and the Anderson-Rubin set, one instrument."""
    data = base(rng)
    hidden, data["z"] = rng.normal(size=(2, data["y"].size))
    data["d"] = strength * data["z"] + hidden
    data["y"] = data["y"] + SLOPE * data["d"] + hidden
    found = two_stage(panel_of(data), Model("y", ("x1",)), endogenous=("d",), instruments=("z",))
    assert found.anderson_rubin is not None
    return {
        f"2SLS t interval, {label} instrument": holds(found.fit.interval()[0], SLOPE),
        f"Anderson-Rubin set, {label} instrument": any(
            holds(interval, SLOPE) for interval in found.anderson_rubin.intervals
        ),
    }


def products(rng: np.random.Generator) -> dict[str, bool]:
    """Sobel's normal interval and the unit bootstrap's of a product of two paths."""
    data = base(rng)
    data["m"] = 0.4 * data["x1"] + rng.normal(size=data["y"].size)
    data["y"] = data["y"] + 0.4 * data["m"]
    path = mediate_apart(panel_of(data), Model("y", X), treatment="x1", mediators=("m",), draws=499).paths[0]
    half = 1.96 * abs(path.indirect / path.sobel.z)
    return {
        "Sobel interval of the mediated effect": abs(path.indirect - 0.16) <= half,
        "unit bootstrap of the mediated effect": holds((path.bootstrap.low, path.bootstrap.high), 0.16),
    }


def differences(rng: np.random.Generator) -> dict[str, bool]:
    """Tests of a difference between groups that is zero, at 5 %: counted as held when not rejected."""
    data = base(rng)
    data["mountain"] = (data["unit"] % 2).astype(float)
    found = heterogeneity(panel_of(data), Model("y", X[:2]), treatment="x1", by="mountain", permutations=199)
    difference = found.differences[0]
    assert difference.permutation_p is not None
    return {
        "interaction test of no difference": difference.p > 0.05,
        "permutation test of no difference": difference.permutation_p > 0.05,
    }


def thresholds(rng: np.random.Generator) -> dict[str, bool]:
    """LR interval of a threshold, and both bootstrap tests where there is none."""
    data = base(rng)
    data["q"] = rng.normal(size=data["y"].size)
    flat = threshold_model(panel_of(data), Model("y", ("x1",)), regime=("x1",), threshold="q", trim=0.1, draws=199)
    even = {**data, "y": data["y"] - data["u"] + rng.normal(size=data["y"].size)}
    plain = threshold_model(panel_of(even), Model("y", ("x1",)), regime=("x1",), threshold="q", trim=0.1, draws=199)
    bent = {**even, "y": even["y"] + 2.0 * data["x1"] * (data["q"] > 0)}
    found = threshold_model(panel_of(bent), Model("y", ("x1",)), regime=("x1",), threshold="q", trim=0.1, draws=1)
    return {
        "LR interval of a threshold, equal variances": holds((found.intervals[0].low, found.intervals[0].high), 0.0),
        "unit bootstrap of no threshold, equal variances": plain.steps[0].unit.p > 0.05,
        "wild bootstrap of no threshold, equal variances": plain.steps[0].wild.p > 0.05,
        "unit bootstrap of no threshold, unequal variances": flat.steps[0].unit.p > 0.05,
        "wild bootstrap of no threshold, unequal variances": flat.steps[0].wild.p > 0.05,
    }


def mean_index(panel: Panel, names: Sequence[str]) -> FloatArray:
    """The plain mean of the indicators; its signal has the latent's slope."""
    return np.mean([panel.column(name) for name in names], axis=0)


def indices(rng: np.random.Generator) -> dict[str, bool]:
    """Intervals of the slope of an index of six noisy indicators (reliability 0.8)."""
    data = base(rng)
    latent = data["x1"]
    names = [f"i{j}" for j in range(6)]
    for name in names:
        data[name] = latent + 1.22 * rng.normal(size=latent.size)
    data["y"] = data["y"] - data["u"] + 0.5 * data["u"]
    found = index_uncertainty(
        panel_of(data), Model("y", ("index", *X[1:])), indicators=names, build=mean_index, draws=199, splits=6
    )
    return {
        "index taken as given, clustered": holds(found.fit.interval()[found.fit.at("index")], SLOPE),
        "index, bootstrap that refits it": holds((found.refitted.low, found.refitted.high), SLOPE),
        "index, corrected by reliability": holds((found.by_reliability.low, found.by_reliability.high), SLOPE),
        "index, corrected by halves": holds((found.by_halves.low, found.by_halves.high), SLOPE),
    }


def study(repetitions: int, seed: int = 20260101) -> dict[str, tuple[float, int]]:
    """Share of panels in which each interval held the truth, and how many panels."""
    parts = (
        (slopes, repetitions),
        (lambda rng: instruments(rng, 1.0, "strong"), repetitions),
        (lambda rng: instruments(rng, 0.15, "weak"), repetitions),
        (products, repetitions),
        (differences, repetitions),
        (thresholds, repetitions // 2),
        (indices, repetitions // 4),
    )
    shares = {}
    for number, (part, times) in enumerate(parts):
        rng = np.random.default_rng([seed, number])
        found = [part(rng) for _ in range(times)]
        shares.update({name: (float(np.mean([row[name] for row in found])), times) for name in found[0]})
    return shares


if __name__ == "__main__":
    for name, (share, times) in study(int(sys.argv[1]) if len(sys.argv) > 1 else 1000).items():
        error = sqrt(share * (1 - share) / times)
        sys.stdout.write(f"| {name} | {100 * share:.1f} | {100 * error:.1f} | {times} |\n")
