"""Times the panel estimators against other people's, each row in a fresh process for its peak memory.

    python benchmarks/panel_speed.py            all rows; about ten minutes on two cores
    python benchmarks/panel_speed.py --small    fewer rows on smaller data; under a minute when the machine is idle

Data are simulated. Seconds are of the first call (with imports and compiling inside the
estimator) and of the fastest call after it, the least disturbed by whatever else runs; CPU
seconds are that call's, summed over threads. Memory is the peak of the whole process, table
included. Ratios are peer over ours, of times after the first call.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

warnings.simplefilter("ignore")
SLOPES = [f"x{j}" for j in range(6)]
# name: units, periods, share of rows missing, calls after the first
PANELS = {
    "38 x 3": (38, 3, 0.0, 20),
    "2,844 x 20": (2844, 20, 0.0, 10),
    "690,000 x 10": (690_000, 10, 0.0, 3),
    "690,000 x 10, 10 % missing": (690_000, 10, 0.1, 3),
}
SMALL = {
    "38 x 3": (38, 3, 0.0, 20),
    "20,000 x 10, 10 % missing": (20_000, 10, 0.1, 5),
}


def table(units: int, periods: int, missing: float) -> Any:
    """A polars table of a simulated panel with six regressors."""
    import polars

    rng = np.random.default_rng(1)
    unit, period = np.repeat(np.arange(units), periods), np.tile(np.arange(2001, 2001 + periods), units)
    effect = rng.normal(size=units)[unit]
    columns: dict[str, Any] = {"unit": unit, "year": period}
    for name in SLOPES:
        columns[name] = rng.normal(size=unit.size) + effect
    columns["y"] = 0.3 * sum(columns[name] for name in SLOPES) + effect + rng.normal(size=unit.size)
    frame = polars.DataFrame(columns)
    return frame if not missing else frame.filter(polars.Series(rng.random(unit.size) >= missing))


def bent_table(units: int, periods: int) -> dict[str, Any]:
    """A simulated panel with one threshold, of the size of Hansen's."""
    rng = np.random.default_rng(2)
    unit, period = np.repeat(np.arange(units), periods), np.tile(np.arange(periods), units)
    q, x, w = rng.normal(size=(3, unit.size))
    y = x * (0.3 + 0.15 * (q > 0.5)) + 0.3 * w + rng.normal(size=units)[unit] + rng.normal(size=unit.size)
    return {"id": unit, "year": period, "q": q, "x": x, "w": w, "y": y}


def ours(frame: Any) -> Callable[[], float]:
    """Reading the table and a two-way fit, clustered by unit."""

    def call() -> float:
        from cunzhi.evaluation.panel.fixed_effects import fixed_effects
        from cunzhi.evaluation.panel.frame import read
        from cunzhi.evaluation.panel.model import Model

        return float(fixed_effects(read(frame, unit="unit", period="year"), Model("y", tuple(SLOPES))).se[0])

    return call


def pyfixest(frame: Any) -> Callable[[], float]:
    """feols with both effects, CRV1; the table as pandas, as it wants it."""
    pandas = frame.to_pandas()

    def call() -> float:
        from pyfixest import feols

        fit = feols(f"y ~ {' + '.join(SLOPES)} | unit + year", pandas, vcov={"CRV1": "unit"}, copy_data=False)
        return float(fit.se().iloc[0])

    return call


def linearmodels(frame: Any) -> Callable[[], float]:
    """PanelOLS with both effects, clustered by entity."""
    pandas = frame.to_pandas().set_index(["unit", "year"])

    def call() -> float:
        from linearmodels.panel import PanelOLS

        model = PanelOLS(pandas["y"], pandas[SLOPES], entity_effects=True, time_effects=True)
        return float(model.fit(cov_type="clustered", cluster_entity=True).std_errors.iloc[0])

    return call


def statsmodels(frame: Any) -> Callable[[], float]:
    """OLS on columns demeaned by pandas (balanced panels only)."""
    pandas = frame.to_pandas()

    def call() -> float:
        import statsmodels.api

        columns = pandas[["y", *SLOPES]]
        left = columns - columns.groupby(pandas["unit"]).transform("mean")
        left = left - columns.groupby(pandas["year"]).transform("mean") + columns.mean()
        model = statsmodels.api.OLS(left["y"].to_numpy(), left[SLOPES].to_numpy())
        return float(model.fit(cov_type="cluster", cov_kwds={"groups": pandas["unit"].to_numpy()}).bse[0])

    return call


