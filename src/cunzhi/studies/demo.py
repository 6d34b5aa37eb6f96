"""Writes the inputs of the demo: the study file, a simulated panel on the real counties, and its true effects."""

import json
from importlib.resources import files
from pathlib import Path

from cunzhi.studies.simulate import simulate_chongqing
from cunzhi.studies.sources import need

WARNING = "SIMULATED DATA / 模拟数据: everything but names and codes of the counties was drawn by a program.\n"


def write_demo(folder: Path, seed: int) -> Path:
    """The study file in a new folder, beside its panel and truth."""
    need("matplotlib", "docx")
    import polars as pl  # noqa: PLC0415 -- slow to import

    simulated = simulate_chongqing(seed)
    folder.mkdir(parents=True)
    table = pl.DataFrame(dict(simulated.columns)).with_columns(pl.selectors.float().fill_nan(None))
    table.write_csv(folder / "simulated_panel.csv")
    (folder / "truth.json").write_text(json.dumps(simulated.truth, indent=1) + "\n", encoding="utf-8")
    (folder / "SIMULATED.txt").write_text(WARNING, encoding="utf-8")
    text = (files("cunzhi.studies") / "demo.yaml").read_text(encoding="utf-8")
    file = folder / "study.yaml"
    file.write_text(text.replace("seed: 20260101", f"seed: {seed}"), encoding="utf-8")
    return file
