"""Standard errors against the programs that the conventions are named after."""

from typing import Any

import numpy as np
import pytest

from cunzhi.evaluation.panel.fixed_effects import fixed_effects
from cunzhi.evaluation.panel.frame import Panel, read
from cunzhi.evaluation.panel.model import (
    Classical,
    Clustered,
    Convention,
    DriscollKraay,
    Effects,
    Errors,
    Model,
    Robust,
    RobustKind,
)

X = ("beertax", "drinkage", "unemp", "log_income", "miles")
BOTH = Clustered(("unit", "period"))


@pytest.mark.parametrize(
    ("convention", "se"),
    [("none", 0.3496), ("plm", 0.3533), ("reghdfe", 0.3571), ("linearmodels", 0.3823), ("lsdv", 0.3858)],
)
def test_conventions_fatalities_reach_the_figures_of_the_programs(
    states: Panel, convention: Convention, se: float
) -> None:
    """Beer tax alone, both effects: R plm 2.6, R fixest 0.12.2, linearmodels 7.1, statsmodels 0.15."""
    fit = fixed_effects(states, Model("rate", ("beertax",), convention=convention))
    assert round(float(fit.se[0]), 4) == se


@pytest.mark.parametrize(
    ("name", "regressors", "options"),
    [
        ("unit", X, {}),
        ("simple", X[:1], {}),
        ("one_way", X, {"effects": "unit"}),
        ("iid", X, {"errors": Classical()}),
        ("hetero", X, {"errors": Robust()}),
        ("two_way_clusters", X, {"errors": BOTH}),
        ("weights", X, {"weights": "pop"}),
        ("pooled", X, {"effects": "none"}),
        ("dk", X, {"effects": "none", "errors": DriscollKraay(2)}),
        ("dk_two_way", X, {"errors": DriscollKraay(2)}),
    ],
)
def test_reghdfe_convention_equals_pyfixest(
    states: Panel, pyfixest_results: dict[str, Any], name: str, regressors: tuple[str, ...], options: dict[str, Any]
) -> None:
    fit = fixed_effects(states, Model("rate", regressors, **options))
    expected = pyfixest_results[name]
    for figure, ours in (("beta", fit.beta), ("se", fit.se), ("p", fit.p)):
        theirs = [expected[figure][column] for column in regressors]
        np.testing.assert_allclose(ours[: len(regressors)], theirs, rtol=1e-7, atol=1e-10)


@pytest.mark.parametrize("name", ["gaps", "lonely"])
def test_unbalanced_panel_equals_pyfixest(fatalities: Any, pyfixest_results: dict[str, Any], name: str) -> None:
    at = np.arange(len(fatalities))
    keep = (at % 7 != 3) & (at % 11 != 5) if name == "gaps" else ~((at > 14) & (at < 21))
    fit = fixed_effects(read(fatalities[keep], unit="state", period="year"), Model("rate", X))
    expected = pyfixest_results[name]
    np.testing.assert_allclose(fit.se, [expected["se"][column] for column in X], rtol=1e-6)
    assert fit.sample.used == expected["n"]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("effects", ["both", "unit", "period", "none"])
