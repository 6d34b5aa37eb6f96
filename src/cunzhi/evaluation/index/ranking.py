"""Ranks of units in a period over every combination of defensible choices, with noise on the weights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.index.arrays import Numbers, Whole
from cunzhi.evaluation.index.build import Build, Log, changed, step_again
from cunzhi.evaluation.index.table import Panel
from cunzhi.evaluation.index.tree import Tree
from cunzhi.evaluation.index.uncertainty import RankIntervals, noisy_weights, rank_intervals

if TYPE_CHECKING:
    import polars as pl

Choices = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Ranking:
    """units (n,) of the period; scores (draws, n); intervals over them; combinations tried, as logs.

    filled: (n,) share of the cells of each unit that were filled, the largest of all combinations.
    """

    period: str
    units: tuple[str, ...]
    scores: Numbers
    intervals: RankIntervals
    logs: tuple[Log, ...]
    filled: Numbers

    def to_table(self) -> "pl.DataFrame":
        """Unit, median rank, interval, and the groups (a, b, …) of units that cannot be told apart, best first."""
        import polars as pl  # noqa: PLC0415 -- slow to import

        letters = [
            ",".join(_letters(number) for number, group in enumerate(self.intervals.groups) if unit in group)
            for unit in range(len(self.units))
        ]
        table = pl.DataFrame(
            {
                "unit": self.units,
                "median_rank": self.intervals.median,
                "low_rank": self.intervals.low,
                "high_rank": self.intervals.high,
                "low_score": self.intervals.score_low,
                "high_score": self.intervals.score_high,
                "group": letters,
                "filled": self.filled,
            }
        )
        order = list(dict.fromkeys(unit for group in self.intervals.groups for unit in group))
        return table[order]


def rank_uncertainty(
    data: Panel,
    tree: Tree,
    log: Sequence[Mapping[str, Any]],
    *,
    period: str,
    choices: Choices,
    draws: int = 500,
    noise: float = 0.25,
    level: float = 0.9,
    seed: int = 0,
) -> Ranking:
    """Replay a log under every combination of `choices`, draw combinations at random, and disturb the weights.

    choices: for each verb, the settings to put in its place, such as {"normalise": [{"method": "min-max"},
    {"method": "rank"}]}; a verb occurring twice in the log must not be varied. noise: share by which each weight
    may move (0 leaves weights alone; a log without weight step needs noise=0).
    DataRefused names the combination that cannot be computed: no draw is left out silently.
    Source: Saisana, Saltelli & Tarantola (2005), J. Royal Statistical Society A 168(2), 307-323.
    """
    logs = _combinations(log, choices)
    random = np.random.default_rng(seed)
    prepared = [_prepared(data, tree, entries, noise=noise) for entries in logs]
    data.period_position(period)
    units = {tuple(build.panel.units[unit] for unit in build.panel.unit[_rows(build, period)]) for build, _ in prepared}
    if len(units) != 1:
        raise DataRefused("The choices keep different units", f"screen, in {period}", "do not vary the screening")
    scores = []
    for drawn in random.integers(len(prepared), size=draws):
        build, rest = prepared[drawn]
        scores.append(_finished(build, rest, noise, random).index[_rows(build, period)])
    array = np.array(scores)
    filled = np.max([build.panel.row_filled[_rows(build, period)] for build, _ in prepared], axis=0)
    return Ranking(period, units.pop(), array, rank_intervals(array, level=level), tuple(logs), filled)


def _combinations(log: Sequence[Mapping[str, Any]], choices: Choices) -> list[Log]:
    empty = [verb for verb, options in choices.items() if not options]
    if empty:
        raise DataRefused(
            "Verbs without any choice", named(empty), "give at least one set of settings or leave them out"
        )
    logs: list[Log] = []
    for options in product(*choices.values()):
        entries: Log = tuple(dict(step) for step in log)
        for verb, settings in zip(choices, options, strict=True):
            entries = changed(entries, verb, **settings)
        logs.append(entries)
    return logs


def _prepared(data: Panel, tree: Tree, log: Log, *, noise: float) -> tuple[Build, Log]:
    """The build up to its weights, and the steps that remain to be drawn; without noise, the finished build."""
    verbs = [entry["verb"] for entry in log]
    if noise and "weight" not in verbs:
        raise DataRefused("There are no weights to disturb", f"the log has {named(verbs)}", "use noise=0")
    stop = len(verbs) - verbs[::-1].index("weight") if noise else len(verbs)
    kept = build = Build(data, tree)
    try:
        for number, step in enumerate(log, start=1):
            build = step_again(build, number, step)
            if number == stop:
                kept = build
    except DataRefused as refused:
        where = f"{refused.where}; with the choices {[dict(step) for step in log]}"
        raise DataRefused(refused.what, where, f"{refused.how}; or leave out this combination") from refused
    if build.scores is None:
        raise DataRefused("The log ends without scores", f"the log has {named(verbs)}", "add aggregate or topsis")
    return kept, log[stop:]


def _finished(build: Build, rest: Log, noise: float, random: np.random.Generator) -> Build:
    if not rest:
        return build
    shaken = replace(build, weights=noisy_weights(build.weights_in_force, noise, random))
    for number, step in enumerate(rest, start=len(build.log) + 1):
        shaken = step_again(shaken, number, step)
    return shaken


def _rows(build: Build, period: str) -> Whole:
    return np.flatnonzero(build.panel.period == build.panel.period_position(period))


def _letters(number: int) -> str:
    return _letters(number // 26 - 1) + chr(97 + number % 26) if number >= 26 else chr(97 + number)
