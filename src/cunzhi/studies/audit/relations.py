"""What a paper's file says about relations between cells, put to the rules."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import singledispatch
from itertools import combinations

from cunzhi.evaluation.audit.agreement import same_cell
from cunzhi.evaluation.audit.arithmetic import check_difference, check_growth, check_mean, check_ratio, check_sum
from cunzhi.evaluation.audit.check import Check, unchecked
from cunzhi.evaluation.audit.mediation import check_identity, check_product_test
from cunzhi.evaluation.audit.printed import Cell, Place
from cunzhi.evaluation.audit.sample import Gain, check_gain, check_instrument
from cunzhi.evaluation.audit.stars import Bracket
from cunzhi.evaluation.audit.weights import Whole, check_weights
from cunzhi.studies.audit.cells import Cells
from cunzhi.studies.audit.spec.relation import (
    Growth,
    Instrument,
    Mediation,
    NationalMean,
    OfColumns,
    OfRows,
    R2Gain,
    Relation,
    SameModel,
)

OF_ROWS: dict[str, Callable[[Cell, list[Cell]], Check]] = {"mean": check_mean, "sum": check_sum}
OF_COLUMNS: dict[str, Callable[[Cell, Cell, Cell], Check]] = {"difference": check_difference, "ratio": check_ratio}


@singledispatch
def look_at(relation: Relation, cells: Cells) -> Iterator[Check]:
    """The checks that a relation asks for."""
    raise TypeError(type(relation))


@look_at.register
def _(relation: OfRows, cells: Cells) -> Iterator[Check]:
    for column in relation.columns or cells.paper.tables[relation.table].columns:
        parts = [cells.one(relation.table, row, column) for row in relation.of]
        yield OF_ROWS[relation.check](cells.one(relation.table, relation.row, column), parts)


@look_at.register
def _(relation: OfColumns, cells: Cells) -> Iterator[Check]:
    for row in relation.rows or cells.paper.tables[relation.table].rows:
        first, second = cells.row(relation.table, row, relation.of)
        yield OF_COLUMNS[relation.check](cells.one(relation.table, row, relation.column), first, second)


@look_at.register
def _(relation: Growth, cells: Cells) -> Iterator[Check]:
    for row in relation.rows or cells.paper.tables[relation.table].rows:
        series = cells.row(relation.table, row, relation.over)
        yield check_growth(cells.one(relation.table, row, relation.column), series, formulas=relation.formulas)


@look_at.register
def _(relation: NationalMean, cells: Cells) -> Iterator[Check]:
    columns = [relation.column, *relation.parts]
    series = []
    for number, row in enumerate(relation.rows):
        whole, first, second = cells.row(relation.table, row, columns)
        series.append(Whole(whole, first, second, number))
    yield from check_weights(series, largest_step=Fraction(str(relation.largest_step)))


@look_at.register
def _(relation: Mediation, cells: Cells) -> Iterator[Check]:
    a, b = cells.named(relation.a), cells.named(relation.b)
    if relation.z is not None:
        kinds = {cells.paper.tables[name.table].bracket for name in (relation.a, relation.b)}
        bracket = kinds.pop() if len(kinds) == 1 else Bracket.UNKNOWN
        yield check_product_test(a, b, cells.named(relation.z), bracket=bracket)
    total, direct = cells.named(relation.total), cells.named(relation.direct)
    yield check_identity(total=total, direct=direct, a=a, b=b, same_rows=relation.same_rows)


@look_at.register
def _(relation: SameModel, cells: Cells) -> Iterator[Check]:
    columns = [cells.column(one.table, one.column) for one in relation.columns]
    for first, second in combinations(columns, 2):
        for row in first.keys() & second.keys():
            yield from same_cell(first[row], second[row])


@look_at.register
def _(relation: R2Gain, cells: Cells) -> Iterator[Check]:
    added = cells.named(relation.added)
    degrees = cells.degrees(relation.added.table, relation.added.column)
    if degrees is None:
        yield unchecked("r2_gain", (added,), "no_degrees")
        return
    table = cells.paper.tables[relation.added.table]
    without, having = cells.named(relation.without), cells.named(relation.having)
    gain = Gain(added, without, having, degrees, classical=table.errors == "classical")
    yield check_gain(gain, bracket=table.bracket)


@look_at.register
def _(relation: Instrument, cells: Cells) -> Iterator[Check]:
    name = Cell(Place(sentence=f"{relation.where}: “{relation.name}”"), relation.name)
    effects, estimate = cells.named(relation.effects), cells.named(relation.estimate)
    yield check_instrument(name, effects, estimate, varies=relation.varies, absorbed_by=relation.absorbs)
