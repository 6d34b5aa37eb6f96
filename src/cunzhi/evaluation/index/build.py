"""An index in the making: every verb returns a new Build and writes itself into a log that can be replayed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from inspect import signature
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.index.aggregate import Scores, aggregate
from cunzhi.evaluation.index.arrays import Numbers
from cunzhi.evaluation.index.component import pca_index
from cunzhi.evaluation.index.screen import screen
from cunzhi.evaluation.index.steps import (
    ALL,
    WEIGH_SETTINGS,
    base_rows,
    impute_panel,
    is_filled,
    normalise_panel,
    refuse_gaps,
    refuse_idle,
    treat_panel,
    weigh_panel,
)
from cunzhi.evaluation.index.table import Panel
from cunzhi.evaluation.index.topsis import topsis
from cunzhi.evaluation.index.tree import Tree

if TYPE_CHECKING:
    import polars as pl

Log = tuple[dict[str, Any], ...]
VERBS = ("screen", "impute", "treat", "normalise", "weight", "aggregate", "topsis", "components")


@dataclass(frozen=True)
class Build:
    """Data and tree, what has been done to them so far (log, results) and what came out (weights, scores).

    log: one plain dict a step, with all its settings; results: what each step returned, in the same order.
    normalised: codes already turned so that more is better; weights: (k,) or (T, k); scores: of dimensions and index.
    """

    panel: Panel
    tree: Tree
    log: Log = ()
    results: tuple[object, ...] = ()
    normalised: frozenset[str] = frozenset()
    weights: Numbers | None = None
    scores: Scores | None = None
    start: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check that the panel has the indicators of the tree, in its order."""
        if self.panel.codes != self.tree.codes:
            raise DataRefused(
                "The data do not have the indicators of the tree in its order",
                f"data {named(self.panel.codes)}; tree {named(self.tree.codes)}",
                "read the data with read_panel(…, codes=tree.codes)",
            )
        if not self.start:
            fingerprints = {"data": self.panel.fingerprint, "tree": self.tree.fingerprint}
            object.__setattr__(self, "start", fingerprints)

    def screen(self, *, unit_missing: float = 0.5, column_missing: float = 0.5) -> "Build":
        """Drop indicators, then units, with more than these shares missing."""
        done = screen(self.panel, unit_missing=unit_missing, column_missing=column_missing)
        settings = {"unit_missing": unit_missing, "column_missing": column_missing}
        kept = self.panel.keep(rows=done.rows, columns=done.columns)
        return self._then("screen", settings, done, panel=kept, tree=self.tree.without(done.dropped_codes))

    def impute(self, method: str = "linear", *, group: str = "", codes: Sequence[str] = ()) -> "Build":
        """Fill missing cells: "linear", "last", or "group mean" within a grouping of the panel."""
        refuse_idle("impute", method, {"group": group}, {"group mean": ("group",)})
        panel, done = impute_panel(self.panel, method, group, self._columns(codes))
        return self._then("impute", {"method": method, "group": group, "codes": list(codes)}, done, panel=panel)

    def treat(
        self,
        method: str = "winsorise",
        *,
        by: str = "period",
        low: float = 0.01,
        high: float = 0.99,
        exponents: Sequence[float] | None = None,
        codes: Sequence[str] = (),
    ) -> "Build":
        """Treat outliers and skew: "winsorise" by "period" or "pooled", "log", or "box-cox"."""
        powers = None if exponents is None else [float(exponent) for exponent in exponents]
        told = {"by": by != "period", "low": low != 0.01, "high": high != 0.99, "exponents": powers}
        refuse_idle("treat", method, told, {"winsorise": ("by", "low", "high"), "box-cox": ("exponents",)})
        panel, done = treat_panel(self.panel, method, self._columns(codes), by=by, low=low, high=high, exponents=powers)
        settings = {"method": method, "by": by, "low": low, "high": high, "exponents": powers, "codes": list(codes)}
        return self._then("treat", settings, done, panel=panel)

    def normalise(
        self, method: str = "min-max", *, base: str = ALL, to: Sequence[float] = (0.0, 1.0), codes: Sequence[str] = ()
    ) -> "Build":
        """Normalise so that more is better; with a base period, later periods do not rewrite earlier scores."""
        stretched = tuple(to) != (0.0, 1.0)
        refuse_idle("normalise", method, {"to": stretched}, {"min-max": ("to",), "goalposts": ("to",)})
        columns = self._columns(codes)
        again = [self.panel.codes[column] for column in columns if self.panel.codes[column] in self.normalised]
        if again:
            raise DataRefused(
                "Already normalised, a second time would turn them back", named(again), "name other codes"
            )
        panel, done = normalise_panel(self.panel, self.tree, method, columns, base=base, to=(to[0], to[1]))
        settings = {"method": method, "base": base, "to": list(to), "codes": list(codes)}
        turned = self.normalised | {self.panel.codes[column] for column in columns}
        return self._then("normalise", settings, done, panel=panel, normalised=turned)

    def weight(
        self,
        method: str = "entropy",
        *,
        by: str = "pooled",
        given: Mapping[str, float] | None = None,
        judgements: Mapping[str, ArrayLike] | None = None,
    ) -> "Build":
        """Weigh the indicators: entropy, critic, components, equal, given (tree or `given`), ahp (`judgements`).

        by: "pooled", "period" (entropy, one set a period), or a period whose weights serve all.
        """
        self._refuse_raw("weight")
        refuse_idle("weight", method, {"given": given, "judgements": judgements, "by": by != "pooled"}, WEIGH_SETTINGS)
        done = weigh_panel(self.panel, self.tree, method, by=by, given=given or {}, judgements=judgements or {})
        judged = {code: np.asarray(matrix).tolist() for code, matrix in (judgements or {}).items()}
        settings = {"method": method, "by": by, "given": dict(given or {}), "judgements": judged}
        return self._then("weight", settings, done, weights=done.weights)

    def aggregate(self, means: Sequence[str] = ("arithmetic",)) -> "Build":
        """Scores of dimensions and index; `means` from the lowest level upwards."""
        scores = aggregate(
            self.tree, self.panel.values, self.row_weights, means=means, filled=is_filled(self.panel.filled)
        )
        return self._then("aggregate", {"means": list(means)}, scores, scores=scores)

    def topsis(self, *, base: str = ALL) -> "Build":
        """The index as closeness to the best of the base rows; one set of weights for all periods is needed."""
        weights = self.one_set_of_weights
        done = topsis(
            self.panel.values, weights, base=self.panel.values[base_rows(self.panel, base)], codes=self.tree.codes
        )
        return self._then("topsis", {"base": base}, done, scores=self._index_only(done.closeness, weights))

    def components(
        self, *, base: str = ALL, rule: str = "kaiser", share: float = 0.85, count: int = 1, anchor: str = ""
    ) -> "Build":
        """The index from principal components; `anchor` is the indicator that must load positively."""
        told = {"share": share != 0.85, "count": count != 1}
        refuse_idle("components", rule, told, {"share": ("share",), "count": ("count",)})
        refuse_gaps(self.panel, self._columns(()))
        turned = np.array([code in self.normalised for code in self.tree.codes])
        values = self.panel.values * np.where(turned, 1.0, self.tree.directions)
        done = pca_index(
            values,
            base=values[base_rows(self.panel, base)],
            rule=rule,
            share=share,
            count=count,
            anchor=self.panel.position(anchor) if anchor else None,
            codes=self.tree.codes,
        )
        settings = {"base": base, "rule": rule, "share": share, "count": count, "anchor": anchor}
        scores = self._index_only(done.scores, done.weights)
        return self._then("components", settings, done, scores=scores)

    @property
    def weights_in_force(self) -> Numbers:
        """(k,) weights, or (T, k) when they change with the period; DataRefused before `weight`."""
        if self.weights is None:
            raise DataRefused("There are no weights yet", "the log", "call weight() first")
        return self.weights

    @property
    def row_weights(self) -> Numbers:
        """(k,) weights, or (n, k) when they change with the period; DataRefused before `weight`."""
        weights = self.weights_in_force
        return weights[self.panel.period] if weights.ndim == 2 else weights

    @property
    def one_set_of_weights(self) -> Numbers:
        """(k,) weights that hold for all rows; DataRefused when they change with the period."""
        weights = self.row_weights
        if weights.ndim == 2:
            raise DataRefused("Weights change with the period", "weight", "use by='pooled' or the name of a period")
        return weights

    @property
    def index(self) -> Numbers:
        """(n,) scores of the index; DataRefused before aggregate, topsis or components."""
        if self.scores is None:
            raise DataRefused("There are no scores yet", "the log", "call aggregate(), topsis() or components()")
        return self.scores.of(self.tree.root.code)

    def scores_table(self) -> "pl.DataFrame":
        """One row a unit and period: index and dimensions; `<code>:filled` is the share resting on filled cells."""
        import polars as pl  # noqa: PLC0415 -- slow to import

        columns: dict[str, object] = {**self.panel.keys(), self.tree.root.code: self.index}
        if self.scores is not None:
            for position, code in enumerate(self.scores.codes):
                columns[code] = self.scores.values[:, position]
                columns[f"{code}:filled"] = self.scores.filled[:, position]
        return pl.DataFrame(columns)

    def receipt(self) -> dict[str, Any]:
        """What is needed to rebuild and to check: fingerprints of data and tree, and the log."""
        return {**self.start, "log": [dict(step) for step in self.log]}

    def _columns(self, codes: Sequence[str]) -> list[int]:
        return [int(position) for position in self.panel.positions(codes)]

    def _refuse_raw(self, verb: str) -> None:
        raw = [code for code in self.tree.codes if code not in self.normalised]
        if raw:
            raise DataRefused(
                f"Indicators must be normalised before {verb}", f"indicators {named(raw)}", "call normalise()"
            )

    def _index_only(self, index: Numbers, weights: Numbers) -> Scores:
        filled = is_filled(self.panel.filled) @ weights
        return Scores((self.tree.root.code,), index[:, None], filled[:, None])

    def _then(self, verb: str, settings: dict[str, Any], result: object, **state: Any) -> "Build":
        if verb in ("screen", "impute", "treat", "normalise"):
            state = {"weights": None, "scores": None, **state}
        elif verb == "weight":
            state = {"scores": None, **state}
        return replace(self, log=(*self.log, {"verb": verb, **settings}), results=(*self.results, result), **state)


