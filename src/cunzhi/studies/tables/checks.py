"""What a referee asks: robustness, groups, thresholds, the index's doubts, and the truth of simulations."""

from collections.abc import Iterator, Mapping

from cunzhi.base.text import Text
from cunzhi.evaluation.panel.fixed_effects import Fit
from cunzhi.evaluation.panel.placebo import Placebo
from cunzhi.evaluation.panel.robustness import LeftOut
from cunzhi.evaluation.panel.specification import SpecificationCurve
from cunzhi.evaluation.panel.threshold import Threshold
from cunzhi.evaluation.panel.trace import Traced
from cunzhi.studies.estimates import Estimates
from cunzhi.studies.results import Cell, Row, Table
from cunzhi.studies.tables.cells import count, number, printed, probability, slope
from cunzhi.studies.tables.frame import Book, error_notes
from cunzhi.studies.words import text

EMPTY = Cell()


def robustness(book: Book, estimates: Estimates) -> Table:
    """One line a check: slope, standard error, p and observations, or the range of slopes over many fits."""
    rows = [*_own_columns(book, estimates), _winsorised(book, estimates)]
    rows.append(_left_out("without_unit", estimates.without_unit, book))
    if estimates.without_period is not None:
        rows.append(_left_out("without_period", estimates.without_period, book))
    rows.append(_placebo(estimates.placebo.result, book.keep(estimates.placebo)))
    if estimates.curve is not None:
        rows.append(_curve(estimates.curve.result, book.keep(estimates.curve)))
    head = tuple(text(f"head.{key}") for key in ("check", "slope", "se", "p", "n"))
    fits = [(f"({position})", column.fit) for position, column in enumerate(estimates.columns, start=1)]
    notes = (text("notes.ranges"), *error_notes(fits), *_not_done(estimates), *book.closing_notes(book.prepared.builds))
    title = text("titles.robustness", treatment=book.title(book.study.roles.treatment))
    return Table("robustness", title, head, tuple(rows), notes)


def _own_columns(book: Book, estimates: Estimates) -> Iterator[Row]:
    for position, column in enumerate(estimates.columns, start=1):
        trace = book.keep(column.least_squares or column.instrumented)  # type: ignore[arg-type]
        label = Text(zh_Hans=f"({position}) {column.title.zh_Hans}", en=f"({position}) {column.title.en}")
        prefix = "fit." if column.instrumented else ""
        yield _fit_row(f"column_{position}", label, column.fit, column.treatment, trace, prefix)


def _winsorised(book: Book, estimates: Estimates) -> Row:
    found, trace = estimates.winsorised.result, book.keep(estimates.winsorised)
    low, high = (printed(100 * share, 0) for share in (found.low, found.high))
    label = text("checks.winsorised", low=low, high=high, moved=f"{sum(found.moved.values()):,}")
    return _fit_row("winsorised", label, found.fit, book.study.roles.treatment, trace, "fit.")


def _placebo(drawn: Placebo, trace: str) -> Row:
    ends = _range(float(drawn.slopes.min()), float(drawn.slopes.max()), trace)
    label = text("checks.placebo", draws=f"{drawn.slopes.size:,}")
    return Row("placebo", label, (ends, EMPTY, probability(drawn.p, trace=trace, path="p"), EMPTY))


def _curve(curve: SpecificationCurve, trace: str) -> Row:
    share = printed(100 * curve.significant, 0)
    label = text("checks.curve", count=f"{len(curve.specifications):,}", share=share)
    ends = _range(curve.specifications[0].beta, curve.specifications[-1].beta, trace)
    return Row("curve", label, (ends, EMPTY, EMPTY, EMPTY))


