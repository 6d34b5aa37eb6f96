"""One small study on simulated data, run once for all tests that read its results."""

import pytest
from small_study import Ran, demo_text, silent, write_inputs

from cunzhi.studies.output import write_study
from cunzhi.studies.run import run_study
from cunzhi.studies.spec import read_study


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    inputs = tmp_path_factory.mktemp("study")
    out = tmp_path_factory.mktemp("results") / "out"
    text = demo_text()
    file = write_inputs(inputs, text)
    done = run_study(read_study(file), inputs, progress=silent)
    write_study(done, spec_text=text, folder=inputs, out=out, log=["begun"])
    return Ran(inputs, out, done)
