"""The package loads fast and without what it does not need at once."""

import subprocess
import sys

SCRIPT = """
import sys, time
start = time.process_time()
import cunzhi.evaluation
from cunzhi.evaluation.audit import check
from cunzhi.evaluation.index import build, malmquist, moran, ranking, reading
from cunzhi.evaluation.panel import fixed_effects, index_uncertainty, mediation, robustness, threshold, trace, two_stage
print(time.process_time() - start)
print(sorted({name.split(".")[0] for name in sys.modules} & {"scipy", "pandas", "polars", "numba", "django"}))
"""


def test_package_loads_within_half_a_second_and_without_scipy() -> None:
    times = []
    for _ in range(3):
        command = [sys.executable, "-c", SCRIPT]
        seconds, loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
        times.append(float(seconds))
        assert loaded == "[]"
    assert min(times) < 0.5
