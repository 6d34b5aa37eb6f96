"""How the time of a threshold test grows with draws and with rows, beside pyxthreg, as a picture.

    python benchmarks/threshold_scale.py docs/explanation/threshold_scale.svg

Simulated panels of 14 periods; each point in a fresh process. Seconds are of the processor, the fastest of three calls
after the first, so that other work on the machine and compiling do not count. Ours searches all candidates and runs
both bootstraps; pyxthreg (grid of 400, and all candidates) runs its one. Points that would take minutes are left out.
"""

import json
import sys
from pathlib import Path

from panel_speed import in_fresh_process

PERIODS = 14
DRAWS = (30, 100, 300, 1000, 3000)
UNITS = (100, 565, 2844, 10_000)
CONTESTANTS = {
    "Cunzhi, all candidates, two bootstraps": {"kind": "our threshold", "both": True},
    "pyxthreg, grid of 400": {"kind": "pyxthreg", "grid": 400},
    "pyxthreg, all candidates": {"kind": "pyxthreg", "grid": 0},
}
MOST = {"pyxthreg, grid of 400": 2844 * 300, "pyxthreg, all candidates": 565 * 300}


def points() -> dict[str, dict[str, list[tuple[int, float]]]]:
    """CPU seconds by draws (565 units) and by units (300 draws) of each contestant."""
    found: dict[str, dict[str, list[tuple[int, float]]]] = {}
    for name, row in CONTESTANTS.items():
        found[name] = {"draws": [], "units": []}
        for axis, values in (("draws", DRAWS), ("units", UNITS)):
            for value in values:
                units, draws = (565, value) if axis == "draws" else (value, 300)
                if units * draws > MOST.get(name, units * draws):
                    continue
                asked = {**row, "shape": (units, PERIODS), "draws": draws, "calls": 3}
                done = in_fresh_process(asked)
                if done is not None:
                    found[name][axis].append((value, done["cpu"]))
                    print(f"{name}: {units} units, {draws} draws: {done['cpu']:.3f} s", flush=True)
    return found


def draw(found: dict[str, dict[str, list[tuple[int, float]]]], file: Path) -> None:
    """Two panels with logarithmic axes."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams["svg.hashsalt"] = "cunzhi"
    picture = Figure(figsize=(8, 3.4), layout="constrained")
    titles = {"draws": "draws (565 units)", "units": f"units × {PERIODS} periods (300 draws)"}
    for axes, (axis, title) in zip(picture.subplots(1, 2, sharey=True), titles.items(), strict=True):
        for (name, lines), marker in zip(found.items(), "os^", strict=True):
            axes.loglog(*zip(*lines[axis], strict=True), marker=marker, label=name)
        axes.set_xlabel(title)
        axes.grid(visible=True, alpha=0.3)
    picture.axes[0].set_ylabel("seconds of the processor")
    picture.axes[1].legend(frameon=False, fontsize=8, loc="lower right")
    picture.savefig(file, metadata={"Date": None} if file.suffix == ".svg" else None)


if __name__ == "__main__":
    measured = points()
    print(json.dumps(measured))
    draw(measured, Path(sys.argv[1]))
