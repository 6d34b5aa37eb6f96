"""The benchmark table, laid out as Table 4.1 of the first paper, and the strength of its instruments."""

from collections.abc import Sequence

from cunzhi.base.text import Text
from cunzhi.evaluation.panel.fixed_effects import Fit
from cunzhi.studies.benchmark import Estimated
from cunzhi.studies.estimates import Estimates
from cunzhi.studies.results import Cell, Row, Table
from cunzhi.studies.tables.cells import count, number, printed, printed_p, probability, said, slope, stars, yes
from cunzhi.studies.tables.frame import Book, error_notes, sample_notes
from cunzhi.studies.words import joined, text

EMPTY = Cell()


def benchmark(book: Book, estimates: Estimates) -> Table:
    """One column a model; slopes with stars, standard errors beneath, the model's facts under a rule."""
    columns = estimates.columns
    traces = [book.keep(column.least_squares or column.instrumented) for column in columns]  # type: ignore[arg-type]
    treated = list(zip(columns, traces, [column.treatment for column in columns], strict=True))
    rows = _slopes("treatment", book.title(book.study.roles.treatment), treated)
    rows.append(_wild(columns, traces))
    for name in book.study.roles.controls:
        used = [(column, trace, name if name in column.controls else "") for column, trace, _ in treated]
        rows += _slopes(name, book.title(name), used)
    fits = [(f"({position})", column.fit) for position, column in enumerate(columns, start=1)]
    rows += _facts(columns, traces)
    head = (text("head.variable"), *(_heading(position, column.title) for position, column in enumerate(columns, 1)))
    shown = tuple(row for row in rows if any(cell is not EMPTY for cell in row.cells))
    notes = (*_column_notes(book, columns), *error_notes(fits), text("notes.stars"), text("notes.constant"))
    notes += _wild_note(columns) + sample_notes(fits) + book.closing_notes(book.prepared.builds)
    title = text(
        "titles.benchmark",
        treatment=book.title(book.study.roles.treatment),
        outcome=book.title(book.study.roles.outcome),
    )
    return Table("benchmark", title, head, shown, notes)


def instruments(book: Book, estimates: Estimates) -> Table | None:
    """First stage, effective F, Anderson-Rubin set and endogeneity of each column with instruments."""
    found = [
        (number_, column) for number_, column in enumerate(estimates.columns, 1) if column.instrumented is not None
    ]
    if not found:
        return None
    keys = (
        "first_f",
        "partial_r2",
        "effective_f",
        "effective_critical",
        "anderson_rubin",
        "ar_p",
        "hausman_p",
        "over_p",
    )
    lines: dict[str, list[Cell]] = {key: [] for key in keys}
    for _, column in found:
        for key, cell in _strength(book, column).items():
            lines[key].append(cell)
    rows = tuple(Row(key, text(f"iv.{key}"), tuple(cells)) for key, cells in lines.items())
    head = (text("head.statistic"), *(_heading(position, column.title) for position, column in found))
    fits = [(f"({position})", column.fit) for position, column in found]
    names = joined([book.title(name) for name in book.study.roles.instruments])
    notes = (text("notes.instruments", names=names), *error_notes(fits), *book.closing_notes())
    return Table("instruments", text("titles.instruments"), head, rows, notes)


def _strength(book: Book, column: Estimated) -> dict[str, Cell]:
    assert column.instrumented is not None  # noqa: S101 -- the caller chose it
    trace = book.keep(column.instrumented)
    found = column.instrumented.result
    stage, effective, region = found.first_stages[0], found.effective_f, found.anderson_rubin
    cells = {
        "first_f": Cell(
            f"{printed(stage.f.f, 2)} ({stage.f.q}, {stage.f.df:,.0f})",
            None,
            stage.f.f,
            {},
            trace,
            "first_stages[0].f.f",
        ),
        "partial_r2": number(stage.partial_r2, trace=trace, path="first_stages[0].partial_r2"),
        "effective_f": Cell("—"),
        "effective_critical": Cell("—"),
        "anderson_rubin": Cell("—"),
        "ar_p": Cell("—"),
        "hausman_p": probability(found.endogeneity.p, trace=trace, path="endogeneity.p"),
        "over_p": said(text("words.exactly")),
    }
    if effective is not None:
        cells["effective_f"] = number(effective.value, 2, trace=trace, path="effective_f.value")
        cells["effective_critical"] = number(effective.critical, 2, trace=trace, path="effective_f.critical")
    if region is not None:
        ends = " ∪ ".join(f"[{_end(low)}, {_end(high)}]" for low, high in region.intervals) or "∅"
        cells["anderson_rubin"] = Cell(ends, trace=trace, path="anderson_rubin.intervals")
        cells["ar_p"] = probability(region.p, trace=trace, path="anderson_rubin.p")
    if found.over_identification is not None:
        cells["over_p"] = probability(found.over_identification.p, trace=trace, path="over_identification.p")
    return cells