@pytest.mark.parametrize(
    ("errors", "options"),
    [
        (Clustered(), {"cov_type": "clustered", "cluster_entity": True}),
        (BOTH, {"cov_type": "clustered", "cluster_entity": True, "cluster_time": True}),
        (Robust(), {"cov_type": "robust"}),
        (Classical(), {"cov_type": "unadjusted"}),
        (DriscollKraay(2), {"cov_type": "kernel", "kernel": "bartlett", "bandwidth": 2}),
    ],
    ids=["cluster", "two-way", "robust", "classical", "driscoll-kraay"],
)
@pytest.mark.parametrize("weights", [None, "pop"])
def test_linearmodels_convention_equals_linearmodels(
    fatalities: Any, effects: Effects, errors: Errors, options: dict[str, Any], weights: str | None
) -> None:
    panel_ols = pytest.importorskip("linearmodels.panel").PanelOLS
    x = list(X[:3])
    kept = fatalities[np.arange(len(fatalities)) % 5 != 3]
    fit = fixed_effects(
        read(kept, unit="state", period="year"),
        Model("rate", tuple(x), effects=effects, errors=errors, weights=weights, convention="linearmodels"),
    )
    frame = kept.assign(state=kept["state"].astype("category").cat.codes).set_index(["state", "year"])
    right = frame[x].assign(constant=1.0) if effects == "none" else frame[x]
    theirs = panel_ols(
        frame["rate"],
        right,
        entity_effects=effects in ("both", "unit"),
        time_effects=effects in ("both", "period"),
        weights=None if weights is None else frame[weights],
    ).fit(**options)
    np.testing.assert_allclose(fit.beta[:3], theirs.params[:3], rtol=1e-9)
    np.testing.assert_allclose(fit.se[:3], theirs.std_errors[:3], rtol=1e-8)
    np.testing.assert_allclose(fit.p[:3], theirs.pvalues[:3], rtol=1e-6, atol=1e-12)
    assert fit.df == theirs.df_resid


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("effects", ["both", "unit", "period", "none"])
@pytest.mark.parametrize("kind", ["hc0", "hc1", "hc2", "hc3", "cluster", "classical"])
def test_lsdv_convention_equals_statsmodels_with_dummies(fatalities: Any, effects: Effects, kind: str) -> None:
    formula = pytest.importorskip("statsmodels.formula.api")
    kept = fatalities[np.arange(len(fatalities)) % 5 != 3].assign(one=1)
    codes = kept["state"].astype("category").cat.codes
    dummies = {"both": " + C(state) + C(year)", "unit": " + C(state)", "period": " + C(year)", "none": ""}[effects]
    options: dict[str, Any] = {"cov_type": kind.upper()}
    errors: Errors = Classical()
    if kind == "cluster":
        options = {"cov_type": "cluster", "cov_kwds": {"groups": codes}, "use_t": True}
        errors = Clustered()
    elif kind == "classical":
        options = {}
    else:
        robust: RobustKind = kind  # type: ignore[assignment]
        errors = Robust(robust)
    theirs = formula.ols(f"rate ~ {' + '.join(X[:3])}{dummies}", kept).fit(**options)
    fit = fixed_effects(
        read(kept, unit="state", period="year"),
        Model("rate", X[:3], effects=effects, errors=errors, convention="lsdv"),
    )
    np.testing.assert_allclose(fit.beta[:3], theirs.params[list(X[:3])], rtol=1e-8)
    np.testing.assert_allclose(fit.se[:3], theirs.bse[list(X[:3])], rtol=1e-7)
    assert fit.r2 == pytest.approx(theirs.rsquared, rel=1e-9)
    if kind in ("cluster", "classical"):
        np.testing.assert_allclose(fit.p[:3], theirs.pvalues[list(X[:3])], rtol=1e-5, atol=1e-12)


@pytest.mark.filterwarnings("ignore")
def test_two_way_clusters_lsdv_equal_statsmodels(fatalities: Any) -> None:
    formula = pytest.importorskip("statsmodels.formula.api")
    codes = fatalities["state"].astype("category").cat.codes
    groups = np.column_stack([codes, fatalities["year"]])
    theirs = formula.ols("rate ~ beertax + unemp + C(state) + C(year)", fatalities).fit(
        cov_type="cluster", cov_kwds={"groups": groups}
    )
    fit = fixed_effects(
        read(fatalities, unit="state", period="year"),
        Model("rate", ("beertax", "unemp"), errors=BOTH, convention="lsdv"),
    )
    np.testing.assert_allclose(fit.se, theirs.bse[["beertax", "unemp"]], rtol=1e-7)


def test_clusters_by_a_column_of_regions_nest_the_units(fatalities: Any) -> None:
    frame = fatalities.assign(region=fatalities["state"].astype("category").cat.codes % 12)
    panel = read(frame, unit="state", period="year")
    by_region = fixed_effects(panel, Model("rate", ("beertax",), errors=Clustered(("region",))))
    assert by_region.clusters == (12,)
    assert by_region.df == 11
    plain = fixed_effects(panel, Model("rate", ("beertax",), errors=Clustered(("region",)), convention="none"))
    n, k = 336, 1 + 7
    np.testing.assert_allclose(by_region.se, plain.se * np.sqrt(12 / 11 * (n - 1) / (n - k)), rtol=1e-12)
