"""The workbook: every table with its numbers unrounded, the figures' numbers, the data with filled cells coloured."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import numpy as np

from cunzhi.studies.prepared import Prepared
from cunzhi.studies.results import Cell, Results, Table
from cunzhi.studies.words import text

NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)
LONGEST_NAME = 31
MOST_DATA_ROWS = 10_000
"""Of a longer panel only the rows with filled cells are shown; the whole stands in the replication package."""
MOST_FIGURE_ROWS = 10_000


def workbook(results: Results, prepared: Prepared) -> bytes:
    """The .xlsx as bytes; the same results give the same bytes."""
    import xlsxwriter  # noqa: PLC0415 -- only needed here

    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "nan_inf_to_errors": False})
    book.set_properties({"title": results.title.en, "author": "Cunzhi", "created": NO_DATE})
    formats = {
        "head": book.add_format({"bold": True, "bottom": 1, "top": 2, "text_wrap": True, "valign": "vcenter"}),
        "title": book.add_format({"bold": True, "font_size": 13}),
        "note": book.add_format({"font_size": 9, "font_color": "#333333"}),
        "red": book.add_format({"bold": True, "font_color": "#B00020"}),
        "filled": book.add_format({"bg_color": "#FFE699"}),
    }
    for table in results.tables:
        _table(book, formats, results, table)
    for figure in results.figures:
        sheet = _sheet(book, formats, results, f"fig {figure.key}", f"{figure.title.en} / {figure.title.zh_Hans}")
        sheet.write_row(2, 0, figure.columns, formats["head"])
        step = -(-len(figure.rows) // MOST_FIGURE_ROWS)
        for line, row in enumerate(figure.rows[:: max(1, step)], start=3):
            _values(sheet, line, row)
        if step > 1:
            words = text("notes.every_row", step=step)
            sheet.write_string(1, 3, f"{words.en} / {words.zh_Hans}", formats["note"])
    _data(book, formats, results, prepared)
    _traces(book, formats, results)
    book.close()
    return buffer.getvalue()


def _sheet(book: Any, formats: dict[str, Any], results: Results, name: str, title: str) -> Any:
    sheet = book.add_worksheet(name[:LONGEST_NAME])
    sheet.write_string(0, 0, title, formats["title"])
    if results.simulated:
        banner = text("report.simulated_banner")
        sheet.write_string(1, 0, f"{banner.en} / {banner.zh_Hans}", formats["red"])
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 12, 17)
    return sheet


def _table(book: Any, formats: dict[str, Any], results: Results, table: Table) -> None:
    sheet = _sheet(book, formats, results, table.key, f"{table.title.en} / {table.title.zh_Hans}")
    for column, words in enumerate(table.head):
        sheet.write_string(2, column, f"{words.en}\n{words.zh_Hans}", formats["head"])
    line = 3
    for row in table.rows:
        label = f"{row.label.en} / {row.label.zh_Hans}" if row.label else ""
        sheet.write_string(line, 0, label)
        for column, cell in enumerate(row.cells, start=1):
            _cell(book, sheet, line, column, cell, formats)
        line += 1
    for note in table.notes:
        sheet.write_string(line + 1, 0, f"{note.en} / {note.zh_Hans}", formats["note"])
        line += 1
    for sentence in results.sentences:
        if sentence.table == table.key:
            sheet.write_string(line + 1, 0, f"{sentence.text.en} / {sentence.text.zh_Hans}")
            line += 1


def _cell(book: Any, sheet: Any, line: int, column: int, cell: Cell, formats: dict[str, Any]) -> None:
    """A number as a number shown as printed, with its trace in a comment; anything else as text."""
    style = formats["filled"] if cell.filled else None
    if cell.value is None or not np.isfinite(cell.value):
        sheet.write_string(line, column, cell.say("en"), style)
        return
    key = f"as {cell.say('en')}"
    if key not in formats:
        shown = cell.say("en").replace('"', '""')
        colour = {"bg_color": "#FFE699"} if cell.filled else {}
        formats[key] = book.add_format({"num_format": f'"{shown}"', "align": "center", **colour})
    sheet.write_number(line, column, cell.value, formats[key])
    if cell.trace:
        sheet.write_comment(line, column, f"{cell.trace} {cell.path}")


def _data(book: Any, formats: dict[str, Any], results: Results, prepared: Prepared) -> None:
    """The columns of the regressions before standardising, and each index's indicators, filled cells coloured."""
    panel = prepared.plain
    names = list(prepared.study.named)
    sheet = _sheet(book, formats, results, "data", "Data before standardising / 标准化前的数据")
    sheet.write_row(2, 0, ["unit", "period", *names], formats["head"])
    units, periods = panel.units[panel.unit], panel.periods[panel.period]
    touched = np.any([share > 0 for share in prepared.filled.values()] or [np.zeros(panel.n, dtype=bool)], axis=0)
    for line, row in enumerate(_shown(sheet, touched, formats), start=3):
        sheet.write_string(line, 0, str(units[row]))
        sheet.write_string(line, 1, str(periods[row]))
        for column, name in enumerate(names, start=2):
            filled = name in prepared.filled and prepared.filled[name][row] > 0
            _number(sheet, line, column, panel.column(name)[row], formats["filled"] if filled else None)
    for name, build in prepared.filled_builds.items():
        sheet = _sheet(
            book, formats, results, f"data {name}", f"Indicators of {name}; coloured: filled / 指标；着色者为填补"
        )
        sheet.write_row(2, 0, ["unit", "period", *build.panel.codes], formats["head"])
        keys = build.panel.keys()
        for line, row in enumerate(_shown(sheet, (build.panel.filled > 0).any(axis=1), formats), start=3):
            sheet.write_string(line, 0, keys["unit"][row])
            sheet.write_string(line, 1, keys["period"][row])
            for column in range(len(build.panel.codes)):
                style = formats["filled"] if build.panel.filled[row, column] else None
                _number(sheet, line, column + 2, build.panel.values[row, column], style)


def _shown(sheet: Any, touched: Any, formats: dict[str, Any]) -> Any:
    """All rows of a small panel, else those that hold filled cells, which the sheet says."""
    if touched.size <= MOST_DATA_ROWS:
        return range(touched.size)
    words = text("notes.rows_with_fills", count=f"{touched.size:,}", shown=f"{int(touched.sum()):,}")
    sheet.write_string(1, 3, f"{words.en} / {words.zh_Hans}", formats["note"])
    return np.flatnonzero(touched).tolist()


def _traces(book: Any, formats: dict[str, Any], results: Results) -> None:
    sheet = _sheet(book, formats, results, "traces", "Traces / 来源记录")
    sheet.write_row(2, 0, ["trace", "function", "choices", "columns", "rows", "code", "libraries"], formats["head"])
    for line, (identity, trace) in enumerate(results.traces.items(), start=3):
        sheet.write_string(line, 0, identity)
        for column, key in enumerate(("function", "choices", "columns", "rows", "code", "libraries"), start=1):
            sheet.write_string(line, column, str(trace[key])[:32_000])


def _values(sheet: Any, line: int, row: tuple[Any, ...]) -> None:
    for column, value in enumerate(row):
        if isinstance(value, bool) or value is None or isinstance(value, str):
            sheet.write_string(line, column, "" if value is None else str(value))
        else:
            _number(sheet, line, column, float(value), None)


def _number(sheet: Any, line: int, column: int, value: float, style: Any) -> None:
    if np.isfinite(value):
        sheet.write_number(line, column, float(value), style)
