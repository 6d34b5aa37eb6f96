"""Reads the data of a study into one table of units and periods, whatever they come from."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cunzhi.base.errors import Refused
from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.index.arrays import Numbers
from cunzhi.evaluation.index.periods import parse_periods
from cunzhi.evaluation.index.reading import FIRST_ROW, read_panel, read_table
from cunzhi.studies.spec import Platform, Study

if TYPE_CHECKING:
    import polars as pl

NEEDED = {"matplotlib": "matplotlib", "docx": "python-docx", "pandas": "pandas", "pyarrow": "pyarrow"}
PLATFORM = "platform"
Reader = Callable[[Platform], "pl.DataFrame"]
"""Fetches the platform's figures: unit, period and one column an indicator. The face above hands it in."""


@dataclass(frozen=True)
class Source:
    """The table read, its name and the SHA-256 of the bytes it came from.

    figures: the platform's part of it as it was fetched, where a file was put beside it; unused: rows of that file.
    """

    table: "pl.DataFrame"
    name: str
    digest: str
    figures: "pl.DataFrame | None" = None
    unused: int = 0


def need(*modules: str) -> None:
    """Refuses when a package of the extra `study` is not installed, with the command that installs it."""
    missing = [NEEDED.get(module, module) for module in modules if find_spec(module) is None]
    if missing:
        raise Refused("studies.missing_package", names=", ".join(missing))


def read_source(study: Study, folder: Path, platform: Reader | None = None) -> Source:
    """The data of a study; DataRefused or Refused say what is wrong with the file and in which rows."""
    if study.data.platform is None:
        return _file(study, folder)
    if platform is None:
        raise Refused("studies.no_platform")
    table = platform(study.data.platform)
    figures = Source(table, PLATFORM, hashlib.sha256(table.write_csv().encode()).hexdigest())
    return _beside(study, figures, _file(study, folder)) if study.data.file else figures


def _file(study: Study, folder: Path) -> Source:
    path = folder / study.data.file
    if not path.is_file():
        raise Refused("studies.no_file", file=study.data.file, folder=folder)
    return Source(_table(path), path.name, hashlib.sha256(path.read_bytes()).hexdigest())


def _beside(study: Study, figures: Source, file: Source) -> Source:
    """The platform's figures with a file's columns beside them; rows of the file without figures are counted."""
    data = study.data
    left = figures.table.rename({"unit": data.unit, "period": data.period})
    twice = [name for name in file.table.columns if name in left.columns and name not in (data.unit, data.period)]
    if twice:
        raise DataRefused(
            "Columns are in the file and among the platform's figures", named(twice), "rename one of both"
        )
    keys = [" unit", " period"]
    right = keyed(study, file).drop(data.unit, data.period)
    joined = keyed(study, Source(left, figures.name, figures.digest)).join(
        right, on=keys, how="left", maintain_order="left"
    )
    unused = right.join(keyed(study, Source(left, figures.name, figures.digest)), on=keys, how="anti").height
    if unused == right.height:
        raise DataRefused(
            "No row of the file has the unit and period of a figure of the platform",
            f"{file.name}: {named(keyed(study, file)[' unit'].unique().to_list())}",
            "write the units as division codes and the periods as in first and last",
        )
    digest = hashlib.sha256(f"{figures.digest} {file.digest}".encode()).hexdigest()
    return Source(joined.drop(keys), f"{PLATFORM} + {file.name}", digest, figures.table, unused)


def _table(path: Path) -> "pl.DataFrame":
    if path.suffix != ".dta":
        return read_table(path)
    need("pandas", "pyarrow")
    import pandas  # noqa: PLC0415 -- slow to import, and part of an extra
    import polars as pl  # noqa: PLC0415 -- slow to import

    try:
        return pl.from_pandas(pandas.read_stata(path, convert_categoricals=True))
    except ValueError as error:
        raise DataRefused("The file is no Stata table", str(path), f"save it again from Stata: {error}") from error


def keyed(study: Study, source: Source) -> "pl.DataFrame":
    """The table with `unit` and `period` as texts in one spelling beside its own columns, in its own order."""
    import polars as pl  # noqa: PLC0415 -- slow to import

    table, data = source.table, study.data
    for column in (data.unit, data.period):
        _refuse_absent(table, column, source.name)
    keys = {name: _texts(table, name, source.name) for name in (data.unit, data.period)}
    known = parse_periods(sorted(set(keys[data.period])))
    periods = [known[text].label for text in keys[data.period]]
    return table.with_columns(pl.Series(" unit", keys[data.unit]), pl.Series(" period", periods))


def numbers_of(table: "pl.DataFrame", columns: Sequence[str]) -> dict[str, Numbers]:
    """(n,) numbers of columns of a keyed table in its own order, NaN where a cell is empty."""
    panel = read_panel(table.select(" unit", " period", *columns), codes=columns, unit=" unit", period=" period")
    units, periods = table[" unit"].to_numpy().astype(str), table[" period"].to_numpy().astype(str)
    values = np.empty(panel.values.shape)
    values[np.lexsort((periods, units))] = panel.values
    return {name: np.ascontiguousarray(values[:, at]) for at, name in enumerate(columns)}


def column_of(table: "pl.DataFrame", name: str, file: str) -> list[str]:
    """A column of words, refused with its rows when it is not there or empty in places."""
    _refuse_absent(table, name, file)
    return _texts(table, name, file)


def _refuse_absent(table: "pl.DataFrame", name: str, file: str) -> None:
    if name not in table.columns:
        raise DataRefused(
            f"There is no column {name!r}",
            f"{file}, row 1, which has {named(table.columns)}",
            "correct the name in the study file, or rename the column",
        )


def _texts(table: "pl.DataFrame", name: str, file: str) -> list[str]:
    values = table.get_column(name).to_list()
    empty = [row + FIRST_ROW for row, value in enumerate(values) if value is None or str(value).strip() == ""]
    if empty:
        raise DataRefused(
            f"The column {name!r} is empty in places", f"{file}, rows {named(empty)}", "fill or delete these rows"
        )
    return [
        str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip() for value in values
    ]
