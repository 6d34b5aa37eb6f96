"""How long the evaluation takes to load in a fresh process, beside numpy, which it stands on.

.venv/bin/python benchmarks/import_time.py
"""

import statistics
import subprocess
import sys

TIMES = 7
PARTS = {
    "numpy": "import numpy",
    "cunzhi.evaluation": """
import cunzhi.evaluation
from cunzhi.evaluation.audit import check
from cunzhi.evaluation.index import build, malmquist, moran, ranking, reading
from cunzhi.evaluation.panel import fixed_effects, index_uncertainty, mediation, robustness, threshold, trace, two_stage
""",
}


def seconds(part: str) -> float:
    """Processor time of the imports alone, the median of fresh processes."""
    script = f"import time\nbegun = time.process_time()\n{part}\nprint(time.process_time() - begun)"
    said = [
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
        for _ in range(TIMES)
    ]
    return statistics.median(map(float, said))


def main() -> None:
    taken = {name: seconds(part) for name, part in PARTS.items()}
    for name, one in taken.items():
        print(f"{name:20} {one:.3f} s  {one / taken['numpy']:.2f} of numpy")


if __name__ == "__main__":
    main()
