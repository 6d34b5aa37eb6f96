"""Simulated panels for the tests."""

from typing import Any

import numpy as np


def simulated(
    units: int = 38, periods: int = 3, *, regressors: int = 2, missing: float = 0.0, seed: int = 1
) -> dict[str, Any]:
    """A simulated panel as a mapping: y, x1..xk, w (weight), unit effects and serially alike errors."""
    rng = np.random.default_rng(seed)
    unit, period = np.repeat(np.arange(units), periods), np.tile(np.arange(2021, 2021 + periods), units)
    effect = rng.normal(size=units)[unit]
    data: dict[str, Any] = {"unit": unit, "year": period}
    for j in range(1, regressors + 1):
        data[f"x{j}"] = rng.normal(size=unit.size) + 0.7 * effect + 0.1 * (period - 2021)
    slope = rng.normal(size=units)[unit] * (period - 2022) * 0.4
    noise = rng.normal(size=unit.size) * np.exp(0.3 * data["x1"]) + slope
    data["y"] = sum(0.5 * data[f"x{j}"] for j in range(1, regressors + 1)) + effect + noise
    data["w"] = rng.uniform(0.5, 2.0, unit.size)
    keep = rng.random(unit.size) >= missing
    return {name: values[keep] for name, values in data.items()}
