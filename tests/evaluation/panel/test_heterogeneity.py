"""Groups: split samples, the difference from stacked regressions, and the permutation."""

from typing import Any

import numpy as np
import pytest
from evaluation.panel.simulation import simulated

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.panel.fixed_effects import fixed_effects
from cunzhi.evaluation.panel.frame import read
from cunzhi.evaluation.panel.heterogeneity import heterogeneity
from cunzhi.evaluation.panel.model import Clustered, Effects, Model


def grouped(gap: float = 0.0, seed: int = 1) -> dict[str, Any]:
    """A simulated panel with a group of units (mountain) in which the slope of x1 is larger by gap."""
    data = simulated(48, 4, missing=0.1, seed=seed)
    data["mountain"] = (data["unit"] % 3 == 0).astype(float)
    data["wet"] = ((data["unit"] + data["year"]) % 2).astype(float)
    data["y"] = data["y"] + gap * data["mountain"] * data["x1"]
    return data


@pytest.mark.parametrize("effects", ["both", "unit", "period", "none"])
@pytest.mark.parametrize("by", ["mountain", "wet"])
def test_difference_is_that_of_the_split_samples(effects: Effects, by: str) -> None:
    panel = read(grouped(), unit="unit", period="year")
    model = Model("y", ("x1", "x2"), effects=effects, convention="none")
    found = heterogeneity(panel, model, treatment="x1", by=by, permutations=19)
    first, second = (group.fit for group in found.groups)
    difference = found.differences[0]
    assert difference.difference == pytest.approx(second.beta[0] - first.beta[0], rel=1e-8)
    if by == "mountain":
        # No unit is in both groups and nothing is corrected: the variances add up.
        assert difference.se == pytest.approx(np.hypot(first.se[0], second.se[0]), rel=1e-8)
        assert difference.permutation_p is not None
    else:
        assert difference.permutation_p is None
        assert any("change their group" in note for note in found.notes)


@pytest.mark.filterwarnings("ignore")
def test_interaction_equals_statsmodels() -> None:
    formula, pandas = pytest.importorskip("statsmodels.formula.api"), pytest.importorskip("pandas")
    data = grouped(gap=0.4)
    frame = pandas.DataFrame(data)
    theirs = formula.ols("y ~ x1 + x1:mountain + x2 + C(unit) + C(year)", frame).fit(
        cov_type="cluster", cov_kwds={"groups": frame["unit"]}
    )
    panel = read(data, unit="unit", period="year")
    model = Model("y", ("x1", "x2"), convention="lsdv")
    found = heterogeneity(panel, model, treatment="x1", by="mountain", permutations=19)
    at = found.interaction.at("x1 x mountain=1")
    assert found.interaction.beta[at] == pytest.approx(theirs.params["x1:mountain"], rel=1e-8)
    assert found.interaction.se[at] == pytest.approx(theirs.bse["x1:mountain"], rel=1e-7)


@pytest.mark.filterwarnings("ignore")
def test_difference_equals_linearmodels_with_everything_interacted() -> None:
    pandas, linear = pytest.importorskip("pandas"), pytest.importorskip("linearmodels.panel")
    data = grouped(gap=0.4)
    frame = pandas.DataFrame(data)
    frame["late"] = frame["year"].astype(str) + frame["mountain"].astype(str)
    for j in ("x1", "x2"):
        frame[f"{j}m"] = frame[j] * frame["mountain"]
    frame = frame.set_index(["unit", "year"])
    theirs = linear.PanelOLS(
        frame["y"],
        frame[["x1", "x2", "x1m", "x2m"]],
        entity_effects=True,
        other_effects=frame[["late"]].astype("category"),
    ).fit(cov_type="clustered", cluster_entity=True, debiased=False, auto_df=False, count_effects=False)
    panel = read(data, unit="unit", period="year")
    found = heterogeneity(
        panel, Model("y", ("x1", "x2"), convention="none"), treatment="x1", by="mountain", permutations=19
    )
    assert found.differences[0].difference == pytest.approx(theirs.params["x1m"], rel=1e-7)
    assert found.differences[0].se == pytest.approx(theirs.std_errors["x1m"], rel=1e-7)


def test_permutation_finds_a_difference_and_not_where_there_is_none() -> None:
    model = Model("y", ("x1", "x2"))
    present, absent = (
        heterogeneity(read(grouped(gap=gap), unit="unit", period="year"), model, treatment="x1", by="mountain")
        for gap in (1.5, 0.0)
    )
    assert present.differences[0].permutation_p is not None and present.differences[0].permutation_p < 0.02
    assert absent.differences[0].permutation_p is not None and absent.differences[0].permutation_p > 0.05


def test_permutation_of_the_true_assignment_gives_the_split_slopes() -> None:
    from cunzhi.evaluation.panel.moments import by_unit, cluster_moments, resampled, slopes_of

    panel = read(grouped(), unit="unit", period="year")
    moments = cluster_moments(panel, ("y", "x1", "x2"), effects="both", grouping=by_unit(panel))
    members = (np.arange(48) % 3 == 0).astype(float)[None]
    at = [1, 2, *moments.dummies]
    slope = slopes_of(resampled(moments.cross, members), 0, at)[0, 0]
    fit = fixed_effects(panel.take(panel.column("mountain") == 1), Model("y", ("x1", "x2")))
    assert slope == pytest.approx(fit.beta[0], rel=1e-9)


def test_three_groups_give_three_differences() -> None:
    data = grouped()
    data["zone"] = (data["unit"] % 3).astype(float)
    found = heterogeneity(
        read(data, unit="unit", period="year"), Model("y", ("x1",)), treatment="x1", by="zone", permutations=19
    )
    assert [(d.first, d.second) for d in found.differences] == [(0, 1), (0, 2), (1, 2)]
    assert found.interaction.names == ("x1", "x1 x zone=1", "x1 x zone=2")


def test_two_way_clusters_keep_the_original_periods() -> None:
    data = {**grouped()}
    panel = read(data, unit="unit", period="year")
    model = Model("y", ("x1",), errors=Clustered(("unit", "period")), effects="unit")
    found = heterogeneity(panel, model, treatment="x1", by="mountain", permutations=19)
    assert found.differences[0].se > 0


@pytest.mark.parametrize("column", ["x1", "constant"])
def test_column_that_makes_no_groups_refused(column: str) -> None:
    data = {**grouped(), "constant": np.ones(grouped()["y"].size)}
    with pytest.raises(DataRefused, match="does not make groups"):
        heterogeneity(read(data, unit="unit", period="year"), Model("y", ("x2",)), treatment="x2", by=column)


def test_group_too_small_for_the_model_is_named() -> None:
    data = grouped()
    data["odd"] = (data["unit"] == 5).astype(float)
    with pytest.raises(DataRefused) as refusal:
        heterogeneity(read(data, unit="unit", period="year"), Model("y", ("x1",)), treatment="x1", by="odd")
    assert "odd = 1" in refusal.value.where
