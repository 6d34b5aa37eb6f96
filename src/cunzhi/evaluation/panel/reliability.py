"""How much of an index is signal, and what its slope is without the noise, from two halves."""

from dataclasses import dataclass

import numpy as np

from cunzhi.evaluation.panel.arrays import FloatArray
from cunzhi.evaluation.panel.thin import dot


@dataclass(frozen=True, slots=True)
class Halves:
    """What two halves of an index say about the whole.

    reliability: Guttman's lambda 4, 4 cov(a, b) / var(F), with F = a + b the index as a
    weighted sum of its halves. shared: squared correlation of the halves. slope: of the
    signal in the whole index. linear: share of the index that the halves give together; the
    figures mean what they say when it is near one.
    """

    reliability: float
    shared: float
    slope: float
    linear: float


def compare_halves(y: FloatArray, index: FloatArray, first: FloatArray, second: FloatArray) -> Halves:
    """Compare two halves A and B of an index F; all (n,), effects and controls out.

    F is regressed on A and B, F = w_A A + w_B B. The slope of A's signal is that of y on A
    with B as instrument, cov(y, B) / cov(A, B), and B's likewise; the signal of F is
    w_A times A's plus w_B times B's, so its slope is 1 / (w_A / b_A + w_B / b_B).
    """
    # Sums in one thread: on long panels BLAS waits for its own threads.
    across, first_square = dot(first, second), dot(first, first)
    weights = _weights(first, second, index, across / first_square)
    fitted = weights[0] * first + weights[1] * second
    whole = dot(index, index)
    own = first_square * dot(second, second)
    b_first, b_second = dot(y, second) / across, dot(y, first) / across
    return Halves(
        reliability=float(4 * weights[0] * weights[1] * across / whole),
        shared=across**2 / own if own > 0 and across > 0 else 0.0,
        slope=1 / float(weights[0] / b_first + weights[1] / b_second),
        linear=dot(fitted, fitted) / whole,
    )


def _weights(first: FloatArray, second: FloatArray, index: FloatArray, shared: float) -> tuple[float, float]:
    """Least squares of the index on both halves; `shared` is the slope of the second on the first."""
    apart = second - shared * first
    square = dot(apart, apart)
    if square <= np.finfo(np.float64).eps ** 2 * dot(second, second):
        found = np.linalg.lstsq(np.column_stack([first, second]), index, rcond=None)[0]
        return float(found[0]), float(found[1])
    of_second = dot(apart, index) / square
    return dot(first, index - of_second * second) / dot(first, first), of_second
