"""Growth, inequality, spatial pattern and productivity, against other people's code and brute force."""

import numpy as np
import pytest
from evaluation.index.examples import simulated_panel
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.index.growth import growth_rates
from cunzhi.evaluation.index.inequality import dagum_gini, theil_l, theil_t
from cunzhi.evaluation.index.malmquist import malmquist, output_distance
from cunzhi.evaluation.index.moran import local_moran, moran
from cunzhi.evaluation.index.neighbours import (
    contiguity_weights,
    inverse_distance_weights,
    nearest_weights,
    row_standardised,
)
from cunzhi.evaluation.index.panels import (
    growth_table,
    inequality_table,
    local_moran_table,
    malmquist_table,
    moran_table,
)

RANDOM = np.random.default_rng(0)
incomes = arrays(float, 12, elements=st.floats(0.1, 100))
GROUP = np.array(list("aaabbbbccccc"))


def test_growth_rates_by_hand():
    # 100, 110, 132 over two years: mean of 10 % and 20 %, compound sqrt 1.32 - 1, logarithmic ln 1.32 / 2.
    done = growth_rates([100, 110, 132.0, 5, 20], np.array([0, 0, 0, 1, 1]), [2021, 2022, 2023, 2021, 2023.0])
    np.testing.assert_allclose(done.mean, [0.15, 1.0])
    np.testing.assert_allclose(done.compound, [np.sqrt(1.32) - 1, 1.0])
    np.testing.assert_allclose(done.logarithmic, [np.log(1.32) / 2, np.log(4) / 2])


@pytest.mark.parametrize(
    ("values", "unit", "times", "fault"),
    [
        ([1, 2, 3.0], [0, 0, 1], [1, 2, 1.0], "seen once"),
        ([1, -2, 3.0], [0, 0, 0], [1, 2, 3.0], "rows 2"),
        ([1, 2, 3.0], [0, 0, 0], [1, 3, 2.0], "out of order"),
    ],
)
def test_growth_of_bad_input_is_refused(values, unit, times, fault):
    with pytest.raises(DataRefused, match=fault):
        growth_rates(values, np.array(unit), times)


@given(incomes)
def test_dagum_agrees_with_all_pairs_and_adds_up(values):
    done = dagum_gini(values, GROUP)
    pairs = np.abs(values[:, None] - values[None, :])
    assert done.gini == pytest.approx(pairs.mean() / (2 * values.mean()), abs=1e-9)
    assert done.within + done.between + done.overlap == pytest.approx(done.gini)
    within = sum(pairs[np.ix_(g == GROUP, g == GROUP)].sum() for g in "abc") / (2 * 144 * values.mean())
    assert done.within == pytest.approx(within, abs=1e-9)


def test_dagum_distance_agrees_with_its_definition():
    # D = (d - p) / (d + p), with d the mean of positive and p of negative gaps of the richer over the poorer group.
    values = RANDOM.lognormal(size=12)
    done = dagum_gini(values, GROUP)
    between = 0.0
    for one in "abc":
        for other in "abc":
            rich, poor = values[one == GROUP], values[other == GROUP]
            if rich.mean() <= poor.mean():
                continue
            gap = rich[:, None] - poor[None, :]
            d, p = np.maximum(gap, 0).mean(), np.maximum(-gap, 0).mean()
            share = 2 * len(rich) * len(poor) / 144 * np.abs(gap).mean() / (2 * values.mean())
            between += share * (d - p) / (d + p)
    assert done.between == pytest.approx(between)


def test_dagum_by_hand():
    # Incomes 1 2 | 3 4: Gini 0.25; the groups do not overlap; within = (2 + 2) / (2 * 16 * 2.5) = 0.05.
    done = dagum_gini([1, 2, 3, 4], np.array(list("aabb")))
    assert (done.gini, done.within, done.between, done.overlap) == pytest.approx((0.25, 0.05, 0.2, 0.0))


@given(incomes, st.floats(0.1, 10))
def test_inequality_does_not_depend_on_scale_order_or_names(values, factor):
    renamed = np.char.add("group ", GROUP)
    for measure, total in ((dagum_gini, "gini"), (theil_t, "total"), (theil_l, "total")):
        before = measure(values, GROUP)
        after = measure(values[::-1] * factor, renamed[::-1])
        assert getattr(after, total) == pytest.approx(getattr(before, total), abs=1e-9)
        assert after.within == pytest.approx(before.within, abs=1e-9)


@given(incomes)
def test_theil_parts_add_up_to_the_pooled_index(values):
    share = values / values.mean()
    assert theil_t(values, GROUP).total == pytest.approx((share * np.log(share)).mean(), abs=1e-9)
    assert theil_l(values, GROUP).total == pytest.approx(-np.log(share).mean(), abs=1e-9)


