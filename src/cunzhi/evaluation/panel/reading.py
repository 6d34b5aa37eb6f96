"""Turning one column of somebody's table into codes or into floats, or saying why not."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.panel.arrays import BoolArray, FloatArray, IntArray, LabelArray

# Whole numbers in a range not much longer than the column are coded by a table
# of the range: a tenth of the time that sorting millions of rows takes.
LONGEST_RANGE = 4


def names_of(source: Any) -> list[str]:
    """The column names of a polars or pandas frame or a mapping."""
    return list(source) if isinstance(source, Mapping) else [str(name) for name in source.columns]


def raw_column(source: Any, name: str) -> Any:
    """One column as numpy array, sharing memory with the table where it can."""
    column = source[name]
    values = column.to_numpy() if hasattr(column, "to_numpy") else np.asarray(column)
    if values.ndim != 1:
        raise DataRefused(
            what=f"column {name!r} is not a list of values",
            where=f"shape {values.shape}",
            how="give one value for each row",
        )
    return values


def floats_of(values: Any, name: str) -> FloatArray:
    """(n,) float64 of a numeric or boolean column; NaN where a value is missing.

    Raises DataRefused with the rows of text and of infinite values.
    """
    if values.dtype.kind in "fiub":
        numbers = np.ascontiguousarray(values, dtype=np.float64)
    else:
        numbers = _floats_of_objects(values, name)
    # A sum is not finite when a value is not: one fast pass in the usual case.
    if not np.isfinite(numbers.sum()) and bool(np.isinf(numbers).any()):
        raise DataRefused(
            what=f"column {name!r} has infinite values",
            where=f"rows {named(np.flatnonzero(np.isinf(numbers)))}",
            how="correct them or leave the cells empty; a logarithm of zero is a usual cause",
        )
    return numbers


def _floats_of_objects(values: Any, name: str) -> FloatArray:
    """Floats of an object column that may hold None; text is refused with its rows."""
    numbers = np.full(values.size, np.nan)
    text: list[str] = []
    for row, value in enumerate(values):
        if _absent(value):
            continue
        if isinstance(value, (str, bytes)):
            text.append(f"{row} ({value!r})")
            continue
        try:
            numbers[row] = float(value)
        except (TypeError, ValueError):
            text.append(f"{row} ({value!r})")
    if text:
        raise DataRefused(
            what=f"column {name!r} has text where numbers are needed",
            where=f"rows {named(text)}",
            how="turn the column into numbers and leave cells without a value empty",
        )
    return numbers


def _absent(value: object) -> bool:
    """Whether a value of an object column stands for nothing."""
    return value is None or (isinstance(value, float) and value != value) or str(value) in ("<NA>", "NaT")


def codes_of(values: Any, name: str) -> tuple[IntArray, LabelArray]:
    """Codes (n,) from 0 in ascending order of the labels, and the labels.

    Raises DataRefused with the rows that have no label.
    """
    missing = _without_label(values)
    if missing.any():
        raise DataRefused(
            what=f"column {name!r} is empty in some rows",
            where=f"rows {named(np.flatnonzero(missing))}",
            how="say for each row which unit and which period it belongs to, or leave the row out",
        )
    if values.dtype.kind in "iu" and values.size:
        low, high = int(values.min()), int(values.max())
        if high - low <= LONGEST_RANGE * values.size:
            return _codes_by_range(values, low, high)
    labels = np.asarray(values, dtype=str) if values.dtype.kind in "OTSU" else values
    found, codes = np.unique(labels, return_inverse=True)
    return codes.astype(np.intp, copy=False), found


def _without_label(values: Any) -> BoolArray:
    """Which entries of a label column are missing."""
    if values.dtype.kind == "f":
        return np.asarray(np.isnan(values))
    if values.dtype.kind in "OT":
        return np.fromiter((_absent(value) or value == "" for value in values), bool, values.size)
    return np.zeros(values.size, dtype=bool)


def _codes_by_range(values: Any, low: int, high: int) -> tuple[IntArray, LabelArray]:
    """Codes of whole numbers by a table over their range."""
    offset = (values - low).astype(np.intp)
    seen = np.zeros(high - low + 1, dtype=bool)
    seen[offset] = True
    table = np.cumsum(seen) - 1
    if bool(seen.all()):
        return offset, np.flatnonzero(seen) + low
    return table[offset], np.flatnonzero(seen) + low
