"""A simulated panel on the real counties of Chongqing, whose true effects are known because they were put in.

Everything but names and codes of the counties is drawn from a seed. The panel stands for nothing that was measured.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from cunzhi.evaluation.index.arrays import Numbers
from cunzhi.evaluation.index.tree import shipped_tree
from cunzhi.evaluation.panel.fixed_effects import fixed_effects
from cunzhi.evaluation.panel.frame import read
from cunzhi.evaluation.panel.model import Model
from cunzhi.evaluation.panel.two_stage import two_stage

FIRST_YEAR = 2021
# The 21 districts of the main metropolitan area; the other 17 counties lie in the mountains.
MAIN = {"500102", "500103", "500104", "500105", "500106", "500107", "500108", "500109", "500110", "500111"} | {
    f"5001{number}" for number in (12, 13, 15, 16, 17, 18, 19, 20, 51, 52, 53)
}
REGIONS = ("main", "mountain")
LOW, HIGH, GAMMA = 0.15, 0.45, 0.0
"""The direct slope below and above the threshold, and the threshold."""
A = {"info": 0.55, "synergy": 0.60}
B = {"info": 0.20, "synergy": 0.15}
CONTROLS = {"ln_gdp": 0.12, "urban": -0.05, "fiscal": 0.20, "edu": 0.09}
NOISE = 0.22
INDICATOR_NOISE = 0.22
EMPTY = 9
"""Cells of indicators left empty, so that filling has something to do."""

Columns = Mapping[str, Numbers | list[str]]


@dataclass(frozen=True)
class Simulated:
    """A table by columns, and the true effects by name; see `truth` for what is true of what."""

    columns: Mapping[str, list[str] | Numbers]
    truth: Mapping[str, float]


def counties() -> list[tuple[str, str]]:
    """Code and name of the 38 counties as of 2023."""
    path = files("cunzhi.registry") / "data" / "chongqing_2023.csv"
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return [(row["code"], row["name"]) for row in rows if row["level"] == "county"]


def region_of(code: str) -> str:
    """The main metropolitan area, or the mountains of the north-east and south-east."""
    return "main" if code in MAIN else "mountain"


def simulate_chongqing(seed: int, *, years: int = 3) -> Simulated:
    """38 real counties over some years from 2021, everything measured being simulated."""
    known = counties()
    regions = [region_of(code) for code, _ in known]
    simulated = simulate([code for code, _ in known], regions, years, seed)
    names = [name for _, name in known for _ in range(years)]
    return Simulated({"county": names, **simulated.columns}, simulated.truth)


@dataclass(frozen=True)
class Latent:
    """What nobody measures: the standardised levels behind the columns, (n,) each.

    phones, instrument: (N,) phones, and the instrument made of them. level: behind the treatment. drawn: the
    mediators. outcome, signal: the outcome with all noise and with none.
    """

    phones: Numbers
    instrument: Numbers
    level: Numbers
    controls: Mapping[str, Numbers]
    infrastructure: Numbers
    drawn: Mapping[str, Numbers]
    outcome: Numbers
    signal: Numbers


def simulate(units: list[str], regions: list[str], years: int, seed: int) -> Simulated:
    """A balanced panel with the columns of the demo's study file.

    The latent level drives two mediators and the outcome; its direct slope is LOW up to GAMMA of `infrastructure`
    and HIGH above. Indicators are the latent levels with noise in units of their own.
    """
    rng = np.random.default_rng(seed)
    latent = _latent(np.array([float(region == "main") for region in regions]), years, rng)
    columns: dict[str, list[str] | Numbers] = {
        "code": [unit for unit in units for _ in range(years)],
        "simulated": ["yes"] * latent.level.size,
        "region": [region for region in regions for _ in range(years)],
        "year": [str(FIRST_YEAR + year) for _ in units for year in range(years)],
        **_measured(latent, years, rng),
    }
    quiet = {"y": latent.signal, "level": latent.level, "q": latent.infrastructure, "z": latent.instrument}
    noisy = {"y": latent.outcome, **latent.drawn}
    sizes = {name: float(values.std(ddof=1)) for name, values in noisy.items()}
    return Simulated(columns, truth_of({**quiet, **latent.controls}, sizes, columns))


def _latent(main: Numbers, years: int, rng: np.random.Generator) -> Latent:
    """Draw what is behind the columns; `main` is 1 for units of the main area. The order of the draws is the seed's."""
    shape = (main.size, years)

    def flat(fixed: float, moving: float, trend: float = 0.0, lift: float = 0.0) -> Numbers:
        level = fixed * rng.standard_normal(shape[0])[:, None] + lift * main[:, None]
        return np.asarray((level + moving * rng.standard_normal(shape) + trend * np.arange(years)).ravel())

    phones = np.exp(rng.normal(1.5, 0.6, shape[0]))
    shift = rng.standard_normal(years) * 0.6 + 0.5 * np.arange(years)
    instrument = (np.log(phones)[:, None] * shift).ravel()
    level = flat(0.6, 0.45, 0.35, 0.5) + 0.7 * (instrument - instrument.mean()) / instrument.std()
    level = (level - level.mean()) / level.std(ddof=1)
    controls = {"ln_gdp": flat(0.7, 0.35, 0.2, 0.4), "urban": flat(0.7, 0.3, 0.15, 0.6)}
    controls |= {"fiscal": flat(0.5, 0.5, 0.1), "edu": flat(0.6, 0.4, 0.15, 0.3)}
    infrastructure = flat(0.5, 0.45, 0.15, 0.7) - 0.45
    quiet = {name: A[name] * level + 0.1 * controls["ln_gdp"] for name in A}
    drawn = {name: values + flat(0.3, 0.35) for name, values in quiet.items()}
    rest = flat(0.4, 0.0, 0.08, 0.2) + sum(CONTROLS[name] * values for name, values in controls.items())
    direct = np.where(infrastructure > GAMMA, HIGH, LOW) * level
    outcome = direct + sum(B[name] * values for name, values in drawn.items()) + rest
    outcome = outcome + NOISE * rng.standard_normal(level.size)
    signal = direct + sum(B[name] * values for name, values in quiet.items()) + rest
    return Latent(phones, instrument, level, controls, infrastructure, drawn, outcome, signal)


