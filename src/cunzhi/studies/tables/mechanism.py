"""The mediation table, laid out as Table 4.2 of the first paper: total effect, then two columns a mediator."""

from cunzhi.base.text import Text
from cunzhi.evaluation.panel.fixed_effects import Fit
from cunzhi.evaluation.panel.mediation import Mediation, Path
from cunzhi.studies.estimates import Estimates
from cunzhi.studies.results import Cell, Row, Table
from cunzhi.studies.tables.cells import count, number, printed, slope, stars, yes
from cunzhi.studies.tables.frame import Book, error_notes, sample_notes
from cunzhi.studies.words import text

EMPTY = Cell()


def mediation(book: Book, estimates: Estimates) -> Table | None:
    """Paths a, b, c and c', and beneath each mediator's second column its product with three tests and a bootstrap."""
    if estimates.mediation is None:
        return None
    found, trace = estimates.mediation.result, book.keep(estimates.mediation)
    fits = _columns(found)
    names = [path.mediator for path in found.paths]
    rows = _slope_rows(book, "treatment", book.study.roles.treatment, fits, trace)
    for name in names:
        rows += _slope_rows(book, name, name, fits, trace)
    rows.append(
        Row("controls", text("facts.controls"), tuple(yes(bool(book.study.roles.controls)) for _ in fits), "foot")
    )
    observations = tuple(count(fit.sample.used, trace=trace, path=f"{path}.sample.used") for path, fit in fits)
    rows.append(Row("n", text("facts.n"), observations, "foot"))
    r2 = tuple(number(fit.r2, trace=trace, path=f"{path}.r2") for path, fit in fits)
    rows.append(Row("r2", text("facts.r2"), r2, "foot"))
    rows += _tests(found, trace, len(fits))
    outcome = book.title(book.study.roles.outcome)
    head = [text("head.variable"), text("head.total", position=1, outcome=outcome)]
    for number_, name in enumerate(names):
        head.append(text("head.mediator", position=2 + 2 * number_, mediator=book.title(name)))
        head.append(text("head.with_mediator", position=3 + 2 * number_, outcome=outcome))
    labels = [(f"({position})", fit) for position, (_, fit) in enumerate(fits, start=1)]
    notes = (
        *error_notes(labels),
        text("notes.stars"),
        text("notes.bootstrap", draws=f"{found.draws:,}", seed=found.seed),
        text("notes.apart"),
        _identity(found),
        text("notes.mediators_endogenous"),
        *sample_notes(labels[:1]),
        *book.closing_notes(book.prepared.builds),
    )
    return Table("mediation", text("titles.mediation"), tuple(head), tuple(rows), notes)


def together(book: Book, estimates: Estimates) -> Table | None:
    """All mediators in one equation: each product beside the others, and their sum; None below two mediators."""
    if estimates.mediation_together is None:
        return None
    found, trace = estimates.mediation_together.result, book.keep(estimates.mediation_together)
    rows = []
    for position, path in enumerate(found.paths):
        at = f"paths[{position}]"
        cells = [number(getattr(path, key), trace=trace, path=f"{at}.{key}") for key in ("a", "b")]
        cells += [_test(key, path, trace, at) for key in ("indirect", "sobel", "bootstrap", "share")]
        rows.append(Row(path.mediator, book.title(path.mediator), tuple(cells)))
    rows += _whole(found, trace)
    keys = ("a", "b", "indirect", "sobel", "bootstrap", "share")
    head = (text("head.mediator_alone"), *(text(f"mediation.{key}") for key in keys))
    notes = (
        *error_notes([("", found.total)]),
        text("notes.stars"),
        text("notes.bootstrap", draws=f"{found.draws:,}", seed=found.seed),
        text("notes.together"),
        _identity(found),
        text("notes.mediators_endogenous"),
        *book.closing_notes(book.prepared.builds),
    )
    return Table("mediation_together", text("titles.mediation_together"), head, tuple(rows), notes)


