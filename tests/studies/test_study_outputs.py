"""Every output of a study exists, opens, and holds the same numbers as the results."""

import json
import re
from html import unescape
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest
from python_calamine import CalamineWorkbook
from small_study import Ran, demo_text, silent, write_inputs

from cunzhi.base.errors import Refused
from cunzhi.studies import output
from cunzhi.studies.output import results_text, write_study
from cunzhi.studies.replication import check
from cunzhi.studies.results import Table
from cunzhi.studies.run import run_study
from cunzhi.studies.spec import read_study
from cunzhi.studies.writers.latex import escaped


def printed_cells(table: Table, language: str) -> list[str]:
    return [cell.say(language) for row in table.rows for cell in row.cells]


@pytest.mark.parametrize(("file", "language"), [("report.en.docx", "en"), ("report.zh.docx", "zh-hans")])
def test_word_holds_the_cells_of_every_table(ran: Ran, file: str, language: str) -> None:
    read = docx.Document(str(ran.out / file))
    tables = ran.done.results.tables
    assert len(read.tables) == len(tables)
    for found, table in zip(read.tables, tables, strict=True):
        assert [cell.text for row in list(found.rows)[1:] for cell in row.cells[1:]] == printed_cells(table, language)
        assert [cell.text for cell in found.rows[0].cells] == [words.in_(language) for words in table.head]
    assert len(read.inline_shapes) == len(ran.done.results.figures)


def test_workbook_holds_unrounded_numbers(ran: Ran) -> None:
    book = CalamineWorkbook.from_path(str(ran.out / "tables.xlsx"))
    for table in ran.done.results.tables:
        lines = book.get_sheet_by_name(table.key).to_python(skip_empty_area=False)[3:]
        for row, line in zip(table.rows, lines, strict=False):
            for cell, found in zip(row.cells, line[1:], strict=False):
                if cell.value is not None:
                    assert found == pytest.approx(cell.value, rel=1e-12)


def test_report_holds_every_cell_and_sentence_in_both_languages(ran: Ran) -> None:
    text = unescape((ran.out / "report.html").read_text(encoding="utf-8"))
    for language in ("zh-hans", "en"):
        for table in ran.done.results.tables:
            body = text.split(f'id="{language}-{table.key}"')[1].split("</table>")[0]
            found = re.findall(r"<td[^>]*>(.*?)</td>", body)
            beneath = sum(row.label is None for row in table.rows)
            assert len(found) - beneath == len(printed_cells(table, language))
            assert [cell for cell in printed_cells(table, language) if cell] == [cell for cell in found if cell]
        assert all(sentence.text.in_(language) in text for sentence in ran.done.results.sentences)
    assert "<script" not in text
    assert "http" not in text.replace("http://www.w3.org", "")


def test_latex_holds_every_row(ran: Ran) -> None:
    text = (ran.out / "tables.en.tex").read_text(encoding="utf-8")
    for table in ran.done.results.tables:
        for row in table.rows:
            label = escaped(row.label.in_("en")) if row.label else ""
            assert f"{label} & " in text
    assert text.count(r"\begin{table}") == text.count(r"\end{table}") == len(ran.done.results.tables)


def test_latex_loads_what_its_letters_and_tables_need(ran: Ran) -> None:
    english, chinese = ((ran.out / f"tables.{language}.tex").read_text(encoding="utf-8") for language in ("en", "zh"))
    assert "万州区" in english
    assert r"\usepackage[scheme=plain]{ctex}" in english.split(r"\begin{document}")[0]
    assert r"\documentclass[11pt]{ctexart}" in chinese
    # Seen to fail: threeparttable inside \resizebox does not compile.
    assert "threeparttable" not in english + chinese


def test_columns_of_word_tables_fill_the_line_and_break_no_figure(ran: Ran) -> None:
    read = docx.Document(str(ran.out / "report.en.docx"))
    section = read.sections[0]
    width = section.page_width - section.left_margin - section.right_margin
    for table in read.tables:
        widths = [column.width for column in table.columns]
        assert sum(widths) == pytest.approx(width, rel=1e-3)
        for row in table.rows[1:]:
            for cell, room in zip(row.cells[1:], widths[1:], strict=True):
                if cell.text[:1] in "0123456789−[(":
                    assert len(cell.text) * 1.0 <= 92 * room / width * 1.3