def heterogeneity(book: Book, estimates: Estimates) -> Table | None:
    """The treatment's slope in each group, and the tests of every difference."""
    if estimates.heterogeneity is None or book.study.roles.groups is None:
        return None
    found, trace = estimates.heterogeneity.result, book.keep(estimates.heterogeneity)
    treatment = book.study.roles.treatment
    rows = []
    for position, group in enumerate(found.groups):
        title = book.group_title(int(group.value))
        rows.append(_fit_row(f"group_{position}", title, group.fit, treatment, trace, f"groups[{position}].fit."))
    for position, gap in enumerate(found.differences):
        label = text(
            "checks.difference", second=book.group_title(int(gap.second)), first=book.group_title(int(gap.first))
        )
        at = f"differences[{position}]"
        cells = (
            Cell(printed(gap.difference), None, gap.difference, {"p": gap.p, "se": gap.se}, trace, f"{at}.difference"),
            Cell(f"({printed(gap.se)})", None, gap.se, {}, trace, f"{at}.se"),
            probability(gap.p, trace=trace, path=f"{at}.p"),
            EMPTY,
        )
        rows.append(Row(f"difference_{position}", label, cells, "foot"))
        if gap.permutation_p is not None:
            p = probability(gap.permutation_p, trace=trace, path=f"{at}.permutation_p")
            label = text("checks.permutation", count=f"{found.permutations:,}")
            rows.append(Row(f"permutation_{position}", label, (EMPTY, EMPTY, p, EMPTY), "foot"))
    head = (book.study.roles.groups.title, *(text(f"head.{key}") for key in ("slope", "se", "p", "n")))
    fits = [(book.group_title(int(group.value)).en, group.fit) for group in found.groups]
    notes = (*error_notes(fits), text("notes.permutation"), *book.closing_notes(book.prepared.builds))
    return Table(
        "heterogeneity", text("titles.heterogeneity", by=book.study.roles.groups.title), head, tuple(rows), notes
    )


def threshold(book: Book, estimates: Estimates) -> Table | None:
    """Each threshold with its interval and two tests, then the slope in every regime."""
    if estimates.threshold is None:
        return None
    found, trace = estimates.threshold.result, book.keep(estimates.threshold)
    rows = (*_searches(found, trace), *_regimes(found, trace))
    head = tuple(text(f"head.{key}") for key in ("threshold", "f_or_slope", "unit_or_se", "wild_or_p", "interval_or_n"))
    notes = (
        text("notes.threshold", draws=f"{found.draws:,}", seed=found.seed, trim=printed(100 * found.trim, 0)),
        *error_notes([("", found.fit)]),
        *book.closing_notes(book.prepared.builds),
    )
    return Table("threshold", text("titles.threshold", column=book.title(found.threshold)), head, rows, notes)


def _searches(found: Threshold, trace: str) -> list[Row]:
    """The two tests of each number of thresholds, then each threshold with its interval."""
    rows = []
    for position, step in enumerate(found.steps):
        at = f"steps[{position}]"
        cells = (
            number(step.f, 2, trace=trace, path=f"{at}.f"),
            probability(step.unit.p, trace=trace, path=f"{at}.unit.p"),
            probability(step.wild.p, trace=trace, path=f"{at}.wild.p"),
            EMPTY,
        )
        rows.append(Row(f"test_{step.k}", text("checks.threshold_test", count=step.k), cells))
    for position, interval in enumerate(found.intervals):
        more = {"low": interval.low, "high": interval.high}
        value = Cell(printed(interval.gamma), None, interval.gamma, more, trace, f"intervals[{position}].gamma")
        cells = (value, EMPTY, EMPTY, _range(interval.low, interval.high, trace))
        rows.append(Row(f"gamma_{position + 1}", text("checks.gamma", position=position + 1), cells, "foot"))
    return rows


def _regimes(found: Threshold, trace: str) -> list[Row]:
    """The slope in every regime and how many rows are in it."""
    rows = []
    for position, name in enumerate(found.fit.names[: len(found.counts)]):
        above, beneath = slope(found.fit, name, trace=trace, prefix="fit.")
        p = probability(above.more["p"], trace=trace, path=f"fit.p[{name}]")
        size = count(found.counts[position], trace=trace, path=f"counts[{position}]")
        label = text("checks.regime", position=position + 1)
        rows.append(Row(f"regime_{position + 1}", label, (above, beneath, p, size), "foot"))
    return rows


