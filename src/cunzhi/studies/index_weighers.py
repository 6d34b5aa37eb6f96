"""What an index multiplies its indicators with in draws of units, where it is a weighted sum of them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.index.arrays import Numbers
from cunzhi.evaluation.index.build import Build
from cunzhi.evaluation.index.component import components
from cunzhi.evaluation.index.normalise import Straight
from cunzhi.evaluation.index.steps import ALL, normalise_panel, weigh_panel
from cunzhi.evaluation.index.table import Panel as IndexPanel
from cunzhi.evaluation.index.tree import Tree
from cunzhi.evaluation.panel.frame import Panel
from cunzhi.evaluation.panel.index_draws import Drawn, Weigher
from cunzhi.studies.prepared import leading_fills

Parts = Sequence[Sequence[str]]
WEIGHTED_SUM = ["normalise", "weight", "aggregate"]


def weigher_of(build: Build, deviation: float) -> Weigher | None:
    """The weigher of an index in units of `deviation`; None when it is no weighted sum of its indicators."""
    log = build.log[leading_fills(build.log) :]
    verbs = [step["verb"] for step in log]
    if verbs == ["components"] and log[0]["base"] == ALL:
        return _by_components(build, log[0], deviation)
    if verbs != WEIGHTED_SUM or set(log[2]["means"]) != {"arithmetic"} or log[0]["codes"] or log[1]["by"] == "period":
        return None
    if log[0]["method"] not in ("min-max", "z"):
        return None
    return _by_scale(build, log[0], log[1], deviation)


def index_panel(panel: Panel, names: Sequence[str]) -> IndexPanel:
    """The rows of a regressions' panel as a table of observed indicators."""
    values = np.column_stack([panel.column(name) for name in names])
    return IndexPanel(
        tuple(map(str, panel.units)),
        tuple(map(str, panel.periods)),
        np.arange(float(panel.periods.size)),
        panel.unit,
        panel.period,
        tuple(names),
        values,
        np.zeros(values.shape, dtype=np.uint8),
    )


def _by_components(build: Build, step: Mapping[str, Any], deviation: float) -> Weigher:
    chosen = {name: step[name] for name in ("rule", "share", "count")}

    def weigh(drawn: Drawn, parts: Parts) -> Numbers:
        names = list(parts[0])
        covariances = drawn.covariances(names)
        sound = np.isfinite(covariances).all(axis=(1, 2))
        found = np.zeros((len(covariances), len(names), len(parts)))
        found[~sound] = np.nan
        turned = np.array([build.tree.by_code[name].direction for name in names], dtype=np.float64)
        scale = turned * np.sqrt(np.diagonal(covariances[sound], axis1=1, axis2=2))
        correlation = covariances[sound] / (scale[:, :, None] * scale[:, None, :])
        for position, part in enumerate(parts):
            at = np.array([names.index(name) for name in part])
            anchor = list(part).index(step["anchor"]) if step["anchor"] in part else None
            made = components(correlation[:, at[:, None], at], **chosen, anchor=anchor)
            found[np.flatnonzero(sound)[:, None], at, position] = made.coefficients / scale[:, at] / deviation
        return found

    return weigh


def _by_scale(build: Build, normalise: Mapping[str, Any], weight: Mapping[str, Any], deviation: float) -> Weigher:
    """Straight scales and one set of weights: only these are made anew in a draw, not the scores."""

    def one(panel: Panel, parts: Parts) -> Numbers:
        names = list(parts[0])
        tree = build.tree.without([code for code in build.tree.codes if code not in names])
        table, scale = normalise_panel(
            index_panel(panel, names),
            tree,
            normalise["method"],
            range(len(names)),
            base=normalise["base"],
            to=(normalise["to"][0], normalise["to"][1]),
        )
        assert isinstance(scale, Straight)  # noqa: S101 -- weigher_of asks for no other scales
        return _shares(table, tree, parts, weight) * scale.slope[:, None] / deviation

    def weigh(drawn: Drawn, parts: Parts) -> Numbers:
        found = np.full((len(drawn.picks), len(parts[0]), len(parts)), np.nan)
        for draw in range(len(found)):
            try:
                found[draw] = one(drawn.sample(draw), parts)
            except DataRefused:
                continue
        return found

    return weigh


def _shares(table: IndexPanel, tree: Tree, parts: Parts, weight: Mapping[str, Any]) -> Numbers:
    """(k, lists) weights of the indicators of each list among all of the first, 0 for those not in it."""
    told = {name: weight[name] for name in ("by", "given", "judgements")}
    names = list(parts[0])
    whole = weigh_panel(table, tree, weight["method"], **told).weights
    found = np.zeros((len(names), len(parts)))
    for position, part in enumerate(parts):
        kept = np.isin(names, part)
        shares = whole[kept] / whole[kept].sum()
        if position and weight["method"] != "entropy":
            # All but entropy weights look at the other indicators too.
            rest = table.keep(rows=np.ones(len(table.values), dtype=bool), columns=kept)
            own = tree.without([name for name in names if name not in part])
            shares = weigh_panel(rest, own, weight["method"], **told).weights
        found[kept, position] = shares
    return found
