"""TOPSIS, aggregation, decomposition, obstacles and coupling."""

import numpy as np
import pytest
from evaluation.index.examples import TREE
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.index.aggregate import aggregate, arithmetic_mean, geometric_mean
from cunzhi.evaluation.index.coupling import coupling_coordination, coupling_coordination_revised
from cunzhi.evaluation.index.decompose import arithmetic_change, contributions, geometric_change
from cunzhi.evaluation.index.normalise import min_max_scale
from cunzhi.evaluation.index.obstacle import obstacle_degrees
from cunzhi.evaluation.index.topsis import topsis

RANDOM = np.random.default_rng(0)
X = RANDOM.uniform(0.05, 1, size=(20, 4))
W = np.array([0.4, 0.3, 0.2, 0.1])
unit = arrays(float, (6, 4), elements=st.floats(0.01, 1))


@pytest.mark.filterwarnings("ignore")
def test_topsis_agrees_with_pymcdm():
    methods = pytest.importorskip("pymcdm.methods")
    normalizations = pytest.importorskip("pymcdm.normalizations")
    direction = np.array([1, -1, 1, -1])
    ours = topsis(min_max_scale(X, direction).apply(X), W)
    theirs = methods.TOPSIS(normalizations.minmax_normalization)(X, W, direction)
    np.testing.assert_allclose(ours.closeness, theirs)


@pytest.mark.filterwarnings("ignore")
def test_topsis_agrees_with_scikit_criteria():
    criteria = pytest.importorskip("skcriteria")
    similarity = pytest.importorskip("skcriteria.agg.similarity")
    theirs = similarity.TOPSIS().evaluate(criteria.mkdm(X, [max] * 4, weights=W)).e_.similarity
    np.testing.assert_allclose(topsis(X, W).closeness, theirs)


def test_topsis_with_a_frozen_base_keeps_earlier_scores():
    later = np.vstack([X, np.full((1, 4), 3.0)])
    np.testing.assert_allclose(topsis(later, W, base=X).closeness[:-1], topsis(X, W).closeness)


def test_topsis_of_equal_rows_is_refused():
    with pytest.raises(DataRefused, match="no best and no worst"):
        topsis(np.ones((3, 2)), [1, 1])


def test_means_by_hand():
    np.testing.assert_allclose(arithmetic_mean([[4.0, 9.0]], [0.5, 0.5]), [6.5])
    np.testing.assert_allclose(geometric_mean([[4.0, 9.0], [0.0, 9.0]], [0.5, 0.5]), [6.0, 0.0])


def test_geometric_mean_of_negative_values_is_refused():
    with pytest.raises(DataRefused, match="geometric mean"):
        geometric_mean([[1.0, -1.0]], [0.5, 0.5])


@given(unit)
def test_index_of_arithmetic_means_is_the_weighted_mean_of_all_indicators(values):
    scores = aggregate(TREE, values, W)
    np.testing.assert_allclose(scores.of("index"), values @ W)
    np.testing.assert_allclose(scores.of("service"), values[:, :2] @ W[:2] / 0.7)


@given(unit)
def test_geometric_score_is_at_most_the_arithmetic_one(values):
    low, high = aggregate(TREE, values, W, means=["geometric"]), aggregate(TREE, values, W)
    assert (low.values <= high.values + 1e-12).all()


def test_levels_have_their_own_means():
    scores = aggregate(TREE, X, W, means=["arithmetic", "geometric"])
    expected = scores.of("service") ** 0.7 * scores.of("order") ** 0.3
    np.testing.assert_allclose(scores.of("index"), expected)


def test_weights_by_row_apply_to_their_row():
    rows = RANDOM.dirichlet(np.ones(4), size=20)
    np.testing.assert_allclose(aggregate(TREE, X, rows).of("index"), (X * rows).sum(axis=1))


def test_dimension_without_weight_leaves_the_index_alone():
    scores = aggregate(TREE, X, [0.5, 0.5, 0.0, 0.0], means=["geometric"])
    np.testing.assert_allclose(scores.of("index"), scores.of("service"))


def test_unknown_mean_is_refused():
    with pytest.raises(DataRefused, match="median"):
        aggregate(TREE, X, W, means=["median"])


