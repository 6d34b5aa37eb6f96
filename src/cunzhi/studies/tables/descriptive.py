"""The descriptive tables: indicators by period as Table 3.1, summary statistics, weights of the indices, scores."""

import numpy as np

from cunzhi.base.text import Text
from cunzhi.evaluation.index.arrays import Numbers
from cunzhi.evaluation.index.build import Build
from cunzhi.evaluation.index.component import PcaIndex
from cunzhi.studies.results import Cell, Row, Table
from cunzhi.studies.tables.cells import count, number, printed, said
from cunzhi.studies.tables.frame import Book
from cunzhi.studies.words import joined, plain, text

MOST_UNITS = 60
"""Scores of more units stand in the workbook only."""
MOST_PERIODS = 6


def key_indicators(book: Book) -> Table:
    """Means over units by period, growth and what the figures show, laid out as Table 3.1 of the first paper."""
    panel = book.prepared.plain
    periods = [str(label) for label in panel.periods]
    shown = sorted({0, len(periods) - 1, *np.linspace(0, len(periods) - 1, MOST_PERIODS).astype(int)})
    names = dict.fromkeys((book.study.roles.outcome, book.study.roles.treatment, *book.study.roles.describe))
    rows = []
    for name in names:
        values = panel.column(name)
        filled = book.prepared.filled.get(name, np.zeros(panel.n)) > 0
        trace = book.describe(name)
        means = [_mean(values[panel.period == code]) for code in range(len(periods))]
        cells = [
            number(
                means[code],
                2,
                trace=trace,
                path=f"mean[{periods[code]}]",
                filled=bool(filled[panel.period == code].any()),
            )
            for code in shown
        ]
        rows.append(Row(name, _with_unit(book, name), (*cells, _growth(means, trace), said(_reading(means)))))
    head = (
        text("head.indicator"),
        *(plain(periods[code]) for code in shown),
        text("head.growth"),
        text("head.reading"),
    )
    notes = (text("notes.means", units=f"{panel.units.size:,}"), text("notes.growth"), text("notes.dagger"))
    return Table(
        "key_indicators", text("titles.key_indicators"), head, tuple(rows), (*notes, *book.closing_notes(names))
    )


def summary(book: Book) -> Table:
    """Observations, mean, deviation, smallest and largest value of every variable, before standardising."""
    panel = book.prepared.plain
    rows = []
    for name in book.study.named:
        values = panel.column(name)
        known = values[np.isfinite(values)]
        trace = book.describe(name)
        filled = bool((book.prepared.filled.get(name, np.zeros(1)) > 0).any())
        figures = {"mean": known.mean(), "sd": known.std(ddof=1), "min": known.min(), "max": known.max()}
        cells = [number(float(value), trace=trace, path=key, filled=filled) for key, value in figures.items()]
        rows.append(Row(name, _with_unit(book, name), (count(known.size, trace=trace, path="n"), *cells)))
    head = tuple(text(f"head.{key}") for key in ("variable", "n", "mean", "sd", "min", "max"))
    notes = [text("notes.plain"), text("notes.dagger")]
    if book.study.roles.standardise:
        titles = joined([book.title(name) for name in book.study.roles.standardise])
        notes.append(text("notes.standardised", names=titles))
    return Table("summary", text("titles.summary"), head, tuple(rows), (*notes, *book.closing_notes(book.study.named)))


