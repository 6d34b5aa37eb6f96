"""Normalisation: references, directions, and a base that later years cannot move."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import rankdata

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.index.normalise import goalpost_scale, min_max_scale, rank_scale, target_scale, z_scale

X = np.random.default_rng(0).normal(5, 2, size=(40, 3))
UP, MIXED = np.ones(3), np.array([1.0, -1.0, 1.0])


def test_min_max_agrees_with_sklearn():
    preprocessing = pytest.importorskip("sklearn.preprocessing")
    np.testing.assert_allclose(min_max_scale(X, UP).apply(X), preprocessing.MinMaxScaler().fit_transform(X))


def test_z_agrees_with_numpy():
    np.testing.assert_allclose(z_scale(X, UP).apply(X), (X - X.mean(axis=0)) / X.std(axis=0, ddof=1), atol=1e-12)


def test_rank_agrees_with_scipy():
    values = np.round(X, 0)
    expected = (rankdata(values, axis=0) - 1) / (len(values) - 1)
    np.testing.assert_allclose(rank_scale(values, UP).apply(values), expected)


def test_reversed_indicators_are_mirrored_in_every_method():
    for scale in (min_max_scale, rank_scale):
        np.testing.assert_allclose(scale(X, -UP).apply(X), 1 - scale(X, UP).apply(X), atol=1e-12)
    np.testing.assert_allclose(z_scale(X, -UP).apply(X), -z_scale(X, UP).apply(X))


def test_goalposts_hold_values_at_the_ends():
    scale = goalpost_scale([0.0, 0.0], [10.0, 10.0], [1, -1], to=(1, 100))
    np.testing.assert_allclose(scale.apply(np.array([[-5.0, -5.0], [5.0, 5.0], [20.0, 20.0]])),
                               [[1, 100], [50.5, 50.5], [100, 1]])  # fmt: skip


def test_target_is_one_on_the_target_from_both_sides():
    scale = target_scale([[0.0], [10.0], [16.0]], [10.0])
    np.testing.assert_allclose(scale.apply(np.array([[0.0], [5.0], [10.0], [15.0]])), [[0], [0.5], [1], [0.5]])


@pytest.mark.parametrize("scale", [min_max_scale, z_scale, rank_scale])
def test_constant_column_is_named(scale):
    with pytest.raises(DataRefused, match="columns roads"):
        scale(np.column_stack([X[:, 0], np.ones(40)]), [1, 1], codes=["schools", "roads"])


def test_missing_goalposts_are_named():
    with pytest.raises(DataRefused, match="indicators roads"):
        goalpost_scale([0.0, np.nan], [1.0, 1.0], [1, 1], codes=["schools", "roads"])


@pytest.mark.parametrize("scale", [min_max_scale, z_scale, rank_scale])
def test_missing_base_cells_are_refused(scale):
    broken = X.copy()
    broken[3, 1] = np.nan
    with pytest.raises(DataRefused, match=r"rows 4; columns column 2"):
        scale(broken, UP)


finite = arrays(float, (12, 2), elements=st.floats(-1e3, 1e3), unique=True)


@given(finite, st.floats(0.01, 100), st.floats(-1e3, 1e3))
def test_scales_do_not_depend_on_the_unit_of_measure(values, slope, offset):
    for scale in (min_max_scale, z_scale):
        direction = np.array([1.0, -1.0])
        before = scale(values, direction).apply(values)
        after = scale(values * slope + offset, direction).apply(values * slope + offset)
        np.testing.assert_allclose(after, before, atol=1e-4)


@given(finite)
def test_ranks_do_not_depend_on_a_rising_transformation(values):
    before = rank_scale(values, [1, -1]).apply(values)
    # A cubic is strictly rising but may merge neighbours in floating point, so exact ranks stand in for it.
    risen = rankdata(values, axis=0) ** 3
    np.testing.assert_allclose(rank_scale(risen, [1, -1]).apply(risen), before)


@given(finite, finite)
def test_later_values_do_not_move_frozen_scores(base, later):
    for scale in (min_max_scale, z_scale, rank_scale):
        fitted = scale(base, [1.0, 1.0])
        alone = fitted.apply(base)
        np.testing.assert_array_equal(fitted.apply(np.vstack([base, later]))[: len(base)], alone)


def test_ranks_of_later_values_lie_between_their_neighbours_in_the_base():
    fitted = rank_scale([[1.0], [2.0], [3.0]], [1.0])
    np.testing.assert_allclose(fitted.apply(np.array([[0.0], [1.5], [2.0], [9.0]])), [[0], [0.25], [0.5], [1]])