@given(unit, unit)
def test_contributions_and_changes_add_up(before, after):
    other = np.array([0.1, 0.2, 0.3, 0.4])
    np.testing.assert_allclose(contributions(before, W).sum(axis=1), before @ W)
    np.testing.assert_allclose(arithmetic_change(before, after, W, other).total, after @ other - before @ W, atol=1e-12)
    change = geometric_change(before, after, W, other)
    score = geometric_mean(after, other) - geometric_mean(before, W)
    np.testing.assert_allclose(change.total, score, atol=1e-9)
    np.testing.assert_allclose((change.by_value + change.by_weight).sum(axis=1), score, atol=1e-9)


def test_geometric_change_by_hand():
    # From 1 to 4 in one of two equal indicators the score doubles; the whole change is due to that one.
    change = geometric_change([[1.0, 1.0]], [[4.0, 1.0]], [0.5, 0.5], [0.5, 0.5])
    np.testing.assert_allclose(change.by_value, [[1.0, 0.0]], atol=1e-12)


@given(unit)
def test_obstacle_degrees_add_up_to_one(values):
    done = obstacle_degrees(values, W)
    np.testing.assert_allclose(done.degree.sum(axis=1)[done.shortfall > 0], 1)
    np.testing.assert_allclose(done.shortfall, 1 - values @ W, atol=1e-12)


def test_obstacles_by_hand():
    done = obstacle_degrees([[0.5, 0.75], [1.0, 1.0]], [0.25, 0.75])
    np.testing.assert_allclose(done.degree, [[0.4, 0.6], [0.0, 0.0]])


def test_obstacles_of_values_beyond_the_best_are_refused():
    with pytest.raises(DataRefused, match=r"rows 1; columns 2"):
        obstacle_degrees([[0.5, 1.2]], [0.5, 0.5])


def test_coupling_by_hand():
    # Three subsystems: C = 3 (0.064)^(1/3) / 1.4 = 1.2 / 1.4, T = 1.4 / 3.
    done = coupling_coordination([[0.8, 0.4, 0.2]])
    np.testing.assert_allclose(done.coupling, [1.2 / 1.4])
    np.testing.assert_allclose(done.development, [1.4 / 3])
    np.testing.assert_allclose(done.coordination, [np.sqrt(0.4)])
    assert done.level.tolist() == [6]


# Table 8 of Wang, Kong, Ren et al. (2021), J. Natural Resources 36(3): C of 13 cities in 2008,
# in the usual and in the revised form, computed there from scores of two systems that are not printed.
USUAL = [0.9989, 0.9935, 0.8868, 0.9073, 0.6821, 0.8328, 0.6816, 0.7789, 0.6871, 0.6101, 0.8017, 0.7867, 0.7191]
REVISED = [0.9404, 0.8660, 0.5440, 0.5769, 0.3006, 0.4780, 0.3344, 0.4171, 0.3278, 0.2700, 0.4374, 0.4196, 0.3738]


def test_coupling_forms_reproduce_the_printed_pairs():
    # The usual C fixes the ratio of both scores; the revised C then fixes the higher one, and that both forms
    # come from the same data shows in every city's higher score lying between 0 and 1.
    usual, revised = np.array(USUAL), np.array(REVISED)
    ratio = ((1 - np.sqrt(1 - usual**2)) / usual) ** 2
    higher = (1 - revised**2 / ratio) / (1 - ratio)
    assert ((higher > 0) & (higher < 1)).all()
    scores = np.column_stack([higher, higher * ratio])
    np.testing.assert_allclose(coupling_coordination(scores).coupling, usual, atol=1e-6)
    np.testing.assert_allclose(coupling_coordination_revised(scores).coupling, revised, atol=1e-6)


@given(arrays(float, (5, 3), elements=st.floats(0, 1)))
def test_coupling_stays_in_the_unit_interval_and_ignores_the_order_of_subsystems(scores):
    for form in (coupling_coordination, coupling_coordination_revised):
        done = form(scores)
        for part in (done.coupling, done.development, done.coordination):
            assert ((part >= 0) & (part <= 1 + 1e-12)).all()
        np.testing.assert_allclose(form(scores[:, ::-1]).coordination, done.coordination, atol=1e-12)


def test_equal_subsystems_are_fully_coupled():
    for form in (coupling_coordination, coupling_coordination_revised):
        np.testing.assert_allclose(form([[0.3, 0.3, 0.3]]).coupling, [1.0])


def test_coupling_of_scores_above_one_is_refused():
    with pytest.raises(DataRefused, match="above 1"):
        coupling_coordination([[1.5, 0.5]])
