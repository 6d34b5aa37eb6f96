"""A printed number leads back to the very cells of the data, filled ones flagged, changed ones named."""

import csv
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner
from small_study import Ran

from cunzhi.base.errors import Refused
from cunzhi.cli.main import cli
from cunzhi.evaluation.index.build import Build
from cunzhi.evaluation.panel import trace
from cunzhi.studies.opening import Opened, open_cell


def opened(ran: Ran, table: str, row: str, column: int) -> Opened:
    return open_cell(ran.out / "replication.zip", table, row, column)


def lines_of_file(ran: Ran) -> dict[int, dict[str, str]]:
    """Lines of the data as a spreadsheet numbers them."""
    with (ran.inputs / "simulated_panel.csv").open(encoding="utf-8") as file:
        return dict(enumerate(csv.DictReader(file), start=2))


def filled_cells(build: Build) -> set[tuple[str, str, str]]:
    keys = build.panel.keys()
    return {
        (keys["unit"][row], keys["period"][row], build.panel.codes[column])
        for row, column in np.argwhere(build.panel.filled > 0).tolist()
    }


def test_every_cell_behind_a_slope_is_a_cell_of_the_file(ran: Ran) -> None:
    found = opened(ran, "benchmark", "treatment", 2)
    assert (found.printed, found.changed) == (ran.done.results.table("benchmark").cell("treatment", 1).text, ())
    lines = lines_of_file(ran)
    for cell in found.cells.iter_rows(named=True):
        line = lines[cell["row"]]
        assert (line["code"], line["year"]) == (cell["unit"], cell["period"])
        assert cell["value"] == (float(line[cell["column"]]) if line[cell["column"]] else None)
        assert (cell["value"] is None) == (cell["state"] != "observed")
    indicators = [code for build in ran.done.prepared.builds.values() for code in build.tree.codes]
    assert set(found.cells["column"]) == {*indicators, "gdp", "urban", "fiscal", "edu"}
    assert found.cells.height == 114 * len(set(found.cells["column"]))


def test_filled_cells_behind_a_slope_are_those_of_both_indices(ran: Ran) -> None:
    cells = opened(ran, "benchmark", "treatment", 2).cells.filter(pl.col("state").is_in(["linear", "group mean"]))
    builds = ran.done.prepared.builds.values()
    assert set(cells.select("unit", "period", "column").iter_rows()) == set.union(*map(filled_cells, builds))


def test_score_opens_to_its_own_row_and_to_what_weighs_it(ran: Ran) -> None:
    found = opened(ran, "scores", "500101", 1)
    own, around = (found.cells.filter(pl.col("enters") == way) for way in ("own", "weights"))
    tree = ran.done.prepared.builds["governance"].tree
    assert list(own.select("unit", "period", "column").iter_rows()) == [("500101", "2023", code) for code in tree.codes]
    assert around.height == (114 - 1) * len(tree.codes)


def test_mean_of_a_period_opens_to_its_rows_and_a_group_to_its_units(ran: Ran) -> None:
    mean = opened(ran, "key_indicators", "urban", 1).cells
    assert set(mean["period"]) == {"2021"}
    assert mean.height == 38
    group = opened(ran, "heterogeneity", "group_1", 1).cells.filter(pl.col("column") == "region")
    lines = lines_of_file(ran)
    assert {lines[row]["region"] for row in group["row"]} == {"mountain"}


def test_changed_cell_of_the_data_is_named_by_its_column(ran: Ran, tmp_path: Path) -> None:
    changed = tmp_path / "changed.zip"
    with ZipFile(ran.out / "replication.zip") as old, ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name).decode()
            if name == "simulated_panel.csv":
                value = lines_of_file(ran)[9]["farm_patents"]
                content = content.replace(value, "1", 1)
            new.writestr(name, content)
    assert open_cell(changed, "benchmark", "treatment", 2).changed == ("farm_patents (nqpf)",)
    assert open_cell(changed, "summary", "urban", 2).changed == ()


def test_results_alone_name_rows_columns_and_filled_cells(ran: Ran) -> None:
    results = ran.done.results
    origin = results.origins["nqpf"]
    ((row, last),) = origin["filled"]["farm_patents"]["group mean"]
    assert row == last
    assert (results.data["unit"][row], results.data["period"][row]) == ("500111", "2021")
    assert not lines_of_file(ran)[row + results.data["first_row"]]["farm_patents"]
    for trace_of_cell in results.traces.values():
        assert set(trace_of_cell["columns"]) - {"unit", "period"} <= set(results.origins)


def test_code_of_a_trace_covers_indices_and_trees(tmp_path: Path) -> None:
    copy = tmp_path / "evaluation"
    for path in (*trace.SOURCES.rglob("*.py"), *trace.SOURCES.rglob("*.yaml")):
        target = copy / path.relative_to(trace.SOURCES)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    assert trace.sources_digest(copy) == trace.sources_digest(trace.SOURCES)
    for name in ("index/weight.py", "index/trees/nqpf.yaml", "panel/within.py"):
        before = trace.sources_digest(copy)
        (copy / name).write_text((copy / name).read_text() + "\n# changed\n")
        assert trace.sources_digest(copy) != before


def test_words_and_strange_places_cannot_be_opened(ran: Ran) -> None:
    with pytest.raises(Refused, match="not a number computed from data"):
        opened(ran, "benchmark", "unit_effects", 1)
    for place in (("bench", "treatment", 1), ("benchmark", "treat", 1), ("benchmark", "treatment", 9)):
        with pytest.raises(Refused, match="There are"):
            opened(ran, *place)


@pytest.mark.parametrize(("language", "said"), [("en", "filled: group mean"), ("zh", "填补：组均值")])
def test_command_shows_filled_cells_first_and_writes_all(
    ran: Ran, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    monkeypatch.setenv("CUNZHI_LANGUAGE", language)
    package = str(ran.out / "replication.zip")
    listed = CliRunner().invoke(cli, ["study", "open", package])
    assert "benchmark: treatment, treatment:se" in listed.output
    shown = CliRunner().invoke(cli, ["study", "open", package, "benchmark"])
    assert ran.done.results.table("benchmark").cell("treatment", 1).text in shown.output
    file = tmp_path / "cells.csv"
    done = CliRunner().invoke(cli, ["study", "open", package, "benchmark", "treatment", "2", "--csv", str(file)])
    assert done.exit_code == 0, done.output
    assert said in done.output
    assert pl.read_csv(file).height == 2280
    again = CliRunner().invoke(cli, ["study", "open", package, "benchmark", "treatment", "2", "--csv", str(file)])
    assert again.exit_code == 1
