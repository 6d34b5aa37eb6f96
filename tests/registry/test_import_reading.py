"""Files are read as cadres write them, or refused with the cell, the title and what to do."""

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sheets import FAMILY, TITLES, merged_xlsx, rows_csv, rows_xlsx, workbook
from town import identity_number

from cunzhi.base.errors import Refused
from cunzhi.registry.imports.headers import find_header, recognised
from cunzhi.registry.imports.rows import PersonRow, RowProblem, read_rows
from cunzhi.registry.imports.sheet import address, read, written

EXPECTED = [
    ("12", "张大明", "head", FAMILY[0][3], "13812345678", "石岗 12 号"),
    ("12", "王芳", "spouse", FAMILY[1][3], "", ""),
    ("12", "张小明", "child", FAMILY[2][3], "13912345678", ""),
    ("13", "李四", "head", FAMILY[3][3], "023-61234567", "石岗 13 号"),
]


def people_of(file: bytes) -> tuple[list[PersonRow], list[RowProblem]]:
    (sheet,) = read(file)
    header = find_header(sheet)
    assert header is not None
    return read_rows(sheet, header)


def told(rows: list[PersonRow]) -> list[tuple[str, ...]]:
    return [(row.number, row.name, row.relation, row.identity, row.phone, row.address) for row in rows]


@pytest.mark.parametrize(
    "file",
    [
        rows_xlsx(FAMILY),
        rows_csv("gbk"),
        rows_csv("gb18030", "\t"),
        rows_csv("utf-8"),
        rows_csv("utf-8-sig", ";"),
        rows_csv("utf-16"),
    ],
    ids=["xlsx", "csv gbk", "tab gb18030", "csv utf-8", "csv bom", "csv utf-16"],
)
def test_plain_sheet_is_read_whatever_its_kind(file: bytes) -> None:
    rows, problems = people_of(file)
    assert problems == []
    assert told(rows) == EXPECTED


def test_merged_headers_titles_and_family_cells_are_understood() -> None:
    rows, problems = people_of(merged_xlsx())
    assert problems == []
    homes = [(row[0], row[5]) for row in told(rows)]
    assert homes == [("12", "石岗 12 号")] * 3 + [("13", "石岗 13 号")]
    assert [row.row for row in rows] == [4, 5, 6, 7]


def test_identity_number_that_excel_spoiled_is_refused_at_its_cell() -> None:
    spoiled = int(FAMILY[0][3][:17] + "0")
    rows, problems = people_of(rows_xlsx([("12", "张大明", "户主", float(spoiled), "", "")]))
    (problem,) = problems
    assert rows == []
    assert (problem.cell, problem.column, problem.code) == ("D2", "身份证号", "registry.import.number_lost")
    assert "文本" in problem.say("zh-hans") and "Text" in problem.say("en")


@pytest.mark.parametrize("text", ["5.00113E+17", "5.00113199001E+17", "500113199001010000"])
def test_identity_number_spoiled_in_a_csv_is_told_from_a_typing_mistake(text: str) -> None:
    _, problems = people_of(f"姓名,身份证号\n张大明,{text}\n".encode())
    assert [problem.code for problem in problems] == ["registry.import.number_lost"]


@pytest.mark.parametrize(
    ("title", "value", "code"),
    [
        ("身份证号", identity_number(1)[:-1], "base.identity.length"),
        ("性别", "不详", "registry.sex_unknown"),
        ("联系电话", "没有", "base.phone.characters"),
        ("出生日期", "1990-13-01", "registry.import.no_day"),
        ("家庭住址", "长" * 121, "registry.too_long"),
    ],
)
def test_cell_that_is_wrong_is_named_with_title_and_value(title: str, value: str, code: str) -> None:
    _, (problem,) = people_of(rows_xlsx([("张大明", value)], ("姓名", title)))
    assert (problem.cell, problem.column, problem.value, problem.code) == ("B2", title, value, code)
    assert problem.say("zh-hans") and problem.say("en")