def weights(book: Book, name: str) -> Table:
    """Every indicator of an index with its direction, weight and filled cells."""
    build = book.prepared.builds[name]
    trace = book.describe(name)
    found = build.weights
    last = build.results[-1]
    if isinstance(last, PcaIndex):
        figures: Numbers = last.coefficients
    else:
        figures = np.zeros(len(build.tree.codes)) if found is None else found[-1] if found.ndim == 2 else found
    rows = []
    for position, node in enumerate(build.tree.indicators):
        parent = build.tree.by_code[node.parent]
        filled = int((build.panel.filled[:, position] > 0).sum())
        rows.append(
            Row(
                node.code,
                _titled(node.title, node.title_en, node.code),
                (
                    said(_titled(parent.title, parent.title_en, parent.code)),
                    Cell("+" if node.direction > 0 else "−"),
                    number(float(figures[position]), 4, trace=trace, path=f"weight[{node.code}]"),
                    count(filled, trace=trace, path=f"filled[{node.code}]"),
                ),
            )
        )
    weighed = "coefficient" if isinstance(last, PcaIndex) else "weight"
    head = tuple(text(f"head.{key}") for key in ("indicator", "dimension", "direction", weighed, "filled_cells"))
    notes = (*_method(build), *book.closing_notes([name]))
    return Table(f"index_{name}", text("titles.index", index=book.title(name)), head, tuple(rows), notes)


def scores(book: Book) -> Table | None:
    """The indices of every unit in the last period; None when there are none, or more than MOST_UNITS units."""
    panel, builds = book.prepared.plain, book.prepared.builds
    if not builds or panel.units.size > MOST_UNITS:
        return None
    last = panel.periods.size - 1
    rows = []
    for position in np.flatnonzero(panel.period == last):
        unit = str(panel.units[panel.unit[position]])
        cells = tuple(
            number(
                float(panel.column(name)[position]),
                4,
                trace=book.describe(name),
                path=f"value[{unit}, {panel.periods[last]}]",
                filled=bool(book.prepared.filled[name][position] > 0),
            )
            for name in builds
        )
        rows.append(Row(unit, plain(book.prepared.names.get(unit, unit)), cells))
    head = (text("head.unit"), *(book.title(name) for name in builds))
    notes = (text("notes.dagger"), text("notes.no_ranks"), *book.closing_notes(builds))
    title = text("titles.scores", period=str(panel.periods[last]))
    return Table("scores", title, head, tuple(rows), notes)


def _mean(values: Numbers) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else float("nan")


def _growth(means: list[float], trace: str) -> Cell:
    """Compound growth a period in per cent; a dash where it has no meaning."""
    first, last, steps = means[0], means[-1], len(means) - 1
    if steps < 1 or not (first > 0 and last > 0 and min(means) > 0):
        return Cell("—")
    rate = 100 * ((last / first) ** (1 / steps) - 1)
    return Cell(f"{printed(rate, 1)}%", None, rate, {}, trace, "growth")


def _reading(means: list[float]) -> Text:
    """What the row shows, read from the means themselves."""
    steps = np.diff(means)
    if not steps.size or not np.isfinite(steps).all():
        return text("reading.unknown")
    if (steps > 0).all():
        return text("reading.rises")
    if (steps < 0).all():
        return text("reading.falls")
    return text("reading.higher" if means[-1] > means[0] else "reading.lower")


def _with_unit(book: Book, name: str) -> Text:
    spec = book.study.variables.get(name)
    title = book.title(name)
    if spec is None or spec.unit is None:
        return title
    return Text(zh_Hans=f"{title.zh_Hans}（{spec.unit.zh_Hans}）", en=f"{title.en} ({spec.unit.en})")


def _titled(chinese: str, english: str, code: str) -> Text:
    return Text(zh_Hans=chinese or english or code, en=english or chinese or code)


def _method(build: Build) -> tuple[Text, ...]:
    """How the index was made: the verbs of its log, and for components their fitness and sign rule."""
    verbs = joined(
        [text(f"verbs.{step['verb']}", method=_said(step)) for step in build.log], chinese="→", english=" → "
    )
    notes = [text("notes.steps", steps=verbs)]
    last = build.results[-1]
    if isinstance(last, PcaIndex):
        share = 100 * float(last.explained[: last.retained].sum())
        notes.append(
            text(
                "notes.components",
                kmo=printed(last.fitness.kmo),
                chi2=printed(last.fitness.bartlett_chi2, 1),
                retained=last.retained,
                share=printed(share, 1),
            )
        )
    return tuple(notes)


def _said(step: dict[str, object]) -> str:
    return str(step.get("method") or step.get("rule") or "/".join(map(str, step.get("means", []) or [])))  # type: ignore[call-overload]
