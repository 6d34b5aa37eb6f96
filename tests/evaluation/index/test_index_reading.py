"""Reading tables: what is accepted, and how bad cells are refused by row and column."""

from datetime import date, datetime

import numpy as np
import polars as pl
import pytest
import xlsxwriter
from evaluation.index.examples import TREE, simulated_panel, simulated_table
from hypothesis import given
from hypothesis import strategies as st

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.index.periods import parse_periods
from cunzhi.evaluation.index.reading import read_panel, read_table, write_table


def table_of(**columns):
    return pl.DataFrame({"unit": ["A", "A", "B"], "period": ["2021", "2022", "2021"], "x": ["1", "2", "3"]} | columns)


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet"])
def test_panel_survives_each_file_format(tmp_path, ending):
    path = tmp_path / f"data{ending}"
    write_table(simulated_table(), path)
    read = read_panel(path, codes=TREE.codes, groups=("region",))
    assert read.fingerprint == simulated_panel().fingerprint or np.allclose(
        read.values, simulated_panel().values, rtol=1e-14
    )
    assert read.units == simulated_panel().units
    assert read.periods == ("2021", "2022", "2023")


@given(st.randoms(use_true_random=False))
def test_panel_does_not_depend_on_row_order(random):
    table = simulated_table()
    order = list(range(len(table)))
    random.shuffle(order)
    shuffled = read_panel(table[order], codes=TREE.codes, groups=("region",))
    assert shuffled.fingerprint == simulated_panel().fingerprint


def test_text_in_numbers_names_rows_and_column():
    with pytest.raises(DataRefused) as refused:
        read_panel(table_of(x=["1", "1,234", "about 3"]), codes=["x"])
    assert "'x'" in refused.value.where
    assert "row 3 '1,234'" in refused.value.where
    assert "row 4 'about 3'" in refused.value.where
    assert "thousands separators" in refused.value.how


def test_date_in_numbers_is_recognised_as_a_spreadsheet_accident():
    with pytest.raises(DataRefused, match="made dates of numbers"):
        read_panel(table_of(x=[date(2021, 3, 1), date(2021, 3, 2), date(2021, 3, 3)]), codes=["x"])


@pytest.mark.parametrize("empty", ["", "NA", None])
def test_missing_marks_become_missing_cells(empty):
    panel = read_panel(table_of(x=["1", empty, "3"]), codes=["x"])
    assert np.isnan(panel.values[1, 0])


def test_missing_column_suggests_the_nearest_name():
    with pytest.raises(DataRefused) as refused:
        read_panel(table_of(petition=["1", "2", "3"]), codes=["petitions"])
    assert "perhaps 'petition'" in refused.value.what
    assert "unit, period" in refused.value.where


def test_unit_twice_in_a_period_names_both_rows():
    with pytest.raises(DataRefused) as refused:
        read_panel(table_of(period=["2021", "2021", "2021"]), codes=["x"])
    assert refused.value.where == "A 2021 (rows 2 and 3)"


def test_empty_unit_names_its_row():
    with pytest.raises(DataRefused, match="rows 3"):
        read_panel(table_of(unit=["A", None, "B"]), codes=["x"])


def test_infinite_number_is_refused():
    with pytest.raises(DataRefused, match="Infinite"):
        read_panel(table_of(x=[1.0, np.inf, 2.0]), codes=["x"])


def test_spreadsheet_with_real_dates_as_periods_is_refused(tmp_path):
    path = tmp_path / "dates.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["unit", "period", "x"])
        sheet.write_row(1, 0, ["A"])
        sheet.write_datetime(1, 1, datetime(2021, 1, 1), book.add_format({"num_format": "yyyy-mm-dd"}))  # noqa: DTZ001
        sheet.write_number(1, 2, 3)
    with pytest.raises(DataRefused, match="perhaps 2021"):
        read_panel(path, codes=["x"])


def test_day_number_of_a_spreadsheet_is_explained():
    with pytest.raises(DataRefused, match=r"2021-01-01: perhaps 2021"):
        read_panel(table_of(period=["44197", "44198", "44199"]), codes=["x"])


def test_mixed_kinds_of_periods_are_refused():
    with pytest.raises(DataRefused, match="mixed"):
        parse_periods(["2021", "2021Q2"])


@pytest.mark.parametrize(
    ("text", "label", "time"),
    [
        ("2021年", "2021", 2021.0),
        ("2021.0", "2021", 2021.0),
        ("2021q3", "2021Q3", 2021.5),
        ("2021/7", "2021-07", 2021.5),
    ],
)
def test_period_spellings_become_one(text, label, time):
    period = parse_periods([text])[text]
    assert (period.label, period.time) == (label, time)


def test_unknown_file_kind_is_refused(tmp_path):
    with pytest.raises(DataRefused, match=r"save it as"):
        read_table(tmp_path / "data.sav")


def test_long_lists_are_shortened():
    assert named(range(10)) == "0, 1, 2, 3, 4, 5, 6, 7 and 2 more"


def test_division_codes_stay_whole_in_spreadsheets_and_float_columns(tmp_path):
    path = tmp_path / "codes.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["unit", "period", "x"])
        sheet.write_row(1, 0, [500113, 2021, 1.5])
    assert read_panel(path, codes=["x"]).units == ("500113",)
    frame = pl.DataFrame({"unit": [500113.0], "period": [2021.0], "x": [1.5]})
    assert read_panel(frame, codes=["x"]).units == ("500113",)


def test_text_file_in_chinese_encoding_is_read(tmp_path):
    path = tmp_path / "data.csv"
    path.write_bytes("unit,period,x\n北碚,2021,1\n".encode("gb18030"))
    assert read_panel(path, codes=["x"]).units == ("北碚",)


def test_text_file_in_neither_encoding_is_refused(tmp_path):
    path = tmp_path / "data.csv"
    path.write_bytes(b"unit,period,x\n\xff\xff,2021,1\n")
    with pytest.raises(DataRefused, match="save it as CSV in UTF-8"):
        read_panel(path, codes=["x"])


def test_column_named_twice_is_refused(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("unit,period,x,x\nA,2021,1,2\n", encoding="utf-8")
    with pytest.raises(DataRefused, match="twice"):
        read_panel(path, codes=["x"])
