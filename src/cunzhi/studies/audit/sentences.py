"""What a paper's sentences say about its numbers, put to the rules."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import singledispatch

from cunzhi.evaluation.audit.agreement import said_level, said_number, said_order, said_sign, same_word
from cunzhi.evaluation.audit.arithmetic import check_difference, check_point_gap, check_ratio
from cunzhi.evaluation.audit.check import Check, unchecked
from cunzhi.evaluation.audit.claims import check_evidence, check_standardised, check_trend
from cunzhi.evaluation.audit.printed import Cell, Place
from cunzhi.evaluation.audit.stars import stars_of, statistics
from cunzhi.studies.audit.cells import Cells, levels, said
from cunzhi.studies.audit.spec.relation import Relation
from cunzhi.studies.audit.spec.sentence import (
    Claim,
    Evidence,
    Gap,
    Number,
    Order,
    PointGap,
    Sign,
    Significance,
    Standardised,
    Trend,
    Word,
)

GAPS: dict[str, Callable[[Cell, Cell, Cell], Check]] = {"difference": check_difference, "ratio": check_ratio}


def look_at_claim(claim: Claim, cells: Cells) -> Iterator[Check]:
    """The checks of everything that a sentence says about numbers."""
    sentence = Place(sentence=f"{claim.where}: “{claim.says}”")
    for one in claim.checks:
        yield from look_at(one, cells, sentence)


@singledispatch
def look_at(one: Relation, cells: Cells, sentence: Place) -> Iterator[Check]:
    """The checks that one thing said asks for."""
    raise TypeError(type(one))


@look_at.register
def _(one: Number, cells: Cells, sentence: Place) -> Iterator[Check]:
    target = cells.named(one.of)
    row = cells.tables[one.of.table][one.of.row].values()
    others = [cell for cell in row if cell is not target]
    yield said_number(said(one.printed, sentence), target, others)


@look_at.register
def _(one: Gap, cells: Cells, sentence: Place) -> Iterator[Check]:
    first, second = (cells.operand(operand, sentence) for operand in one.of)
    yield GAPS[one.check](said(one.printed, sentence), first, second)


@look_at.register
def _(one: PointGap, cells: Cells, sentence: Place) -> Iterator[Check]:
    first, second = (cells.operand(operand, sentence) for operand in one.of)
    yield check_point_gap(said(one.printed, sentence), first, second)


@look_at.register
def _(one: Significance, cells: Cells, sentence: Place) -> Iterator[Check]:
    cell, table = cells.named(one.of), cells.paper.tables[one.of.table]
    level = {"some": None, "none": Fraction(0)}[one.level] if isinstance(one.level, str) else Fraction(str(one.level))
    known = levels(table)
    if not known:
        yield unchecked("sentence", (cell,), "no_legend")
        return
    ranges = statistics(cell, table.bracket)
    references = cells.references(one.of.table, one.of.column)
    possible = set().union(*(stars_of(ranges, reference, known, table.bracket) for reference in references))
    yield said_level(sentence, cell, level=level, levels=known, possible=possible)


@look_at.register
def _(one: Sign, cells: Cells, sentence: Place) -> Iterator[Check]:
    yield said_sign(sentence, cells.named(one.of), positive=one.sign == "positive")


@look_at.register
def _(one: Order, cells: Cells, sentence: Place) -> Iterator[Check]:
    yield said_order(sentence, cells.operand(one.smaller, sentence), cells.operand(one.greater, sentence))


@look_at.register
def _(one: Trend, cells: Cells, sentence: Place) -> Iterator[Check]:
    for row in one.rows or cells.paper.tables[one.table].rows:
        series = tuple(cells.row(one.table, row, one.over))
        yield check_trend(sentence, series, rises=one.direction == "rises")


@look_at.register
def _(one: Word, cells: Cells, sentence: Place) -> Iterator[Check]:
    yield same_word("sentence", cells.named(one.of), one.printed, Cell(sentence, one.printed))


@look_at.register
def _(one: Standardised, cells: Cells, sentence: Place) -> Iterator[Check]:
    pair = [cells.operand(operand, sentence) for operand in one.deviations]
    deviations = (pair[0], pair[1]) if len(pair) == 2 else None
    constant, coefficient = cells.named(one.constant), cells.named(one.of)
    yield check_standardised(said(one.printed, sentence), coefficient, deviations=deviations, constant=constant)


@look_at.register
def _(one: Evidence, cells: Cells, sentence: Place) -> Iterator[Check]:
    yield check_evidence(sentence, shown_in=tuple(one.shown), needs=one.needs)
