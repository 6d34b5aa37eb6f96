"""Looks for numbers of people in texts and in every cell of Excel sheets, those that are hidden included."""

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import get_args

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from cunzhi.adapters.personal_data.port import Code, Finding, Part

DAY = r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
NUMBERS: dict[Code, re.Pattern[str]] = {
    "identity": re.compile(rf"(?<![0-9A-Za-z])[1-9]\d{{5}}{DAY}\d{{3}}[\dXx](?![0-9A-Za-z])"),
    "phone": re.compile(r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"),
    "card": re.compile(r"(?<!\d)62\d{14,17}(?!\d)"),
}
MOST_CELLS = 300_000
SHEET = b"PK\x03\x04"


class LocalPersonalDataCheck:
    """Reads texts and sheets; PDFs and photos it leaves to people, and says so."""

    def look(self, parts: Iterable[Part]) -> list[Finding]:
        found: Counter[Code] = Counter()
        first: dict[Code, str] = {}
        for part in parts:
            for code, count in _in(part):
                found[code] += count
                first.setdefault(code, part.name)
        return [_finding(code, found[code], first.get(code, "")) for code in get_args(Code)]


def _finding(code: Code, count: int, where: str) -> Finding:
    if not count:
        return Finding(code, "ok")
    return Finding(code, "abstain" if code == "unread" else "doubt", {"count": count, "where": where})


def _in(part: Part) -> Iterator[tuple[Code, int]]:
    """What one part holds, code by code."""
    if isinstance(part.content, str):
        yield from _numbers(part.content)
    elif part.content.startswith(SHEET):
        yield from _sheets(part.content)
    else:
        yield "unread", 1


def _numbers(text: str) -> Iterator[tuple[Code, int]]:
    for code, pattern in NUMBERS.items():
        count = len(pattern.findall(text))
        if count:
            yield code, count


def _sheets(data: bytes) -> Iterator[tuple[Code, int]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        left = MOST_CELLS
        for one in book.sheets_metadata:
            if one.visible != SheetVisibleEnum.Visible:
                yield "hidden", 1
            sheet = book.get_sheet_by_name(one.name)
            left -= sheet.total_height * sheet.total_width
            if left < 0:
                yield "unread", 1
                return
            for row in sheet.to_python():
                yield from _numbers("\t".join(_written(cell) for cell in row))
    except CalamineError:
        yield "unread", 1


def _written(cell: object) -> str:
    """A number as a person reads it; Excel keeps a phone as 13912345678.0."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
