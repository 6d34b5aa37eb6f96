"""Wild cluster bootstrap against a literal one, draw by draw, on least squares with dummies."""

from typing import Any

import numpy as np
import pytest
from evaluation.panel.simulation import simulated

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.panel.arrays import FloatArray
from cunzhi.evaluation.panel.frame import Panel, read
from cunzhi.evaluation.panel.model import Clustered, Effects, Model
from cunzhi.evaluation.panel.wild import _signs, wild_inference


def literal_p(panel: Panel, effects: Effects, codes: Any, v: FloatArray, null: float) -> float:
    """p of the slope of x1 being `null`, with a regression on dummies for each draw."""
    parts = [panel.column("x1"), panel.column("x2"), np.ones(panel.n)]
    if effects in ("both", "unit"):
        parts += [(panel.unit == code).astype(float) for code in range(1, panel.units.size)]
    if effects in ("both", "period"):
        parts += [(panel.period == code).astype(float) for code in range(1, panel.periods.size)]
    x = np.column_stack(parts)
    inverse = np.linalg.inv(x.T @ x)

    def t_of(y: FloatArray) -> float:
        beta = inverse @ x.T @ y
        scores = x * (y - x @ beta)[:, None]
        sums = np.vstack([scores[codes == g].sum(axis=0) for g in np.unique(codes)])
        return float((beta[0] - null) / np.sqrt((inverse @ sums.T @ sums @ inverse)[0, 0]))

    y = panel.column("y")
    rest = x[:, 1:]
    restricted = rest @ np.linalg.lstsq(rest, y - null * x[:, 0], rcond=None)[0] + null * x[:, 0]
    u = y - restricted
    draws = [t_of(restricted + u * row[codes]) for row in v]
    return float(np.mean(np.abs(draws) >= abs(t_of(y)) * (1 - 1e-9)))


@pytest.mark.parametrize(
    ("effects", "by"),
    [("both", "unit"), ("unit", "unit"), ("period", "unit"), ("none", "unit"), ("both", "period"), ("both", "region")],
)
def test_wild_equals_literal_bootstrap(effects: Effects, by: str) -> None:
    data = simulated(18, 6, missing=0.15, seed=3)
    data["region"] = (data["unit"] % 6).astype(float)
    panel = read(data, unit="unit", period="year")
    model = Model("y", ("x1", "x2"), effects=effects, errors=Clustered((by,)))
    codes = {"unit": panel.unit, "period": panel.period, "region": panel.column("region").astype(int)}[by]
    found = wild_inference(panel, model, draws=199, signs="rademacher", seed=5)
    v = _signs("rademacher", (199, found.clusters), np.random.default_rng(5))
    row = found.rows[0]
    assert row.p == literal_p(panel, effects, codes, v, 0.0)
    width = row.high - row.low
    for edge, sign in ((row.low, 1), (row.high, -1)):
        if np.isfinite(edge):
            assert literal_p(panel, effects, codes, v, edge + sign * 1e-3 * width) >= 0.05 - 1 / 199
            assert literal_p(panel, effects, codes, v, edge - sign * 1e-3 * width) < 0.05 + 1 / 199


@pytest.mark.parametrize("signs", ["rademacher", "webb", "mammen"])
def test_signs_have_mean_zero_and_variance_one(signs: Any) -> None:
    v = _signs(signs, (4000, 20), np.random.default_rng(1))
    assert abs(v.mean()) < 0.02
    assert abs(v.var() - 1) < 0.02


def test_wild_few_clusters_takes_webbs_points() -> None:
    data = simulated(8, 5, seed=2)
    found = wild_inference(read(data, unit="unit", period="year"), Model("y", ("x1",)), draws=499)
    assert found.signs == "webb" and found.clusters == 8


def test_wild_units_of_measurement_do_not_matter() -> None:
    data = simulated(20, 3, seed=6)
    model = Model("y", ("x1", "x2"))
    one = wild_inference(read(data, unit="unit", period="year"), model, draws=499)
    two = wild_inference(read({**data, "x1": data["x1"] * 1e6}, unit="unit", period="year"), model, draws=499)
    assert one.rows[0].p == two.rows[0].p
    assert two.rows[0].low * 1e6 == pytest.approx(one.rows[0].low, rel=1e-6)


def test_wild_same_seed_same_figures_other_seed_other() -> None:
    panel = read(simulated(20, 3, seed=6), unit="unit", period="year")
    first, again, other = (wild_inference(panel, Model("y", ("x1",)), draws=199, seed=s) for s in (1, 1, 2))
    assert first == again and first.rows != other.rows


def test_wild_needs_one_direction_of_clusters() -> None:
    panel = read(simulated(20, 8), unit="unit", period="year")
    with pytest.raises(DataRefused, match="one direction"):
        wild_inference(panel, Model("y", ("x1",), errors=Clustered(("unit", "period"))))