def our_threshold(data: dict[str, Any], draws: int, both: bool) -> Callable[[], float]:
    """All candidates; with both bootstraps, or with the search and the unit bootstrap alone."""

    def call() -> float:
        from cunzhi.evaluation.panel.frame import read
        from cunzhi.evaluation.panel.model import Model
        from cunzhi.evaluation.panel.threshold import threshold_model
        from cunzhi.evaluation.panel.threshold_bootstrap import unit_bootstrap
        from cunzhi.evaluation.panel.threshold_search import candidates, lay_ground

        panel = read(data, unit="id", period="year")
        if both:
            model = Model("y", ("x", "w"), effects="unit")
            return threshold_model(panel, model, regime=("x",), threshold="q", draws=draws).steps[0].f
        ground = lay_ground(
            panel, outcome="y", controls=("w",), regime=("x",), threshold="q", effects="unit", trim=0.05
        )
        search = candidates(ground, ())
        u = search.residual(ground.y)
        gain = float(search.gains(u[ground.order]).max())
        df = panel.n - panel.units.size
        f = gain / ((float(u @ u) - gain) / df)
        unit_bootstrap(search, u, f=f, df=df, draws=draws, rng=np.random.default_rng(0))
        return f

    return call


def pyxthreg(data: dict[str, Any], draws: int, grid: int) -> Callable[[], float]:
    """One threshold and its one bootstrap; grid 0 is all candidates."""
    import pandas

    frame = pandas.DataFrame(data)

    def call() -> float:
        from pyxthreg import ThresholdPanel

        model = ThresholdPanel(frame, "y", ["x"], "q", ["w"], entity_col="id", time_col="year")
        model.fit(thnum=1, bs=draws, grid=grid, nobslog=True, trim=0.05)
        return float(model.results["boot_results"][0]["F_stat"])

    return call


def our_bootstrap(frame: Any, draws: int, kind: str) -> Callable[[], float]:
    """Mediation or wild cluster bootstrap with so many draws."""

    def call() -> float:
        from cunzhi.evaluation.panel.frame import read
        from cunzhi.evaluation.panel.mediation import mediate_apart
        from cunzhi.evaluation.panel.model import Model
        from cunzhi.evaluation.panel.wild import wild_inference

        panel = read(frame, unit="unit", period="year")
        if kind == "wild":
            return wild_inference(panel, Model("y", tuple(SLOPES)), draws=draws).rows[0].p
        model = Model("y", tuple(SLOPES[:4]))
        return mediate_apart(panel, model, treatment="x0", mediators=("x5",), draws=draws).paths[0].indirect

    return call


def measure(row: dict[str, Any]) -> dict[str, Any]:
    """Run one row in this process: first call, fastest of the rest, peak memory, a figure to compare."""
    if row["kind"] in ("ours", "pyfixest", "linearmodels", "statsmodels"):
        call = {"ours": ours, "pyfixest": pyfixest, "linearmodels": linearmodels, "statsmodels": statsmodels}[
            row["kind"]
        ](table(*row["shape"]))
    elif row["kind"] == "our threshold":
        call = our_threshold(bent_table(*row["shape"]), row["draws"], row["both"])
    elif row["kind"] == "pyxthreg":
        call = pyxthreg(bent_table(*row["shape"]), row["draws"], row["grid"])
    else:
        call = our_bootstrap(table(*row["shape"]), row["draws"], row["kind"])
    times = []
    figure = 0.0
    for _ in range(1 + row["calls"]):
        start, busy = time.perf_counter(), time.process_time()
        figure = call()
        times.append((time.perf_counter() - start, time.process_time() - busy))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    later, cpu = min(times[1:])
    return {"first": times[0][0], "later": later, "cpu": cpu, "peak": peak, "figure": figure}


