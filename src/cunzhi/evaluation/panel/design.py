"""The arrays of a model: sample drawn, effects out, absorbed columns refused."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cunzhi.evaluation.panel.arrays import FloatArray
from cunzhi.evaluation.panel.conventions import Counts
from cunzhi.evaluation.panel.frame import Panel
from cunzhi.evaluation.panel.least_squares import refuse_absorbed
from cunzhi.evaluation.panel.model import Model
from cunzhi.evaluation.panel.sample import Sample, draw, weights_of
from cunzhi.evaluation.panel.within import absorb

CONSTANT = "constant"


@dataclass(frozen=True, slots=True)
class Design:
    """A model's columns on its sample, without effects and times sqrt(w).

    panel: the observations used. sample: what was left out.
    names: outcome, slopes (with "constant" last when there are no effects), extra columns.
    data: (n, len(names)). rank: parameters of the effects. slopes: names of the slopes.
    """

    panel: Panel
    sample: Sample
    model: Model
    names: tuple[str, ...]
    slopes: tuple[str, ...]
    data: FloatArray
    rank: int

    def matrix(self, names: Sequence[str]) -> FloatArray:
        """(n, k) of the named columns; a view when they stand side by side."""
        at = [self.names.index(name) for name in names]
        if not at:
            return self.data[:, :0]
        if at == list(range(at[0], at[0] + len(at))):
            return self.data[:, at[0] : at[0] + len(at)]
        return np.asfortranarray(self.data[:, at])

    def vector(self, name: str) -> FloatArray:
        """(n,) one column."""
        return self.data[:, self.names.index(name)]

    def counts(self, slopes: int) -> Counts:
        """The numbers that small-sample factors need, for a regression with so many slopes."""
        effects = self.model.effects
        return Counts(
            n=self.panel.n,
            slopes=slopes,
            effects=self.rank,
            unit_levels=self.panel.units.size if effects in ("both", "unit") else 0,
            period_levels=self.panel.periods.size if effects in ("both", "period") else 0,
        )


def prepare(panel: Panel, model: Model, extra: Sequence[str] = ()) -> Design:
    """Draw the sample of a model and take the effects out of its columns and extra ones.

    Raises DataRefused for rows or columns that cannot be used (see sample.draw) and for
    regressors that the effects absorb; extra columns are not checked.
    """
    used, sample = draw(panel, model, extra)
    names = (model.outcome, *model.regressors)
    slopes = model.regressors
    if model.effects == "none":
        used = used.with_columns({CONSTANT: np.ones(used.n)})
        names, slopes = (*names, CONSTANT), (*slopes, CONSTANT)
    names = tuple(dict.fromkeys((*names, *extra)))
    absorbed = absorb(used, names, model.effects, weights_of(used, model.weights))
    design = Design(used, sample, model, names, slopes, absorbed.data, absorbed.rank)
    raw = [used.column(name) for name in model.regressors]
    refuse_absorbed(raw, design.matrix(model.regressors), model.regressors, model.effects)
    return design