def _measured(latent: Latent, years: int, rng: np.random.Generator) -> dict[str, Numbers]:
    """The columns as an office would have measured them: in units of their own, the indicators with noise."""
    return {
        **_indicators("governance_efficiency", latent.outcome, 0.1, rng),
        **_indicators("nqpf", latent.level, INDICATOR_NOISE, rng),
        "digital_village": 50 + 8 * (latent.level + 0.25 * rng.standard_normal(latent.level.size)),
        "gdp": np.exp(10.8 + 0.25 * latent.controls["ln_gdp"]),
        "urban": 55 + 9 * latent.controls["urban"],
        "fiscal": 12 + 3 * latent.controls["fiscal"],
        "edu": 9.5 + 0.8 * latent.controls["edu"],
        "info": 30 + 12 * latent.drawn["info"],
        "synergy": 8 + 3 * latent.drawn["synergy"],
        "infrastructure": 60 + 10 * latent.infrastructure,
        "phones_1984": np.repeat(latent.phones, years),
        "phones_by_year": latent.instrument,
    }


def truth_of(quiet: Mapping[str, Numbers], sizes: Mapping[str, float], columns: Columns) -> dict[str, float]:
    """What each estimate would be if no noise had been drawn, in standard deviations of the outcome.

    The treatment is the latent level behind the index, in its standard deviations. Slopes of the pooled models are
    those of the same regression on the outcome without noise; paths and slopes in regimes are the parameters.
    """
    panel = read({**quiet, "unit": columns["code"], "year": columns["year"]}, unit="unit", period="year")
    model = Model("y", ("level", *CONTROLS))
    scaled = 1 / sizes["y"]
    pooled = fixed_effects(panel, model)
    exogenous = Model("y", tuple(CONTROLS))
    instrumented = two_stage(panel, exogenous, endogenous=("level",), instruments=("z",)).fit
    through = sum(A[name] * B[name] for name in A)
    truth = {
        "with_controls": float(pooled.beta[0]) * scaled,
        "instrument": float(instrumented.beta[0]) * scaled,
        "regime_1": (LOW + through) * scaled,
        "regime_2": (HIGH + through) * scaled,
        "threshold": 60 + 10 * GAMMA,
    }
    for name in A:
        truth[f"a_{name}"] = A[name] / sizes[name]
        truth[f"b_{name}"] = B[name] * sizes[name] * scaled
        truth[f"ab_{name}"] = A[name] * B[name] * scaled
    return truth


def _indicators(tree: str, level: Numbers, noise: float, rng: np.random.Generator) -> dict[str, Numbers]:
    """Indicators of a tree: the level with noise, in a range of their own, a few cells empty."""
    columns = {}
    for node in shipped_tree(tree).indicators:
        values = node.direction * level + noise * rng.standard_normal(level.size)
        middle, step = rng.uniform(40, 70), rng.uniform(4, 9)
        columns[node.code] = np.round(middle + step * values, 4)
    picks = rng.choice(level.size * len(columns), size=EMPTY, replace=False)
    for pick in picks:
        columns[list(columns)[pick % len(columns)]][pick // len(columns)] = np.nan
    return columns
