"""cunzhi audit: what it prints and with what it ends."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from test_audit_reading import GOOD

from cunzhi.cli.main import cli


def run(*arguments: str | Path) -> Result:
    return CliRunner(env={"CUNZHI_LANGUAGE": "en"}).invoke(cli, ["audit", *map(str, arguments)])


def file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "paper.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_example_with_errors_ends_with_one() -> None:
    done = run("wang_2024")
    assert done.exit_code == 1
    assert "Errors: 2, warnings: 2, notes: 4" in done.output


def test_paper_that_agrees_ends_with_zero(tmp_path: Path) -> None:
    done = run(file(tmp_path, GOOD))
    assert done.exit_code == 0
    assert "Nothing was found" in done.output
    assert "AGREES" not in done.output
    assert "AGREES" in run(file(tmp_path, GOOD), "--all").output


def test_warnings_fail_only_strictly(tmp_path: Path) -> None:
    said = '      - {check: evidence, needs: {zh_Hans: "检验", en: "a test"}}\n'
    path = file(tmp_path, GOOD + said)
    assert (run(path).exit_code, run(path, "--strict").exit_code) == (0, 1)


def test_file_that_cannot_be_read_ends_with_two_and_its_line(tmp_path: Path) -> None:
    path = file(tmp_path, GOOD.replace('"1.0", "2.0"', '1.0, "2.0"'))
    done = run(path)
    assert done.exit_code == 2
    assert f"{path}:9: " in done.output


@pytest.mark.parametrize(("name", "words"), [("nowhere.yaml", "no file"), ("paper.pdf", "kind")])
def test_what_is_no_paper_is_said(tmp_path: Path, name: str, words: str) -> None:
    path = tmp_path / name
    if name == "paper.pdf":
        path.write_bytes(b"%PDF")
    done = run(path)
    assert done.exit_code == 2
    assert words in done.output


def test_reports_are_written_to_files(tmp_path: Path) -> None:
    assert run("kou_2025", "--format", "json", "--out", tmp_path / "a.json").exit_code == 1
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["counts"]["error"] == 8
    run("kou_2025", "--format", "html", "--out", tmp_path / "a.html")
    assert (tmp_path / "a.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_chinese_terminal_is_answered_in_chinese() -> None:
    done = CliRunner(env={"CUNZHI_LANGUAGE": "zh"}).invoke(cli, ["audit", "wang_2024"])
    assert "百分点" in done.output


def test_tables_of_a_document_are_written_as_yaml_once(tmp_path: Path) -> None:
    document, begun = tmp_path / "paper.md", tmp_path / "paper.yaml"
    document.write_text("| x | a |\n|---|---|\n| y | 1 |\n", encoding="utf-8")
    assert run(document, "--yaml", begun).exit_code == 0
    assert run(begun).exit_code == 0
    assert run(document, "--yaml", begun).exit_code == 2
