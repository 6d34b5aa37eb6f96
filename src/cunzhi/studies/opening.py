"""From a printed cell back to the cells of the data: their rows, columns, values, and which were filled."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cunzhi.base.errors import Refused
from cunzhi.base.strict_yaml import load_as
from cunzhi.base.text import Text
from cunzhi.evaluation.index.arrays import Numbers, Whole
from cunzhi.evaluation.index.reading import FIRST_ROW
from cunzhi.studies.prepared import GROUP, Prepared, prepare_study
from cunzhi.studies.replication import RESULTS, SPEC, kept_figures, unpacked
from cunzhi.studies.sources import keyed, numbers_of, read_source
from cunzhi.studies.spec import Study
from cunzhi.studies.words import plain

if TYPE_CHECKING:
    import polars as pl

KEYS = ("unit", "period")
OBSERVED, EMPTY, TEXT = "observed", "empty", "text"
OWN, AROUND = "own", "weights"
"""A cell enters by itself, or only through the weights and scales of an index."""


@dataclass(frozen=True)
class Opened:
    """A printed cell and all that it was made of.

    label: of its row and column; printed: as in the table; trace: plain, with function, choices, code, libraries, rows.
    versions: of code and libraries when it was computed. changed: columns whose data are no longer what they were.
    cells: one line a cell of the data: row (as a spreadsheet counts), unit, period, column, value, state (observed,
    empty, or how it was filled), enters (own or weights), into (the variable or index that it is part of).
    """

    label: Text
    printed: str
    value: float | None
    identity: str
    path: str
    trace: Mapping[str, Any]
    versions: Mapping[str, str]
    changed: tuple[str, ...]
    cells: "pl.DataFrame"


def cells_there_are(package: Path) -> dict[str, dict[str, list[str]]]:
    """The printed cells by table and row, to choose from."""
    with unpacked(package) as folder:
        tables = json.loads((folder / RESULTS).read_text(encoding="utf-8"))["tables"]
    return {
        table["key"]: {row["key"]: [cell["text"] for cell in row["cells"]] for row in table["rows"]} for table in tables
    }


def open_cell(package: Path, table: str, row: str, column: int) -> Opened:
    """What the cell in a column (from 1) of a replication package's table was made of.

    Raises Refused when there is no such cell, or none that was computed from data.
    """
    with unpacked(package) as folder:
        results = json.loads((folder / RESULTS).read_text(encoding="utf-8"))
        label, cell = _cell(results, table, row, column)
        trace = results["traces"].get(cell["trace"])
        if trace is None:
            raise Refused("studies.no_trace", table=table, row=row, column=column, text=cell["text"])
        study = load_as(Study, (folder / SPEC).read_text(encoding="utf-8"), name=SPEC)
        source = read_source(study, folder, lambda _: kept_figures(folder))
        prepared = prepare_study(study, folder, source)
    names = [name for name in trace["columns"] if name not in KEYS]
    return Opened(
        label=label,
        printed=cell["text"],
        value=cell["value"],
        identity=cell["trace"],
        path=cell["path"],
        trace=trace,
        versions=results["versions"],
        changed=tuple(_changed(names, results["origins"], prepared.origins)),
        cells=_cells(prepared, names, _rows_used(trace, cell["path"], prepared)),
    )


def _cell(results: Mapping[str, Any], table: str, row: str, column: int) -> tuple[Text, Mapping[str, Any]]:
    tables = {one["key"]: one for one in results["tables"]}
    if table not in tables:
        raise Refused("studies.no_cell", wanted=table, known=", ".join(tables))
    rows = {one["key"]: one for one in tables[table]["rows"]}
    if row not in rows:
        raise Refused("studies.no_cell", wanted=f"{table} {row}", known=", ".join(rows))
    cells = rows[row]["cells"]
    if not 1 <= column <= len(cells):
        raise Refused("studies.no_cell", wanted=f"{table} {row} {column}", known=f"1–{len(cells)}")
    of_row = Text(**rows[row]["label"]) if rows[row]["label"] else plain(row)
    head = Text(**tables[table]["head"][column])
    label = Text(zh_Hans=f"{of_row.zh_Hans}，{head.zh_Hans}", en=f"{of_row.en}, {head.en}")
    return label, cells[column - 1]


def _changed(names: Sequence[str], was: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Columns of the data that differ from those that the number was made of."""
    return [
        f"{column} ({name})"
        for name in names
        for column, digest in was[name]["columns"].items()
        if now[name]["columns"].get(column) != digest
    ]