def replay(data: Panel, tree: Tree, log: Sequence[Mapping[str, Any]]) -> Build:
    """Do every step of a log again; DataRefused names steps that cannot be done."""
    build = Build(data, tree)
    for number, step in enumerate(log, start=1):
        build = step_again(build, number, step)
    return build


def step_again(build: Build, number: int, step: Mapping[str, Any]) -> Build:
    """Do one step of a log on a build."""
    settings = dict(step)
    verb = settings.pop("verb", "")
    if verb not in VERBS:
        raise DataRefused(f"No verb {verb!r}", f"step {number} of the log", f"use {', '.join(VERBS)}")
    method = getattr(build, verb)
    unknown = [name for name in settings if name not in signature(method).parameters]
    if unknown:
        raise DataRefused(
            f"{verb} has no setting {named(unknown)}",
            f"step {number} of the log",
            f"use {', '.join(signature(method).parameters)}",
        )
    again: Build = method(**settings)
    return again


def changed(log: Sequence[Mapping[str, Any]], verb: str, *, step: int | None = None, **settings: object) -> Log:
    """The log with other settings of one verb; `step` (from 1) tells which when the verb occurs more than once."""
    found = [number for number, entry in enumerate(log, start=1) if entry["verb"] == verb and step in (None, number)]
    if len(found) != 1:
        raise DataRefused(
            f"The verb {verb!r} occurs {len(found)} times",
            f"steps {named(found) or 'none'}",
            "name the step that is to change" if found else f"the log has {named(entry['verb'] for entry in log)}",
        )
    return tuple(
        {**entry, **settings} if number == found[0] else dict(entry) for number, entry in enumerate(log, start=1)
    )