def in_fresh_process(row: dict[str, Any]) -> dict[str, Any] | None:
    """Run one row elsewhere; None when it fails, with the reason on stderr."""
    command = [sys.executable, __file__, "--row", json.dumps(row)]
    environment = {**os.environ, "PYTHONHASHSEED": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        sys.stderr.write(f"{row}: {done.stderr[-400:]}\n")
        return None
    return dict(json.loads(done.stdout.splitlines()[-1]))


def rows_of(title: str, rows: list[tuple[str, dict[str, Any]]]) -> None:
    """Print one block: the first row is ours, the others are compared with it."""
    print(f"\n{title}\n")
    print("| | first call s | later calls s | CPU s | peak MB | time over ours | memory over ours | figure |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    mine: dict[str, Any] | None = None
    for name, row in rows:
        found = in_fresh_process(row)
        if found is None:
            print(f"| {name} | failed | | | | | | |")
            continue
        mine = mine or found
        times, memory = found["later"] / mine["later"], found["peak"] / mine["peak"]
        print(
            f"| {name} | {found['first']:.3f} | {found['later']:.5f} | {found['cpu']:.5f} | {found['peak']:.0f} "
            f"| {times:.1f} | {memory:.1f} | {found['figure']:.6g} |",
            flush=True,
        )


def scale_of(title: str, rows: list[tuple[str, dict[str, Any]]]) -> None:
    """Print how our own time grows."""
    print(f"\n{title}\n\n| | seconds | over the row above |\n| --- | --- | --- |")
    before = None
    for name, row in rows:
        found = in_fresh_process(row)
        if found is not None:
            grown = "" if before is None else f"{found['later'] / before:.1f}"
            print(f"| {name} | {found['later']:.4f} | {grown} |", flush=True)
            before = found["later"]


def run(small: bool) -> None:
    """All blocks."""
    for name, (units, periods, missing, calls) in (SMALL if small else PANELS).items():
        rows = []
        for kind in ("ours", "pyfixest", "linearmodels", "statsmodels"):
            if kind == "statsmodels" and (small or missing or units > 100_000):
                continue
            slow = 1 if kind != "ours" and units > 100_000 else calls
            rows.append((kind, {"kind": kind, "shape": (units, periods, missing), "calls": slow}))
        rows_of(f"Two-way effects, six regressors, clustered by unit: {name}", rows)
    shape, draws = ((100, 8), 100) if small else ((565, 14), 300)
    calls = 2 if small else 5
    threshold = {"kind": "our threshold", "shape": shape, "draws": draws, "calls": calls}
    peer = {"kind": "pyxthreg", "shape": shape, "draws": draws, "calls": 1 if small else 3}
    blocks = [
        ("ours, all candidates, one bootstrap", {**threshold, "both": False}),
        ("ours, all candidates, two bootstraps, interval, fit", {**threshold, "both": True}),
        ("pyxthreg, all candidates", {**peer, "grid": 0}),
        ("pyxthreg, grid of 400", {**peer, "grid": 400}),
    ]
    if small:
        # Compiling it takes half a minute.
        blocks = blocks[:2]
    rows_of(f"Threshold, {shape[0]} x {shape[1]}, {draws} draws", blocks)
    scale_of(
        f"Our threshold by draws ({shape[0]} x {shape[1]}, two bootstraps)",
        [(f"{b} draws", {**threshold, "shape": shape, "both": True, "draws": b, "calls": 2}) for b in (100, 300, 900)],
    )
    sizes = (38, 380) if small else (38, 380, 2844)
    scale_of(
        "Mediation, 1,999 draws of units, 20 periods",
        [(f"{n} units", {"kind": "mediation", "shape": (n, 20, 0.0), "draws": 1999, "calls": 2}) for n in sizes],
    )
    scale_of(
        "Wild cluster bootstrap of six slopes with intervals, 38 x 3",
        [
            (f"{b} draws", {"kind": "wild", "shape": (38, 3, 0.0), "draws": b, "calls": 2})
            for b in (999, 9999, *(() if small else (99999,)))
        ],
    )
    lengths = (2_000, 20_000) if small else (6_900, 69_000, 690_000)
    scale_of(
        "Two-way effects by rows (10 periods)",
        [(f"{n:,} units", {"kind": "ours", "shape": (n, 10, 0.0), "calls": 3}) for n in lengths],
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="fewer rows, smaller data")
    parser.add_argument("--row", help="one row as JSON, run in this process")
    chosen = parser.parse_args()
    if chosen.row:
        print(json.dumps(measure(json.loads(chosen.row))))
    else:
        run(chosen.small)
