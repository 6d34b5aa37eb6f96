"""What typesetting or conversion may have done to a table: stars eaten, figures unreadable, decimals dropped."""

from collections import Counter
from collections.abc import Sequence

from cunzhi.evaluation.audit.check import Check, Severity, places_of
from cunzhi.evaluation.audit.printed import Cell


def unreadable(cell: Cell) -> Check | None:
    """A NOTE when a cell mixes figures with something that keeps it from being read as a number."""
    if cell.number is not None or cell.bracket is not None or not any(figure.isdigit() for figure in cell.text):
        return None
    return Check("artefact", Severity.NOTE, places_of(cell), cell.text, "", "unreadable", {"one": cell.text})


def mixed_precision(cells: Sequence[Cell]) -> Check | None:
    """A NOTE on the cells of one quantity that have other decimals than most; None when there are too few to tell.

    Percentages are held against percentages, plain numbers against plain numbers.
    """
    odd: list[Cell] = []
    usual: list[int] = []
    for percent in (False, True):
        alike = [cell for cell in cells if cell.number is not None and cell.number.percent is percent]
        counts = Counter(cell.number.decimals for cell in alike if cell.number)
        if len(alike) < 3 or len(counts) < 2:
            continue
        most = counts.most_common(1)[0][0]
        usual.append(most)
        odd += [cell for cell in alike if cell.number and cell.number.decimals != most]
    if not odd:
        return None
    blanks = {"cells": ", ".join(cell.text for cell in odd), "usual": ", ".join(map(str, usual))}
    because = ("zeros_dropped",)
    where = places_of(*odd)
    return Check("precision", Severity.NOTE, where, blanks["cells"], blanks["usual"], "precision", blanks, because)
