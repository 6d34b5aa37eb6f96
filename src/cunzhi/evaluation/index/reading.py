"""Reads tables from CSV, Excel, Parquet or polars into a Panel, and refuses cells that are no numbers."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.index.periods import parse_periods
from cunzhi.evaluation.index.table import Panel

if TYPE_CHECKING:
    import polars as pl

MISSING = ("", "NA", "NaN", "nan", "null", "None")
FIRST_ROW = 2  # as a spreadsheet counts: the heading is row 1
DATE_LIKE = re.compile(
    r"\d{4}-\d{2}-\d{2}.*|\d{1,2}月\d{1,2}日|\d{1,2}-(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
)
NUMBER_LIKE = re.compile(r"[-+]?[\d,，]+(\.\d+)?\s*[%％‰]?")


def read_table(path: Path | str) -> "pl.DataFrame":
    """Read the first sheet or the whole file at `path` (.csv, .xlsx, .parquet) without changing a cell."""
    import polars as pl  # noqa: PLC0415 -- slow to import

    path = Path(path)
    if path.suffix == ".csv":
        return _read_text(path)
    if path.suffix == ".parquet":
        return pl.read_parquet(path)
    if path.suffix in (".xlsx", ".xls", ".ods"):
        return _read_sheet(path)
    raise DataRefused(f"Unknown kind of file {path.suffix!r}", str(path), "save it as .csv, .xlsx or .parquet")


def read_panel(
    source: "Path | str | pl.DataFrame",
    *,
    codes: Sequence[str],
    unit: str = "unit",
    period: str = "period",
    groups: Sequence[str] = (),
) -> Panel:
    """Read the indicators `codes` of a table with one row a unit and period.

    source: a file or a polars table; columns besides those asked for are not read.
    unit, period: names of the key columns; groups: names of text columns such as the region.
    Raises DataRefused for missing columns, text in numbers, spreadsheet dates, unreadable or
    mixed periods, empty keys and units that appear twice in a period.
    """
    table = read_table(source) if isinstance(source, (str, Path)) else source
    _refuse_absent(table.columns, [unit, period, *groups, *codes])
    unit_names = _keys(table, unit)
    period_names = _keys(table, period)
    known = parse_periods(sorted(set(period_names)))
    periods = sorted(set(known.values()), key=lambda entry: entry.time)
    period_at = {text: periods.index(entry) for text, entry in known.items()}
    units = sorted(set(unit_names))
    unit_at = {name: position for position, name in enumerate(units)}
    unit_rows = np.array([unit_at[name] for name in unit_names], dtype=np.int64)
    period_rows = np.array([period_at[name] for name in period_names], dtype=np.int64)
    order = np.lexsort((period_rows, unit_rows))
    panel = Panel(
        units=tuple(units),
        periods=tuple(entry.label for entry in periods),
        times=np.array([entry.time for entry in periods]),
        unit=unit_rows[order],
        period=period_rows[order],
        codes=tuple(codes),
        values=np.column_stack([_numbers(table, code) for code in codes])[order],
        filled=np.zeros((order.size, len(codes)), dtype=np.uint8),
        groups={name: np.array(_keys(table, name))[order] for name in groups},
    )
    _refuse_repeated(panel, order)
    return panel


def write_table(table: "pl.DataFrame", path: Path | str) -> None:
    """Write any table of this package to .csv, .xlsx or .parquet, by the ending of `path`."""
    path = Path(path)
    if path.suffix == ".csv":
        table.write_csv(path)
    elif path.suffix == ".parquet":
        table.write_parquet(path)
    elif path.suffix == ".xlsx":
        table.write_excel(path)
    else:
        raise DataRefused(f"Unknown kind of file {path.suffix!r}", str(path), "write .csv, .xlsx or .parquet")


def _read_text(path: Path) -> "pl.DataFrame":
    """CSV in UTF-8, or in GB 18030 as spreadsheets in China write it."""
    import polars as pl  # noqa: PLC0415 -- slow to import

    text = _decoded(path)
    try:
        table = pl.read_csv(text.encode(), infer_schema=False)
    except pl.exceptions.PolarsError as error:
        raise DataRefused("The file is no table", str(path), f"check it in a text editor: {error}") from error
    twice = [name for name in table.columns if "_duplicated_" in name]
    if twice:
        raise DataRefused("Column names appear twice", f"{path}: {named(twice)}", "give every column its own name")
    return table


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DataRefused("The text is neither UTF-8 nor GB 18030", str(path), "save it as CSV in UTF-8")


def _cell(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _read_sheet(path: Path) -> "pl.DataFrame":
    import polars as pl  # noqa: PLC0415 -- slow to import
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 -- slow to import

    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    heading = [str(cell).strip() for cell in rows[0]] if rows else []
    if len(rows) < FIRST_ROW:
        raise DataRefused("The sheet has no rows below its heading", str(path), "put the data on the first sheet")
    if len(set(heading)) < len(heading):
        twice = [name for name in dict.fromkeys(heading) if heading.count(name) > 1]
        raise DataRefused("Column names appear twice", f"{path}: {named(twice)}", "give every column its own name")
    columns = {name: [_cell(row[at]) for row in rows[1:]] for at, name in enumerate(heading)}
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def _refuse_absent(present: Sequence[str], wanted: Sequence[str]) -> None:
    absent = [name for name in wanted if name not in present]
    if not absent:
        return
    near = {name: get_close_matches(name, present, n=1) for name in absent}
    hints = [f"{name!r} (perhaps {found[0]!r}?)" if found else repr(name) for name, found in near.items()]
    raise DataRefused(
        f"{len(absent)} columns are missing: {named(hints)}",
        f"the heading, which has {named(present)}",
        "rename the columns to the codes of the indicator tree, or change the tree",
    )


def _keys(table: "pl.DataFrame", name: str) -> list[str]:
    import polars as pl  # noqa: PLC0415 -- slow to import

    column = table.get_column(name)
    texts = column.cast(pl.String).str.strip_chars().to_list()
    if column.dtype.is_float():
        texts = [_cell(value) for value in column.to_list()]
    empty = [row + FIRST_ROW for row, text in enumerate(texts) if text is None or text in MISSING]
    if empty:
        raise DataRefused(
            f"The column {name!r} is empty in places", f"rows {named(empty)}", "fill or delete these rows"
        )
    return [str(text) for text in texts]


def _numbers(table: "pl.DataFrame", code: str) -> np.ndarray:
    import polars as pl  # noqa: PLC0415 -- slow to import

    column = table.get_column(code)
    if column.dtype.is_numeric():
        numbers = column.cast(pl.Float64)
    else:
        texts = column.cast(pl.String).str.strip_chars()
        texts = texts.set(texts.is_in(MISSING), None)
        numbers = texts.cast(pl.Float64, strict=False)
        _refuse_text(
            code, texts.filter(numbers.is_null() & texts.is_not_null()), numbers.is_null() & texts.is_not_null()
        )
    array = numbers.fill_null(float("nan")).to_numpy()
    infinite = np.flatnonzero(np.isinf(array))
    if infinite.size:
        raise DataRefused(
            "Infinite numbers",
            f"column {code!r}, rows {named(infinite + FIRST_ROW)}",
            "replace them by numbers or leave empty",
        )
    return np.asarray(array, dtype=np.float64)


def _refuse_text(code: str, texts: "pl.Series", bad: "pl.Series") -> None:
    if texts.is_empty():
        return
    rows = np.flatnonzero(bad.to_numpy()) + FIRST_ROW
    cells = [f"row {row} {text!r}" for row, text in zip(rows, texts.to_list(), strict=True)]
    sample = str(texts[0])
    how = "write plain numbers such as 1234.5; leave a cell empty when it is not known"
    if DATE_LIKE.fullmatch(sample):
        how = "a spreadsheet made dates of numbers: format the column as a number and enter the cells again"
    elif NUMBER_LIKE.fullmatch(sample):
        how = "remove the thousands separators and per cent signs; the unit belongs into the indicator tree"
    raise DataRefused(f"{len(cells)} cells are no numbers", f"column {code!r}: {named(cells)}", how)


def _refuse_repeated(panel: Panel, order: np.ndarray) -> None:
    same = (np.diff(panel.unit) == 0) & (np.diff(panel.period) == 0)
    again = np.flatnonzero(same)
    if again.size:
        cells = [
            f"{panel.row_name(row)} (rows {order[row] + FIRST_ROW} and {order[row + 1] + FIRST_ROW})"
            for row in again.tolist()
        ]
        raise DataRefused(
            "Units appear twice in the same period", named(cells), "keep one row for each unit and period"
        )
