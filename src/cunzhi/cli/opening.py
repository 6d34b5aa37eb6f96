"""cunzhi study open: from a printed cell of a study to the cells of the data that it was made of."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cunzhi.base.errors import Refused
from cunzhi.cli.words import language, tell, words

if TYPE_CHECKING:
    from cunzhi.studies.opening import Opened

SHOWN_CELLS = 12


@click.command("open")
@click.argument("package", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("table", default="")
@click.argument("row", default="")
@click.argument("column", default=0, type=click.IntRange(0))
@click.option("--csv", "file", type=click.Path(path_type=Path), help="New file for all cells of the data.")
def command(package: Path, table: str, row: str, column: int, file: Path | None) -> None:
    """Show the cells of the data behind a printed number.

    PACKAGE is a replication.zip; TABLE, ROW and COLUMN (counted from 1) say which number. Leave them out to see which
    there are.
    """
    from cunzhi.studies.opening import open_cell

    if file is not None and file.exists():
        raise Refused("studies.exists", folder=file)
    if not column:
        return _show_what_there_is(package, table)
    opened = open_cell(package, table, row, column)
    _show(opened)
    if file is not None:
        opened.cells.write_csv(file)
        tell("study.open.written", count=f"{opened.cells.height:,}", file=file)
    return None


def _show_what_there_is(package: Path, table: str) -> None:
    """Tables, or the rows of one, with their printed cells."""
    from cunzhi.studies.opening import cells_there_are

    tables = cells_there_are(package)
    if table and table not in tables:
        raise Refused("studies.no_cell", wanted=table, known=", ".join(tables))
    for key in [table] if table else tables:
        click.echo(f"{key}: {', '.join(tables[key])}" if not table else key)
        for row, cells in tables[key].items() if table else ():
            click.echo(f"  {row:<24}" + "".join(f"{cell:>18}" for cell in cells))


def _show(opened: "Opened") -> None:
    import polars as pl

    trace, cells = opened.trace, opened.cells
    click.echo(f"{opened.label.in_(language())}: {opened.printed}")
    tell("study.open.trace", identity=opened.identity, path=opened.path)
    tell("study.open.made", function=trace["function"], choices=json.dumps(trace["choices"], ensure_ascii=False))
    tell("study.open.code", code=opened.versions["code"], libraries=trace["libraries"])
    if opened.changed:
        tell("study.open.changed", columns=", ".join(opened.changed))
    kinds = cells.group_by("into", "enters", "state", maintain_order=True).agg(
        pl.len(), pl.col("column").unique(maintain_order=True), pl.col("row").n_unique().alias("rows")
    )
    for into, enters, state, count, columns, rows in kinds.iter_rows():
        how, said = words(f"study.open.{enters}"), _state(state)
        tell("study.open.cells", into=into, how=how, state=said, count=count, columns=", ".join(columns), rows=rows)
    for line in cells.sort(pl.col("state") == "observed", maintain_order=True).head(SHOWN_CELLS).iter_rows(named=True):
        value = "" if line["value"] is None else f"{line['value']:g}"
        click.echo(
            f"  {line['row']:>7} {line['unit']} {line['period']} {line['column']} {value} {_state(line['state'])}"
        )


def _state(state: str) -> str:
    """How a cell came to be, in the reader's language."""
    return words(f"study.open.state.{state.replace(' ', '_')}")
