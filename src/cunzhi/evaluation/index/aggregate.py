"""Aggregation: weighted means of indicators, level by level up the tree."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.index.arrays import Numbers, matrix, refuse_negative
from cunzhi.evaluation.index.tree import Tree

MEANS = ("arithmetic", "geometric")


@dataclass(frozen=True)
class Scores:
    """Scores of every node of a tree.

    codes: dimensions and index, the index first; values: (n, nodes).
    filled: (n, nodes) share of the weight below a node that rests on filled cells, 0 to 1.
    """

    codes: tuple[str, ...]
    values: Numbers
    filled: Numbers

    def of(self, code: str) -> Numbers:
        """(n,) scores of one node."""
        return self.values[:, self.codes.index(code)]


def arithmetic_mean(values: ArrayLike, weights: ArrayLike, codes: Sequence[str] = ()) -> Numbers:
    """sum w x: (n,) from values (n, k) and weights (k,) or (n, k) that sum to one along k. Fully compensatory."""
    array = matrix(values, codes)
    return np.asarray((array * np.asarray(weights, dtype=np.float64)).sum(axis=1))


def geometric_mean(values: ArrayLike, weights: ArrayLike, codes: Sequence[str] = ()) -> Numbers:
    """prod x ** w: (n,) from values (n, k) >= 0 and weights that sum to one. A single zero makes the score zero.

    DataRefused: missing or negative cells. Source: OECD/JRC Handbook (2008), step 6.
    """
    array = matrix(values, codes)
    refuse_negative(array, codes, "the geometric mean")
    with np.errstate(divide="ignore"):
        logs = np.log(array)
    share = np.broadcast_to(np.asarray(weights, dtype=np.float64), array.shape)
    weighted = np.multiply(logs, share, out=np.zeros_like(array), where=share > 0)
    return np.asarray(np.exp(weighted.sum(axis=1)))


def aggregate(
    tree: Tree,
    values: ArrayLike,
    weights: ArrayLike,
    *,
    means: Sequence[str] = ("arithmetic",),
    filled: ArrayLike | None = None,
) -> Scores:
    """Scores of all dimensions and of the index.

    values: (n, k) normalised, columns in the order of tree.codes.
    weights: (k,) or (n, k) global weights of the indicators; a node weighs what its indicators weigh together.
    means: one name of MEANS for each level, from the indicators upwards; the last one serves all higher levels.
    filled: (n, k) true where a cell was filled. DataRefused: missing cells (named), unknown means.
    """
    unknown = [name for name in means if name not in MEANS]
    if unknown or not means:
        raise DataRefused(f"Unknown means: {named(unknown)}", "aggregation", f"use {' or '.join(MEANS)}")
    array = matrix(values, tree.codes)
    rows = np.broadcast_to(np.asarray(weights, dtype=np.float64), array.shape)
    flags = np.zeros(array.shape) if filled is None else np.asarray(filled, dtype=np.float64)
    column = {code: (array[:, at], rows[:, at], flags[:, at], 0) for at, code in enumerate(tree.codes)}
    above = [node.code for node in tree.nodes if node.code not in tree.codes]
    for code in reversed(above):
        parts = [column[child.code] for child in tree.children(code)]
        column[code] = _combine(code, parts, means)
    return Scores(
        tuple(above),
        np.column_stack([column[code][0] for code in above]),
        np.column_stack([column[code][2] for code in above]),
    )


def node_weights(tree: Tree, weights: ArrayLike) -> dict[str, Numbers]:
    """Weight of every node among its siblings, from global weights of the indicators (k,) or (n, k)."""
    array = np.atleast_2d(np.asarray(weights, dtype=np.float64))
    total = {
        node.code: array[:, [tree.codes.index(leaf) for leaf in tree.leaves(node.code)]].sum(axis=1)
        for node in tree.nodes
    }
    return {
        node.code: total[node.code] / total[node.parent] if node.parent else np.ones(len(array)) for node in tree.nodes
    }


def global_weights(tree: Tree) -> Numbers:
    """(k,) weights of the indicators from the tree: given weights within siblings, multiplied down the branches.

    Siblings without weights share equally; DataRefused when only some of them have one.
    """
    share = {tree.root.code: 1.0}
    for node in tree.nodes:
        below = tree.children(node.code)
        without = [child.code for child in below if child.weight is None]
        if without and len(without) < len(below):
            raise DataRefused(
                "Some siblings have weights and some have none",
                f"nodes {named(without)}",
                "give all children of a node a weight, or none",
            )
        total = sum(child.weight for child in below if child.weight is not None)
        if below and not without and total <= 0:
            raise DataRefused("All weights below a node are zero", f"node {node.code}", "give one a positive weight")
        for child in below:
            part = 1.0 / len(below) if child.weight is None else child.weight / total
            share[child.code] = share[node.code] * part
    return np.array([share[code] for code in tree.codes])


def _combine(
    code: str, parts: list[tuple[Numbers, Numbers, Numbers, int]], means: Sequence[str]
) -> tuple[Numbers, Numbers, Numbers, int]:
    level = max(part[3] for part in parts)
    weight = np.column_stack([part[1] for part in parts])
    total = weight.sum(axis=1)
    divisor = np.where(total > 0, total, 1.0)[:, None]
    local = np.where(
        total[:, None] > 0, weight / divisor, 1.0 / len(parts)
    )  # weightless: shown, but counts for nothing
    mean = {"arithmetic": arithmetic_mean, "geometric": geometric_mean}[means[min(level, len(means) - 1)]]
    score = mean(np.column_stack([part[0] for part in parts]), local, [f"below {code}"])
    filled = (np.column_stack([part[2] for part in parts]) * local).sum(axis=1)
    return score, total, filled, level + 1