def uncertainty(book: Book, estimates: Estimates) -> Table | None:
    """The slope of the index as given, with its weights drawn anew, and corrected for the noise of its indicators."""
    if estimates.uncertainty is None:
        return None
    found, trace = estimates.uncertainty.result, book.keep(estimates.uncertainty)
    low, high = (float(end) for end in found.fit.interval()[found.fit.at("index")])
    se = float(found.fit.se[found.fit.at("index")])
    rows = [_corrected("naive", (found.naive, se, low, high), trace, "fit.beta[index]")]
    for key in ("refitted", "by_reliability", "by_halves"):
        figures = getattr(found, key)
        rows.append(_corrected(key, (figures.beta, figures.se, figures.low, figures.high), trace, f"{key}.beta"))
    reliability = number(found.reliability, trace=trace, path="reliability")
    rows.append(Row("reliability", text("doubts.reliability"), (reliability, EMPTY, EMPTY), "foot"))
    head = tuple(text(f"head.{key}") for key in ("way", "slope", "se", "interval"))
    notes = (
        *error_notes([("", found.fit)]),
        text(
            "notes.uncertainty",
            draws=f"{found.draws:,}",
            failed=f"{found.failed_draws:,}",
            splits=len(found.splits),
            seed=found.seed,
        ),
        text("notes.independent"),
        *book.closing_notes([book.study.roles.treatment]),
    )
    title = text("titles.uncertainty", index=book.title(book.study.roles.treatment))
    return Table("uncertainty", title, head, tuple(rows), notes)


def truth(
    book: Book, tables: Mapping[str, Table], true: Mapping[str, float], where: Mapping[str, tuple[str, str, int]]
) -> Table:
    """True effects of simulated data beside the estimates and their intervals; where: key -> table, row, column."""
    rows = []
    for key in true:
        table, line, column = where.get(key, ("", "", 0))
        if table not in tables:
            continue
        cell = tables[table].cell(line, column)
        if cell.value is None:
            continue
        ends = (cell.more["low"], cell.more["high"])
        inside = text("words.yes" if ends[0] <= true[key] <= ends[1] else "words.no")
        cells = (
            Cell(printed(true[key]), None, true[key]),
            Cell(printed(cell.value), None, cell.value, cell.more, cell.trace, cell.path),
            Cell(f"[{printed(ends[0])}, {printed(ends[1])}]", trace=cell.trace),
            Cell(words=inside),
        )
        rows.append(Row(key, text(f"truth.{key}"), cells))
    head = tuple(text(f"head.{key}") for key in ("effect", "true", "estimate", "interval", "covered"))
    notes = (text("notes.truth"), text("notes.coverage"), *book.closing_notes())
    return Table("truth", text("titles.truth"), head, tuple(rows), notes)


def _corrected(key: str, figures: tuple[float, float, float, float], trace: str, path: str) -> Row:
    beta, se, low, high = figures
    first = Cell(printed(beta), None, beta, {"se": se, "low": low, "high": high}, trace, path)
    return Row(
        key, text(f"doubts.{key}"), (first, Cell(f"({printed(se)})", None, se, {}, trace), _range(low, high, trace))
    )


def _fit_row(key: str, label: Text, fit: Fit, name: str, trace: str, prefix: str) -> Row:
    above, beneath = slope(fit, name, trace=trace, prefix=prefix)
    p = probability(float(fit.p[fit.at(name)]), trace=trace, path=f"{prefix}p[{name}]")
    return Row(key, label, (above, beneath, p, count(fit.sample.used, trace=trace, path=f"{prefix}sample.used")))


def _left_out(key: str, traced: Traced[LeftOut], book: Book) -> Row:
    found = traced.result
    label = text(f"checks.{key}", count=f"{len(found.rows):,}", turned=f"{found.sign_changes:,}")
    return Row(key, label, (_range(found.low, found.high, book.keep(traced)), EMPTY, EMPTY, EMPTY))


def _range(low: float, high: float, trace: str) -> Cell:
    return Cell(f"[{printed(low)}, {printed(high)}]", None, None, {"low": low, "high": high}, trace)


def _not_done(estimates: Estimates) -> tuple[Text, ...]:
    """Checks that could not be done, with the reason."""
    return tuple(
        text("notes.not_done", check=text(f"steps.{key}"), reason=f"{refusal.what} ({refusal.where})")
        for key, refusal in estimates.refused
    )
