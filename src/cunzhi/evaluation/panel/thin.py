"""Products of long thin matrices, in blocks so small that BLAS stays in one thread.

A cross product of a few columns is bound by memory, so threads gain nothing on an idle machine;
on a busy one they wait for each other and a call takes ten times as long.
"""

import numpy as np

from cunzhi.evaluation.panel.arrays import FloatArray

# OpenBLAS starts threads above 2^18 multiplications in a product of matrices, and above
# 9,216 in one of a matrix and a vector.
MATRIX = 1 << 18
VECTOR = 9_000


def cross(a: FloatArray, b: FloatArray) -> FloatArray:
    """a' b of a (n, k) with b (n, m), or with b (n,)."""
    if b.ndim == 1:
        return np.array([dot(column, b) for column in a.T])
    total = np.zeros((a.shape[1], b.shape[1]))
    step = max(1, MATRIX // max(1, total.size))
    for start in range(0, a.shape[0], step):
        # A copy keeps numpy from calling the symmetric routine, which threads sooner.
        total += a[start : start + step].T @ b[start : start + step].copy()
    return total


def times(a: FloatArray, b: FloatArray) -> FloatArray:
    """a b of a (n, k) with b (k, m), columns contiguous, or with b (k,)."""
    if b.ndim == 2:
        return np.column_stack([times(a, column) for column in b.T]).copy(order="F")
    product = np.empty(a.shape[0])
    step = max(1, VECTOR // max(1, a.shape[1]))
    for start in range(0, a.shape[0], step):
        np.matmul(a[start : start + step], b, out=product[start : start + step])
    return product


def dot(a: FloatArray, b: FloatArray) -> float:
    """The inner product of a (n,) and b (n,)."""
    return float(np.einsum("i,i->", a, b))
