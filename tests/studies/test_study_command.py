"""The command: it asks, refuses kindly, and what it wrote runs."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner
from small_study import demo_text, write_inputs

from cunzhi.cli.main import cli

ANSWERS = ["panel.csv", "unit", "period", "Towns", "y", "x", "c", "", "", "half", ""]


def panel(folder: Path) -> None:
    rng = np.random.default_rng(5)
    rows = []
    for unit in range(20):
        level = rng.normal()
        for year in range(2020, 2024):
            x = level + rng.normal()
            y = 0.5 * x + level + rng.normal()
            half = "north" if unit < 10 else "south"
            rows.append({"unit": f"t{unit:02d}", "period": year, "y": y, "x": x, "c": rng.normal(), "half": half})
    pl.DataFrame(rows).write_csv(folder / "panel.csv")


def test_new_asks_and_what_it_writes_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUNZHI_LANGUAGE", "en")
    panel(tmp_path)
    file = tmp_path / "study.yaml"
    asked = CliRunner().invoke(cli, ["study", "new", str(file)], input="\n".join(ANSWERS) + "\n")
    assert asked.exit_code == 0, asked.output
    ran = CliRunner().invoke(cli, ["study", "run", str(file), "--out", str(tmp_path / "out")])
    assert ran.exit_code == 0, ran.output
    assert (tmp_path / "out" / "report.html").stat().st_size > 10_000


def test_new_names_a_column_that_is_not_there(tmp_path: Path) -> None:
    panel(tmp_path)
    wrong = "\n".join([*ANSWERS[:5], "z", *ANSWERS[6:]]) + "\n"
    asked = CliRunner().invoke(cli, ["study", "new", str(tmp_path / "study.yaml")], input=wrong)
    assert asked.exit_code == 1
    assert "no column 'z'" in asked.output
    assert not (tmp_path / "study.yaml").exists()


def test_run_refuses_an_existing_folder_before_computing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUNZHI_LANGUAGE", "zh")
    file = write_inputs(tmp_path, demo_text())
    (tmp_path / "out").mkdir()
    ran = CliRunner().invoke(cli, ["study", "run", str(file), "--out", str(tmp_path / "out")])
    assert ran.exit_code == 1
    assert "已经存在" in ran.output


def test_run_says_file_and_line_of_a_mistake(tmp_path: Path) -> None:
    file = write_inputs(tmp_path, demo_text().replace("simulated: true", "simulated: yes"))
    ran = CliRunner().invoke(cli, ["study", "run", str(file), "--out", str(tmp_path / "out")])
    assert ran.exit_code == 1
    assert "study.yaml:3" in ran.output
    assert "Traceback" not in ran.output


def test_absorbed_instrument_is_refused_with_the_reason(tmp_path: Path) -> None:
    text = demo_text().replace("phones_by_year", "phones_1984")
    file = write_inputs(tmp_path, text)
    ran = CliRunner().invoke(cli, ["study", "run", str(file), "--out", str(tmp_path / "out")])
    assert ran.exit_code == 1
    assert "the fixed effects absorb an instrument" in ran.output
    assert not (tmp_path / "out").exists()