def test_inequality_of_bad_values_is_refused():
    with pytest.raises(DataRefused, match="rows 2"):
        theil_t([1.0, 0.0], np.array(["a", "b"]))
    with pytest.raises(DataRefused, match="groups a"):
        dagum_gini([0.0, 1.0], np.array(["a", "b"]))
    with pytest.raises(DataRefused, match="1 group names"):
        dagum_gini([0.0, 1.0], np.array(["a"]))


def ring(size: int) -> np.ndarray:
    names = [str(unit) for unit in range(size)]
    return contiguity_weights(names, [(names[unit], names[unit - 1]) for unit in range(size)])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_moran_agrees_with_esda():
    esda = pytest.importorskip("esda")
    libpysal = pytest.importorskip("libpysal")
    values, weights = RANDOM.normal(size=25), nearest_weights(RANDOM.normal(size=(25, 2)), 4)
    theirs_w = libpysal.weights.full2W(weights)
    theirs_w.transform = "r"
    theirs, ours = esda.Moran(values, theirs_w, permutations=999), moran(values, weights)
    assert ours.i == pytest.approx(theirs.I)
    assert ours.expected == pytest.approx(theirs.EI)
    assert ours.variance_normal == pytest.approx(theirs.VI_norm)
    assert ours.variance_random == pytest.approx(theirs.VI_rand)
    assert ours.p_normal == pytest.approx(theirs.p_norm)
    assert ours.p_random == pytest.approx(theirs.p_rand)
    assert ours.permuted_p == pytest.approx(theirs.p_sim, abs=0.05)
    local, their_local = local_moran(values, weights), esda.Moran_Local(values, theirs_w, permutations=999, seed=1)
    np.testing.assert_allclose(local.i, their_local.Is * 25 / 24)  # esda divides by n - 1, Anselin by n
    assert np.abs(local.permuted_p - their_local.p_sim).max() < 0.1
    names = np.array(["", "high-high", "low-high", "low-low", "high-low"])
    np.testing.assert_array_equal(local.quadrant, names[their_local.q])


def test_moran_of_alternating_values_on_a_ring_is_minus_one():
    assert moran([1, -1, 1, -1, 1, -1], ring(6)).i == pytest.approx(-1)


@given(arrays(float, 8, elements=st.floats(-10, 10), unique=True), st.floats(0.1, 10), st.floats(-5, 5))
def test_moran_does_not_depend_on_units_of_measure_and_local_ones_average_to_it(values, slope, offset):
    whole = moran(values, ring(8), permutations=9)
    assert moran(values * slope + offset, ring(8), permutations=9).i == pytest.approx(whole.i, abs=1e-5)
    assert local_moran(values, ring(8), permutations=9).i.mean() == pytest.approx(whole.i, abs=1e-9)


def test_moran_does_not_depend_on_the_order_of_units():
    order = RANDOM.permutation(8)
    values = RANDOM.normal(size=8)
    assert moran(values[order], ring(8)[np.ix_(order, order)]).i == pytest.approx(moran(values, ring(8)).i)


def test_quadrants_name_the_unit_first_and_its_neighbours_second():
    # On a ring the neighbours of 9 are 8 and 4, those of 4 are 1 and 9, with the mean 5; the mean of all is 4.83.
    done = local_moran([9, 8, 7, 0, 1, 4.0], ring(6), permutations=9)
    assert done.quadrant.tolist() == ["high-high", "high-high", "high-low", "low-low", "low-low", "low-high"]


def test_units_without_neighbours_are_named():
    weights = ring(5)
    weights[2] = 0
    with pytest.raises(DataRefused, match="rows 3"):
        moran([1, 2, 3, 4, 5], weights)


def test_constant_values_have_no_spatial_pattern():
    with pytest.raises(DataRefused, match="Constant"):
        moran(np.full(5, 0.1), ring(5))


def test_spatial_weights_by_hand():
    points = [[0, 0], [1, 0], [3, 0]]
    np.testing.assert_array_equal(nearest_weights(points, 1), [[0, 1, 0], [1, 0, 0], [0, 1, 0]])
    np.testing.assert_allclose(inverse_distance_weights(points)[2], [1 / 3, 1 / 2, 0])
    np.testing.assert_allclose(row_standardised(ring(4)).sum(axis=1), 1)
    with pytest.raises(DataRefused, match="1 and 2"):
        inverse_distance_weights([[0, 0], [0, 0]])
    with pytest.raises(DataRefused, match="units Z"):
        contiguity_weights(["A"], [("A", "Z")])


# Example 4 of Coelli (1996), A Guide to DEAP Version 2.1: five firms, three years, one output, one input.
OUTPUT = np.array([[1, 2, 3, 4, 5], [1, 3, 4, 3, 5], [1, 3, 4, 3, 5.0]])[:, :, None]
INPUT = np.array([[2, 4, 3, 5, 6], [2, 4, 3, 5, 5], [2, 4, 3, 5, 5.0]])[:, :, None]


