"""Thresholds against a literal search, pyxthreg, and simulated truth."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.panel.arrays import FloatArray
from cunzhi.evaluation.panel.frame import Panel, read
from cunzhi.evaluation.panel.model import Classical, Effects, Model
from cunzhi.evaluation.panel.threshold import threshold_model


def bent(
    units: int = 60, periods: int = 6, *, bends: tuple[float, ...] = (0.3,), missing: float = 0.0, seed: int = 1
) -> dict[str, Any]:
    """A simulated panel in which the slope of x rises by 1 where q crosses each bend."""
    rng = np.random.default_rng(seed)
    unit, period = np.repeat(np.arange(units), periods), np.tile(np.arange(periods), units)
    data: dict[str, Any] = {"unit": unit, "year": period}
    data["q"] = (rng.normal(size=unit.size) + 0.5 * rng.normal(size=units)[unit]).round(2)
    data["x"], data["x2"], data["w"] = rng.normal(size=(3, unit.size))
    slope = 0.5 + sum((data["q"] > bend).astype(float) for bend in bends)
    data["y"] = data["x"] * slope + 0.3 * data["w"] + rng.normal(size=units)[unit] + rng.normal(size=unit.size)
    keep = rng.random(unit.size) >= missing
    return {name: values[keep] for name, values in data.items()}


def literal_ssr(panel: Panel, effects: Effects, regime: list[str], gammas: list[float], extra: list[str]) -> float:
    """Sum of squares with these thresholds on dummies; infinite when a slope is not identified."""
    parts: list[FloatArray] = [panel.column(name) for name in extra]
    if effects in ("both", "unit"):
        parts += [(panel.unit == code).astype(float) for code in range(panel.units.size)]
    if effects in ("both", "period"):
        parts += [(panel.period == code).astype(float) for code in range(panel.periods.size)]
    if effects == "none":
        parts.append(np.ones(panel.n))
    place = np.searchsorted(sorted(gammas), panel.column("q"), side="left")
    parts += [panel.column(name) * (place == k) for name in regime for k in range(len(gammas) + 1)]
    x, y = np.column_stack(parts), panel.column("y")
    u = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    identified = np.linalg.matrix_rank(x) - np.linalg.matrix_rank(x[:, : -len(regime) * (len(gammas) + 1)])
    return float(u @ u) if identified == len(regime) * (len(gammas) + 1) else np.inf


@settings(deadline=None, max_examples=12)
@given(
    seed=st.integers(0, 1000),
    effects=st.sampled_from(["both", "unit", "period", "none"]),
    missing=st.sampled_from([0.0, 0.25]),
    regime=st.sampled_from([["x"], ["x", "x2"]]),
)
def test_search_equals_literal_search_over_all_values(
    seed: int, effects: Effects, missing: float, regime: list[str]
) -> None:
    panel = read(bent(14, 4, missing=missing, seed=seed), unit="unit", period="year")
    # Singletons stay, so that the literal search sees the same rows.
    model = Model("y", (*regime, "w"), effects=effects, errors=Classical(), convention="lsdv")
    found = threshold_model(panel, model, regime=tuple(regime), threshold="q", trim=0.15, draws=5)
    least = max(int(np.ceil(0.15 * panel.n)), len(regime) + 1)
    q = panel.column("q")
    admitted = [g for g in np.unique(q) if min(np.sum(q <= g), np.sum(q > g)) >= least]
    sums = [literal_ssr(panel, effects, regime, [g], ["w"]) for g in admitted]
    admitted = [g for g, ssr in zip(admitted, sums, strict=True) if np.isfinite(ssr)]
    sums = [ssr for ssr in sums if np.isfinite(ssr)]
    assert found.steps[0].ssr == pytest.approx(min(sums), rel=1e-9)
    # Two values can part the rows alike up to the effects, so the sum of squares decides.
    assert sums[admitted.index(found.gammas[0])] == pytest.approx(min(sums), rel=1e-9)
    sigma2 = found.steps[0].ssr / found.steps[0].df
    plot = found.intervals[0]
    assert plot.candidates.tolist() == admitted
    np.testing.assert_allclose(plot.ratio, (np.array(sums) - min(sums)) / sigma2, atol=1e-7)


def test_second_threshold_equals_literal_search_beside_the_first() -> None:
    panel = read(bent(20, 5, bends=(-0.4, 0.6), missing=0.1, seed=3), unit="unit", period="year")
    found = threshold_model(panel, Model("y", ("x", "w")), regime=("x",), threshold="q", count=2, trim=0.1, draws=5)
    one = found.steps[0].gammas[0]
    low, high = found.gammas
    least, q = int(np.ceil(0.1 * panel.n)), panel.column("q")

    def best(given: float) -> float:
        sums = {}
        for g in np.unique(q):
            a, b = sorted((g, given))
            counts = np.sum(q <= a), np.sum((q > a) & (q <= b)), np.sum(q > b)
            if min(counts) >= least:
                sums[float(g)] = literal_ssr(panel, "both", ["x"], [a, b], ["w"])
        return min(sums, key=lambda g: sums[g])

    second = best(one)
    assert {low, high} == {second, best(second)}
    assert found.steps[1].ssr == pytest.approx(literal_ssr(panel, "both", ["x"], [low, high], ["w"]), rel=1e-9)
    assert found.steps[1].f == pytest.approx(
        (found.steps[0].ssr - found.steps[1].ssr) / (found.steps[1].ssr / found.steps[1].df), rel=1e-9
    )
    assert sum(found.counts) == panel.n


@pytest.mark.filterwarnings("ignore")
@pytest.mark.slow
def test_point_estimates_equal_pyxthreg_on_its_own_data() -> None:
    """All candidates in both; compiling the reference takes half a minute."""
    pandas, pyxthreg = pytest.importorskip("pandas"), pytest.importorskip("pyxthreg")
    from pathlib import Path

    frame = pandas.read_stata(Path(pyxthreg.__file__).parent / "datasets" / "panel_small.dta")
    theirs = pyxthreg.ThresholdPanel(frame, "y", ["rx1"], "q", ["x1"])
    theirs.fit(thnum=1, grid=0, bs=5, nobslog=True, trim=0.05)
    panel = read(frame, unit="id", period="year")
    ours = threshold_model(panel, Model("y", ("rx1", "x1"), effects="unit"), regime=("rx1",), threshold="q", draws=5)
    assert ours.gammas[0] == theirs.results["thresholds"][0]
    assert ours.steps[0].ssr == pytest.approx(theirs.results["ssrs"][0], rel=1e-9)
    np.testing.assert_allclose(np.sort(ours.fit.beta), np.sort(theirs.results["beta"].ravel()), rtol=1e-7)
    low, high = theirs.results["ci_results"][0]
    assert (ours.intervals[0].low, ours.intervals[0].high) == (low, high)


def test_threshold_order_of_units_and_scale_of_columns_do_not_matter() -> None:
    data = bent(seed=5, missing=0.1)
    order = np.random.default_rng(1).permutation(data["y"].size)
    mixed = {name: values[order] for name, values in data.items()}
    mixed["unit"] = 1000 - mixed["unit"]
    mixed["q"] = mixed["q"] * 10 + 5
    mixed["x"] = mixed["x"] * 1e4
    model = Model("y", ("x", "w"))
    one, two = (
        threshold_model(read(d, unit="unit", period="year"), model, regime=("x",), threshold="q", draws=5)
        for d in (data, mixed)
    )
    assert two.gammas[0] == pytest.approx(one.gammas[0] * 10 + 5)
    assert two.steps[0].f == pytest.approx(one.steps[0].f, rel=1e-8)


def test_bootstraps_find_a_bend_and_not_where_there_is_none() -> None:
    model = Model("y", ("x", "w"), effects="unit")
    for bends, significant in (((0.3,), True), ((), False)):
        panel = read(bent(60, 6, bends=bends, seed=2), unit="unit", period="year")
        step = threshold_model(panel, model, regime=("x",), threshold="q", draws=199).steps[0]
        assert (step.unit.p < 0.05) is significant
        assert (step.wild.p < 0.05) is significant
        assert step.unit.critical[0] < step.unit.critical[1] < step.unit.critical[2]


def test_bootstrap_draw_equals_literal_refit() -> None:
    """The statistic of a draw is that of a regression on the drawn errors alone."""
    from cunzhi.evaluation.panel.threshold_bootstrap import wild_bootstrap
    from cunzhi.evaluation.panel.threshold_search import candidates, lay_ground

    panel = read(bent(12, 5, missing=0.2, seed=6), unit="unit", period="year")
    roles = {"outcome": "y", "controls": ("w",), "regime": ("x",), "threshold": "q", "trim": 0.15}
    ground = lay_ground(panel, effects="both", **roles)  # type: ignore[arg-type]
    search = candidates(ground, ())
    u = search.residual(ground.y)
    df = panel.n - 12 - 4
    test = wild_bootstrap(search, u, f=1.0, df=df, draws=3, rng=np.random.default_rng(8))
    signs = np.random.default_rng(8).integers(0, 2, (3, 12)) * 2.0 - 1.0
    for drawn, row in zip(test.draws, signs, strict=True):
        fake = panel.with_columns({"y": u * row[panel.unit]})
        null = literal_ssr(fake, "both", ["x"], [], ["w"])
        best = min(literal_ssr(fake, "both", ["x"], [g], ["w"]) for g in search.gammas)
        assert drawn == pytest.approx((null - best) / (best / df), rel=1e-7)


@pytest.mark.parametrize("missing", [0.0, 0.2])
@pytest.mark.parametrize("effects", ["both", "unit", "none"])
def test_unit_bootstrap_errors_come_from_whole_units(missing: float, effects: Effects) -> None:
    panel = read(bent(12, 5, missing=missing, seed=6), unit="unit", period="year")
    step = threshold_model(
        panel, Model("y", ("x", "w"), effects=effects), regime=("x",), threshold="q", trim=0.15, draws=40
    ).steps[0]
    assert np.isfinite(step.unit.draws).all() and (step.unit.draws >= 0).all()


def test_three_thresholds_near_the_simulated_ones() -> None:
    panel = read(bent(300, 6, bends=(-0.8, 0.0, 0.8), seed=4), unit="unit", period="year")
    found = threshold_model(panel, Model("y", ("x", "w")), regime=("x",), threshold="q", count=3, draws=50)
    np.testing.assert_allclose(found.gammas, (-0.8, 0.0, 0.8), atol=0.12)
    np.testing.assert_allclose(found.fit.beta[:4], (0.5, 1.5, 2.5, 3.5), atol=0.2)
    assert found.fit.names[:2] == ("x | regime 1", "x | regime 2")


def test_threshold_faults_refused_with_the_way_out() -> None:
    data = bent()
    data["flat"] = np.where(np.arange(data["q"].size) == 3, 1.0, 0.0)
    panel = read(data, unit="unit", period="year")
    model = Model("y", ("x", "w"))
    with pytest.raises(DataRefused, match="must be regressors"):
        threshold_model(panel, model, regime=("x2",), threshold="q")
    with pytest.raises(DataRefused, match="parts the observations"):
        threshold_model(panel, model, regime=("x",), threshold="flat")
    with pytest.raises(DataRefused, match="one to 3 thresholds"):
        threshold_model(panel, model, regime=("x",), threshold="q", count=4)
    with pytest.raises(DataRefused, match="no room"):
        threshold_model(panel, model, regime=("x",), threshold="q", count=3, trim=0.4, draws=5)
    with pytest.raises(DataRefused, match="without weights"):
        threshold_model(panel, Model("y", ("x",), weights="x2"), regime=("x",), threshold="q")
