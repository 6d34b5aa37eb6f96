"""The closed loop: records are counted, indicators become an index, the index meets a regression, and a slope opens."""

import json
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner, Result
from demo_county import COUNTY, LATE_TOWNSHIP, LONG_AGO, STUDY, TOWNSHIPS, VILLAGES, make_county, write_study

from cunzhi.base.actor import Actor
from cunzhi.base.periods import Period
from cunzhi.cli.main import cli
from cunzhi.engine.loader import scenario
from cunzhi.evaluation.index.build import Build
from cunzhi.evaluation.index.reading import read_panel
from cunzhi.evaluation.index.tree import read_tree
from cunzhi.evaluation.panel.fixed_effects import fixed_effects
from cunzhi.evaluation.panel.frame import read
from cunzhi.evaluation.panel.model import Model
from cunzhi.lake.records import records
from cunzhi.lake.scenario import indicators
from cunzhi.lake.window import Window
from cunzhi.registry.access import Access
from cunzhi.registry.models import Appointment, Person
from cunzhi.studies.opening import open_cell
from cunzhi.studies.replication import check

pytestmark = pytest.mark.django_db


def run(folder: Path, text: str = STUDY) -> Result:
    file = write_study(folder)
    file.write_text(text, encoding="utf-8")
    return CliRunner().invoke(cli, ["study", "run", str(file), "--out", str(folder / "out")])


def figures_kept(folder: Path) -> pl.DataFrame:
    """The platform's figures in the replication package."""
    with ZipFile(folder / "out" / "replication.zip") as packed:
        return pl.read_csv(packed.read("platform.csv"), schema_overrides={"unit": pl.String, "period": pl.String})


def test_records_become_indicators_an_index_and_a_slope(tmp_path: Path) -> None:
    make_county()
    done = run(tmp_path)
    assert done.exit_code == 0, done.output
    kept = figures_kept(tmp_path)
    assert kept.height == len(VILLAGES) * 12
    assert set(kept["unit"]) == set(VILLAGES)

    results = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    table = next(table for table in results["tables"] if table["key"] == "benchmark")
    slope = next(row for row in table["rows"] if row["key"] == "treatment")["cells"][1]
    assert slope["value"] == pytest.approx(by_hand(tmp_path, kept), rel=1e-9)
    assert slope["value"] > 0
    assert results["data"]["unused_rows"] == 1
    assert check(tmp_path / "out" / "replication.zip", progress=lambda *_: None).different == ()


def by_hand(folder: Path, kept: pl.DataFrame) -> float:
    """The slope with income from the same figures, without the study's machinery."""
    income = pl.read_csv(folder / "income.csv", schema_overrides={"unit": pl.String})
    table = kept.join(income, on=["unit", "period"], how="left")
    tree = read_tree(folder / "engagement.yaml")
    build = (
        Build(read_panel(table, codes=tree.codes), tree)
        .impute("linear")
        .impute("last")
        .normalise()
        .weight()
        .aggregate()
    )
    scores = build.scores_table().select("unit", "period", index="engagement")
    whole = table.join(scores, on=["unit", "period"]).select("unit", "period", "mended", "income", "index")
    return float(fixed_effects(read(whole, unit="unit", period="period"), Model("mended", ("index", "income"))).beta[0])


def test_cell_of_a_slope_opens_to_the_records_it_was_counted_from(tmp_path: Path) -> None:
    make_county()
    assert run(tmp_path).exit_code == 0
    cells = open_cell(tmp_path / "out" / "replication.zip", "benchmark", "treatment", 2).cells
    assert set(cells["column"]) == {"mended", "deeds", "households", "granted", "credited_alone", "income"}
    chosen = cells.filter(pl.col("column") == "deeds").row(7, named=True)
    indicator = next(one for one in indicators(scenario("points")) if one.name == "deeds_reported")
    person = Person.objects.create(name="冉隆会", place_code=COUNTY)
    Appointment.objects.create(person=person, role="county_officer", place_code=COUNTY, since=LONG_AGO, basis="文号")
    access = Access(Actor(person_id=person.pk, channel="test"))
    window = Window.of(chosen["unit"], Period.parse(chosen["period"]))
    assert records(indicator, window, access=access).counted == chosen["value"]


def test_nothing_is_zero_only_where_the_scenario_was_on(tmp_path: Path) -> None:
    make_county()
    assert run(tmp_path).exit_code == 0
    late = figures_kept(tmp_path).filter(pl.col("unit").str.starts_with(LATE_TOWNSHIP))
    before, after = (
        late.filter(condition)["mended"] for condition in (pl.col("period") < "2025-04", pl.col("period") >= "2025-04")
    )
    assert before.null_count() == before.len() == 9
    assert after.null_count() == 0
    whole = figures_kept(tmp_path)
    assert (whole["deeds"] == 0).any()
    assert whole.filter(pl.col("deeds") == 0)["granted"].null_count() == (whole["deeds"] == 0).sum()


def test_years_and_townships_are_counted_anew(tmp_path: Path) -> None:
    make_county()
    text = STUDY.replace("2025-01", "2025-Q1").replace("2025-12", "2025-Q4").replace("  file: income.csv\n", "")
    text = text.replace("  controls: [income]\n", "").replace("level: village", "level: township")
    text = text.replace("  income: {title: {zh_Hans: 收入, en: Income}}\n", "")
    assert run(tmp_path, text).exit_code == 0
    kept = figures_kept(tmp_path)
    assert kept.height == 16
    first = kept.filter((pl.col("unit") == TOWNSHIPS[0]) & (pl.col("period") == "2025-Q2"))
    assert np.isfinite(first["mended"][0])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("last: 2025-12", "last: 2199-12", "that are over"),
        ("points/deeds_reported", "points/deeds", "There are: points/deeds_reported"),
        ("points/deeds_reported", "point/deeds_reported", "There is no indicator point/deeds_reported"),
        ("file: income.csv", "file: engagement.yaml", "Unknown kind of file"),
        ('under: "500113"', 'under: "500114"', "Nothing was counted"),
        ("file: income.csv", "file: elsewhere.csv", "No row of the file has the unit"),
        ("last: 2025-12", "last: 2025", "different kinds of period"),
    ],
)
def test_what_cannot_be_read_is_refused_kindly(tmp_path: Path, old: str, new: str, said: str) -> None:
    make_county()
    assert old in STUDY
    done = run(tmp_path, STUDY.replace(old, new))
    assert done.exit_code == 1, done.output
    assert said in done.output, done.output
    assert not (tmp_path / "out").exists()