def test_simulated_is_said_in_every_table_figure_and_file(ran: Ran) -> None:
    for table in ran.done.results.tables:
        assert any("SIMULATED DATA" in note.en and "模拟数据" in note.zh_Hans for note in table.notes)
    for figure in ran.done.results.figures:
        assert any("SIMULATED DATA" in note.en for note in figure.notes)
    header = docx.Document(str(ran.out / "report.en.docx")).sections[0].header.paragraphs[0].text
    assert "SIMULATED DATA" in header
    with ZipFile(ran.out / "replication.zip") as packed:
        assert b"SIMULATED DATA" in packed.read("README.txt")


def test_every_number_of_a_model_points_to_a_trace(ran: Ran) -> None:
    results = ran.done.results
    for key in ("benchmark", "mediation", "threshold", "heterogeneity", "summary"):
        for row in results.table(key).rows:
            for cell in row.cells:
                assert cell.value is None or cell.trace in results.traces
    trace = results.traces[results.table("benchmark").cell("treatment", 1).trace]
    assert trace["rows"] == ((0, 113),)
    assert results.origins["nqpf"]["log"][0] == {"verb": "impute", "method": "linear", "group": "", "codes": []}


def test_filled_cells_are_flagged_and_counted(ran: Ran) -> None:
    build = ran.done.prepared.builds["governance"]
    assert (build.panel.filled > 0).sum() == 9
    table = ran.done.results.table("key_indicators")
    assert any(cell.say("en").endswith("†") for cell in table.rows[0].cells)
    assert all(
        any("9 of 1,140 indicator cells" in note.en for note in ran.done.results.table(key).notes)
        for key in ("key_indicators", "summary", "benchmark", "mediation", "robustness", "threshold", "scores")
    )


def test_every_table_of_models_names_its_errors(ran: Ran) -> None:
    for key in ("benchmark", "instruments", "robustness", "mediation", "heterogeneity", "threshold", "uncertainty"):
        notes = " ".join(note.en for note in ran.done.results.table(key).notes)
        assert "convention reghdfe" in notes
        assert "clustered by unit" in notes


def test_demo_estimates_cover_the_truth(ran: Ran) -> None:
    table = ran.done.results.table("truth")
    assert len(table.rows) == 11
    for row in table.rows:
        true, estimate = row.cells[0].value, row.cells[1]
        assert true is not None
        assert estimate.more["low"] <= true <= estimate.more["high"]


def test_package_runs_again_with_the_same_numbers(ran: Ran) -> None:
    found = check(ran.out / "replication.zip", progress=silent)
    assert found.numbers > 500
    assert found.different == ()
    assert found.changed == ()


def test_package_with_a_changed_cell_is_told(ran: Ran, tmp_path: Path) -> None:
    changed = tmp_path / "changed.zip"
    with ZipFile(ran.out / "replication.zip") as old, ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "simulated_panel.csv":
                lines = content.decode().splitlines()
                cells = lines[5].split(",")
                cells[-1] = "3.5"
                content = "\n".join([*lines[:5], ",".join(cells), *lines[6:]]).encode()
            new.writestr(name, content)
    found = check(changed, progress=silent)
    assert any("instruments" in path or "benchmark" in path or "tables" in path for path in found.different)
    assert any(change.startswith("data:") for change in found.changed)


def test_no_package_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.zip").write_text("no")
    with pytest.raises(Refused, match="no replication package"):
        check(tmp_path / "no.zip", progress=silent)


def test_second_run_gives_the_same_bytes(ran: Ran, tmp_path: Path) -> None:
    text = demo_text()
    file = write_inputs(tmp_path, text)
    again = run_study(read_study(file), tmp_path, progress=silent)
    assert results_text(again.results).encode() == (ran.out / "results.json").read_bytes()
    assert {name: len(content) for name, content in again.pictures.items()} == {
        name: len(content) for name, content in ran.done.pictures.items()
    }


def test_results_file_is_json_without_times_or_paths(ran: Ran) -> None:
    text = (ran.out / "results.json").read_text(encoding="utf-8")
    assert json.loads(text)["seed"] == 20260101
    assert str(ran.inputs) not in text


def test_existing_folder_is_never_overwritten(ran: Ran) -> None:
    before = (ran.out / "report.html").stat().st_mtime_ns
    with pytest.raises(Refused, match="is there already"):
        write_study(ran.done, spec_text="", folder=ran.inputs, out=ran.out, log=[])
    assert (ran.out / "report.html").stat().st_mtime_ns == before


def test_interrupted_writing_leaves_nothing(ran: Ran, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(output.excel, "workbook", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_study(ran.done, spec_text="", folder=ran.inputs, out=tmp_path / "out", log=[])
    assert list(tmp_path.iterdir()) == []
