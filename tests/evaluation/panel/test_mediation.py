"""Mediation: the identity, pingouin, literal resampling of units, and printed paths."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from evaluation.panel.simulation import simulated
from hypothesis import given, settings
from hypothesis import strategies as st

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.panel.fixed_effects import fixed_effects
from cunzhi.evaluation.panel.frame import read
from cunzhi.evaluation.panel.mediation import mediate_apart, mediate_together, product_tests
from cunzhi.evaluation.panel.model import Classical, Effects, Model
from cunzhi.evaluation.panel.moments import draw_counts


def mediated(units: int = 40, periods: int = 4, *, missing: float = 0.1, seed: int = 1) -> dict[str, Any]:
    """A simulated panel in which m1 carries part of x1 to y and m2 carries nothing."""
    data = simulated(units, periods, missing=missing, seed=seed)
    rng = np.random.default_rng(seed + 7)
    data["m1"] = 0.5 * data["x1"] + rng.normal(size=data["y"].size)
    data["m2"] = 0.2 * data["x2"] + rng.normal(size=data["y"].size)
    data["y"] = data["y"] + 0.4 * data["m1"]
    return data


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000), effects=st.sampled_from(["both", "unit", "period", "none"]), weighted=st.booleans())
def test_identity_total_less_direct_is_the_product(seed: int, effects: Effects, weighted: bool) -> None:
    panel = read(mediated(20, 4, seed=seed), unit="unit", period="year")
    model = Model("y", ("x1", "x2"), effects=effects, weights="w" if weighted else None)
    apart = mediate_apart(panel, model, treatment="x1", mediators=("m1", "m2"), draws=9)
    together = mediate_together(panel, model, treatment="x1", mediators=("m1", "m2"), draws=9)
    for found in (apart, together):
        assert found.identity_gap < 1e-10
        assert not any("same rows" in note for note in found.notes)
    assert together.indirect == pytest.approx(together.paths[0].total - together.paths[0].direct, abs=1e-10)


@pytest.mark.filterwarnings("ignore")
def test_pooled_paths_equal_pingouin_and_statsmodels() -> None:
    pingouin, pandas = pytest.importorskip("pingouin"), pytest.importorskip("pandas")
    formula = pytest.importorskip("statsmodels.formula.api")
    data = mediated()
    frame = pandas.DataFrame(data)
    model = Model("y", ("x1",), effects="none", errors=Classical(), convention="lsdv")
    found = mediate_apart(read(data, unit="unit", period="year"), model, treatment="x1", mediators=("m1",), draws=3999)
    theirs = pingouin.mediation_analysis(frame, x="x1", m="m1", y="y", n_boot=2000, seed=1).set_index("path")
    path = found.paths[0]
    assert path.a == pytest.approx(theirs.loc["m1 ~ X", "coef"], abs=1e-5)
    assert path.se_a == pytest.approx(theirs.loc["m1 ~ X", "se"], abs=1e-5)
    assert path.total == pytest.approx(theirs.loc["Total", "coef"], abs=1e-5)
    assert path.direct == pytest.approx(theirs.loc["Direct", "coef"], abs=1e-5)
    assert path.indirect == pytest.approx(theirs.loc["Indirect", "coef"], abs=1e-5)
    # pingouin resamples rows, ours units; without unit effects in m1 the spreads are alike.
    assert path.bootstrap.se == pytest.approx(theirs.loc["Indirect", "se"], rel=0.25)
    beside = formula.ols("y ~ x1 + m1", frame).fit()
    assert path.b == pytest.approx(beside.params["m1"], rel=1e-9)
    assert path.se_b == pytest.approx(beside.bse["m1"], rel=1e-9)


@pytest.mark.parametrize("effects", ["both", "unit", "period", "none"])
def test_bootstrap_equals_refitting_on_panels_of_drawn_units(effects: Effects) -> None:
    panel = read(mediated(12, 4), unit="unit", period="year")
    model = Model("y", ("x1", "x2"), effects=effects, convention="none")
    found = mediate_together(panel, model, treatment="x1", mediators=("m1", "m2"), draws=25, seed=4)
    counts = draw_counts(12, 25, np.random.default_rng(4)).astype(int)
    sums = []
    for row in counts:
        sample = panel.of_units(np.repeat(np.arange(12), row))
        outcome = fixed_effects(sample, replace(model, regressors=("x1", "x2", "m1", "m2"), errors=Classical()))
        total = 0.0
        for name in ("m1", "m2"):
            on = fixed_effects(sample, replace(model, outcome=name, errors=Classical()))
            total += on.beta[0] * outcome.beta[outcome.at(name)]
        sums.append(total)
    assert found.indirect_bootstrap is not None
    assert found.indirect_bootstrap.se == pytest.approx(np.std(sums, ddof=1), rel=1e-8)
    assert found.indirect_bootstrap.low == pytest.approx(np.quantile(sums, 0.025), rel=1e-7, abs=1e-10)


def test_product_tests_of_printed_paths() -> None:
    """a = 0.285 (0.042), b = 0.462 (0.065): Sobel by hand 4.905, Aroian smaller, Goodman larger."""
    sobel, aroian, goodman = product_tests(0.285, 0.042, 0.462, 0.065)
    by_hand = 0.285 * 0.462 / np.sqrt(0.285**2 * 0.065**2 + 0.462**2 * 0.042**2)
    assert sobel.z == pytest.approx(by_hand)
    assert round(sobel.z, 2) == 4.91
    assert aroian.z < sobel.z < goodman.z


def test_goodman_negative_variance_is_nan_and_said() -> None:
    sobel, _, goodman = product_tests(0.01, 1.0, 0.01, 1.0)
    assert np.isnan(goodman.z) and np.isfinite(sobel.z)


def test_mediators_apart_warn_and_share_rows() -> None:
    data = mediated()
    data["m2"][:5] = np.nan
    panel = read(data, unit="unit", period="year")
    found = mediate_apart(panel, Model("y", ("x1",)), treatment="x1", mediators=("m1", "m2"), draws=19)
    assert any("must not be added up" in note for note in found.notes)
    assert any("5 rows left out" in note for note in found.notes)
    assert found.indirect is None
    assert {fit.sample.used for fit in (found.total, *found.on_mediators, *found.with_mediators)} == {panel.n - 5}


def test_mediation_affine_change_of_the_mediator_leaves_the_product() -> None:
    data = mediated()
    model = Model("y", ("x1", "x2"))
    one, two = (
        mediate_apart(read(d, unit="unit", period="year"), model, treatment="x1", mediators=("m1",), draws=99)
        for d in (data, {**data, "m1": data["m1"] * -250 + 3})
    )
    assert two.paths[0].indirect == pytest.approx(one.paths[0].indirect, rel=1e-8)
    assert two.paths[0].sobel.z == pytest.approx(one.paths[0].sobel.z, rel=1e-8)
    assert two.paths[0].bootstrap.low == pytest.approx(one.paths[0].bootstrap.low, rel=1e-6)


def test_mediation_wrong_roles_refused() -> None:
    panel = read(mediated(), unit="unit", period="year")
    with pytest.raises(DataRefused, match="treatment is not a regressor"):
        mediate_apart(panel, Model("y", ("x1",)), treatment="x2", mediators=("m1",))
    with pytest.raises(DataRefused, match="columns of their own"):
        mediate_together(panel, Model("y", ("x1",)), treatment="x1", mediators=("m1", "x1"))
