"""The three sums over all rows that cost time, taken in pieces that fit the cache, one thread a core.

Numpy releases the interpreter inside its loops, so plain threads use all cores. A table of few columns makes its
inner loops short; so FOLD rows at a time are looked at as one long row, and the sums of its columns folded at the
end. Compiling the same loops with numba brought nothing where it was measured (docs/explanation/indices.md).
"""

from collections.abc import Callable, Iterator

import numpy as np

from cunzhi.evaluation.cores import cores, on_all_cores
from cunzhi.evaluation.index.arrays import Numbers

PIECE = 4096  # rows; 4,096 x 12 float64 are 390 KB, inside a second-level cache
FOLD = 64  # rows looked at as one
SERIAL_BELOW = 8 * PIECE
TINY = 1e-300  # stands for zero under the logarithm; 0 ln 0 counts as 0


def log_sums(values: Numbers) -> tuple[Numbers, Numbers, float]:
    """Column sums U of u and L of u ln u with u = x / c, where c is close to the column mean, and the lowest value.

    values: (n, k). Returns U (k,), L (k,) and the lowest x; L is meaningless when that is negative.
    Dividing by c first keeps the entropy of nearly equal columns exact. NaN or infinite cells make U not finite.
    """
    scale = values[:: max(1, len(values) // PIECE)].mean(axis=0)
    inverse = 1.0 / np.where(scale > 0, scale, 1.0)

    def sums(part: Numbers) -> Numbers:
        total = np.zeros((3, part.shape[1]))
        for wide in _folded(part):
            width = wide.shape[1] // part.shape[1]
            u = np.multiply(wide, np.tile(inverse, width))
            total[2] = min(total[2, 0], u.min())
            log = np.log(u if u.min() > 0 else np.maximum(u, TINY))
            total[0] += _unfolded(u.sum(axis=0), width)
            total[1] += _unfolded(np.multiply(u, log, out=log).sum(axis=0), width)
        return total

    parts = np.array(_in_pieces(sums, values))
    return parts[:, 0].sum(axis=0), parts[:, 1].sum(axis=0), float(parts[:, 2].min())


def cross_products(values: Numbers) -> tuple[Numbers, Numbers]:
    """Column means (k,) and the sums of centred cross products (k, k) of `values` (n, k); NaN cells make them NaN."""
    shift = values[:: max(1, len(values) // PIECE)].mean(axis=0)

    def products(part: Numbers) -> Numbers:
        count = part.shape[1]
        total = np.zeros((count + 1, count))
        for wide in _folded(part):
            width = wide.shape[1] // count
            centred = np.subtract(wide, np.tile(shift, width))
            rows = centred.reshape(-1, count)
            total[:-1] += rows.T @ rows
            total[-1] += _unfolded(centred.sum(axis=0), width)
        return total

    total = np.sum(_in_pieces(products, values), axis=0)
    off = total[-1] / len(values)
    return shift + off, total[:-1] - len(values) * np.outer(off, off)


def column_ranges(values: Numbers) -> tuple[Numbers, Numbers]:
    """Lowest and highest value of every column of `values` (n, k); NaN cells make them NaN."""

    def ranges(part: Numbers) -> Numbers:
        count = part.shape[1]
        ends = [
            [wide.min(axis=0).reshape(-1, count).min(axis=0), wide.max(axis=0).reshape(-1, count).max(axis=0)]
            for wide in _folded(part)
        ]
        found = np.array(ends)
        return np.array([found[:, 0].min(axis=0), found[:, 1].max(axis=0)])

    parts = np.array(_in_pieces(ranges, values))
    return parts[:, 0].min(axis=0), parts[:, 1].max(axis=0)


def _folded(part: Numbers) -> Iterator[Numbers]:
    """Pieces of (rows / FOLD, FOLD * k), then the rows that are left over as they are."""
    whole = len(part) - len(part) % FOLD
    for start in range(0, whole, PIECE):
        piece = np.ascontiguousarray(part[start : min(start + PIECE, whole)])
        yield piece.reshape(-1, FOLD * part.shape[1])
    if whole < len(part):
        yield part[whole:]


def _unfolded(sums: Numbers, width: int) -> Numbers:
    return np.asarray(sums.reshape(width, -1).sum(axis=0))


def _in_pieces(work: Callable[[Numbers], Numbers], values: Numbers) -> list[Numbers]:
    """What `work` makes of as many runs of rows as there are cores, or of all rows when they are few."""
    length = -(-len(values) // cores()) if len(values) >= SERIAL_BELOW else len(values)
    return on_all_cores(work, [values[start : start + length] for start in range(0, len(values), length)])