def test_malmquist_of_one_input_and_output_is_the_ratio_of_productivities():
    done = malmquist(INPUT, OUTPUT)
    rate = (OUTPUT / INPUT)[:, :, 0]
    front = rate.max(axis=1, keepdims=True)
    np.testing.assert_allclose(done.productivity, rate[1:] / rate[:-1])
    np.testing.assert_allclose(done.technology, np.broadcast_to(front[1:] / front[:-1], (2, 5)))
    np.testing.assert_allclose(done.efficiency, (rate / front)[1:] / (rate / front)[:-1])
    np.testing.assert_allclose(done.efficiency[0], [0.75, 1.125, 1.0, 0.5625, 0.9])


def multiplier_distance(x, y, front_x, front_y, free):
    """The dual programme: min v x + c with u y = 1 and v X - u Y + c >= 0, which is 1 / distance."""
    p, q = len(x), len(y)
    cost = np.concatenate([x, np.zeros(q), [1.0, -1.0] if free else [0.0, 0.0]])
    sign = np.ones((len(front_x), 1)) if free else np.zeros((len(front_x), 1))
    rows = np.hstack([-front_x, front_y, -sign, sign])
    equal = np.concatenate([np.zeros(p), y, [0.0, 0.0]])[None, :]
    return 1 / linprog(cost, A_ub=rows, b_ub=np.zeros(len(front_x)), A_eq=equal, b_eq=[1.0], method="highs-ipm").fun


@pytest.mark.parametrize("variable", [False, True])
def test_distance_agrees_with_the_dual_programme(variable):
    x, y = RANDOM.uniform(1, 5, size=(8, 2)), RANDOM.uniform(1, 5, size=(8, 2))
    ours = output_distance(x, y, x, y, variable_returns=variable)
    theirs = [multiplier_distance(x[unit], y[unit], x, y, variable) for unit in range(8)]
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)


def test_malmquist_parts_multiply_and_ignore_units_of_measure():
    x, y = RANDOM.uniform(1, 5, size=(3, 6, 2)), RANDOM.uniform(1, 5, size=(3, 6, 2))
    done = malmquist(x, y)
    np.testing.assert_allclose(done.efficiency * done.technology, done.productivity)
    np.testing.assert_allclose(done.pure * done.scale, done.efficiency)
    scaled = malmquist(x * [1e6, 1e-3], y * [1e4, 1.0])
    np.testing.assert_allclose(scaled.productivity, done.productivity, rtol=1e-6)
    order = RANDOM.permutation(6)
    np.testing.assert_allclose(malmquist(x[:, order], y[:, order]).productivity, done.productivity[:, order], rtol=1e-6)


def test_malmquist_names_values_at_zero():
    broken = INPUT.copy()
    broken[1, 2, 0] = 0
    with pytest.raises(DataRefused, match="period 2, C, column 1"):
        malmquist(broken, OUTPUT, list("ABCDE"))


def test_tables_over_a_panel_have_their_rows():
    panel = simulated_panel()
    values = panel.values[:, 0]
    assert growth_table(panel, values).height == 12
    inequality = inequality_table(panel, values, "region")
    first = panel.period == 0
    assert inequality["gini"][0] == pytest.approx(dagum_gini(values[first], panel.group("region")[first]).gini)
    assert moran_table(panel, values, ring(12), permutations=9)["period"].to_list() == ["2021", "2022", "2023"]
    assert local_moran_table(panel, values, ring(12), period="2022", permutations=9).height == 12
    done = malmquist_table(panel, ["doctors", "waiting"], ["mediated"])
    assert done.height == 24
    assert done["productivity"][0] == pytest.approx((done["efficiency"] * done["technology"])[0])


def test_productivity_of_an_unbalanced_panel_names_the_gap():
    panel = simulated_panel()
    rows = np.ones(36, dtype=bool)
    rows[1] = False
    with pytest.raises(DataRefused, match="county 00 in 2022"):
        malmquist_table(panel.keep(rows=rows, columns=np.ones(4, dtype=bool)), ["doctors"], ["mediated"])


def test_growth_of_a_unit_seen_once_names_it():
    panel = simulated_panel()
    rows = np.ones(36, dtype=bool)
    rows[1:3] = False
    kept = panel.keep(rows=rows, columns=np.ones(4, dtype=bool))
    with pytest.raises(DataRefused, match="county 00"):
        growth_table(kept, kept.values[:, 0])


def test_one_unit_standing_out_of_equal_ones_has_no_random_variance():
    done = moran([1.0, 0, 0, 0, 0, 0], ring(6))
    assert np.isnan(done.z_random)
    assert done.permuted_p == 1
    assert 0 < done.p_normal < 1
