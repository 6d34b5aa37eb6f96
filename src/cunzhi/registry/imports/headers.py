"""Which column is which: the titles that cadres write, in Chinese and English, below a title row or under a group."""

import re
import unicodedata
from dataclasses import dataclass

from cunzhi.base.errors import Refused
from cunzhi.registry.imports.sheet import Sheet, address, written

SYNONYMS = {
    "name": "姓名 名字 成员姓名 家庭成员姓名 人员姓名 name fullname",
    "identity": "身份证号 身份证号码 身份证 公民身份号码 证件号 证件号码 identity idnumber identitynumber",
    "sex": "性别 sex gender",
    "born_on": "出生日期 出生年月日 生日 dateofbirth birthdate birthday born",
    "phone": "手机号 手机号码 手机 联系电话 电话 电话号码 联系方式 phone phonenumber mobile telephone",
    "number": "户号 户编号 家庭编号 家庭户号 农户编号 household householdnumber",
    "head": "户主 户主姓名 head headofhousehold",
    "relation": "与户主关系 和户主关系 与户主的关系 户主关系 家庭关系 关系 relation relationship relationtohead",
    "address": "住址 家庭住址 家庭地址 地址 详细地址 门牌号 门牌 address",
    "grid": "网格 网格名称 网格编号 网格代码 所属网格 村民小组 小组 组 组别 社 grid group",
    "serial": "序号 编号 no number serial",
}
KNOWN = {word: column for column, words in SYNONYMS.items() for word in words.split()}
FILLED_DOWN = ("number", "head", "address", "grid", "phone")
"""Columns in which one merged cell speaks for all the rows beside it: a family's number, door, telephone."""
HEADER_WITHIN = 15


@dataclass(frozen=True)
class Header:
    """Where each column stands, what it is called in the sheet, where the people begin, and what nobody understood."""

    columns: dict[str, int]
    titles: dict[str, str]
    first_row: int
    ignored: tuple[str, ...]


def recognised(title: str) -> str | None:
    """The column that a title means; marks such as '*' and notes in brackets do not count."""
    plain = unicodedata.normalize("NFKC", title).lower()
    plain = re.sub(r"[(\[【].*?[)\]】]", "", plain)
    return KNOWN.get(re.sub(r"[\s*:_\-·/]", "", plain))


def find_header(sheet: Sheet) -> Header | None:
    """The header of a sheet, or None when there is no row with a title for the name."""
    titles = _filled_titles(sheet)
    best, most = -1, 0
    for row, cells in enumerate(titles):
        found = {recognised(cell) for cell in cells} - {None}
        if "name" in found and len(found) > most:
            best, most = row, len(found)
    if best < 0:
        return None
    first_row = best + 1
    while first_row < len(titles) and titles[first_row] == titles[best]:
        first_row += 1
    return _header(sheet, titles[best], best, first_row)


def _header(sheet: Sheet, cells: list[str], row: int, first_row: int) -> Header:
    columns: dict[str, int] = {}
    ignored = []
    for place, title in enumerate(cells):
        column = recognised(title)
        if column is None:
            holds = any(written(sheet.at(below, place)) for below in range(first_row, len(sheet.rows)))
            ignored += [title or address(row, place)] if title or holds else []
        elif column in columns:
            first, second = address(row, columns[column]), address(row, place)
            raise Refused("registry.import.column_twice", field="file", title=title, first=first, second=second)
        else:
            columns[column] = place
    titles = {column: cells[place] for column, place in columns.items()}
    return Header(columns, titles, first_row, tuple(ignored))


def _filled_titles(sheet: Sheet) -> list[list[str]]:
    """The first rows as text; merged cells filled, and a blank below a title taken to be that title."""
    width = max((len(row) for row in sheet.rows[:HEADER_WITHIN]), default=0)
    height = min(HEADER_WITHIN, len(sheet.rows))
    titles = [[written(sheet.at(row, column)) for column in range(width)] for row in range(height)]
    for (top, left), (bottom, right) in sheet.merged:
        for row in range(top, min(bottom + 1, height)):
            for column in range(left, min(right + 1, width)):
                titles[row][column] = titles[top][left]
    above = [[""] * width, *titles]
    return [
        [cell or _known(upper) for cell, upper in zip(*pair, strict=True)] for pair in zip(titles, above, strict=False)
    ]


def _known(title: str) -> str:
    return title if recognised(title) else ""


def filled_down(sheet: Sheet, header: Header) -> dict[tuple[int, int], tuple[int, int]]:
    """For each cell inside a merged cell of a family's column: the cell that holds what is written."""
    wanted = {header.columns[column] for column in FILLED_DOWN if column in header.columns}
    found = {}
    for (top, left), (bottom, right) in sheet.merged:
        if left == right and left in wanted and top >= header.first_row:
            found.update({(row, left): (top, left) for row in range(top + 1, bottom + 1)})
    return found
