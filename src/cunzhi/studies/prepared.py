"""From the table read to the panel of the regressions: indices built, logarithms taken, columns standardised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.index.arrays import Numbers
from cunzhi.evaluation.index.build import Build, replay
from cunzhi.evaluation.index.reading import FIRST_ROW, read_panel
from cunzhi.evaluation.index.tree import Tree, read_tree, shipped_tree, shipped_trees
from cunzhi.evaluation.panel.frame import Panel, read
from cunzhi.studies.origins import of_groups, of_index, of_variable, rows_of
from cunzhi.studies.sources import Source, column_of, keyed, numbers_of
from cunzhi.studies.spec import Study

if TYPE_CHECKING:
    import polars as pl

FILLING = ("screen", "impute")
GROUP = "group of units"
"""The column of the panel that holds the position of a unit's group."""


@dataclass(frozen=True)
class Prepared:
    """All that the estimators and tables read.

    panel: the regressions' columns, standardised where asked. plain: the same columns before that.
    builds: the finished build of each index; filled_builds: the same after screening and filling only.
    filled: (n,) of each index, share of it that rests on filled cells.
    origins: how each column came from the data, plain. keys: unit and period of every row of the data.
    names: of units; places: six-figure codes, empty when unknown.
    groups: names of the groups in their order; scale: mean and deviation of what was standardised.
    """

    study: Study
    source: Source
    panel: Panel
    plain: Panel
    builds: Mapping[str, Build]
    filled_builds: Mapping[str, Build]
    filled: Mapping[str, Numbers]
    origins: Mapping[str, Any]
    keys: tuple[tuple[str, ...], tuple[str, ...]]
    names: Mapping[str, str]
    places: Mapping[str, str]
    groups: tuple[str, ...]
    scale: Mapping[str, tuple[float, float]]


def prepare_study(study: Study, folder: Path, source: Source) -> Prepared:
    """Build the indices and the panel of a study; DataRefused names rows, columns and the way out."""
    table = keyed(study, source)
    origins: dict[str, Any] = {}
    rows = rows_of(table)
    built = {name: _build(study, folder, table, name) for name in study.indices}
    builds = {name: build for name, (_, build) in built.items()}
    for name, build in builds.items():
        raw = numbers_of(table, build.tree.codes)
        origins[name] = of_index(name, study.indices[name].tree, build, raw, rows)
        table = table.join(_scores(build, name), on=[" unit", " period"], how="left", maintain_order="left")
    columns: dict[str, Any] = {" unit": table[" unit"], " period": table[" period"]}
    for name in study.named:
        if name not in builds:
            columns[name], origins[name] = _variable(study, table, name, source.name)
        else:
            columns[name] = table[f" index {name}"]
    groups: tuple[str, ...] = ()
    if study.roles.groups is not None:
        labels = column_of(table, study.roles.groups.column, source.name)
        groups = _order(study, labels)
        origins[GROUP] = of_groups(study.roles.groups.column, source.name, labels)
        columns[GROUP] = np.array([float(groups.index(label)) for label in labels])
    plain = read(columns, unit=" unit", period=" period")
    panel, scale = _standardised(plain, study.roles.standardise)
    for name, (mean, deviation) in scale.items():
        origins[name] = {**origins[name], "standardised": {"mean": mean, "deviation": deviation, "rows": panel.n}}
    order = plain.rows
    filled = {name: np.nan_to_num(table[f" filled {name}"].to_numpy())[order] for name in builds}
    names, places = _labels(study, table, source.name)
    early = {name: state for name, (state, _) in built.items()}
    keys = (tuple(table[" unit"]), tuple(table[" period"]))
    return Prepared(study, source, panel, plain, builds, early, filled, origins, keys, names, places, groups, scale)


def tree_named(name: str, folder: Path) -> Tree:
    """A shipped tree, or the tree in a file beside the study file."""
    if name in shipped_trees():
        return shipped_tree(name)
    path = folder / name
    if not path.is_file():
        raise DataRefused(
            f"There is no index tree {name!r}",
            f"shipped: {named(shipped_trees())}; files are looked for in {folder}",
            "name a shipped tree, or a .yaml, .csv or .xlsx beside the study file",
        )
    return read_tree(path)