def test_row_without_a_name_is_refused_and_an_empty_row_is_nothing() -> None:
    rows, problems = people_of(rows_xlsx([("", ""), ("", "13812345678"), ("张大明", "")], ("姓名", "电话")))
    assert [row.row for row in rows] == [4]
    assert [(problem.cell, problem.code) for problem in problems] == [("A3", "registry.import.no_name")]


@pytest.mark.parametrize(
    "day", [date(1990, 1, 31), "1990-01-31", "1990/1/31", "1990.1.31", "1990年1月31日", "19900131", 19900131]
)
def test_day_of_birth_is_read_as_people_write_it(day: object) -> None:
    rows, problems = people_of(rows_xlsx([("张大明", day)], ("姓名", "出生日期")))
    assert problems == [] and rows[0].born_on == date(1990, 1, 31)


@pytest.mark.parametrize(("title", "value"), [("性别", "女"), ("出生日期", "1990-01-02")])
def test_cell_that_contradicts_the_identity_number_is_named(title: str, value: str) -> None:
    _, (problem,) = people_of(rows_xlsx([("张大明", identity_number(1), value)], ("姓名", "身份证号", title)))
    assert (problem.cell, problem.column) == ("C2", title)


def test_phone_that_excel_made_a_number_is_read() -> None:
    rows, _ = people_of(rows_xlsx([("张大明", 13812345678)], ("姓名", "手机")))
    assert rows[0].phone == "13812345678"


def test_head_column_makes_the_head() -> None:
    rows, _ = people_of(rows_xlsx([("1", "张大明", "张大明"), ("1", "王芳", "张大明")], ("户号", "姓名", "户主")))
    assert [row.relation for row in rows] == ["head", ""]


def test_column_that_nobody_understands_is_named() -> None:
    (sheet,) = read(rows_xlsx([("张大明", "42", "x")], ("姓名", "鞋码", "")))
    header = find_header(sheet)
    assert header is not None and header.ignored == ("鞋码", "C1")


def test_column_twice_is_refused_with_both_cells() -> None:
    (sheet,) = read(rows_xlsx([("张大明", "1", "2")], ("姓名", "电话", "手机号")))
    with pytest.raises(Refused, match="two columns") as refusal:
        find_header(sheet)
    assert {refusal.value.params["first"], refusal.value.params["second"]} == {"B1", "C1"}


def test_sheet_without_a_name_column_has_no_header() -> None:
    (sheet,) = read(rows_xlsx([("1", "2")], ("身份证号", "电话")))
    assert find_header(sheet) is None


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\x00" * (201 * 1024 * 1024))
    return file.getvalue()


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 torn", "unreadable"),
        (b"\xd0\xcf\x11\xe0 torn", "unreadable"),
        (b"\x00\x01\x02\xff\xfe", "unreadable"),
        (b"x" * (10 * 1024 * 1024 + 1), "too_large"),
        (bomb(), "too_large"),
        (workbook(lambda _book, sheet: sheet.write(1_000_000, 16_000, "x")), "too_wide"),
        (workbook(lambda _book, _sheet: None), "empty"),
    ],
    ids=["empty", "torn xlsx", "torn xls", "binary", "large", "bomb", "wide", "blank"],
)
def test_file_that_cannot_be_read_is_refused_kindly(file: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(file)
    assert refusal.value.code == f"registry.import.{code}"


def test_titles_are_recognised_with_their_ornaments() -> None:
    for title in ("*姓名", "姓 名:", "姓名(必填)", "Name", "FULL NAME"):
        assert recognised(title) == "name"
    assert recognised("备注") is None
    assert all(recognised(title) for title in TITLES)


@given(st.integers(0, 1_048_575), st.integers(0, 16_383))
def test_address_of_a_cell_says_row_and_column(row: int, column: int) -> None:
    text = address(row, column)
    letters, digits = text.rstrip("0123456789"), text.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    assert (int(digits) - 1, number - 1) == (row, column)


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.dates()))
def test_written_cell_is_stable(cell: object) -> None:
    text = written(cell)  # type: ignore[arg-type]
    assert written(text) == text
