"""Products of long thin matrices, in blocks so small that BLAS stays in one thread.

A cross product of a few columns is bound by memory, so threads gain nothing on an idle machine;
on a busy one they wait for each other and a call takes ten times as long.
"""

import numpy as np

from cunzhi.evaluation.cores import cores, on_all_cores
from cunzhi.evaluation.panel.arrays import FloatArray
from cunzhi.evaluation.panel.blocks import BLOCK, LARGE

# OpenBLAS starts threads above 2^18 multiplications in a product of matrices.
MATRIX = 1 << 18


def cross(a: FloatArray, b: FloatArray) -> FloatArray:
    """a' b of a (n, k) with b (n, m), or with b (n,)."""
    if b.ndim == 1:
        return np.array(on_all_cores(lambda column: dot(column, b), a.T, large=b.size >= LARGE))
    total = np.zeros((a.shape[1], b.shape[1]))
    step = max(1, MATRIX // max(1, total.size))
    for start in range(0, a.shape[0], step):
        # A copy keeps numpy from calling the symmetric routine, which threads sooner.
        total += a[start : start + step].T @ b[start : start + step].copy()
    return total


def times(a: FloatArray, b: FloatArray) -> FloatArray:
    """a b of a (n, k) with b (k, m), columns contiguous."""
    product = np.empty((b.shape[1], a.shape[0])).T
    for column, weights in zip(product.T, b.T, strict=True):
        _add_up(column, a, weights)
    return product


def residual(y: FloatArray, a: FloatArray, b: FloatArray) -> FloatArray:
    """y - a b of y (n,), a (n, k) and b (k,)."""
    left = np.empty(y.size)
    _add_up(left, a, -b, y)
    return left


def _add_up(into: FloatArray, a: FloatArray, b: FloatArray, begin: FloatArray | None = None) -> None:
    """Fill into (n,) with begin + a b, block by block: a thread for each part of a large table."""
    n = into.size

    def fill(part: range) -> None:
        scratch = np.empty(BLOCK)
        for start in part:
            rows = slice(start, min(n, start + BLOCK))
            out, term = into[rows], scratch[: min(n, start + BLOCK) - start]
            out[:] = 0.0 if begin is None else begin[rows]
            for column, weight in zip(a[rows].T, b, strict=True):
                out += np.multiply(column, weight, out=term)

    starts = range(0, n, BLOCK)
    half = -(-len(starts) // cores())
    parts = [starts[at : at + half] for at in range(0, len(starts), max(1, half))]
    on_all_cores(fill, parts, large=n >= LARGE)


def dot(a: FloatArray, b: FloatArray) -> float:
    """The inner product of a (n,) and b (n,)."""
    return float(np.einsum("i,i->", a, b))
