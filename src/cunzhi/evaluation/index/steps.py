"""The verbs on a whole panel: each picks columns and rows, calls the function of arrays, and keeps the flags."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.index.aggregate import global_weights
from cunzhi.evaluation.index.ahp import AhpWeights, ahp_weights
from cunzhi.evaluation.index.arrays import Mask, Numbers
from cunzhi.evaluation.index.component import pca_index
from cunzhi.evaluation.index.impute import (
    Imputation,
    impute_group_mean,
    impute_last,
    impute_linear,
)
from cunzhi.evaluation.index.normalise import (
    Scale,
    goalpost_scale,
    min_max_scale,
    rank_scale,
    target_scale,
    z_scale,
)
from cunzhi.evaluation.index.table import FILLED_BY, Flags, Panel
from cunzhi.evaluation.index.treat import box_cox, log_transform, winsorise
from cunzhi.evaluation.index.tree import Node, Tree
from cunzhi.evaluation.index.weight import critic_weights, entropy_weights, entropy_weights_by_period

ALL = "all"
IMPUTATIONS = FILLED_BY[1:]
TREATMENTS = ("winsorise", "log", "box-cox")
NORMALISATIONS = ("min-max", "z", "goalposts", "rank", "target")
WEIGHTINGS = ("entropy", "critic", "components", "equal", "given", "ahp")
WEIGH_SETTINGS = {
    "entropy": ("by",),
    "critic": ("by",),
    "components": ("by",),
    "given": ("given",),
    "ahp": ("judgements",),
}


@dataclass(frozen=True)
class Weighting:
    """weights of the indicators, (k,) or (T, k) by period, summing to one; judged: AHP results by node."""

    weights: Numbers
    judged: Mapping[str, AhpWeights]


def impute_panel(panel: Panel, method: str, group: str, columns: Sequence[int]) -> tuple[Panel, Imputation]:
    """Fill missing cells of some columns; the flags of filled cells say how."""
    if method not in IMPUTATIONS:
        raise DataRefused(f"No imputation {method!r}", "impute", f"use {named(IMPUTATIONS)}")
    at = np.asarray(columns)
    values = panel.values[:, at]
    if method == "linear":
        done = impute_linear(values, panel.unit, panel.times[panel.period])
    elif method == "last":
        done = impute_last(values, panel.unit)
    else:
        labels: NDArray[np.str_] = panel.group(group) if group else np.full(len(values), "everyone")
        done = impute_group_mean(values, labels, panel.period)
    everything, flags = panel.values.copy(), panel.filled.copy()
    everything[:, at] = done.values
    flags[:, at] = np.where(done.filled, FILLED_BY.index(method), flags[:, at])
    return panel.with_values(everything, flags), done


def treat_panel(
    panel: Panel, method: str, columns: Sequence[int], *, by: str, low: float, high: float, exponents: ArrayLike | None
) -> tuple[Panel, object]:
    """Treat some columns; returns the panel and what was done to them."""
    if by not in ("period", "pooled"):
        raise DataRefused(f"Unknown grouping of treatment {by!r}", "treat", "use by='period' or by='pooled'")
    at = np.asarray(columns)
    values, codes = panel.values[:, at], [panel.codes[column] for column in columns]
    everything = panel.values.copy()
    if method == "winsorise":
        winsorised = winsorise(values, low=low, high=high, period=panel.period if by == "period" else None)
        everything[:, at] = winsorised.values
        return panel.with_values(everything), winsorised
    if method == "log":
        everything[:, at] = log_transform(values, codes)
        return panel.with_values(everything), None
    if method == "box-cox":
        transformed = box_cox(values, exponents, codes)
        everything[:, at] = transformed.values
        return panel.with_values(everything), transformed
    raise DataRefused(f"No treatment {method!r}", "treat", f"use {', '.join(TREATMENTS)}")


def normalise_panel(
    panel: Panel, tree: Tree, method: str, columns: Sequence[int], *, base: str, to: tuple[float, float]
) -> tuple[Panel, Scale]:
    """Fit a scale to the base rows and apply it to all rows of some columns."""
    refuse_gaps(panel, columns)
    at = np.asarray(columns)
    nodes = [tree.by_code[panel.codes[column]] for column in columns]
    scale = _scale(method, panel.values[np.ix_(base_rows(panel, base), at)], nodes, to)
    everything = panel.values.copy()
    everything[:, at] = scale.apply(panel.values[:, at])
    return panel.with_values(everything), scale


def weigh_panel(
    panel: Panel, tree: Tree, method: str, *, by: str, given: Mapping[str, float], judgements: Mapping[str, ArrayLike]
) -> Weighting:
    """Global weights of the indicators; by is "pooled", "period" (entropy only) or the period that fixes them."""
    if method == "equal":
        bare = [Node(code=node.code, parent=node.parent) for node in tree.nodes]
        return Weighting(global_weights(Tree(tuple(bare))), {})
    if method == "given":
        return Weighting(global_weights(_reweighted(tree, given)), {})
    if method == "ahp":
        judged = _judged(tree, judgements)
        shares = {
            code: share
            for parent, result in judged.items()
            for code, share in zip(_child_codes(tree, parent), result.weights, strict=True)
        }
        return Weighting(global_weights(_reweighted(tree, shares)), judged)
    if by == "period" and method != "entropy":
        raise DataRefused(f"No weights by period for {method!r}", "weight", "use entropy, or name one period")
    if by == "period":
        return Weighting(entropy_weights_by_period(panel.values, panel.period, panel.codes), {})
    values = panel.values[base_rows(panel, ALL if by == "pooled" else by)]
    if method == "entropy":
        return Weighting(entropy_weights(values, panel.codes).weights, {})
    if method == "critic":
        return Weighting(critic_weights(values, panel.codes).weights, {})
    if method == "components":
        return Weighting(pca_index(values, codes=panel.codes).weights, {})
    raise DataRefused(f"No weighting {method!r}", "weight", f"use {', '.join(WEIGHTINGS)}")


def base_rows(panel: Panel, base: str) -> Mask:
    """The rows of the base period, or all rows for "all"."""
    if base == ALL:
        return np.ones(len(panel.values), dtype=bool)
    return np.asarray(panel.period == panel.period_position(base))


def refuse_gaps(panel: Panel, columns: Sequence[int]) -> None:
    """Raise DataRefused naming units, periods and indicators of cells that are still missing."""
    gaps = np.argwhere(np.isnan(panel.values[:, np.asarray(columns)])).tolist()
    if not gaps:
        return
    cells = [f"{panel.row_name(row)} {panel.codes[columns[gap]]}" for row, gap in gaps]
    raise DataRefused(
        f"{len(gaps)} cells are still missing",
        named(cells),
        "impute them: linear needs two known periods of a unit, so use group mean or last for units known once "
        "and for gaps at the ends; or screen these units or indicators",
    )


def refuse_idle(verb: str, method: str, settings: Mapping[str, object], used: Mapping[str, tuple[str, ...]]) -> None:
    """Raise DataRefused when a setting was given that `method` would ignore."""
    idle = [name for name, value in settings.items() if value and name not in used.get(method, ())]
    if idle:
        raise DataRefused(
            f"{verb} by {method!r} has no use for {named(idle)}",
            "the settings",
            "leave it out or change the method",
        )


def is_filled(flags: Flags) -> Mask:
    """True where a cell was filled in some way."""
    return np.asarray(flags > 0)


def _scale(method: str, base: Numbers, nodes: Sequence[Node], to: tuple[float, float]) -> Scale:
    codes = [node.code for node in nodes]
    direction = np.array([node.direction for node in nodes], dtype=np.float64)
    if method == "min-max":
        return min_max_scale(base, direction, to=to, codes=codes)
    if method == "z":
        return z_scale(base, direction, codes=codes)
    if method == "goalposts":
        return goalpost_scale(_told(nodes, "low"), _told(nodes, "high"), direction, to=to, codes=codes)
    if method == "rank":
        return rank_scale(base, direction, codes=codes)
    if method == "target":
        return target_scale(base, _told(nodes, "target"), codes=codes)
    raise DataRefused(f"No normalisation {method!r}", "normalise", f"use {', '.join(NORMALISATIONS)}")


def _told(nodes: Sequence[Node], field: str) -> Numbers:
    return np.array([getattr(node, field) for node in nodes], dtype=np.float64)  # None becomes NaN


def _reweighted(tree: Tree, weights: Mapping[str, float]) -> Tree:
    unknown = [code for code in weights if code not in tree.by_code]
    if unknown:
        raise DataRefused("Weights of nodes that are not in the tree", f"nodes {named(unknown)}", "correct the codes")
    if any(not weight >= 0 for weight in weights.values()):
        raise DataRefused("Negative weights", f"{dict(weights)}", "use the direction of the indicator instead")
    return Tree(
        tuple(
            Node(**{**vars(node), "weight": weights[node.code]}) if node.code in weights else node
            for node in tree.nodes
        )
    )


def _judged(tree: Tree, judgements: Mapping[str, ArrayLike]) -> dict[str, AhpWeights]:
    judged = {}
    for parent, judgement in judgements.items():
        below = _child_codes(tree, parent)
        result = ahp_weights(judgement)
        if result.weights.size != len(below):
            raise DataRefused(
                f"{result.weights.size} judged criteria for {len(below)} nodes",
                f"node {parent}",
                f"judge {named(below)} in this order",
            )
        if not result.consistent:
            raise DataRefused(
                f"Judgements contradict each other: consistency ratio {result.consistency_ratio:.3f}",
                f"node {parent}",
                "revise them until the ratio is below 0.1",
            )
        judged[parent] = result
    return judged


def _child_codes(tree: Tree, parent: str) -> list[str]:
    below = [child.code for child in tree.children(parent)] if parent in tree.by_code else []
    if not below:
        raise DataRefused(
            f"No node {parent!r} with children",
            "judgements",
            f"use {named(node.code for node in tree.nodes if tree.children(node.code))}",
        )
    return below
