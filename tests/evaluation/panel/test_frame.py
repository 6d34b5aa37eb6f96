"""Reading a panel: every usual source, and every fault by rows and columns."""

from typing import Any

import numpy as np
import pandas
import polars
import pytest

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.panel.frame import read

TABLE: dict[str, list[Any]] = {
    "who": ["b", "a", "a", "b"],
    "when": [2022, 2022, 2021, 2021],
    "x": [4.0, 2.0, 1.0, 3.0],
    "k": [4, 2, 1, 3],
}


@pytest.mark.parametrize(
    "frame", [polars.DataFrame(TABLE), pandas.DataFrame(TABLE), TABLE], ids=["polars", "pandas", "dict"]
)
def test_read_sorts_by_unit_and_period_whatever_the_source(frame: Any) -> None:
    panel = read(frame, unit="who", period="when")
    assert panel.column("x").tolist() == [1, 2, 3, 4] == panel.column("k").tolist()
    assert panel.rows.tolist() == [2, 1, 3, 0]
    assert list(panel.units) == ["a", "b"] and list(panel.periods) == [2021, 2022]
    assert panel.balanced


def test_read_twice_the_same_unit_and_period_names_both_rows() -> None:
    with pytest.raises(DataRefused, match=r"row 0 \(unit 5, period 1\), row 2 \(unit 5, period 1\)"):
        read({"u": [5, 6, 5], "t": [1, 1, 1], "x": [1, 2, 3]}, unit="u", period="t")


def test_read_text_among_numbers_names_rows_and_column() -> None:
    with pytest.raises(DataRefused, match=r"'x' has text") as refusal:
        read({"u": [1, 2], "t": [1, 1], "x": np.array([1.5, "n/a"], dtype=object)}, unit="u", period="t")
    assert "1 ('n/a')" in refusal.value.where


def test_read_infinite_value_names_the_row() -> None:
    with pytest.raises(DataRefused, match="infinite") as refusal:
        read({"u": [1, 2], "t": [1, 1], "x": [1.0, -np.inf]}, unit="u", period="t")
    assert "rows 1" in refusal.value.where


@pytest.mark.parametrize(
    "labels", [[1.0, np.nan], np.array(["a", None], dtype=object), np.array(["a", ""], dtype=object)]
)
def test_read_missing_label_names_the_row(labels: Any) -> None:
    with pytest.raises(DataRefused, match="empty in some rows") as refusal:
        read({"u": labels, "t": [1, 1], "x": [1.0, 2.0]}, unit="u", period="t")
    assert "rows 1" in refusal.value.where


def test_read_unknown_column_lists_those_there_are() -> None:
    with pytest.raises(DataRefused, match="no column 'z'") as refusal:
        read(TABLE, unit="who", period="when", columns=["z"])
    assert "who, when, x, k" in refusal.value.where


def test_read_columns_of_different_length_refused() -> None:
    with pytest.raises(DataRefused, match="different lengths"):
        read({"u": [1, 2], "t": [1, 1], "x": [1.0]}, unit="u", period="t")


def test_read_empty_table_refused() -> None:
    with pytest.raises(DataRefused, match="empty"):
        read({"u": [], "t": [], "x": []}, unit="u", period="t")


def test_read_nulls_of_polars_become_nan() -> None:
    frame = polars.DataFrame({"u": [1, 2], "t": [1, 1], "x": [None, 2]})
    assert np.isnan(read(frame, unit="u", period="t").column("x")).tolist() == [True, False]


def test_read_wide_range_of_codes_keeps_order() -> None:
    codes = [500113101200, 500113101201, 500000000000]
    panel = read({"u": codes, "t": [1, 1, 1], "x": [1.0, 2.0, 0.0]}, unit="u", period="t")
    assert panel.column("x").tolist() == [0, 1, 2]


def test_take_renumbers_units_that_are_left() -> None:
    panel = read(TABLE, unit="who", period="when").take(np.array([False, False, True, True]))
    assert list(panel.units) == ["b"] and panel.unit.tolist() == [0, 0]


def test_of_units_twice_the_same_gives_two_units() -> None:
    panel = read(TABLE, unit="who", period="when").of_units([1, 1, 0])
    assert panel.unit.tolist() == [0, 0, 1, 1, 2, 2]
    assert panel.column("x").tolist() == [3, 4, 3, 4, 1, 2]


def test_with_columns_wrong_length_refused() -> None:
    with pytest.raises(DataRefused, match="does not fit"):
        read(TABLE, unit="who", period="when").with_columns({"z": np.ones(3)})
