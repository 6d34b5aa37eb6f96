"""An empty sheet with the columns that the import reads, and how to fill them in."""

import io
from typing import Any

import xlsxwriter

from cunzhi.base.messages import say

COLUMNS = ("number", "name", "relation", "identity", "sex", "born_on", "phone", "address", "grid")
WIDTHS = (10, 14, 14, 24, 8, 14, 18, 30, 16)
ROWS = 500


def template_xlsx(language: str = "zh-hans") -> bytes:
    """The empty sheet as a file. All cells are text, so that Excel cannot spoil an identity number."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "bottom": 1})
        sheet = book.add_worksheet(say("registry.sheet.people", language))
        for column, (name, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
            sheet.set_column(column, column, width, text)
            sheet.write_string(0, column, say(f"registry.sheet.{name}", language), bold)
        sheet.freeze_panes(1, 0)
        _choices(sheet, language)
        _instructions(book.add_worksheet(say("registry.sheet.how", language)), language)
    return file.getvalue()


def _choices(sheet: Any, language: str) -> None:
    for column, key in (("relation", "relations"), ("sex", "sexes")):
        place = COLUMNS.index(column)
        words = say(f"registry.sheet.{key}", language).split()
        rule = {"validate": "list", "source": words, "error_type": "warning"}
        sheet.data_validation(1, place, ROWS, place, rule)


def _instructions(sheet: Any, language: str) -> None:
    sheet.set_column(0, 0, 100)
    for row, line in enumerate(say("registry.sheet.instructions", language).splitlines()):
        sheet.write_string(row, 0, line)
