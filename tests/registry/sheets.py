"""Sheets as cadres make them, written with xlsxwriter."""

import io
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import xlsxwriter
from town import identity_number

TITLES = ("户号", "姓名", "与户主关系", "身份证号", "联系电话", "家庭住址")
FAMILY = (
    ("12", "张大明", "户主", identity_number(1, "19600304"), "13812345678", "石岗 12 号"),
    ("12", "王芳", "妻", identity_number(2, "19620506"), "", ""),
    ("12", "张小明", "长子", identity_number(3, "19900101"), "13912345678", ""),
    ("13", "李四", "户主", identity_number(5, "19750708"), "023-61234567", "石岗 13 号"),
)


def workbook(write: Callable[[Any, Any], None], name: str = "名单") -> bytes:
    """The file of a workbook into whose one sheet `write(book, sheet)` writes."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        write(book, book.add_worksheet(name))
    return file.getvalue()


def rows_xlsx(rows: Sequence[Sequence[object]], titles: Sequence[str] = TITLES) -> bytes:
    """A plain sheet: titles in the first row, numbers as numbers, days as days."""

    def write(book: Any, sheet: Any) -> None:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate([titles, *rows]):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, column, value, day)
                elif isinstance(value, str):
                    sheet.write_string(number, column, value)
                else:
                    sheet.write(number, column, value)

    return workbook(write)


def merged_xlsx() -> bytes:
    """A title over all, a group over two columns, a name over two rows, and family cells merged over their members."""

    def write(book: Any, sheet: Any) -> None:
        sheet.merge_range(0, 0, 0, 6, "石岗村常住人口登记表(2026年)")
        for column, title in ((0, "序号"), (1, "户号"), (2, "姓 名"), (6, "家庭住址")):
            sheet.merge_range(1, column, 2, column, title)
        sheet.merge_range(1, 3, 1, 5, "基本信息")
        for column, title in ((3, "与户主关系"), (4, "公民身份号码*"), (5, "手机号(必填)")):
            sheet.write(2, column, title)
        for row, (_, name, relation, identity, phone, _) in enumerate(FAMILY, start=3):
            for column, value in ((0, row - 2), (2, name), (3, relation), (4, identity), (5, phone)):
                sheet.write(row, column, value)
        sheet.merge_range(3, 1, 5, 1, 12)
        sheet.merge_range(3, 6, 5, 6, "石岗 12 号")
        sheet.write(6, 1, 13)
        sheet.write(6, 6, "石岗 13 号")

    return workbook(write)


def rows_csv(encoding: str, delimiter: str = ",") -> bytes:
    lines = [delimiter.join(row) for row in (TITLES, *FAMILY)]
    return "\r\n".join(lines).encode(encoding)
