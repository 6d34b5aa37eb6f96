"""Screening, imputation and treatment."""

import numpy as np
import polars as pl
import pytest
from evaluation.index.examples import TREE, simulated_panel, simulated_table
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.index.build import Build
from cunzhi.evaluation.index.impute import impute_group_mean, impute_last, impute_linear
from cunzhi.evaluation.index.reading import read_panel
from cunzhi.evaluation.index.screen import missing_shares, screen
from cunzhi.evaluation.index.treat import box_cox, log_transform, winsorise

NAN = np.nan


def column(*values):
    return np.array(values, dtype=float)[:, None]


def gappy_build(**cells):
    table = simulated_table()
    for code, rows in cells.items():
        table = table.with_columns(
            pl.when(pl.int_range(pl.len()).is_in(rows)).then(None).otherwise(pl.col(code)).alias(code)
        )
    return Build(read_panel(table, codes=TREE.codes, groups=("region",)), TREE)


def test_linear_fills_between_known_periods_only():
    values = column(NAN, 1, NAN, 4, NAN, 7, NAN)
    unit = np.array([0, 0, 0, 0, 0, 1, 1])
    times = np.array([2020, 2021, 2023, 2024, 2025, 2024, 2025.0])
    done = impute_linear(values, unit, times)
    np.testing.assert_array_equal(done.values, column(NAN, 1, 3, 4, NAN, 7, NAN))
    assert done.filled.sum() == 1
    assert done.left == 3


def test_linear_agrees_with_pandas():
    pandas = pytest.importorskip("pandas")
    random = np.random.default_rng(3)
    values = random.normal(size=(30, 2))
    values[random.random((30, 2)) < 0.4] = NAN
    theirs = pandas.DataFrame(values).interpolate(limit_area="inside").to_numpy()
    np.testing.assert_allclose(impute_linear(values, np.zeros(30, int), np.arange(30.0)).values, theirs)


def test_last_does_not_cross_units():
    done = impute_last(column(1, NAN, NAN, 5, NAN), np.array([0, 0, 1, 1, 1]))
    np.testing.assert_array_equal(done.values, column(1, 1, NAN, 5, 5))


def test_group_mean_uses_same_group_and_period():
    done = impute_group_mean(column(1, 10, 3, NAN, NAN), np.array(list("aaabb")), np.array([0, 1, 0, 0, 1]))
    np.testing.assert_array_equal(done.values, column(1, 10, 3, NAN, NAN))
    done = impute_group_mean(column(1, 10, NAN, NAN), np.array(list("aaaa")), np.array([0, 1, 0, 1]))
    np.testing.assert_array_equal(done.values, column(1, 10, 1, 10))


def test_flags_say_how_a_cell_came_to_be_and_reach_the_scores():
    build = gappy_build(doctors=[1, 3]).impute("linear").impute("group mean", group="region")
    table = build.panel.to_table()
    assert table["doctors:filled"].to_list()[:4] == ["observed", "linear", "observed", "group mean"]
    scores = build.normalise().weight("equal").aggregate().scores_table()
    assert scores["service:filled"].to_list()[:4] == [0, 0.5, 0, 0.5]
    assert scores["index:filled"].to_list()[:4] == [0, 0.25, 0, 0.25]


def test_cells_still_missing_are_named_before_normalising():
    with pytest.raises(DataRefused, match="county 01 2021 doctors"):
        gappy_build(doctors=[3]).impute("linear").normalise()


def test_unit_seen_once_keeps_its_gap_and_is_told_the_way_out():
    table = simulated_table().filter((pl.col("unit") != "county 00") | (pl.col("period") == "2021"))
    table = table.with_columns(doctors=pl.when(pl.col("unit") == "county 00").then(None).otherwise(pl.col("doctors")))
    build = Build(read_panel(table, codes=TREE.codes), TREE).impute("linear")
    with pytest.raises(DataRefused, match="group mean or last for units known once"):
        build.normalise()


def test_unknown_grouping_is_refused():
    with pytest.raises(DataRefused, match="groupings region"):
        gappy_build(doctors=[3]).impute("group mean", group="province")


def test_screening_names_what_it_drops():
    build = gappy_build(doctors=list(range(20)), waiting=[33, 34, 35], petitions=[33, 34, 35])
    done = screen(build.panel, unit_missing=0.5, column_missing=0.5)
    assert done.dropped_codes == ("doctors",)
    assert done.dropped_units == ("county 11",)
    screened = build.screen()
    assert screened.tree.codes == ("waiting", "mediated", "petitions")
    assert "county 11" not in screened.panel.units


def test_absent_rows_count_as_missing():
    panel = read_panel(simulated_table().filter(pl.int_range(pl.len()) != 0), codes=TREE.codes)
    np.testing.assert_allclose(missing_shares(panel)[0], 1 / 3)


def test_screening_everything_is_refused():
    with pytest.raises(DataRefused, match="raise the limits"):
        screen(simulated_panel(), column_missing=-1)


def test_winsorise_by_period_and_pooled_agree_with_quantiles():
    values = np.random.default_rng(0).normal(size=(200, 2))
    period = np.arange(200) % 2
    done = winsorise(values, low=0.05, high=0.95, period=period)
    for at in (0, 1):
        rows = values[period == at]
        np.testing.assert_allclose(done.values[period == at], np.clip(rows, *np.quantile(rows, [0.05, 0.95], axis=0)))
    pooled = winsorise(values, low=0.05, high=0.95)
    np.testing.assert_allclose(pooled.values, np.clip(values, *np.quantile(values, [0.05, 0.95], axis=0)))
    assert pooled.changed.sum() == 40


@given(arrays(float, (20, 2), elements=st.floats(-1e6, 1e6)), st.floats(0.1, 10), st.floats(-100, 100))
def test_winsorise_commutes_with_affine_changes(values, slope, offset):
    np.testing.assert_allclose(
        winsorise(values * slope + offset, low=0.1, high=0.9).values,
        winsorise(values, low=0.1, high=0.9).values * slope + offset,
        rtol=1e-7,
        atol=1e-5,
    )


def test_log_of_negative_values_names_rows_and_columns():
    with pytest.raises(DataRefused, match=r"rows 2; columns profit"):
        log_transform([[1.0, 2.0], [3.0, -1.0]], ["cost", "profit"])


def test_box_cox_agrees_with_scipy():
    values = np.random.default_rng(1).gamma(2, size=(300, 1))
    theirs, exponent = stats.boxcox(values[:, 0])
    ours = box_cox(values)
    assert ours.exponents[0] == pytest.approx(exponent, abs=1e-6)
    np.testing.assert_allclose(ours.values[:, 0], theirs, rtol=1e-5)
    np.testing.assert_allclose(box_cox(values, [0.0]).values, np.log(values))


def test_winsorise_with_swapped_limits_is_refused():
    with pytest.raises(DataRefused, match="low < high"):
        winsorise([[1.0]], low=0.9, high=0.1)
