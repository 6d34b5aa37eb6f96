"""What is asked of every table without being told: stars, counts, twins, decimals, figures that cannot be read."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from cunzhi.evaluation.audit.agreement import same_cell
from cunzhi.evaluation.audit.artefacts import mixed_precision, unreadable
from cunzhi.evaluation.audit.check import Check, Severity, unchecked
from cunzhi.evaluation.audit.printed import Cell
from cunzhi.evaluation.audit.sample import check_sample
from cunzhi.evaluation.audit.stars import Bracket, check_stars
from cunzhi.studies.audit.cells import Cells, levels


def look_at_tables(cells: Cells) -> Iterator[Check]:
    """The checks of all tables by themselves, then of estimates that look the same in two of them."""
    for name, table in cells.paper.tables.items():
        if table.kind == "words":
            continue
        every = [cell for row in cells.tables[name].values() for cell in row.values() if cell.text]
        yield from (check for cell in every if (check := unreadable(cell)))
        if table.kind == "regression":
            yield from _stars(cells, name)
            yield from _counts(cells, name)
        else:
            yield from _decimals(cells, name)
    yield from _twins(cells)


def _stars(cells: Cells, name: str) -> Iterator[Check]:
    """Cells with brackets or stars; a table without any star says nothing about significance."""
    table = cells.paper.tables[name]
    read = [cell for row in cells.tables[name].values() for cell in row.values() if cell.number]
    if not any(cell.stars for cell in read):
        return
    for cell in read:
        if cell.bracket is None and not cell.stars:
            continue
        if not table.levels:
            yield unchecked("stars", (cell,), "no_legend")
            continue
        references = cells.references(name, cell.place.column)
        itself = cell.place.row in table.statistics
        bracket, shown = (Bracket.T, replace(cell, bracket=cell.number)) if itself else (table.bracket, cell)
        yield check_stars(shown, levels=levels(table), references=references, bracket=bracket)


def _counts(cells: Cells, name: str) -> Iterator[Check]:
    panel, row = cells.paper.panel, cells.paper.tables[name].observations
    if panel and row:
        for cell in cells.tables[name][row].values():
            if cell.text:
                yield check_sample(cell, units=panel.units, periods=panel.periods)


def _decimals(cells: Cells, name: str) -> Iterator[Check]:
    table, rows = cells.paper.tables[name], cells.tables[name]
    if table.quantities == "rows":
        groups = [list(row.values()) for row in rows.values()]
    else:
        groups = [list(cells.column(name, column).values()) for column in table.columns]
    yield from (check for group in groups if (check := mixed_precision(group)))


def _twins(cells: Cells) -> Iterator[Check]:
    """Estimates with the same row label, number and bracket in two tables: their stars should agree too.

    Nobody has said that they are the same, so a difference is a WARNING.
    """
    declared = {
        (one.table, one.column)
        for relation in cells.paper.relations
        if relation.check == "same_model"
        for one in relation.columns
    }
    estimates = [cell for name in cells.tables for cell in _estimates(cells, name)]
    for first, second in combinations(estimates, 2):
        told = {(cell.place.table, cell.place.column) for cell in (first, second)} <= declared
        if told or first.place.table == second.place.table or _figures(first) != _figures(second):
            continue
        for check in same_cell(first, second):
            error = check.severity is Severity.ERROR
            yield replace(check, severity=Severity.WARNING) if error else check


def _estimates(cells: Cells, name: str) -> list[Cell]:
    if cells.paper.tables[name].kind != "regression":
        return []
    return [cell for row in cells.tables[name].values() for cell in row.values() if cell.number and cell.bracket]


def _figures(cell: Cell) -> tuple[str, ...]:
    number, bracket = cell.number, cell.bracket
    return (cell.place.row, number.text if number else "", bracket.text if bracket else "")