def leading_fills(log: Sequence[Mapping[str, Any]]) -> int:
    """How many steps at the beginning of a log screen or fill; a draw of units does not do them again."""
    return next((number for number, step in enumerate(log) if step.get("verb") not in FILLING), len(log))


def _build(study: Study, folder: Path, table: "pl.DataFrame", name: str) -> tuple[Build, Build]:
    """The index after screening and filling, and finished."""
    index = study.indices[name]
    tree = tree_named(index.tree, folder)
    groups = sorted({str(step["group"]) for step in index.steps if step.get("group")})
    try:
        data = read_panel(table, codes=tree.codes, unit=" unit", period=" period", groups=groups)
        early = replay(data, tree, index.steps[: leading_fills(index.steps)])
        build = replay(data, tree, index.steps)
        _ = build.index
    except DataRefused as refused:
        raise DataRefused(refused.what, f"index {name}: {refused.where}", refused.how) from refused
    return early, build


def _scores(build: Build, name: str) -> "pl.DataFrame":
    import polars as pl  # noqa: PLC0415 -- slow to import

    scores = build.scores
    rest = scores.filled[:, scores.codes.index(build.tree.root.code)] if scores is not None else 0.0
    keys = build.panel.keys()
    return pl.DataFrame(
        {
            " unit": keys["unit"],
            " period": keys["period"],
            f" index {name}": build.index,
            f" filled {name}": rest,
        }
    )


def _variable(study: Study, table: "pl.DataFrame", name: str, file: str) -> tuple[Numbers, dict[str, Any]]:
    """The (n,) values of a variable in the order of the file, and where they come from."""
    spec = study.variables[name]
    column = spec.column or name
    if column not in table.columns:
        column_of(table, column, file)
    values = numbers_of(table, [column])[column]
    origin = of_variable(column, spec.transform, file, values)
    if spec.transform == "log":
        bad = np.flatnonzero(values <= 0)
        if bad.size:
            raise DataRefused(
                f"The logarithm of {column!r} does not exist",
                f"{file}, rows {named(bad + FIRST_ROW)}: values at or below zero",
                "correct the cells, leave them empty, or take transform: none",
            )
        values = np.log(values)
    return values, origin


def _standardised(panel: Panel, wanted: tuple[str, ...]) -> tuple[Panel, dict[str, tuple[float, float]]]:
    """The panel with columns in standard deviations (n - 1) from their mean over the rows that have a value."""
    scale, columns = {}, {}
    for name in wanted:
        values = panel.column(name)
        mean, deviation = float(np.nanmean(values)), float(np.nanstd(values, ddof=1))
        if not deviation > 0:
            raise DataRefused(
                f"{name!r} cannot be standardised: it does not vary", f"column {name!r}", "take it out of standardise"
            )
        scale[name] = (mean, deviation)
        columns[name] = (values - mean) / deviation
    return panel.with_columns(columns), scale


def _order(study: Study, labels: list[str]) -> tuple[str, ...]:
    groups = study.roles.groups
    there = tuple(dict.fromkeys(labels))
    if groups is None or not groups.order:
        return tuple(sorted(there))
    strange = [label for label in there if label not in groups.order]
    if strange:
        raise DataRefused(
            "Groups that the study file does not name",
            f"column {groups.column!r}: {named(strange)}",
            "add them to order, or correct the cells",
        )
    return tuple(label for label in groups.order if label in there)


def _labels(study: Study, table: "pl.DataFrame", file: str) -> tuple[dict[str, str], dict[str, str]]:
    units = table[" unit"].to_list()
    data = study.data
    names = column_of(table, data.name, file) if data.name else units
    places = column_of(table, data.place_code, file) if data.place_code else []
    return dict(zip(units, names, strict=True)), dict(zip(units, places, strict=False))
