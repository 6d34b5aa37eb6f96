"""A file from a cadre's computer as rows of cells: Excel old and new, CSV in Chinese or universal encoding."""

import csv
import io
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from cunzhi.base.errors import Refused

Cell = str | float | int | bool | date | datetime | time | timedelta
Range = tuple[tuple[int, int], tuple[int, int]]
LARGEST_FILE = 10 * 1024 * 1024
LARGEST_UNPACKED = 200 * 1024 * 1024
MOST_CELLS = 2_000_000
EXCEL_NEW, EXCEL_OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
DELIMITERS = ",\t;"


@dataclass(frozen=True)
class Sheet:
    """Rows and columns count from 0 here and are said as in Excel (B7). `merged`: top left and bottom right corners."""

    name: str
    rows: list[list[Cell]]
    merged: list[Range] = field(default_factory=list)

    def at(self, row: int, column: int) -> Cell:
        cells = self.rows[row] if 0 <= row < len(self.rows) else []
        return cells[column] if column < len(cells) else ""

    @property
    def empty(self) -> bool:
        return not any(written(cell) for row in self.rows for cell in row)


def address(row: int, column: int) -> str:
    """The name that Excel gives a cell: (6, 1) -> B7."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def written(cell: Cell) -> str:
    """What stands in a cell, as text: whole numbers without '.0', blanks and Excel's leading apostrophe taken off."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return " ".join(str(cell).split()).lstrip("'‘’`")


def read(file: bytes) -> list[Sheet]:
    """The visible sheets of a file; what the file is shows in its first bytes, not in its name."""
    if len(file) > LARGEST_FILE:
        raise Refused("registry.import.too_large", field="file", most=LARGEST_FILE // 1024 // 1024)
    if file.startswith(EXCEL_NEW):
        _refuse_bomb(file)
    sheets = _excel(file) if file.startswith((EXCEL_NEW, EXCEL_OLD)) else [_csv(file)]
    if all(sheet.empty for sheet in sheets):
        raise Refused("registry.import.empty", field="file")
    return [sheet for sheet in sheets if not sheet.empty]


def _refuse_bomb(file: bytes) -> None:
    """A small file that unpacks to gigabytes is no list of people."""
    try:
        unpacked = sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(file)).infolist())
    except zipfile.BadZipFile:
        raise Refused("registry.import.unreadable", field="file") from None
    if unpacked > LARGEST_UNPACKED:
        raise Refused("registry.import.too_large", field="file", most=LARGEST_FILE // 1024 // 1024)


def _excel(file: bytes) -> list[Sheet]:
    found = []
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(file))
        for one in book.sheets_metadata:
            if one.visible != SheetVisibleEnum.Visible or one.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(one.name)
            if sheet.total_height * sheet.total_width > MOST_CELLS:
                raise Refused("registry.import.too_wide", field="file", sheet=one.name)
            found.append(Sheet(one.name, sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or []))
    except CalamineError:
        raise Refused("registry.import.unreadable", field="file") from None
    return found


def _csv(file: bytes) -> Sheet:
    text = _decoded(file)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    try:
        rows: list[list[Cell]] = [list(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)]
    except csv.Error:
        raise Refused("registry.import.unreadable", field="file") from None
    return Sheet("CSV", rows)


def _decoded(file: bytes) -> str:
    """UTF-8 says of itself whether it is; GB 18030 (Excel's CSV in China) is what remains."""
    marked = file.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if marked else ["utf-8-sig", "gb18030"]:
        try:
            text = file.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Refused("registry.import.unreadable", field="file")
