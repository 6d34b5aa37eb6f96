"""What is to be made public is looked through for numbers of people, in texts and in all cells of a sheet."""

import io
from typing import Any

import pytest
import xlsxwriter

from cunzhi.adapters.personal_data.local import LocalPersonalDataCheck
from cunzhi.adapters.personal_data.port import Part
from cunzhi.engine.stage import paper

IDENTITY, PHONE, CARD = "11010519491231002X", "13912345678", "6222020200112233445"


def sheet(*cells: object, hidden: bool = False) -> bytes:
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept, {"in_memory": True})
    book.add_worksheet("公开").write(0, 0, "合计")
    second = book.add_worksheet("名册")
    for row, cell in enumerate(cells):
        second.write(row, 0, cell)
    if hidden:
        second.hide()
    book.close()
    return kept.getvalue()


def found(*parts: Part) -> dict[str, tuple[str, Any, Any]]:
    answers = LocalPersonalDataCheck().look(parts)
    return {one.code: (one.verdict, one.params.get("count"), one.params.get("where")) for one in answers}


@pytest.mark.parametrize(
    ("text", "code"),
    [(f"身份证{IDENTITY}。", "identity"), (f"电话{PHONE}", "phone"), ("打139 1234 5678", "phone"), (CARD, "card")],
)
def test_numbers_in_a_text_are_doubted(text: str, code: str) -> None:
    answers = found(Part("正文", text))
    assert answers.pop(code) == ("doubt", 1, "正文")
    assert {verdict for verdict, *_ in answers.values()} == {"ok"}


@pytest.mark.parametrize(
    "text", ["合计 123456.78 元", "文号〔2026〕12号，2026-03-01", "合同编号 50011310112", "1391234567"]
)
def test_other_numbers_are_not(text: str) -> None:
    assert {verdict for verdict, *_ in found(Part("正文", text)).values()} == {"ok"}


def test_hidden_sheet_is_read_like_any_other() -> None:
    answers = found(Part("名册.xlsx", sheet(IDENTITY, float(PHONE), hidden=True)))
    assert answers["identity"] == ("doubt", 1, "名册.xlsx")
    assert answers["phone"] == ("doubt", 1, "名册.xlsx")
    assert answers["hidden"] == ("doubt", 1, "名册.xlsx")


def test_numbers_themselves_are_not_kept() -> None:
    answers = LocalPersonalDataCheck().look([Part("正文", f"{IDENTITY} {PHONE} {CARD}")])
    assert not any(number in repr(answers) for number in (IDENTITY, PHONE, CARD))


def test_pdf_is_left_to_people_and_said_so() -> None:
    assert found(Part("纪要.pdf", paper("纪要")))["unread"] == ("abstain", 1, "纪要.pdf")


def test_broken_sheet_never_fails() -> None:
    assert found(Part("x.xlsx", sheet()[:200]))["unread"][0] == "abstain"
