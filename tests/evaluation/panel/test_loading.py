"""The package loads without what it does not need at once; benchmarks/import_time.py says how long it takes."""

import subprocess
import sys

SCRIPT = """
import sys
import cunzhi.evaluation
from cunzhi.evaluation.audit import check
from cunzhi.evaluation.index import build, malmquist, moran, ranking, reading
from cunzhi.evaluation.panel import fixed_effects, index_uncertainty, mediation, robustness, threshold, trace, two_stage
print(sorted({name.split(".")[0] for name in sys.modules} & {"scipy", "pandas", "polars", "numba", "django"}))
"""


def test_package_loads_without_scipy_and_what_else_is_heavy() -> None:
    said = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"
