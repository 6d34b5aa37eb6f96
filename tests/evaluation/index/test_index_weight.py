"""Weights, components and AHP against other people's code, printed cases and invariants."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.index import kernel
from cunzhi.evaluation.index.ahp import ahp_weights
from cunzhi.evaluation.index.component import fitness, pca_index
from cunzhi.evaluation.index.normalise import min_max_scale
from cunzhi.evaluation.index.weight import (
    critic_weights,
    entropy_weights,
    entropy_weights_by_period,
    equal_weights,
)

X = np.random.default_rng(0).lognormal(size=(40, 5))
X01 = min_max_scale(X, np.ones(5)).apply(X)
positive = arrays(float, (9, 3), elements=st.floats(0.01, 100))


@pytest.mark.filterwarnings("ignore")
def test_entropy_and_critic_agree_with_pymcdm():
    theirs = pytest.importorskip("pymcdm.weights")
    np.testing.assert_allclose(entropy_weights(X).weights, theirs.entropy_weights(X))
    np.testing.assert_allclose(critic_weights(X01).weights, theirs.critic_weights(X))


@pytest.mark.filterwarnings("ignore")
def test_entropy_agrees_with_scikit_criteria():
    theirs = pytest.importorskip("skcriteria.preprocessing.weighters")
    np.testing.assert_allclose(entropy_weights(X).weights, theirs.entropy_weights(X))


def test_entropy_of_two_columns_by_hand():
    # p = (1/4, 3/4) has the entropy 0.811278 bits; the even column has 1 bit and so no weight.
    done = entropy_weights([[1.0, 2.0], [3.0, 2.0]])
    np.testing.assert_allclose(done.entropy, [0.8112781244591328, 1.0])
    np.testing.assert_allclose(done.weights, [1.0, 0.0], atol=1e-12)


def test_zeros_count_as_nothing_in_the_entropy():
    done = entropy_weights([[0.0, 1.0], [1.0, 1.0], [1.0, 1.0], [0.0, 1.0]])
    np.testing.assert_allclose(done.entropy, [0.5, 1.0])


def test_entropy_of_nearly_equal_columns_keeps_its_digits():
    wave = np.linspace(-1, 1, 1001)
    done = entropy_weights(np.column_stack([1 + 1e-6 * wave, 1 + 2e-6 * wave]))
    np.testing.assert_allclose(done.weights, [0.2, 0.8], rtol=1e-3)


def test_sums_in_pieces_agree_with_sums_at_once():
    values = np.random.default_rng(1).lognormal(size=(3 * kernel.SERIAL_BELOW + 17, 3))
    share = values / values.sum(axis=0)
    redundancy = 1 + (share * np.log(share)).sum(axis=0) / np.log(len(values))
    np.testing.assert_allclose(entropy_weights(values).weights, redundancy / redundancy.sum())
    mean, cross = kernel.cross_products(values)
    np.testing.assert_allclose(mean, values.mean(axis=0))
    np.testing.assert_allclose(cross / (len(values) - 1), np.cov(values.T))
    np.testing.assert_array_equal(kernel.column_ranges(values), [values.min(axis=0), values.max(axis=0)])


@given(positive)
def test_weights_sum_to_one_and_do_not_depend_on_row_order(values):
    assume((np.ptp(values, axis=0) > 1e-3).all())
    for weigh in (entropy_weights, critic_weights):
        try:
            weights = weigh(values).weights
        except DataRefused:
            continue
        assert weights.sum() == pytest.approx(1)
        assert (weights >= 0).all()
        np.testing.assert_allclose(weigh(values[::-1]).weights, weights, atol=1e-9)


@given(positive, st.floats(0.01, 100))
def test_entropy_does_not_depend_on_the_scale(values, factor):
    assume((np.ptp(values, axis=0) > 1e-2).all())
    np.testing.assert_allclose(entropy_weights(values * factor).weights, entropy_weights(values).weights, atol=1e-9)


def test_entropy_by_period_is_entropy_of_each_period():
    period = np.arange(40) % 4
    done = entropy_weights_by_period(X, period)
    np.testing.assert_allclose(done[2], entropy_weights(X[period == 2]).weights)


def test_negative_values_under_the_entropy_are_named():
    broken = X.copy()
    broken[4, 2] = -1
    with pytest.raises(DataRefused, match=r"rows 5; columns petitions"):
        entropy_weights(broken, ["a", "b", "petitions", "d", "e"])


def test_missing_values_under_the_entropy_are_named():
    broken = X.copy()
    broken[4, 2] = np.nan
    with pytest.raises(DataRefused, match=r"rows 5; columns column 3"):
        entropy_weights(broken)


def test_columns_without_spread_have_no_entropy_weights():
    with pytest.raises(DataRefused, match="No column varies"):
        entropy_weights(np.ones((5, 2)))
    with pytest.raises(DataRefused, match="two rows"):
        entropy_weights(np.ones((1, 2)))


def test_critic_of_repeated_columns_is_refused():
    with pytest.raises(DataRefused, match="move together"):
        critic_weights(np.column_stack([X[:, 0], X[:, 0]]))


def test_equal_weights():
    np.testing.assert_array_equal(equal_weights(4), [0.25] * 4)


# Relative distances of six cities from Philadelphia: Saaty (1977), A scaling method for priorities in
# hierarchical structures, J. Mathematical Psychology 15, 234-281.
DISTANCES = np.array(
    [
        [1, 1 / 3, 8, 3, 3, 7],
        [3, 1, 9, 3, 3, 9],
        [1 / 8, 1 / 9, 1, 1 / 6, 1 / 5, 2],
        [1 / 3, 1 / 3, 6, 1, 1 / 3, 6],
        [1 / 3, 1 / 3, 5, 3, 1, 6],
        [1 / 7, 1 / 9, 1 / 2, 1 / 6, 1 / 6, 1],
    ]
)


def test_ahp_gives_the_printed_distances_from_philadelphia():
    done = ahp_weights(DISTANCES)
    np.testing.assert_allclose(done.weights, [0.263, 0.397, 0.033, 0.116, 0.164, 0.027], atol=0.0015)
    assert done.eigenvalue == pytest.approx(6.45, abs=0.01)
    assert done.consistent


@given(arrays(float, 5, elements=st.floats(0.2, 5)))
def test_ahp_returns_the_weights_behind_consistent_judgements(weights):
    done = ahp_weights(weights[:, None] / weights)
    np.testing.assert_allclose(done.weights, weights / weights.sum(), atol=1e-8)
    assert done.consistency_ratio == pytest.approx(0, abs=1e-8)


def test_ahp_tells_contradicting_judgements():
    assert not ahp_weights([[1, 9, 1 / 9], [1 / 9, 1, 9], [9, 1 / 9, 1]]).consistent


def test_ahp_names_entries_that_are_not_reciprocal():
    with pytest.raises(DataRefused, match=r"\[1, 2\], \[2, 1\]"):
        ahp_weights([[1.0, 2.0], [2.0, 1.0]])


def test_components_agree_with_sklearn():
    decomposition = pytest.importorskip("sklearn.decomposition")
    z = (X - X.mean(axis=0)) / X.std(axis=0, ddof=1)
    theirs = decomposition.PCA().fit(z)
    ours = pca_index(X, rule="count", count=5)
    np.testing.assert_allclose(ours.eigenvalues, theirs.explained_variance_)
    np.testing.assert_allclose(ours.explained, theirs.explained_variance_ratio_)
    np.testing.assert_allclose(np.abs(ours.loadings), np.abs(theirs.components_.T), atol=1e-10)


def test_components_eigenvalues_agree_with_statsmodels():
    theirs = pytest.importorskip("statsmodels.multivariate.pca").PCA(X, standardize=True)
    np.testing.assert_allclose(pca_index(X).eigenvalues, theirs.eigenvals / len(X))


def test_component_index_of_two_columns_by_hand():
    # Two columns with correlation r have eigenvalues 1 + r and 1 - r and the component (1, 1) / sqrt 2.
    values = np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 4.0], [4.0, 3.0], [5.0, 5.0]])
    done = pca_index(values)
    r = np.corrcoef(values.T)[0, 1]
    np.testing.assert_allclose(done.eigenvalues, [1 + r, 1 - r])
    z = (values - values.mean(axis=0)) / values.std(axis=0, ddof=1)
    np.testing.assert_allclose(done.scores, z.sum(axis=1) / np.sqrt(2))


def test_components_kept_by_each_rule():
    eigenvalues = pca_index(X).eigenvalues
    assert pca_index(X, rule="kaiser").retained == (eigenvalues > 1).sum()
    assert pca_index(X, rule="count", count=3).retained == 3
    kept = pca_index(X, rule="share", share=0.8).retained
    assert eigenvalues[:kept].sum() / 5 >= 0.8 > eigenvalues[: kept - 1].sum() / 5
    with pytest.raises(DataRefused, match="rule of retention"):
        pca_index(X, rule="elbow")


def test_component_signs_follow_the_recorded_rule():
    done = pca_index(X, rule="count", count=5)
    assert (done.loadings.sum(axis=0) >= 0).all()
    anchored = pca_index(X, rule="count", count=5, anchor=2)
    assert (anchored.loadings[2] >= 0).all()
    assert anchored.sign_rule == "loading on column 3 positive"
    turned = pca_index(-X, rule="count", count=5, anchor=2)
    assert (turned.loadings[2] >= 0).all()


def test_component_whose_loadings_cancel_still_has_one_sign():
    values = np.column_stack([X[:, 0], -X[:, 0] + 0.1 * X[:, 1]])
    for turned in (values, values[::-1], values * [3, 2]):
        assert pca_index(turned).loadings[0, 0] > 0


def test_component_scores_of_a_frozen_base_do_not_move():
    base = X[:20]
    np.testing.assert_allclose(pca_index(X, base=base).scores[:20], pca_index(base).scores)


@given(st.integers(0, 1000))
def test_component_index_does_not_depend_on_units_of_measure(seed):
    random = np.random.default_rng(seed)
    slope, offset = random.uniform(0.1, 10, 5), random.uniform(-10, 10, 5)
    np.testing.assert_allclose(pca_index(X * slope + offset).scores, pca_index(X).scores, atol=1e-8)


def test_kmo_agrees_with_regressions_and_bartlett_with_its_formula():
    z = (X - X.mean(axis=0)) / X.std(axis=0, ddof=1)
    partial = np.eye(5)
    for one in range(5):
        for other in range(one):
            rest = np.delete(z, [one, other], axis=1)
            residual = [z[:, c] - rest @ np.linalg.lstsq(rest, z[:, c], rcond=None)[0] for c in (one, other)]
            partial[one, other] = partial[other, one] = np.corrcoef(residual)[0, 1]
    r = np.corrcoef(z.T)
    off = ~np.eye(5, dtype=bool)
    done = fitness(X)
    assert done.kmo == pytest.approx((r[off] ** 2).sum() / ((r[off] ** 2).sum() + (partial[off] ** 2).sum()))
    assert done.bartlett_chi2 == pytest.approx(-(39 - 15 / 6) * np.log(np.linalg.det(r)))
    stats = pytest.importorskip("scipy.stats")
    assert done.bartlett_p == pytest.approx(stats.chi2.sf(done.bartlett_chi2, 10))


def test_kmo_of_repeated_columns_is_not_a_number():
    assert np.isnan(fitness(np.column_stack([X, X[:, 0]])).kmo)


def test_constant_column_has_no_component():
    with pytest.raises(DataRefused, match="columns column 2"):
        pca_index(np.column_stack([X[:, 0], np.full(40, 0.1)]))
