"""The robustness list: each check against the plain computation that it stands for."""

import numpy as np
import pytest
from evaluation.panel.simulation import simulated

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.panel.fixed_effects import fixed_effects
from cunzhi.evaluation.panel.frame import Panel, read
from cunzhi.evaluation.panel.model import Classical, Model
from cunzhi.evaluation.panel.placebo import placebo
from cunzhi.evaluation.panel.robustness import (
    robustness,
    winsorised,
    without_each_period,
    without_each_unit,
)
from cunzhi.evaluation.panel.specification import specification_curve

MODEL = Model("y", ("x1", "x2", "x3"))


@pytest.fixture
def panel() -> Panel:
    data = simulated(24, 4, regressors=3, seed=2)
    rng = np.random.default_rng(1)
    data["x1b"] = data["x1"] + 0.1 * rng.normal(size=data["y"].size)
    data["yb"] = data["y"] + 0.1 * rng.normal(size=data["y"].size)
    data["flag"] = (rng.random(data["y"].size) < 0.06).astype(float)
    return read(data, unit="unit", period="year")


def test_robustness_runs_every_check_in_one_call(panel: Panel) -> None:
    found = robustness(panel, MODEL, treatment="x1", treatments=("x1b",), outcomes=("yb",), draws=49)
    assert [name for name, _ in found.replaced] == ["x1b", "yb"]
    assert len(found.without_unit.rows) == 24 and len(found.without_period.rows) == 4
    assert found.placebo.slopes.size == 49
    assert len(found.curve.specifications) == 2 * 2 * 4 * 2
    assert found.base.beta[0] == fixed_effects(panel, MODEL).beta[0]


def test_winsorised_moves_the_cells_beyond_the_quantiles(panel: Panel) -> None:
    found = winsorised(panel, Model("y", ("x1", "flag")), low=0.05, high=0.95)
    assert found.moved["x1"] == 2 * int(np.sum(panel.column("x1") > np.quantile(panel.column("x1"), 0.95)))
    assert found.moved["flag"] == 0
    clipped = np.clip(panel.column("y"), *np.quantile(panel.column("y"), [0.05, 0.95]))
    np.testing.assert_array_equal(found.fit.panel.column("y"), clipped)


def test_winsorised_shares_in_wrong_order_refused(panel: Panel) -> None:
    with pytest.raises(DataRefused, match="rising order"):
        winsorised(panel, MODEL, low=0.9, high=0.1)


def test_without_each_unit_equals_fits_on_the_rest(panel: Panel) -> None:
    found = without_each_unit(panel, MODEL, treatment="x2")
    rest = fixed_effects(panel.take(panel.unit != 7), MODEL)
    assert found.rows[7].beta == rest.beta[1] and found.rows[7].se == rest.se[1]
    assert found.low == min(row.beta for row in found.rows)


def test_without_each_unit_names_the_one_that_cannot_go() -> None:
    data = simulated(10, 3)
    data["only"] = (data["unit"] == 4) * data["x1"]
    panel = read(data, unit="unit", period="year")
    found = without_each_unit(panel, Model("y", ("only", "x2")), treatment="x2")
    assert [label for label, _ in found.refused] == ["4"] and len(found.rows) == 9


def test_without_each_period_of_two_is_refused() -> None:
    panel = read(simulated(30, 2), unit="unit", period="year")
    with pytest.raises(DataRefused, match="without any one of them"):
        without_each_period(panel, Model("y", ("x1",)), treatment="x1")


def test_placebo_slopes_equal_fits_on_dealt_out_histories() -> None:
    panel = read(simulated(20, 4, seed=3), unit="unit", period="year")
    model = Model("y", ("x1", "x2"), errors=Classical())
    found = placebo(panel, model, treatment="x1", draws=9, seed=6)
    rng = np.random.default_rng(6)
    for slope in found.slopes:
        donor = np.argsort(rng.random(20), kind="stable")
        dealt = panel.column("x1").reshape(20, 4)[donor].ravel()
        fit = fixed_effects(panel.with_columns({"x1": dealt}), model)
        assert slope == pytest.approx(fit.beta[0], rel=1e-8, abs=1e-12)
    assert 0.1 <= found.p <= 1 and found.exchangeable == 1


def test_placebo_effect_that_is_there_stands_out() -> None:
    data = simulated(30, 4, seed=3)
    data["y"] = data["y"] + 3 * data["x1"]
    found = placebo(read(data, unit="unit", period="year"), Model("y", ("x1",)), treatment="x1", draws=199)
    assert found.p == pytest.approx(1 / 200)
    assert abs(found.slopes.mean()) < 0.3


def test_placebo_histories_move_only_between_units_seen_in_the_same_periods() -> None:
    data = simulated(20, 4, seed=3)
    keep = ~((data["unit"] < 6) & (data["year"] == 2022))
    panel = read({name: values[keep] for name, values in data.items()}, unit="unit", period="year")
    found = placebo(panel, Model("y", ("x1",)), treatment="x1", draws=9)
    assert found.exchangeable == 1
    assert np.isfinite(found.slopes).all()


def test_placebo_all_patterns_different_refused() -> None:
    data = simulated(8, 8, seed=3)
    keep = data["unit"] != data["year"] - 2021
    panel = read({name: values[keep] for name, values in data.items()}, unit="unit", period="year")
    with pytest.raises(DataRefused, match="too few units"):
        placebo(panel, Model("y", ("x1",)), treatment="x1", draws=9)


def test_specification_curve_is_sorted_and_counts_what_it_refuses(panel: Panel) -> None:
    fixed = panel.with_columns({"z": panel.unit.astype(float)})
    found = specification_curve(fixed, Model("y", ("x1", "z"), effects="period"), treatment="x1", effects=("both",))
    slopes = [specification.beta for specification in found.specifications]
    assert slopes == sorted(slopes) and len(slopes) == 3
    assert len(found.refused) == 1 and "effects both" in found.refused[0][0]
    assert found.median == pytest.approx(np.median(slopes))


def test_specification_curve_too_many_refused() -> None:
    data = simulated(30, 6, regressors=14)
    model = Model("y", tuple(f"x{j}" for j in range(1, 15)))
    with pytest.raises(DataRefused, match="too many"):
        specification_curve(read(data, unit="unit", period="year"), model, treatment="x1")
