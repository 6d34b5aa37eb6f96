"""Runs of rows that hold whole groups and fit the processor's cache."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from cunzhi.evaluation.panel.arrays import FloatArray, IntArray

# Rows worked on at a time, so that a block stays in the processor's cache.
BLOCK = 1 << 15
# Rows from which threads are worth their start.
LARGE = 1 << 18


@dataclass(frozen=True, slots=True)
class Block:
    """A run of rows and the groups in it.

    groups: which of all groups. codes: (n,) of the rows' groups among all. starts: (g,) where each
    group begins when they follow each other, else None.
    """

    rows: slice
    groups: slice
    codes: IntArray
    starts: IntArray | None

    def sums(self, values: FloatArray) -> FloatArray:
        """(g,) sums of the values (n,) of each group."""
        if self.starts is None:
            return np.asarray(np.bincount(self.codes, values, minlength=self.groups.stop), dtype=np.float64)
        return np.asarray(np.add.reduceat(values, self.starts))


def blocks_of(codes: IntArray, size: int) -> list[Block]:
    """Blocks of about BLOCK rows; one block of everything when the codes (n,) of `size` groups do not ascend."""
    lengths = np.bincount(codes, minlength=size)
    if not np.all(codes[1:] >= codes[:-1]) or not bool(lengths.all()):
        return [Block(slice(0, codes.size), slice(0, size), codes, None)]
    starts = np.cumsum(lengths) - lengths
    firsts = np.unique(np.append(codes[np.arange(0, codes.size, BLOCK)], size))
    blocks = []
    for low, high in pairwise(firsts.tolist()):
        rows = slice(int(starts[low]), int(starts[high - 1] + lengths[high - 1]))
        blocks.append(Block(rows, slice(low, high), codes[rows], starts[low:high] - starts[low]))
    return blocks
