"""Takes effects out of columns exactly: the longer side by means, the shorter by one solve."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cunzhi.evaluation.cores import on_all_cores
from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.panel.arrays import FloatArray, IntArray
from cunzhi.evaluation.panel.blocks import BLOCK, LARGE, Block, blocks_of
from cunzhi.evaluation.panel.frame import Panel
from cunzhi.evaluation.panel.model import Effects

# The shorter side is solved as one dense system; beyond this it would take minutes.
LONGEST_SHORT_SIDE = 4000
# Cells of the dense table of a block of the longer side.
CELLS = 1 << 22


@dataclass(frozen=True, slots=True)
class Absorbed:
    """Columns without their effects.

    data: (n, k), each column contiguous; column j is sqrt(w) times the residual of the
        w-weighted least squares of column j on the dummies of the effects.
    rank: number of free parameters of the effects (N + T - C for both, with C the
        number of connected components of the units and periods).
    """

    data: FloatArray
    rank: int


def absorb(panel: Panel, names: Sequence[str], effects: Effects, weights: FloatArray | None = None) -> Absorbed:
    """Take the effects out of the named columns of a panel; see Absorbed.

    weights: (n,) positive, or None. Exact up to rounding for any pattern of missing rows.
    Raises DataRefused when both sides are longer than LONGEST_SHORT_SIDE.
    """
    columns = [panel.column(name) for name in names]
    return absorb_columns(panel, columns, effects, weights)


def absorb_columns(
    panel: Panel, columns: Sequence[FloatArray], effects: Effects, weights: FloatArray | None = None
) -> Absorbed:
    """As absorb, for (n,) arrays that stand beside the panel."""
    data = np.empty((len(columns), panel.n)).T
    rank = 0
    if effects == "none":
        for j, column in enumerate(columns):
            data[:, j] = column
    elif effects in ("unit", "period"):
        codes, size = (panel.unit, panel.units.size) if effects == "unit" else (panel.period, panel.periods.size)
        rank = _one_side(data, columns, codes, size, weights)
    elif panel.balanced and weights is None:
        _balanced(data, columns, (panel.units.size, panel.periods.size))
        rank = panel.units.size + panel.periods.size - 1
    else:
        rank = _two_sides(data, columns, panel, weights)
    if weights is not None:
        data *= np.sqrt(weights)[:, None]
    return Absorbed(data, rank)


def _one_side(
    data: FloatArray,
    columns: Sequence[FloatArray],
    codes: IntArray,
    size: int,
    weights: FloatArray | None,
) -> int:
    """Fill data with columns less their weighted group means; the number of groups."""
    totals = np.bincount(codes, weights, minlength=size)
    for j, column in enumerate(columns):
        sums = np.bincount(codes, column if weights is None else column * weights, minlength=size)
        np.subtract(column, (sums / totals)[codes], out=data[:, j])
    return size


def _balanced(data: FloatArray, columns: Sequence[FloatArray], shape: tuple[int, int]) -> None:
    """Fill data with columns less unit and period means, for rows sorted by unit and period."""
    units, periods = shape
    step = max(1, BLOCK // periods)
    for j, column in enumerate(columns):
        cells, out = column.reshape(shape), data[:, j].reshape(shape)
        sums = np.zeros(periods)
        for start in range(0, units, step):
            block, into = cells[start : start + step], out[start : start + step]
            np.subtract(block, np.einsum("ij->i", block)[:, None] / periods, out=into)
            sums += into.sum(axis=0)
        # Tiling the period means lets the subtraction run over long rows.
        for start in range(0, units, step):
            into = out[start : start + step]
            flat = into.reshape(-1)
            flat -= np.tile(sums / units, into.shape[0])


def _two_sides(data: FloatArray, columns: Sequence[FloatArray], panel: Panel, weights: FloatArray | None) -> int:
    """Fill data with columns less both effects of an unbalanced or weighted panel; their rank.

    The longer side is taken out by means. What is left of the shorter side's dummies has the
    cross product S = diag(W_t) - sum_i w_i w_i' / W_i, T x T, which is solved once.
    """
    sides = [(panel.unit, panel.units.size), (panel.period, panel.periods.size)]
    (long, size), (short, width) = sorted(sides, key=lambda side: -side[1])
    if width > LONGEST_SHORT_SIDE:
        raise DataRefused(
            what="both sides of the panel are too long for an exact solution",
            where=f"{panel.units.size} units, {panel.periods.size} periods",
            how=f"group one side to at most {LONGEST_SHORT_SIDE}, for example days into months",
        )
    cross, totals = _short_cross_product(long, short, (size, width), weights)
    inverse, lost = _symmetric_pseudo_inverse(cross)
    blocks = blocks_of(long, size)

    def subtract_means(block: Block, values: FloatArray, means: FloatArray) -> None:
        weighed = values if weights is None else values * weights[block.rows]
        means[block.groups] = block.sums(weighed) / totals[block.groups]
        values -= means.take(block.codes)

    def add_up(part: tuple[int, list[Block]]) -> FloatArray:
        j, chosen = part
        sums, means = np.zeros(width), np.empty(size)
        for block in chosen:
            left = columns[j][block.rows].copy()
            subtract_means(block, left, means)
            mass = left if weights is None else left * weights[block.rows]
            sums += np.bincount(short[block.rows], mass, minlength=width)
        return sums

    def take_out(part: tuple[int, list[Block]]) -> None:
        j, chosen = part
        means = np.empty(size)
        for block in chosen:
            effect = solution[j].take(short[block.rows])
            left = np.subtract(columns[j][block.rows], effect, out=data[block.rows, j])
            subtract_means(block, left, means)

    # Halves of columns, so that no core is left without work by an odd number of them.
    halves = [blocks[: len(blocks) // 2], blocks[len(blocks) // 2 :]]
    parts = [(j, half) for j in range(len(columns)) for half in halves]
    sums = on_all_cores(add_up, parts, large=panel.n >= LARGE)
    solution = [inverse @ (first + second) for first, second in zip(sums[::2], sums[1::2], strict=True)]
    on_all_cores(take_out, parts, large=panel.n >= LARGE)
    return size + width - lost


def _short_cross_product(
    long: IntArray, short: IntArray, shape: tuple[int, int], weights: FloatArray | None
) -> tuple[FloatArray, FloatArray]:
    """S (T x T) of the short side's dummies with the long side taken out, and the long totals."""
    size, width = shape
    totals = np.bincount(long, weights, minlength=size).astype(np.float64, copy=False)
    cross = np.diag(np.bincount(short, weights, minlength=width)).astype(np.float64, copy=False)
    mass = np.ones(long.size) if weights is None else weights
    # Blocks of the long side keep the dense table of cells small.
    step = max(1, CELLS // width)
    whole = step >= size
    order = None if whole or bool(np.all(long[1:] >= long[:-1])) else np.argsort(long, kind="stable")
    rows = long if order is None else long[order]
    for start in range(0, size, step):
        stop = min(size, start + step)
        part = slice(None) if whole else slice(*np.searchsorted(rows, (start, stop)))
        at = part if order is None else order[part]
        cell = (long[at] - start) * width + short[at]
        table = np.bincount(cell, mass[at], minlength=(stop - start) * width).reshape(-1, width)
        cross -= table.T @ (table / totals[start:stop, None])
    return cross, totals


def _symmetric_pseudo_inverse(cross: FloatArray) -> tuple[FloatArray, int]:
    """Pseudo-inverse of a positive semi-definite matrix and how many directions it lacks."""
    values, vectors = np.linalg.eigh(cross)
    sound = values > values[-1] * cross.shape[0] * 1e-13
    kept = vectors[:, sound]
    return (kept / values[sound]) @ kept.T, int(cross.shape[0] - sound.sum())
