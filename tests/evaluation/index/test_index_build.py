"""Whole indices: the log, its replay, frozen bases, explanations and doubtful ranks."""

import json
import subprocess
import sys

import numpy as np
import polars as pl
import pytest
from evaluation.index.examples import TREE, simulated_panel, simulated_table
from hypothesis import given, settings
from hypothesis import strategies as st
from polars import selectors

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.index.build import VERBS, Build, changed, replay
from cunzhi.evaluation.index.compare import influence_table, variant_table
from cunzhi.evaluation.index.explain import (
    change_table,
    contribution_table,
    coupling_table,
    obstacle_table,
    weights_table,
)
from cunzhi.evaluation.index.normalise import min_max_scale
from cunzhi.evaluation.index.panels import (
    growth_table,
    inequality_table,
    local_moran_table,
    malmquist_table,
    moran_table,
)
from cunzhi.evaluation.index.ranking import rank_uncertainty
from cunzhi.evaluation.index.reading import read_panel
from cunzhi.evaluation.index.uncertainty import noisy_weights, rank_intervals
from cunzhi.evaluation.index.weight import entropy_weights


def finished() -> Build:
    return Build(simulated_panel(), TREE).treat(by="pooled").normalise().weight().aggregate()


def test_index_is_what_the_steps_give_by_hand():
    panel = simulated_panel()
    low, high = np.quantile(panel.values, [0.01, 0.99], axis=0)
    values = np.clip(panel.values, low, high)
    scaled = min_max_scale(values, TREE.directions).apply(values)
    np.testing.assert_allclose(finished().index, scaled @ entropy_weights(scaled).weights)


def test_log_survives_json_and_replays_to_the_same_numbers():
    build = finished()
    receipt = json.loads(json.dumps(build.receipt()))
    again = replay(simulated_panel(), TREE, receipt["log"])
    np.testing.assert_array_equal(again.index, build.index)
    assert again.receipt() == build.receipt()
    assert receipt["data"] == simulated_panel().fingerprint


@pytest.mark.parametrize(
    "steps",
    [
        [("impute", {"method": "last"}), ("treat", {"method": "log"}), ("normalise", {"method": "z"}),
         ("components", {})],
        [("screen", {}), ("treat", {"method": "box-cox"}), ("normalise", {}), ("weight", {"method": "critic"}),
         ("topsis", {})],
        [("normalise", {"method": "goalposts", "to": [1, 100]}), ("weight", {"method": "components"}),
         ("aggregate", {"means": ["geometric"]})],
        [("normalise", {"method": "target"}), ("weight", {"method": "given", "given": {"service": 2, "order": 1}}),
         ("aggregate", {})],
        [("normalise", {"method": "rank"}), ("weight", {"by": "period"}), ("aggregate", {})],
        [("normalise", {}), ("weight", {"method": "ahp", "judgements": {"index": [[1, 3], [1 / 3, 1]]}}),
         ("aggregate", {})],
    ],
)  # fmt: skip
def test_every_method_replays_from_its_log(steps):
    build = Build(simulated_panel(), TREE)
    for verb, chosen in steps:
        build = getattr(build, verb)(**chosen)
    again = replay(simulated_panel(), TREE, json.loads(json.dumps(build.receipt()))["log"])
    np.testing.assert_array_equal(again.index, build.index)
    assert [entry["verb"] for entry in build.log] == [verb for verb, _ in steps]


def test_one_choice_can_be_changed_and_replayed():
    other = replay(simulated_panel(), TREE, changed(finished().log, "weight", method="equal"))
    np.testing.assert_allclose(other.one_set_of_weights, 0.25)
    assert other.log[0] == finished().log[0]


def test_changing_a_verb_that_is_absent_or_double_is_refused():
    log = Build(simulated_panel(), TREE).impute("linear").impute("last").log
    with pytest.raises(DataRefused, match="occurs 0 times"):
        changed(log, "treat", by="pooled")
    with pytest.raises(DataRefused, match="name the step"):
        changed(log, "impute", method="last")
    assert changed(log, "impute", step=2, method="linear")[1]["method"] == "linear"


def test_unknown_verbs_and_settings_in_a_log_are_refused():
    with pytest.raises(DataRefused, match="step 1 of the log"):
        replay(simulated_panel(), TREE, [{"verb": "receipt"}])
    with pytest.raises(DataRefused, match="normalise has no setting metod"):
        replay(simulated_panel(), TREE, [{"verb": "normalise", "metod": "z"}])


