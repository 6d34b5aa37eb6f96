"""A small study on simulated data: its inputs, and what a test needs to run it."""

import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import polars as pl

from cunzhi.studies.run import Done
from cunzhi.studies.simulate import simulate_chongqing

SEED = 20260101


@dataclass(frozen=True)
class Ran:
    """The folder of the inputs, that of the outputs, and what ran."""

    inputs: Path
    out: Path
    done: Done


def demo_text(draws: int = 199) -> str:
    """The demo's study file with fewer draws."""
    text = (files("cunzhi.studies") / "demo.yaml").read_text(encoding="utf-8")
    return text.replace("draws: 999", f"draws: {draws}\nsplits: 2")


def write_inputs(folder: Path, text: str) -> Path:
    """The demo's inputs in a folder; gives the study file."""
    simulated = simulate_chongqing(SEED)
    table = pl.DataFrame(dict(simulated.columns)).with_columns(pl.selectors.float().fill_nan(None))
    table.write_csv(folder / "simulated_panel.csv")
    (folder / "truth.json").write_text(json.dumps(simulated.truth), encoding="utf-8")
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    return folder / "study.yaml"


def silent(_: str, __: float) -> None:
    """No progress is shown."""