def _rows_used(trace: Mapping[str, Any], path: str, prepared: Prepared) -> Whole:
    """Rows of the data, from 0, that entered by themselves; a mean or score names its period or unit in the path."""
    rows = np.concatenate([np.arange(first, last + 1) for first, last in trace["rows"]] or [np.zeros(0, int)])
    kind, _, inner = path.removesuffix("]").partition("[")
    units, periods = (np.array(side) for side in prepared.keys)
    if kind == "mean" and inner:
        return np.asarray(rows[periods[rows] == inner])
    if kind == "value":
        unit, _, period = inner.rpartition(", ")
        return np.asarray(rows[(units[rows] == unit) & (periods[rows] == period)])
    if kind == "groups":
        return np.intersect1d(rows, _rows_of_group(prepared, int(inner.partition("]")[0])))
    return np.asarray(rows)


def _rows_of_group(prepared: Prepared, position: int) -> Whole:
    """Rows of the data of the group that stands at a position among those that have rows."""
    codes = prepared.plain.column(GROUP)
    return np.asarray(prepared.plain.rows[codes == np.unique(codes)[position]])


def _cells(prepared: Prepared, names: Sequence[str], rows: Whole) -> "pl.DataFrame":
    import polars as pl  # noqa: PLC0415 -- slow to import

    table = keyed(prepared.study, prepared.source)
    parts = []
    for name in names:
        origin = prepared.origins[name]
        if origin.get("transform") == "groups":
            (column,) = origin["columns"]
            parts.append(_lines(prepared, rows, column, name, OWN, np.full(len(rows), np.nan), [TEXT] * len(rows)))
            continue
        values = numbers_of(table, list(origin["columns"]))
        around = np.setdiff1d(_unrolled(origin.get("rows", ())), rows)
        for column in origin["columns"]:
            states = _states(values[column], origin.get("filled", {}).get(column, {}))
            for enters, at in ((OWN, rows), (AROUND, around)):
                parts.append(_lines(prepared, at, column, name, enters, values[column][at], states[at].tolist()))
    whole = pl.concat(parts) if parts else pl.DataFrame()
    return whole.with_columns(pl.col("value").fill_nan(None)) if parts else whole


def _lines(
    prepared: Prepared, rows: Whole, column: str, name: str, enters: str, values: Numbers, states: list[str]
) -> "pl.DataFrame":
    import polars as pl  # noqa: PLC0415 -- slow to import

    units, periods = (np.array(side)[rows] for side in prepared.keys)
    keys = {"row": rows + FIRST_ROW, "unit": units, "period": periods}
    told = pl.DataFrame({**keys, "value": values, "state": states}, schema_overrides={"state": pl.String})
    fixed = [pl.lit(text).alias(title) for title, text in (("column", column), ("enters", enters), ("into", name))]
    return told.with_columns(fixed).select("row", "unit", "period", "column", "value", "state", "enters", "into")


def _states(values: Numbers, filled: Mapping[str, Sequence[Sequence[int]]]) -> Any:
    """(n,) observed, empty, or how a cell was filled."""
    states = np.where(np.isnan(values), EMPTY, OBSERVED).astype(object)
    for way, runs in filled.items():
        states[_unrolled(runs)] = way
    return states


def _unrolled(runs: Sequence[Sequence[int]]) -> Whole:
    """Rows of runs of rows."""
    return np.concatenate([np.zeros(0, dtype=np.int64), *(np.arange(first, last + 1) for first, last in runs)])
