"""An index in a regression: attenuation found and undone, spread carried, draws literal."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.index.component import components
from cunzhi.evaluation.panel.arrays import FloatArray
from cunzhi.evaluation.panel.fixed_effects import fixed_effects
from cunzhi.evaluation.panel.frame import Panel, read
from cunzhi.evaluation.panel.index_draws import Drawn
from cunzhi.evaluation.panel.index_uncertainty import corrected, index_uncertainty
from cunzhi.evaluation.panel.model import Effects, Model
from cunzhi.evaluation.panel.reliability import compare_halves

NAMES = tuple(f"i{j}" for j in range(6))
MODEL = Model("y", ("index",))


def mean_index(panel: Panel, names: Sequence[str]) -> FloatArray:
    """The plain mean of the indicators: its signal has the slope of the latent."""
    return np.mean([panel.column(name) for name in names], axis=0)


def first_component(panel: Panel, names: Sequence[str]) -> FloatArray:
    """Scores of the first principal component of the correlations, oriented by the sum of loadings."""
    z = np.column_stack([panel.column(name) for name in names])
    z = (z - z.mean(axis=0)) / z.std(axis=0, ddof=1)
    loading = np.linalg.eigh(z.T @ z)[1][:, -1]
    return np.asarray(z @ (loading * np.sign(loading.sum())))


def first_weights(drawn: Drawn, parts: Sequence[Sequence[str]]) -> FloatArray:
    """What first_component multiplies the indicators with."""
    names = list(parts[0])
    covariances = drawn.covariances(names)
    found = np.where(
        np.isnan(covariances).any(axis=(1, 2))[:, None, None], np.nan, np.zeros((1, len(names), len(parts)))
    )
    for position, part in enumerate(parts):
        at = np.array([names.index(name) for name in part])
        for draw in np.flatnonzero(~np.isnan(found[:, 0, 0])):
            own = covariances[draw][np.ix_(at, at)]
            scale = np.sqrt(np.diag(own))
            found[draw, at, position] = components(own / np.outer(scale, scale), rule="count").coefficients / scale
    return found


def noisy(units: int = 38, periods: int = 3, *, noise: float = 1.2, seed: int = 1) -> dict[str, Any]:
    """A simulated panel whose outcome has slope 0.5 on a latent seen through six noisy indicators."""
    rng = np.random.default_rng(seed)
    unit, period = np.repeat(np.arange(units), periods), np.tile(np.arange(periods), units)
    latent = rng.normal(size=units)[unit] + rng.normal(size=unit.size)
    data: dict[str, Any] = {"unit": unit, "year": period, "latent": latent}
    for name in NAMES:
        data[name] = latent + noise * rng.normal(size=unit.size)
    data["y"] = 0.5 * latent + rng.normal(size=units)[unit] + 0.5 * rng.normal(size=unit.size)
    return data


def test_corrections_undo_the_attenuation_on_a_large_panel() -> None:
    panel = read(noisy(4000, 4), unit="unit", period="year")
    found = index_uncertainty(panel, MODEL, indicators=NAMES, build=mean_index, draws=4, splits=4)
    share = 1 / (1 + 1.2**2 / 6)
    assert found.reliability == pytest.approx(share, abs=0.01)
    assert found.naive == pytest.approx(0.5 * share, abs=0.01)
    assert found.by_reliability.beta == pytest.approx(0.5, abs=0.015)
    assert found.by_halves.beta == pytest.approx(0.5, abs=0.015)


def test_indicators_without_noise_need_no_correction() -> None:
    panel = read(noisy(noise=1e-6), unit="unit", period="year")
    found = index_uncertainty(panel, MODEL, indicators=NAMES, build=first_component, draws=19, splits=3)
    assert found.reliability == pytest.approx(1, abs=1e-6)
    assert found.by_halves.beta == pytest.approx(found.naive, rel=1e-5)


def test_bootstrap_builds_the_index_anew_in_each_draw() -> None:
    panel = read(noisy(), unit="unit", period="year")
    seen: list[int] = []

    def counted(sample: Panel, names: Sequence[str]) -> FloatArray:
        seen.append(len(names))
        return first_component(sample, names)

    found = index_uncertainty(panel, MODEL, indicators=NAMES, build=counted, draws=7, splits=3, seed=2)
    assert seen.count(6) == 8 and seen.count(3) == 8 * 6
    assert found.failed_draws == 0
    assert (
        found.refitted.beta
        == fixed_effects(panel.with_columns({"index": first_component(panel, NAMES)}), MODEL).beta[0]
    )


@pytest.mark.parametrize("effects", ["both", "unit", "period", "none"])
def test_draws_from_cross_products_equal_draws_from_rows(effects: Effects) -> None:
    data = noisy(40, 5)
    data["x"] = data["latent"] + np.random.default_rng(3).normal(size=data["y"].size)
    data["i2"] = 1000 + 5 * data["i2"]
    gone = np.random.default_rng(4).random(data["y"].size) < 0.1
    panel = read({name: values[~gone] for name, values in data.items()}, unit="unit", period="year")
    model = Model("y", ("index", "x"), effects)
    rows, products = (
        index_uncertainty(
            panel, model, indicators=NAMES, build=first_component, weigh=weigh, draws=60, splits=4, seed=5
        )
        for weigh in (None, first_weights)
    )
    assert rows.failed_draws == products.failed_draws == 0
    for figure in ("refitted", "by_reliability", "by_halves"):
        for end in ("beta", "se", "low", "high"):
            assert getattr(getattr(products, figure), end) == pytest.approx(
                getattr(getattr(rows, figure), end), rel=1e-8
            )


def test_draws_without_variation_fail_alike() -> None:
    data = noisy(12, 3)
    data["i0"] = np.where(data["unit"] == 4, data["i0"], 0.1)
    panel = read(data, unit="unit", period="year")

    def refusing(sample: Panel, names: Sequence[str]) -> FloatArray:
        if any(np.ptp(sample.column(name)) == 0 for name in names):
            raise DataRefused("constant", "here", "leave it out")
        return first_component(sample, names)

    rows, products = (
        index_uncertainty(panel, MODEL, indicators=NAMES, build=refusing, weigh=weigh, draws=50, splits=2)
        for weigh in (None, first_weights)
    )
    assert rows.failed_draws == products.failed_draws > 5
    assert products.refitted.low == pytest.approx(rows.refitted.low, rel=1e-8)


def test_scale_of_the_index_scales_every_slope() -> None:
    panel = read(noisy(), unit="unit", period="year")
    one, ten = (
        index_uncertainty(
            panel, MODEL, indicators=NAMES, build=lambda p, n, k=k: k * first_component(p, n), draws=9, splits=3
        )
        for k in (1.0, 10.0)
    )
    for figure in ("refitted", "by_reliability", "by_halves"):
        assert getattr(one, figure).beta == pytest.approx(10 * getattr(ten, figure).beta)
        assert getattr(one, figure).low == pytest.approx(10 * getattr(ten, figure).low)


def test_halves_slope_equals_two_stage_least_squares() -> None:
    from cunzhi.evaluation.panel.two_stage import two_stage

    data = noisy(60, 4)
    panel = read(data, unit="unit", period="year")
    halves = {"a": mean_index(panel, NAMES[:3]), "b": mean_index(panel, NAMES[3:])}
    panel = panel.with_columns(halves)
    slopes = [
        two_stage(panel, Model("y", ()), endogenous=(x,), instruments=(z,)).fit.beta[0]
        for x, z in (("a", "b"), ("b", "a"))
    ]
    from cunzhi.evaluation.panel.within import absorb_columns

    columns = [panel.column("y"), mean_index(panel, NAMES), halves["a"], halves["b"]]
    left = absorb_columns(panel, columns, "both").data
    found = compare_halves(*left.T)
    assert found.slope == pytest.approx(1 / (0.5 / slopes[0] + 0.5 / slopes[1]), rel=1e-9)
    assert found.linear == pytest.approx(1)


def test_low_reliability_is_said() -> None:
    panel = read(noisy(noise=4), unit="unit", period="year")
    found = index_uncertainty(panel, MODEL, indicators=NAMES, build=mean_index, draws=9, splits=3)
    assert any("pulled towards zero" in note for note in found.notes)


def test_empty_indicator_cells_left_out_and_said() -> None:
    data = noisy()
    data["i2"][3] = np.nan
    found = index_uncertainty(
        read(data, unit="unit", period="year"), MODEL, indicators=NAMES, build=mean_index, draws=5, splits=2
    )
    assert any("1 rows left out for empty cells: 3" in note for note in found.notes)


def test_model_without_index_or_too_few_indicators_refused() -> None:
    panel = read(noisy(), unit="unit", period="year")
    with pytest.raises(DataRefused, match="four indicators"):
        index_uncertainty(panel, MODEL, indicators=NAMES[:3], build=mean_index)
    with pytest.raises(DataRefused, match='named "index"'):
        index_uncertainty(panel, Model("y", ("latent",)), indicators=NAMES, build=mean_index)


def test_corrections_leave_out_draws_that_have_no_figure() -> None:
    drawn = np.array([[0.2, 0.5, 0.4], [0.4, 0.5, np.nan], [0.6, 1.0, 0.8]])
    naive, by_reliability, by_halves = corrected(np.array([0.4, 0.8, 0.5]), drawn, 0.5)
    assert (naive.beta, naive.low, naive.high) == pytest.approx((0.4, 0.3, 0.5))
    assert (by_reliability.beta, by_reliability.low) == pytest.approx((0.5, 0.5))
    assert (by_halves.se, by_halves.low) == pytest.approx((0.4 / np.sqrt(2), 0.5))


def test_correction_without_a_figure_of_its_own_has_no_spread() -> None:
    _, _, by_halves = corrected(np.array([0.4, 0.8, np.nan]), np.ones((3, 3)), 0.95)
    assert np.isnan([by_halves.beta, by_halves.se, by_halves.low, by_halves.high]).all()
