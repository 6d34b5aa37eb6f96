"""What the tables of a study share: titles of variables, the traces seen so far, and the notes under a table."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from math import isinf
from typing import Any

from cunzhi.base.text import Text
from cunzhi.evaluation.index.table import FILLED_BY
from cunzhi.evaluation.panel.fixed_effects import Fit
from cunzhi.evaluation.panel.model import Clustered, Model
from cunzhi.evaluation.panel.trace import Trace, Traced, trace_of
from cunzhi.studies.prepared import GROUP, Prepared
from cunzhi.studies.words import joined, plain, text


def described(panel: object, model: object) -> None:
    """Stands in traces for sums and means of one column, which need no estimator."""


class Book:
    """Knows the titles of a study and collects every trace that a printed cell points to."""

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self.study = prepared.study
        self.traces: dict[str, Any] = {}

    def title(self, name: str) -> Text:
        """The name of a variable for readers."""
        if name in self.study.variables:
            return self.study.variables[name].title
        build = self.prepared.builds.get(name)
        if build is None:
            return plain(name)
        root = build.tree.root
        return Text(zh_Hans=root.title or name, en=root.title_en or root.title or name)

    def group_title(self, position: int) -> Text:
        """The name of a group of units for readers."""
        label = self.prepared.groups[position]
        groups = self.study.roles.groups
        return groups.titles.get(label, plain(label)) if groups else plain(label)

    def keep(self, traced: Traced[Any]) -> str:
        """Note the trace of a result; its identity goes beside every cell printed from it."""
        return self.note(traced.trace)

    def note(self, trace: Trace) -> str:
        """Note a trace and give its identity."""
        self.traces[trace.identity] = asdict(trace)
        return trace.identity

    def describe(self, name: str) -> str:
        """The trace of sums and means of one column before standardising."""
        choices: Mapping[str, Any] = {"column": name}
        return self.note(trace_of(described, self.prepared.plain, Model(name, (), "none"), choices))

    def closing_notes(self, indices: Iterable[str] = ()) -> tuple[Text, ...]:
        """Filled cells, that the data are simulated, and their source."""
        notes = [self.filled_note(name) for name in indices if name in self.prepared.builds]
        if self.study.roles.weights and list(indices):
            notes.insert(0, text("notes.weights", name=self.title(self.study.roles.weights)))
        notes += [text("notes.simulated")] if self.study.simulated else []
        notes += [text("notes.source", source=self.study.data.source)] if self.study.data.source else []
        return tuple(note for note in notes if note is not None)

    def filled_note(self, name: str) -> Text | None:
        """How many cells of an index were filled and how; None when all were observed."""
        flags = self.prepared.builds[name].panel.filled
        total = int((flags > 0).sum())
        if not total:
            return None
        ways = [
            text(
                "notes.filled_way", way=text(f"filled.{way.replace(' ', '_')}"), count=f"{(flags == position).sum():,}"
            )
            for position, way in enumerate(FILLED_BY)
            if position and (flags == position).any()
        ]
        return text(
            "notes.filled", index=self.title(name), count=f"{total:,}", cells=f"{flags.size:,}", ways=joined(ways)
        )


def error_label(fit: Fit) -> Text:
    """How the standard errors of a fit were made: kind, clusters, convention, critical values."""
    errors = fit.model.errors
    kind = plain(errors.label)
    if isinstance(errors, Clustered):
        sides = [text(f"errors.{'groups' if name == GROUP else name}") for name in errors.by]
        sizes = "×".join(f"{size:,}" for size in fit.clusters)
        kind = text("errors.clustered", by=joined(sides), sizes=sizes)
    values = "N(0,1)" if isinf(fit.df) else f"t({fit.df:,.0f})"
    return text("errors.label", kind=kind, convention=fit.model.convention, values=values)


def error_notes(fits: list[tuple[str, Fit]]) -> tuple[Text, ...]:
    """One note when all fits have the same errors, else one for each kind with its columns."""
    labels: dict[str, tuple[Text, list[str]]] = {}
    for column, fit in fits:
        label = error_label(fit)
        labels.setdefault(label.en, (label, []))[1].append(column)
    if len(labels) == 1:
        return tuple(text("notes.errors", label=label) for label, _ in labels.values())
    return tuple(text("notes.errors_of", columns=", ".join(named), label=label) for label, named in labels.values())


def sample_notes(fits: list[tuple[str, Fit]]) -> tuple[Text, ...]:
    """Rows that fits left out, as columns of the table."""
    notes = []
    for column, fit in fits:
        sample = fit.sample
        if sample.incomplete.size:
            notes.append(text("notes.incomplete", column=column, count=f"{sample.incomplete.size:,}"))
        if sample.singletons.size:
            key = "notes.singletons_dropped" if sample.singletons_dropped else "notes.singletons_kept"
            notes.append(text(key, column=column, count=f"{sample.singletons.size:,}"))
    return tuple(notes)
