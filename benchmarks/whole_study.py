"""A whole study, all tables, figures and files with 1,000 draws, on simulated panels: seconds and the slowest steps.

python benchmarks/whole_study.py [units] [years]      default 2844 20, the size of China's counties over 20 years
"""

import json
import sys
import tempfile
import time
from importlib.resources import files
from pathlib import Path

import polars as pl

from cunzhi.studies.output import write_study
from cunzhi.studies.run import run_study
from cunzhi.studies.simulate import simulate
from cunzhi.studies.spec import read_study

DRAWS = 1000


def main(units: int, years: int) -> None:
    """Simulate, run, write, and print what took how long."""
    names = [f"unit {number:04d}" for number in range(units)]
    regions = ["main" if number % 9 < 5 else "mountain" for number in range(units)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        simulated = simulate(names, regions, years, 1)
        table = pl.DataFrame(dict(simulated.columns)).with_columns(pl.selectors.float().fill_nan(None))
        table.write_csv(folder / "simulated_panel.csv")
        (folder / "truth.json").write_text(json.dumps(simulated.truth))
        text = (files("cunzhi.studies") / "demo.yaml").read_text(encoding="utf-8")
        text = text.replace("draws: 999", f"draws: {DRAWS}").replace("  name: county\n  place_code: code\n", "")
        (folder / "study.yaml").write_text(text, encoding="utf-8")
        marks: list[tuple[str, float]] = []
        begun = time.perf_counter()
        study = read_study(folder / "study.yaml")
        done = run_study(study, folder, progress=lambda key, _: marks.append((key, time.perf_counter())))
        marks.append(("writing", time.perf_counter()))
        write_study(done, spec_text=text, folder=folder, out=folder / "out", log=[])
        ended = time.perf_counter()
    ends = [moment for _, moment in marks[1:]] + [ended]
    for (key, start), end in zip(marks, ends, strict=True):
        print(f"{key:<16}{end - start:8.2f} s")
    print(f"{units} units x {years} years, {DRAWS} draws: {ended - begun:.1f} s")
    print(f"of the processor: {time.process_time():.1f} s")


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    main(*given) if given else main(2844, 20)