def test_all_verbs_are_methods_of_the_build():
    assert all(callable(getattr(Build, verb)) for verb in VERBS)


def test_index_does_not_depend_on_row_order_or_unit_of_measure():
    table = simulated_table()
    other = table.sample(fraction=1, shuffle=True, seed=1).with_columns(doctors=table["doctors"] * 0 + 1)
    other = table.sample(fraction=1, shuffle=True, seed=1)
    other = other.with_columns(doctors=other["doctors"] * 100 + 7)
    shuffled = Build(read_panel(other, codes=TREE.codes), TREE).treat(by="pooled").normalise().weight().aggregate()
    np.testing.assert_allclose(shuffled.index, finished().index)


@settings(max_examples=10)
@given(st.integers(0, 10_000), st.sampled_from(["min-max", "z", "rank"]))
def test_later_years_do_not_rewrite_earlier_scores(seed, method):
    def scores(periods):
        table = simulated_table(periods=4, seed=seed)
        table = table.filter(table["period"].cast(int) < 2021 + periods)
        build = Build(read_panel(table, codes=TREE.codes), TREE).normalise(method, base="2021")
        return build.weight("critic", by="2021").aggregate()

    short, long = scores(3), scores(4)
    kept = long.panel.period < 3
    np.testing.assert_allclose(long.index[kept], short.index, atol=1e-12)


def test_without_a_base_later_years_do_rewrite_earlier_scores():
    table = simulated_table()
    both = [
        Build(read_panel(part, codes=TREE.codes), TREE).normalise().weight("equal").aggregate()
        for part in (table.filter(table["period"] == "2021"), table)
    ]
    assert not np.allclose(both[1].index[both[1].panel.period == 0], both[0].index)


def test_steps_out_of_order_are_refused():
    build = Build(simulated_panel(), TREE)
    with pytest.raises(DataRefused, match="must be normalised"):
        build.weight()
    with pytest.raises(DataRefused, match="no weights yet"):
        build.normalise().aggregate()
    with pytest.raises(DataRefused, match="turn them back"):
        build.normalise(codes=["doctors"]).normalise()
    with pytest.raises(DataRefused, match="no scores yet"):
        _ = build.index
    with pytest.raises(DataRefused, match="change with the period"):
        build.normalise().weight(by="period").topsis()


def test_settings_that_a_method_would_ignore_are_refused():
    build = Build(simulated_panel(), TREE)
    with pytest.raises(DataRefused, match="no use for group"):
        build.impute("linear", group="region")
    with pytest.raises(DataRefused, match="no use for low"):
        build.treat("log", low=0.05)
    with pytest.raises(DataRefused, match="no use for to"):
        build.normalise("z", to=(1, 100))
    with pytest.raises(DataRefused, match="no use for share"):
        build.components(rule="kaiser", share=0.8)
    with pytest.raises(DataRefused, match="no use for by"):
        build.normalise().weight("equal", by="2021")
    with pytest.raises(DataRefused, match="No weights by period"):
        build.normalise().weight("critic", by="period")


def test_explanations_ask_for_the_step_that_made_the_scores():
    with pytest.raises(DataRefused, match="do not come from aggregate"):
        contribution_table(finished().topsis())


def test_indicators_may_be_normalised_in_parts_with_their_own_methods():
    build = Build(simulated_panel(), TREE).normalise("rank", codes=["petitions", "waiting"])
    parts = build.normalise(codes=["doctors", "mediated"]).weight().panel.values
    ranked = Build(simulated_panel(), TREE).normalise("rank").panel.values
    scaled = Build(simulated_panel(), TREE).normalise().panel.values
    np.testing.assert_array_equal(parts, np.where([False, True, False, True], ranked, scaled))


def test_treating_again_takes_the_scores_away():
    build = finished().impute("last")
    assert build.scores is None
    assert build.weights is None


def test_panel_of_other_indicators_is_refused():
    with pytest.raises(DataRefused, match="do not have the indicators"):
        Build(simulated_panel(), TREE.without(["doctors"]))


def test_inconsistent_judgements_are_refused_with_their_ratio():
    judgements = {"index": [[1, 9], [1 / 9, 1]], "service": [[1, 2], [2, 1]]}
    with pytest.raises(DataRefused, match="reciprocal"):
        Build(simulated_panel(), TREE).normalise().weight("ahp", judgements=judgements)
    with pytest.raises(DataRefused, match="No node 'doctors' with children"):
        Build(simulated_panel(), TREE).normalise().weight("ahp", judgements={"doctors": [[1]]})


