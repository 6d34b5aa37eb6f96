"""Tables of Markdown and Word files are read with their stars, brackets and bold."""

from pathlib import Path

import pytest

from cunzhi.base.strict_yaml import YamlRefused
from cunzhi.evaluation.audit.check import Severity
from cunzhi.evaluation.audit.stars import Bracket
from cunzhi.studies.audit.documents import read_document
from cunzhi.studies.audit.legend import levels_in
from cunzhi.studies.audit.reading import read_paper
from cunzhi.studies.audit.report import audit
from cunzhi.studies.audit.skeleton import skeleton

PAPER = """# A paper

**Table 1:** Regressions

|          | (1)      | (2)            |
|----------|:--------:|----------------|
| NQPF     | 0.415*** | **0.342***     |
|          | (0.052)  | (0.048)        |
| Urban    |          | -0.056 (0.082) |
| N        | 114      | 114            |

Note: Robust standard errors in parentheses; *** p < 0.01.

表 2 收入

| 年份 | 城镇 | 农村 |
|---|---|---|
| 2019 | 42359 | 16021 |
| 2020 | 43834 | 17131 |

Words alone:

| Dimension | Says |
|---|---|
| Core | Land |
"""


def test_markdown_tables_are_audited(tmp_path: Path) -> None:
    path = tmp_path / "paper.md"
    path.write_text(PAPER, encoding="utf-8")
    paper = read_document(path)
    assert list(paper.tables) == ["1", "2", "#3"]
    assert [table.kind for table in paper.tables.values()] == ["regression", "numbers", "words"]
    assert paper.tables["1"].rows["NQPF"] == ["0.415*** (0.052)", "**0.342*** (0.048)"]
    assert (paper.tables["1"].bracket, paper.tables["1"].observations) == (Bracket.STANDARD_ERROR, "N")
    assert paper.tables["2"].title == "收入"
    errors = audit(paper).having(Severity.ERROR)
    assert [(check.rule, check.because) for check in errors] == [("stars", ("bold_asterisks",))]


def test_word_tables_are_audited(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.add_paragraph("Table 4.1: Regressions")
    table = document.add_table(rows=3, cols=3)
    for row, texts in enumerate([["", "(1)", "(2)"], ["NQPF", "0.415***", ""], ["", "(0.052)", "(0.048)"]]):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(1, 2).paragraphs[0].add_run("0.342*").bold = True
    document.add_paragraph("括号内为标准误；***、**、* 分别表示在 1%、5%、10% 水平上显著。")
    path = tmp_path / "paper.docx"
    document.save(str(path))
    paper = read_document(path)
    assert paper.tables["4.1"].rows["NQPF"] == ["0.415*** (0.052)", "<b>0.342*</b> (0.048)"]
    errors = audit(paper).having(Severity.ERROR)
    assert [(check.places[0].column, check.because) for check in errors] == [("(2)", ("bold_asterisks",))]


def test_same_estimate_with_other_stars_in_two_tables_is_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "paper.md"
    second = (
        PAPER.split("\n\n表 2")[0].split("\n\n", 1)[1].replace("Table 1", "Table 3").replace("**0.342***", "0.342***")
    )
    path.write_text(f"{PAPER}\n{second}", encoding="utf-8")
    warned = audit(read_document(path)).having(Severity.WARNING)
    assert [check.key for check in warned] == ["same_stars"]


def test_file_without_tables_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "paper.md"
    path.write_text("# Nothing\n\nto | read\n", encoding="utf-8")
    with pytest.raises(YamlRefused, match="no table"):
        read_document(path)


def test_row_longer_than_its_head_keeps_every_cell(tmp_path: Path) -> None:
    path = tmp_path / "paper.md"
    path.write_text("| x | a |\n|---|---|\n| y | 1 | 2 |\n", encoding="utf-8")
    table = read_document(path).tables["#1"]
    assert (table.columns, table.rows["y"]) == (["a", "column [2]"], ["1", "2"])


def test_file_that_is_no_word_file_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("docx")
    path = tmp_path / "paper.docx"
    path.write_bytes(b"not a zip")
    with pytest.raises(YamlRefused, match="Word"):
        read_document(path)


def test_tables_written_as_yaml_come_back(tmp_path: Path) -> None:
    path = tmp_path / "paper.md"
    path.write_text(PAPER, encoding="utf-8")
    paper = read_document(path)
    assert read_paper(skeleton(paper), name="paper.yaml") == paper


@pytest.mark.parametrize(
    ("note", "levels"),
    [
        ("*** p < 0.01, ** p < 0.05, * p < 0.1", [0.1, 0.05, 0.01]),
        ("\\*\\*\\* p<0.01", [0.1, 0.05, 0.01]),
        ("*p<.05; **p<.01; ***p<.001", [0.05, 0.01, 0.001]),
        ("***、**、*分别表示在1%、5%、10%的水平上显著", [0.1, 0.05, 0.01]),
        ("*, ** and *** denote significance at the 5%, 1% and 0.1% level", [0.05, 0.01, 0.001]),
        ("** p<0.01", []),
        ("Standard errors in parentheses", []),
    ],
)
def test_note_says_what_stars_mean(note: str, levels: list[float]) -> None:
    assert levels_in(note) == levels


def test_stars_without_a_legend_are_not_checked(tmp_path: Path) -> None:
    path = tmp_path / "paper.md"
    path.write_text(PAPER.replace("*** p < 0.01", ""), encoding="utf-8")
    found = audit(read_document(path))
    assert found.counts["error"] == 0
    assert {check.key for check in found.having(Severity.UNCHECKED)} == {"no_legend"}
