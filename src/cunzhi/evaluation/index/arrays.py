"""What every computation here demands of its arrays before it starts."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cunzhi.evaluation.errors import DataRefused, named

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]


def column_names(count: int, codes: Sequence[str] = ()) -> list[str]:
    """Name `count` columns by their codes, or by position when none were given."""
    return list(codes) if len(codes) == count else [f"column {position + 1}" for position in range(count)]


def matrix(values: ArrayLike, codes: Sequence[str] = ()) -> Numbers:
    """Return `values` as an (n, k) array of finite floats; raise DataRefused where they are not."""
    array = shaped(values)
    if not np.isfinite(array.sum()):
        _refuse_missing(array, codes)
    return array


def shaped(values: ArrayLike) -> Numbers:
    """Return `values` as an (n, k) array of floats in which cells may be missing (NaN)."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 2 or 0 in array.shape:
        raise DataRefused(
            f"A table of rows and columns is needed, this has the shape {array.shape}",
            "the values",
            "pass an array with one row for each unit and period and one column for each indicator",
        )
    return array


def vector(values: ArrayLike, what: str = "the values") -> Numbers:
    """Return `values` as an (n,) array of finite floats; `what` names it in a refusal."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or not array.size:
        raise DataRefused(f"A single column is needed, this has the shape {array.shape}", what, "pass one column")
    bad = np.flatnonzero(~np.isfinite(array))
    if bad.size:
        raise DataRefused(
            f"{bad.size} missing or infinite values", f"{what}, rows {named(bad + 1)}", "impute or leave out these rows"
        )
    return array


def weights_vector(weights: ArrayLike, count: int) -> Numbers:
    """Return `count` non-negative weights scaled to sum to one."""
    array = vector(weights, "the weights")
    if array.size != count:
        raise DataRefused(f"{array.size} weights for {count} columns", "the weights", "give one weight for each column")
    if (array < 0).any() or array.sum() <= 0:
        bad = np.flatnonzero(array < 0) + 1
        raise DataRefused(
            "Weights must not be negative and must not all be zero",
            f"weights {named(bad)}" if bad.size else "all weights",
            "correct the weights; the direction of an indicator belongs into its tree, not into its weight",
        )
    return np.asarray(array / array.sum())


def refuse_constant(spread: Numbers, codes: Sequence[str], verb: str) -> None:
    """Raise DataRefused naming the columns whose `spread` (k,) is zero, because `verb` divides by it."""
    bad = np.flatnonzero(~(spread > 0))
    if bad.size:
        names = column_names(spread.size, codes)
        raise DataRefused(
            f"Constant indicators cannot be {verb}: they do not vary",
            f"columns {named(names[position] for position in bad)}",
            "leave them out (screen), give them goalposts, or check whether a default was filled in everywhere",
        )


def refuse_negative(values: Numbers, codes: Sequence[str], verb: str, *, zero_too: bool = False) -> None:
    """Raise DataRefused naming rows and columns below zero (or at zero), which `verb` cannot take."""
    bad = values <= 0 if zero_too else values < 0
    if not bad.any():
        return
    rows, columns = np.nonzero(bad)
    names = column_names(values.shape[1], codes)
    raise DataRefused(
        f"{rows.size} values {'at or ' if zero_too else ''}below zero, which {verb} cannot take",
        f"rows {named(np.unique(rows) + 1)}; columns {named(names[column] for column in np.unique(columns))}",
        "normalise to a positive range first (min-max, or to=(1, 100)), or choose a method that takes negative values",
    )


def _refuse_missing(array: Numbers, codes: Sequence[str]) -> None:
    rows, columns = np.nonzero(~np.isfinite(array))
    if not rows.size:
        return
    names = column_names(array.shape[1], codes)
    raise DataRefused(
        f"{rows.size} cells are missing or infinite",
        f"rows {named(np.unique(rows) + 1)}; columns {named(names[column] for column in np.unique(columns))}",
        "impute them (linear needs two known periods of a unit; else group mean or last) or screen rows and columns",
    )