def test_contributions_add_up_to_the_index():
    build = finished()
    table = contribution_table(build).group_by("unit", "period", maintain_order=True).agg(selectors.float().sum())
    np.testing.assert_allclose(table["contribution"], build.index)
    np.testing.assert_allclose(table["share"], 1)


@pytest.mark.parametrize("means", [["arithmetic"], ["geometric"]])
def test_changes_add_up_to_the_change_of_the_index(means):
    build = Build(simulated_panel(), TREE).normalise(to=(1, 100)).weight(by="period").aggregate(means)
    table = change_table(build).group_by("unit", "period", maintain_order=True).agg(selectors.float().sum())
    later = np.flatnonzero(np.diff(build.panel.unit) == 0) + 1
    np.testing.assert_allclose(table["by_value"] + table["by_weight"], build.index[later] - build.index[later - 1])


def test_mixed_means_have_no_exact_parts():
    build = Build(simulated_panel(), TREE).normalise().weight().aggregate(["arithmetic", "geometric"])
    with pytest.raises(DataRefused, match="A mix of means"):
        change_table(build)
    with pytest.raises(DataRefused, match="arithmetic mean only"):
        contribution_table(build)


def test_obstacles_couplings_and_weights_have_their_tables():
    build = finished()
    obstacles = obstacle_table(build).group_by("unit", "period").agg(selectors.float().sum())
    np.testing.assert_allclose(obstacles["degree"], 1)
    coupled = coupling_table(build)
    np.testing.assert_allclose(coupled["coordination"] ** 2, coupled["coupling"] * coupled["development"])
    assert coupling_table(build, form="revised")["coupling"].max() <= 1
    assert weights_table(build)["weight"].sum() == pytest.approx(1)
    with pytest.raises(DataRefused, match="index only"):
        coupling_table(build.topsis())


def test_units_far_apart_can_be_told_apart_and_near_ones_cannot():
    random = np.random.default_rng(0)
    scores = np.array([1.0, 5.0, 5.1, 9.0]) + random.normal(0, 0.5, size=(400, 4))
    done = rank_intervals(scores)
    assert done.groups == ((3,), (2, 1), (0,))
    assert done.median.tolist()[3] == 1
    assert (done.low <= done.median).all()
    assert (done.median <= done.high).all()


def test_groups_may_overlap_when_only_neighbours_are_alike():
    random = np.random.default_rng(0)
    scores = np.array([0.0, 1.0, 2.0]) + random.normal(0, 0.6, size=(2000, 3))
    assert rank_intervals(scores).groups == ((2, 1), (1, 0))


@given(st.permutations(range(5)))
def test_intervals_do_not_depend_on_the_order_of_units(order):
    scores = np.random.default_rng(3).normal(size=(50, 5)) + np.arange(5)
    np.testing.assert_array_equal(rank_intervals(scores[:, order]).low, rank_intervals(scores).low[list(order)])


def test_noisy_weights_sum_to_one_and_stay_near():
    weights = noisy_weights([0.7, 0.2, 0.1], 0.2, np.random.default_rng(0))
    assert weights.sum() == pytest.approx(1)
    assert 0.7 * 0.8 / 1.2 < weights[0] < 0.7 * 1.2 / 0.8


def test_ranks_over_choices_name_units_and_combinations():
    choices = {
        "normalise": [{"method": "min-max"}, {"method": "rank"}],
        "weight": [{"method": "entropy"}, {"method": "equal"}, {"method": "critic"}],
    }
    done = rank_uncertainty(simulated_panel(), TREE, finished().log, period="2023", choices=choices, draws=60)
    assert len(done.logs) == 6
    assert done.scores.shape == (60, 12)
    table = done.to_table()
    assert sorted(table["unit"]) == sorted(simulated_panel().units)
    assert table["group"][0].startswith("a")
    again = rank_uncertainty(simulated_panel(), TREE, finished().log, period="2023", choices=choices, draws=60)
    np.testing.assert_array_equal(again.scores, done.scores)


def test_ranks_without_noise_and_choices_are_the_ranks_of_the_index():
    done = rank_uncertainty(simulated_panel(), TREE, finished().log, period="2022", choices={}, draws=20, noise=0)
    index = finished().index[finished().panel.period == 1]
    np.testing.assert_array_equal(done.intervals.median, 12 - np.argsort(np.argsort(index)))
    assert all(len(group) == 1 for group in done.intervals.groups)


