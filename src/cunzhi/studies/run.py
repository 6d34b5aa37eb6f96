"""Runs a study: data and specification in, one tree of results and the pictures out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from platform import python_version
from typing import Any

import numpy as np

from cunzhi.base.errors import Refused
from cunzhi.evaluation.index.reading import FIRST_ROW
from cunzhi.evaluation.panel.trace import code_version, sources_digest
from cunzhi.studies.estimates import Estimates, estimate
from cunzhi.studies.figures import indices, models, trends
from cunzhi.studies.figures.drawn import Drawing, draw_all
from cunzhi.studies.keeper import Progress
from cunzhi.studies.prepared import Prepared, prepare_study
from cunzhi.studies.results import Results, Table
from cunzhi.studies.sentences import sentences
from cunzhi.studies.sources import Reader, Source, need, read_source
from cunzhi.studies.spec import Study
from cunzhi.studies.tables import checks, descriptive, mechanism, regression
from cunzhi.studies.tables.frame import Book

LIBRARIES = ("numpy", "scipy", "polars", "matplotlib")


@dataclass(frozen=True)
class Done:
    """A study that ran: its results, the pictures by file name, and the data it ran on."""

    results: Results
    pictures: Mapping[str, bytes]
    prepared: Prepared


def run_study(study: Study, folder: Path, *, progress: Progress, platform: Reader | None = None) -> Done:
    """Run everything the study's roles ask for; `folder` is where its files are looked for.

    Raises Refused, DataRefused or YamlRefused, each saying what is wrong, where, and what to do.
    """
    need("matplotlib", "docx")
    progress("reading", 0.0)
    source = read_source(study, folder, platform)
    true = _truth(study, folder)
    progress("indices", 0.05)
    prepared = prepare_study(study, folder, source)
    estimates = estimate(prepared, progress)
    progress("tables", 0.85)
    book = Book(prepared)
    tables = _tables(book, estimates, true)
    by_key = {table.key: table for table in tables}
    columns = [(column.treatment, column.outcome) for column in estimates.columns]
    told = sentences(book, by_key, columns)
    progress("figures", 0.9)
    figures, pictures = draw_all(_drawings(book, estimates), simulated=study.simulated)
    results = Results(
        title=study.title,
        simulated=study.simulated,
        seed=study.seed,
        draws=study.draws,
        data=_data(source, prepared),
        choices=study.model_dump(mode="json"),
        versions=versions(),
        tables=tables,
        figures=figures,
        sentences=told,
        traces=dict(sorted(book.traces.items())),
        origins=prepared.origins,
    )
    return Done(results, pictures, prepared)


def _data(source: Source, prepared: Prepared) -> dict[str, Any]:
    """What was read and which of its rows nobody used."""
    return {
        "name": source.name,
        "sha256": source.digest,
        "rows": source.table.height,
        "first_row": FIRST_ROW,
        "unused_rows": source.unused,
        "unit": list(prepared.keys[0]),
        "period": list(prepared.keys[1]),
    }


def versions() -> dict[str, str]:
    """Versions of everything that computes or draws."""
    code = f"{code_version()}, studies sources {sources_digest(Path(__file__).parent)}"
    own = {"python": python_version(), "code": code}
    return own | {name: metadata.version(name) for name in LIBRARIES}


def _truth(study: Study, folder: Path) -> dict[str, float]:
    if not study.truth:
        return {}
    try:
        read: dict[str, float] = json.loads((folder / study.truth).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Refused("studies.no_truth", file=study.truth, reason=str(error)) from error
    return read


def _tables(book: Book, estimates: Estimates, true: Mapping[str, float]) -> tuple[Table, ...]:
    made: list[Table | None] = [descriptive.key_indicators(book), descriptive.summary(book)]
    made += [descriptive.weights(book, name) for name in book.prepared.builds]
    made += [
        regression.benchmark(book, estimates),
        regression.instruments(book, estimates),
        checks.robustness(book, estimates),
        mechanism.mediation(book, estimates),
        mechanism.together(book, estimates),
        checks.heterogeneity(book, estimates),
        checks.threshold(book, estimates),
        checks.uncertainty(book, estimates),
        descriptive.scores(book),
    ]
    tables = {table.key: table for table in made if table is not None}
    if true:
        tables["truth"] = checks.truth(book, tables, true, true_cells(estimates))
    return tuple(tables.values())


def true_cells(estimates: Estimates) -> dict[str, tuple[str, str, int]]:
    """Where the estimate of each true effect of the simulation stands: table, row and column from 0."""
    cells = {
        "regime_1": ("threshold", "regime_1", 0),
        "regime_2": ("threshold", "regime_2", 0),
        "threshold": ("threshold", "gamma_1", 0),
    }
    for position, column in reversed(list(enumerate(estimates.columns))):
        if column.instrumented is not None:
            cells["instrument"] = ("benchmark", "treatment", position)
        elif column.controls == estimates.model.regressors[1:] and column.treatment == estimates.model.regressors[0]:
            cells["with_controls"] = ("benchmark", "treatment", position)
    for position, path in enumerate(estimates.mediation.result.paths if estimates.mediation else ()):
        name = path.mediator
        cells[f"a_{name}"] = ("mediation", "treatment", 1 + 2 * position)
        cells[f"b_{name}"] = ("mediation", name, 2 + 2 * position)
        cells[f"ab_{name}"] = ("mediation", "indirect", 2 + 2 * position)
    return cells


def _drawings(book: Book, estimates: Estimates) -> list[Drawing]:
    made = [
        trends.trends(book, estimates),
        models.coefficients(book, estimates),
        models.curve(book, estimates),
        models.threshold(book, estimates),
        *(indices.radar(book, name) for name in book.prepared.builds),
        *(indices.county_map(book, name) for name in book.prepared.builds),
    ]
    return [drawing for drawing in made if drawing is not None]


def plain_results(results: Results) -> Any:
    """The results as plain lists and dictionaries, numbers that JSON lacks as None."""
    return _plain(results)


def _plain(value: Any) -> Any:
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
