"""Bad study files and data are refused with file, line or row; every kind of file gives the same data."""

from pathlib import Path

import numpy as np
import pandas
import polars as pl
import pytest
from small_study import demo_text, write_inputs

from cunzhi.base.errors import Refused
from cunzhi.base.strict_yaml import YamlRefused, load_as
from cunzhi.evaluation.errors import DataRefused
from cunzhi.studies import sources
from cunzhi.studies.prepared import prepare_study
from cunzhi.studies.simulate import counties, simulate_chongqing
from cunzhi.studies.sources import read_source
from cunzhi.studies.spec import Study, read_study

SMALL = """
title: {zh_Hans: 小, en: small}
data: {file: panel.csv}
variables:
  y: {title: {zh_Hans: 果, en: y}}
  x: {title: {zh_Hans: 因, en: x}}
roles: {outcome: y, treatment: x}
"""


def spec(text: str = SMALL) -> Study:
    return load_as(Study, text, name="study.yaml")


def panel() -> pl.DataFrame:
    rng = np.random.default_rng(1)
    rows = [
        {"unit": f"u{u}", "period": 2020 + t, "y": rng.normal(), "x": rng.normal()} for u in range(8) for t in range(3)
    ]
    return pl.DataFrame(rows)


def prepare(folder: Path, study: Study) -> pl.DataFrame:
    prepared = prepare_study(study, folder, read_source(study, folder))
    return pl.DataFrame({name: prepared.panel.column(name) for name in ("y", "x")})


def test_every_kind_of_file_gives_the_same_panel(tmp_path: Path) -> None:
    table = panel()
    table.write_csv(tmp_path / "panel.csv")
    table.write_parquet(tmp_path / "panel.parquet")
    table.write_excel(tmp_path / "panel.xlsx")
    pandas.DataFrame(table.to_dict(as_series=False)).to_stata(tmp_path / "panel.dta", write_index=False)
    found = [
        prepare(tmp_path, spec(SMALL.replace("panel.csv", name)))
        for name in ("panel.csv", "panel.parquet", "panel.xlsx", "panel.dta")
    ]
    assert all(np.allclose(found[0].to_numpy(), other.to_numpy(), rtol=1e-12) for other in found[1:])


def test_unknown_key_is_refused_with_its_line() -> None:
    with pytest.raises(YamlRefused, match=r"study\.yaml:7.*treatmnt"):
        spec(SMALL.replace("treatment: x", "treatment: x, treatmnt: x"))


def test_name_that_is_nowhere_is_refused() -> None:
    with pytest.raises(YamlRefused, match="z: neither under variables nor under indices"):
        spec(SMALL.replace("treatment: x", "treatment: x, controls: [z]"))


def test_standardised_weights_are_refused() -> None:
    with pytest.raises(YamlRefused, match="weights are positive and are not standardised"):
        spec(SMALL.replace("treatment: x", "treatment: x, weights: y, standardise: [y]"))


def test_truth_without_simulation_is_refused() -> None:
    with pytest.raises(YamlRefused, match="only simulated data have known true effects"):
        spec(f"{SMALL}truth: truth.json\n")


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"no file panel\.csv"):
        read_source(spec(), tmp_path)


def test_platform_without_installation_is_refused(tmp_path: Path) -> None:
    asked = "data: {platform: {indicators: {y: a/b}, under: '50', first: 2021, last: 2023}}"
    with pytest.raises(Refused, match="platform's figures"):
        read_source(spec(SMALL.replace("data: {file: panel.csv}", asked)), tmp_path)


def test_platform_figures_are_read_through_the_reader(tmp_path: Path) -> None:
    asked = "data: {platform: {indicators: {y: a/b, x: a/c}, under: '50', first: 2021, last: 2023}}"
    study = spec(SMALL.replace("data: {file: panel.csv}", asked))
    source = read_source(study, tmp_path, lambda _: panel().with_columns(pl.col("period").cast(pl.String)))
    assert prepare_study(study, tmp_path, source).panel.n == 24


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (pl.lit("12,5").alias("x"), "column 'x': row 2 '12,5'"),
        (pl.lit(None, pl.String).alias("unit"), "column 'unit' is empty"),
        (pl.lit("sometime").alias("period"), "Periods that cannot be read"),
    ],
)
def test_bad_cells_are_named_with_their_rows(tmp_path: Path, change: pl.Expr, said: str) -> None:
    panel().with_columns(change).write_csv(tmp_path / "panel.csv")
    with pytest.raises(DataRefused, match=said):
        prepare(tmp_path, spec())


def test_missing_column_is_refused(tmp_path: Path) -> None:
    panel().drop("x").write_csv(tmp_path / "panel.csv")
    with pytest.raises(DataRefused, match="no column 'x'"):
        prepare(tmp_path, spec())


def test_logarithm_of_zero_is_refused_with_its_row(tmp_path: Path) -> None:
    table = panel().with_columns(x=pl.lit(2.0)).with_row_index()
    table.with_columns(x=pl.when(pl.col("index") == 3).then(0.0).otherwise(2.0)).write_csv(tmp_path / "panel.csv")
    with pytest.raises(DataRefused, match="rows 5"):
        prepare(tmp_path, spec(SMALL.replace("en: x}}", "en: x}, transform: log}")))


def test_twin_rows_are_refused(tmp_path: Path) -> None:
    pl.concat([panel(), panel().head(1)]).write_csv(tmp_path / "panel.csv")
    with pytest.raises(DataRefused, match="twice in the same period"):
        prepare(tmp_path, spec())


def test_missing_package_is_said_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "find_spec", lambda name: None)
    with pytest.raises(Refused, match=r"python-docx.*pip install 'cunzhi\[study\]'"):
        sources.need("docx")


def test_index_in_regression_stands_in_the_right_rows(tmp_path: Path) -> None:
    file = write_inputs(tmp_path, demo_text())
    study = read_study(file)
    shuffled = pl.read_csv(tmp_path / "simulated_panel.csv").sample(fraction=1, shuffle=True, seed=3)
    straight = prepare_study(study, tmp_path, read_source(study, tmp_path))
    shuffled.write_csv(tmp_path / "simulated_panel.csv")
    mixed = prepare_study(study, tmp_path, read_source(study, tmp_path))
    for name in study.named:
        assert np.allclose(straight.panel.column(name), mixed.panel.column(name))


def test_standardised_columns_have_mean_zero_and_deviation_one(tmp_path: Path) -> None:
    study = read_study(write_inputs(tmp_path, demo_text()))
    prepared = prepare_study(study, tmp_path, read_source(study, tmp_path))
    for name in study.roles.standardise:
        values = prepared.panel.column(name)
        assert abs(values.mean()) < 1e-12
        assert abs(values.std(ddof=1) - 1) < 1e-12


def test_simulated_panel_is_of_the_38_real_counties() -> None:
    simulated = simulate_chongqing(1)
    assert len(counties()) == 38
    assert len(simulated.columns["code"]) == 114
    assert set(simulated.columns["simulated"]) == {"yes"}
    assert sorted(set(simulated.columns["code"])) == sorted(code for code, _ in counties())


def test_importing_studies_loads_neither_django_nor_slow_libraries() -> None:
    import subprocess
    import sys

    slow = ("django", "matplotlib", "pandas", "docx")
    code = f"import cunzhi.studies.run, sys; print([name for name in {slow} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
