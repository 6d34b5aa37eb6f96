"""From cells to people: each row is read or refused, in the sheet's own terms."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cunzhi.base.errors import Refused
from cunzhi.base.identity import check_identity, check_phone
from cunzhi.base.messages import say
from cunzhi.registry.imports.headers import Header, filled_down
from cunzhi.registry.imports.sheet import Cell, Sheet, address, written

SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
DAY = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})日?")
LOST_DIGITS = 1e15
SEXES = {"男": "male", "男性": "male", "male": "male", "m": "male"} | {
    "女": "female",
    "女性": "female",
    "female": "female",
    "f": "female",
}
RELATIONS = {
    "head": "户主 本人 head self",
    "spouse": "配偶 妻 妻子 夫 丈夫 爱人 spouse wife husband",
    "child": "子 女 儿子 女儿 长子 次子 三子 长女 次女 三女 独生子 独生女 子女 养子 养女 child son daughter",
    "parent": "父 母 父亲 母亲 父母 parent father mother",
    "grandchild": "孙 孙子 孙女 外孙 外孙女 孙子女 grandchild grandson granddaughter",
}
RELATION_OF = {word: relation for relation, words in RELATIONS.items() for word in words.split()}
YES, NO = ("是", "yes", "y", "1"), ("否", "no", "n", "0")
LONGEST = {"name": 60, "number": 20, "address": 120, "grid": 80, "relation": 20}


@dataclass(frozen=True)
class PersonRow:
    """One person of the sheet. Empty text is: not said. `row` counts as in Excel, from 1."""

    row: int
    name: str
    identity: str = ""
    sex: str = ""
    born_on: date | None = None
    phone: str = ""
    number: str = ""
    relation: str = ""
    address: str = ""
    grid: str = ""


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with one cell: where, under which title, what stands there, and in `say` what to do."""

    row: int
    cell: str
    column: str
    value: str
    code: str
    params: dict[str, object]

    def say(self, language: str) -> str:
        return say(self.code, language, **self.params)


class _Unusable(Exception):
    """A cell cannot be used; carries the key of the sentence."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def read_rows(sheet: Sheet, header: Header) -> tuple[list[PersonRow], list[RowProblem]]:
    """All people of a sheet below its header, and what is wrong; empty rows count for nothing."""
    taken_from = filled_down(sheet, header)
    rows: list[PersonRow] = []
    problems: list[RowProblem] = []
    for row in range(header.first_row, len(sheet.rows)):
        places = {column: taken_from.get((row, place), (row, place)) for column, place in header.columns.items()}
        cells = {column: sheet.at(*place) for column, place in places.items()}
        own = [sheet.at(row, place) for column, place in header.columns.items() if column != "serial"]
        if not any(written(cell) for cell in own):
            continue
        read, wrong = _read(row, cells, header)
        problems += wrong
        rows += [read] if read else []
    return rows, problems


def _read(row: int, cells: dict[str, Cell], header: Header) -> tuple[PersonRow | None, list[RowProblem]]:
    values: dict[str, Any] = {}
    problems = []
    for column, reader in READERS.items():
        if column not in cells:
            continue
        try:
            values[column] = reader(column, cells[column])
        except (_Unusable, Refused) as wrong:
            problems.append(problem(header, row, column, written(cells[column]), wrong.code, wrong.params))
    if problems:
        return None, problems
    if not values["name"]:
        return None, [problem(header, row, "name", "", "registry.import.no_name", {})]
    contradiction = _said_by_number(values)
    if contradiction:
        column, code, params = contradiction
        return None, [problem(header, row, column, written(cells[column]), code, params)]
    head = str(values.pop("head", ""))
    if head.lower() in YES or head == values["name"]:
        values["relation"] = values.get("relation") or "head"
    return PersonRow(row=row + 1, **values), []


def _said_by_number(values: dict[str, Any]) -> tuple[str, str, dict[str, object]] | None:
    """Fills in the sex and birth that the identity number says, or tells which cell says otherwise."""
    if not values.get("identity"):
        return None
    read = check_identity(values["identity"])
    if values.get("born_on") not in (None, read.born):
        return "born_on", "registry.birth_contradicts", {"said": values["born_on"], "read": read.born}
    if values.get("sex") not in (None, "", read.sex):
        return "sex", "registry.sex_contradicts", {}
    values |= {"born_on": read.born, "sex": read.sex}
    return None


def problem(header: Header, row: int, column: str, value: str, code: str, params: dict[str, object]) -> RowProblem:
    """A problem at a cell; one with a column that the sheet does not have stands at the name."""
    at = column if column in header.columns else "name"
    return RowProblem(row + 1, address(row, header.columns[at]), header.titles[at], value, code, params)


def _text(column: str, cell: Cell) -> str:
    text = written(cell)
    if len(text) > LONGEST.get(column, 60):
        raise _Unusable("registry.too_long", longest=LONGEST.get(column, 60))
    return text


def _identity(column: str, cell: Cell) -> str:
    text = written(cell)
    if not text:
        return ""
    if (isinstance(cell, int | float) and abs(cell) >= LOST_DIGITS) or SCIENTIFIC.fullmatch(text):
        raise _Unusable("registry.import.number_lost")
    try:
        return check_identity(text).number
    except Refused:
        if re.fullmatch(r"\d{15}000", text):
            raise _Unusable("registry.import.number_lost") from None
        raise


def _phone(column: str, cell: Cell) -> str:
    text = written(cell)
    return check_phone(text) if text else ""


def _sex(column: str, cell: Cell) -> str:
    text = written(cell).lower()
    if text and text not in SEXES:
        raise _Unusable("registry.sex_unknown", value=text)
    return SEXES.get(text, "")


def _day(column: str, cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = written(cell)
    match = DAY.fullmatch(text.replace(" ", ""))
    if not text:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else date.fromisoformat(text)
    except ValueError:
        raise _Unusable("registry.import.no_day") from None


def _relation(column: str, cell: Cell) -> str:
    """Relations that the register does not tell apart are 'other'; a word is never refused, families are manifold."""
    text = _text(column, cell)
    return RELATION_OF.get(text.lower(), "other") if text else ""


READERS = {
    "name": _text,
    "identity": _identity,
    "sex": _sex,
    "born_on": _day,
    "phone": _phone,
    "number": _text,
    "head": _text,
    "relation": _relation,
    "address": _text,
    "grid": _text,
}
