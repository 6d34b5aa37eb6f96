"""The reference page: its examples run, and it names every public function."""

import ast
import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from cunzhi.evaluation.index.tree import shipped_tree

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/reference/evaluation_index.md").read_text(encoding="utf-8")
SOURCE = ROOT / "src/cunzhi/evaluation/index"
INNER = {"arrays", "kernel", "steps", "table"}  # what the modules share; users do not call it


def simulated_counties() -> pl.DataFrame:
    random = np.random.default_rng(0)
    codes = [*shipped_tree("governance_efficiency").codes, *shipped_tree("nqpf").codes]
    rows = 38 * 3
    common = random.standard_normal(rows)
    table = pl.DataFrame(
        {
            "county": [f"county {unit:02d}" for unit in range(38) for _ in range(3)],
            "year": [2021, 2022, 2023] * 38,
            "region": [("centre", "mountains")[unit % 2] for unit in range(38) for _ in range(3)],
            **{code: np.exp(0.7 * common + random.standard_normal(rows)) for code in codes},
        }
    )
    gap = pl.int_range(pl.len()).is_in([1, 6, 40])
    return table.with_columns(pl.when(gap).then(None).otherwise(pl.col("petitions", "farm_patents")).name.keep())


def test_examples_of_the_page_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    simulated_counties().write_csv("counties.csv")
    names: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL):
        exec(compile(block, "evaluation_index.md", "exec"), names)
    assert names["build"].scores_table().height == 114
    assert names["ranking"].to_table().height == 38
    assert 1 <= names["done"].retained <= 6


PUBLIC = sorted(path for path in SOURCE.glob("*.py") if path.stem not in INNER)


@pytest.mark.parametrize("path", PUBLIC, ids=lambda path: path.stem)
def test_page_names_every_public_function(path):
    module = ast.parse(path.read_text(encoding="utf-8"))
    public = [node.name for node in module.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    assert [name for name in public if f"`{name}`" not in PAGE and f"{name}(" not in PAGE] == []
