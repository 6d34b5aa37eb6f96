"""How each column of a study came from the data: which cells, what they were, and which of them were filled."""

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from cunzhi.evaluation.index.arrays import Numbers, Whole
from cunzhi.evaluation.index.build import Build
from cunzhi.evaluation.index.table import FILLED_BY
from cunzhi.evaluation.panel.trace import runs_of

if TYPE_CHECKING:
    import polars as pl

Rows = Mapping[tuple[str, str], int]
"""The row of the data, from 0, of each unit and period."""


def rows_of(table: "pl.DataFrame") -> Rows:
    """Where each unit and period stands in the data."""
    return {key: row for row, key in enumerate(table.select(" unit", " period").iter_rows())}


def of_variable(column: str, transform: str, file: str, values: Numbers) -> dict[str, Any]:
    """The origin of a variable that is a column of the data."""
    return {"column": column, "transform": transform, "file": file, "columns": {column: digest(values)}}


def of_groups(column: str, file: str, labels: list[str]) -> dict[str, Any]:
    """The origin of the groups of units."""
    told = hashlib.sha256("\0".join(labels).encode()).hexdigest()
    return {"column": column, "transform": "groups", "file": file, "columns": {column: told}}


def of_index(name: str, tree: str, build: Build, raw: Mapping[str, Numbers], rows: Rows) -> dict[str, Any]:
    """The origin of an index: its log, a digest of each indicator in the data, its rows and its filled cells."""
    return {
        "index": name,
        "tree": tree,
        **build.receipt(),
        "columns": {code: digest(raw[code]) for code in build.tree.codes},
        "rows": runs_of(np.sort(places_of(build, rows))),
        "filled": filled_of(build, rows),
    }


def places_of(build: Build, rows: Rows) -> Whole:
    """(n,) rows of the data of an index's rows."""
    keys = build.panel.keys()
    return np.array([rows[key] for key in zip(keys["unit"], keys["period"], strict=True)], dtype=np.int64)


def filled_of(build: Build, rows: Rows) -> dict[str, dict[str, Any]]:
    """Runs of rows of the data in which an indicator was filled, by indicator and by the way of filling."""
    places, flags = places_of(build, rows), build.panel.filled
    found: dict[str, dict[str, Any]] = {}
    for column, code in enumerate(build.panel.codes):
        for position in np.unique(flags[flags[:, column] > 0, column]).tolist():
            at = np.sort(places[flags[:, column] == position])
            found.setdefault(code, {})[FILLED_BY[position]] = runs_of(at)
    return found


def digest(values: Numbers) -> str:
    """SHA-256 of a column of numbers in the order of the data; empty cells count as one same value."""
    return hashlib.sha256(np.where(np.isnan(values), np.nan, values).tobytes()).hexdigest()