def test_every_combination_of_choices_is_drawn():
    choices = {"weight": [{"method": "entropy"}, {"method": "equal"}]}
    log = finished().log
    done = rank_uncertainty(simulated_panel(), TREE, log, period="2022", choices=choices, draws=100, noise=0)
    here = finished().panel.period == 1
    expected = [finished().index[here], replay(simulated_panel(), TREE, done.logs[1]).index[here]]
    drawn = [sum(np.array_equal(row, scores) for row in done.scores) for scores in expected]
    assert sum(drawn) == 100
    assert min(drawn) > 30


def test_choices_that_cannot_be_computed_are_not_left_out():
    choices = {"normalise": [{"method": "min-max"}, {"method": "z"}]}
    with pytest.raises(DataRefused, match="leave out this combination"):
        rank_uncertainty(simulated_panel(), TREE, finished().log, period="2023", choices=choices)
    with pytest.raises(DataRefused, match="occurs 0 times"):
        rank_uncertainty(simulated_panel(), TREE, finished().log, period="2023", choices={"impute": [{}]})


def test_variants_stand_side_by_side_with_their_ranks():
    log = finished().log
    variants = {
        "pooled": log,
        "yearly": changed(log, "weight", by="period"),
        "frozen": changed(log, "weight", by="2021"),
    }
    table = variant_table(simulated_panel(), TREE, variants, period="2023")
    assert table.columns == [
        "unit", "pooled", "pooled:rank", "pooled:filled", "yearly", "yearly:rank", "yearly:filled",
        "frozen", "frozen:rank", "frozen:filled",
    ]  # fmt: skip
    assert sorted(table["yearly:rank"]) == list(range(1, 13))
    assert not table["pooled"].equals(table["frozen"])


def test_influence_of_an_indicator_is_the_shift_without_it():
    log = changed(finished().log, "weight", method="equal")
    table = influence_table(simulated_panel(), TREE, log, period="2023")
    without = TREE.without(["doctors"])
    panel = read_panel(simulated_table(), codes=without.codes)
    here = panel.period == 2
    kept, whole = replay(panel, without, log).index[here], replay(simulated_panel(), TREE, log).index[here]
    shift = np.abs(np.argsort(np.argsort(kept)) - np.argsort(np.argsort(whole)))
    assert table["largest_shift"][0] == shift.max()
    assert table["mean_shift"][0] == pytest.approx(shift.mean())


def test_flags_of_filled_cells_reach_every_later_table():
    table = simulated_table()
    table = table.with_columns(doctors=pl.when(pl.int_range(pl.len()) == 1).then(None).otherwise(pl.col("doctors")))
    start = read_panel(table, codes=TREE.codes, groups=("region",))
    filled = Build(start, TREE).impute("linear").panel
    build = Build(start, TREE).impute("linear").normalise().weight("equal").aggregate()
    panel = build.panel
    ring = np.eye(12, k=1) + np.eye(12, k=-1)
    index = build.index + 1
    log = build.log
    tables = [
        panel.to_table().rename({"doctors:filled": "filled"}),
        build.scores_table().rename({"index:filled": "filled"}),
        contribution_table(build),
        change_table(build),
        obstacle_table(build),
        coupling_table(build),
        growth_table(panel, index),
        inequality_table(panel, index, "region"),
        moran_table(panel, index, ring, permutations=9),
        local_moran_table(panel, index, ring, period="2022", permutations=9),
        malmquist_table(filled, ["doctors"], ["mediated"]),
        variant_table(start, TREE, {"plain": log}, period="2022").rename({"plain:filled": "filled"}),
        influence_table(start, TREE, log, period="2022"),
        rank_uncertainty(start, TREE, log, period="2022", choices={}, draws=20).to_table(),
    ]
    for done in tables:
        marked = done["filled"].cast(pl.String)
        assert not marked.is_in(["0.0", "false", "observed"]).all()
        assert marked.is_in(["0.0", "false", "observed"]).any()


def test_import_is_fast_and_loads_no_slow_library():
    code = (
        "import sys; from cunzhi.evaluation.index import build, explain, panels, ranking, tree;"
        "print([name for name in ('polars', 'scipy', 'pandas', 'numba', 'django') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