def _whole(found: Mediation, trace: str) -> list[Row]:
    """The sum of the products with its interval, then the total and the direct slope."""
    total, direct, drawn = found.total, found.paths[0].direct, found.indirect_bootstrap
    assert found.indirect is not None and drawn is not None  # noqa: S101 -- together they are always there
    c = float(total.beta[total.at(found.treatment)])
    more = {"p": drawn.p, "low": drawn.low, "high": drawn.high}
    whole = Cell(printed(found.indirect), None, found.indirect, more, trace, "indirect")
    ends = f"[{printed(drawn.low)}, {printed(drawn.high)}]"
    interval = Cell(ends, None, drawn.se, more, trace, "indirect_bootstrap.se")
    share = Cell(f"{printed(100 * found.indirect / c, 1)}%", None, 100 * found.indirect / c, {}, trace)
    rows = [Row("sum", text("mediation.sum"), (EMPTY, EMPTY, whole, EMPTY, interval, share), "foot")]
    for key, value, path in (("total", c, f"total.beta[{found.treatment}]"), ("direct", direct, "paths[0].direct")):
        cells = (EMPTY, EMPTY, number(value, trace=trace, path=path), EMPTY, EMPTY, EMPTY)
        rows.append(Row(key, text(f"mediation.{key}"), cells, "foot"))
    return rows


def _identity(found: Mediation) -> Text:
    """By how much c - c' and ab differ: rounding, when all equations stand on the same rows."""
    return text("notes.identity", gap=f"{found.identity_gap:.1e}")


def _columns(found: Mediation) -> list[tuple[str, Fit]]:
    """The fits in the order of the columns, each with its path in the result."""
    columns = [("total", found.total)]
    for position, _ in enumerate(found.paths):
        columns.append((f"on_mediators[{position}]", found.on_mediators[position]))
        columns.append((f"with_mediators[{position}]", found.with_mediators[position]))
    return columns


def _slope_rows(book: Book, key: str, name: str, fits: list[tuple[str, Fit]], trace: str) -> list[Row]:
    pairs = [
        slope(fit, name, trace=trace, prefix=f"{path}.") if name in fit.names else (EMPTY, EMPTY) for path, fit in fits
    ]
    return [
        Row(key, book.title(name), tuple(above for above, _ in pairs)),
        Row(f"{key}:se", None, tuple(beneath for _, beneath in pairs), "beneath"),
    ]


def _tests(found: Mediation, trace: str, columns: int) -> list[Row]:
    """Product, share, the three z and the interval of each mediator, under its second column."""
    rows = []
    keys = ("indirect", "share", "sobel", "aroian", "goodman", "bootstrap")
    for key in keys:
        cells = [EMPTY] * columns
        for position, path in enumerate(found.paths):
            cells[2 + 2 * position] = _test(key, path, trace, f"paths[{position}]")
        rows.append(Row(key, text(f"mediation.{key}"), tuple(cells), "foot"))
    return rows


def _test(key: str, path: Path, trace: str, at: str) -> Cell:
    if key in ("sobel", "aroian", "goodman"):
        test = getattr(path, key)
        if test.z != test.z:
            return Cell("—", trace=trace, path=f"{at}.{key}.z")
        return Cell(f"{printed(test.z, 2)}{stars(test.p)}", None, test.z, {"p": test.p}, trace, f"{at}.{key}.z")
    if key == "bootstrap":
        drawn = path.bootstrap
        more = {"low": drawn.low, "high": drawn.high, "p": drawn.p}
        words = f"[{printed(drawn.low)}, {printed(drawn.high)}]"
        return Cell(words, None, drawn.se, more, trace, f"{at}.bootstrap.se")
    if key == "share":
        return Cell(f"{printed(100 * path.share, 1)}%", None, 100 * path.share, {}, trace, f"{at}.share")
    more = {"p": path.bootstrap.p, "low": path.bootstrap.low, "high": path.bootstrap.high}
    return Cell(printed(path.indirect), None, path.indirect, more, trace, f"{at}.indirect")