def _end(value: float) -> str:
    infinite = {float("inf"): "∞", float("-inf"): "−∞"}
    return infinite.get(value, printed(value))


def _slopes(key: str, label: Text, columns: Sequence[tuple[Estimated, str, str]]) -> list[Row]:
    above, beneath = [], []
    for column, trace, name in columns:
        prefix = "fit." if column.instrumented is not None else ""
        pair = slope(column.fit, name, trace=trace, prefix=prefix) if name else (EMPTY, EMPTY)
        above.append(pair[0])
        beneath.append(pair[1])
    return [Row(key, label, tuple(above)), Row(f"{key}:se", None, tuple(beneath), "beneath")]


def _wild(columns: Sequence[Estimated], traces: Sequence[str]) -> Row:
    """The p-value of the wild cluster bootstrap under the treatment's slope, where clusters are few."""
    cells = []
    for column, trace in zip(columns, traces, strict=True):
        wild = column.fit.wild
        if wild is None:
            cells.append(EMPTY)
            continue
        p = wild.rows[column.fit.at(column.treatment)].p
        path = f"wild.rows[{column.fit.at(column.treatment)}].p"
        cells.append(Cell(f"[{printed_p(p)}]", None, p, {}, trace, path))
    return Row("treatment:wild", None, tuple(cells), "beneath")


def _facts(columns: Sequence[Estimated], traces: Sequence[str]) -> list[Row]:
    pairs = list(zip(columns, traces, strict=True))
    way = {id(column): "fit." if column.instrumented else "" for column in columns}
    constant = [_constant(column.fit, trace, way[id(column)]) for column, trace in pairs]
    observations = [count(c.fit.sample.used, trace=t, path=f"{way[id(c)]}sample.used") for c, t in pairs]
    units = [count(c.fit.sample.units, trace=t, path=f"{way[id(c)]}sample.units") for c, t in pairs]
    r2 = [number(c.fit.r2, trace=t, path=f"{way[id(c)]}r2") for c, t in pairs]
    within = [number(c.fit.r2_within, trace=t, path=f"{way[id(c)]}r2_within") for c, t in pairs]
    by_unit = [yes(column.effects in ("both", "unit")) for column in columns]
    by_period = [yes(column.effects in ("both", "period")) for column in columns]
    lines = {"constant": constant, "n": observations, "units": units, "r2": r2, "r2_within": within}
    lines |= {"unit_effects": by_unit, "period_effects": by_period}
    return [Row(key, text(f"facts.{key}"), tuple(cells), "foot") for key, cells in lines.items()]


def _constant(fit: Fit, trace: str, prefix: str) -> Cell:
    if "constant" in fit.names:
        at = fit.at("constant")
        beta, p = float(fit.beta[at]), float(fit.p[at])
        return Cell(f"{printed(beta)}{stars(p)}", None, beta, {"p": p}, trace, f"{prefix}beta[constant]")
    return number(fit.mean_effect, trace=trace, path=f"{prefix}mean_effect")


def _heading(position: int, title: Text) -> Text:
    return Text(zh_Hans=f"({position}) {title.zh_Hans}", en=f"({position}) {title.en}")


def _column_notes(book: Book, columns: Sequence[Estimated]) -> tuple[Text, ...]:
    """Which columns measure the treatment or the outcome by something else."""
    roles = book.study.roles
    notes = []
    for position, column in enumerate(columns, start=1):
        if column.treatment != roles.treatment:
            new, old = book.title(column.treatment), book.title(roles.treatment)
            notes.append(text("notes.replaced", column=f"({position})", new=new, old=old))
        if column.outcome != roles.outcome:
            new, old = book.title(column.outcome), book.title(roles.outcome)
            notes.append(text("notes.replaced", column=f"({position})", new=new, old=old))
    if roles.standardise:
        notes.append(text("notes.standardised", names=joined([book.title(name) for name in roles.standardise])))
    return tuple(notes)


def _wild_note(columns: Sequence[Estimated]) -> tuple[Text, ...]:
    wild = next((column.fit.wild for column in columns if column.fit.wild is not None), None)
    return () if wild is None else (text("notes.wild", draws=f"{wild.draws:,}", seed=wild.seed),)
