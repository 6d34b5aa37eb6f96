"""Does a slope differ between groups: split samples, the test of the difference, and its permutation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import sqrt

import numpy as np

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.panel.arrays import FloatArray, IntArray
from cunzhi.evaluation.panel.covariance import nests
from cunzhi.evaluation.panel.distributions import two_sided_p
from cunzhi.evaluation.panel.fixed_effects import Fit, fixed_effects
from cunzhi.evaluation.panel.frame import Panel, read
from cunzhi.evaluation.panel.model import Clustered, Model
from cunzhi.evaluation.panel.moments import by_unit, cluster_moments, resampled, slopes_of
from cunzhi.evaluation.panel.sample import draw, weights_of

MOST_GROUPS = 10


@dataclass(frozen=True, slots=True)
class Group:
    """The model on the observations of one group; `value` is the group's value in the column."""

    value: float
    fit: Fit


@dataclass(frozen=True, slots=True)
class Difference:
    """Slope in `second` less slope in `first`.

    se, t, p: from one regression in which everything differs between the groups, so that
    errors that reach across groups count. permutation_p: share of random assignments of
    units to groups with a larger difference; None when a unit changes its group.
    """

    first: float
    second: float
    difference: float
    se: float
    t: float
    p: float
    permutation_p: float | None


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """Split samples, differences of each pair, and the model with interactions only.

    interaction: one model in which the treatment alone differs; its further slopes are
    named "treatment x by=value" and are differences from the first group.
    """

    treatment: str
    by: str
    groups: tuple[Group, ...]
    differences: tuple[Difference, ...]
    interaction: Fit
    permutations: int
    seed: int
    notes: tuple[str, ...]


def heterogeneity(
    panel: Panel, model: Model, *, treatment: str, by: str, permutations: int = 999, seed: int = 0
) -> Heterogeneity:
    """Estimate a model in each group of a column and test the differences of one slope.

    by: a column with 2 to MOST_GROUPS different values. Raises DataRefused for other columns,
    and for groups too small for the model.
    Source: Chow (1960) in the interacted form; Fisher's permutation as in Cleary (1999).
    """
    if treatment not in model.regressors:
        raise DataRefused(
            what="the treatment is not a regressor of the model",
            where=f"{treatment!r}; regressors {named(model.regressors)}",
            how="name the treatment among the model's regressors",
        )
    used, sample = draw(panel, model, (by,))
    values, group = np.unique(used.column(by), return_inverse=True)
    if not 2 <= values.size <= MOST_GROUPS:
        raise DataRefused(
            what=f"column {by!r} does not make groups",
            where=f"{values.size} different values in {used.n} rows",
            how=f"give a column with 2 to {MOST_GROUPS} values, such as 0 and 1 for above a median",
        )
    groups = [
        Group(float(value), _split_fit(used.take(group == code), model, f"{by} = {value:g}"))
        for code, value in enumerate(values)
    ]
    fixed_groups = nests(used.unit, group)
    slopes = _permuted(used, model, treatment, group, permutations, seed) if fixed_groups else None
    joint = fixed_effects(*_interacted(used, model, group, values.size))
    at = [joint.at(_name(treatment, code)) for code in range(values.size)]
    differences = [_difference(groups, joint, at, pair, slopes) for pair in combinations(range(values.size), 2)]
    notes = () if fixed_groups else ("some units change their group, so there is no permutation test",)
    return Heterogeneity(
        treatment=treatment,
        by=by,
        groups=tuple(groups),
        differences=tuple(differences),
        interaction=_treatment_only(used, model, treatment, by, fixed_groups),
        permutations=permutations if fixed_groups else 0,
        seed=seed,
        notes=(*sample.notes, *notes),
    )


def _split_fit(panel: Panel, model: Model, label: str) -> Fit:
    """The model on one group; a refusal names the group."""
    try:
        return fixed_effects(panel, model)
    except DataRefused as refusal:
        where = f"group {label}: {refusal.where}"
        raise DataRefused(what=refusal.what, where=where, how=refusal.how) from refusal


def _difference(
    groups: Sequence[Group], joint: Fit, at: list[int], pair: tuple[int, int], slopes: FloatArray | None
) -> Difference:
    """The difference of one pair of groups."""
    i, j = pair
    gap = float(joint.beta[at[j]] - joint.beta[at[i]])
    v = joint.covariance
    se = sqrt(v[at[i], at[i]] + v[at[j], at[j]] - 2 * v[at[i], at[j]])
    share = None
    if slopes is not None:
        share = float(np.mean(np.abs(slopes[:, j] - slopes[:, i]) >= abs(gap) * (1 - 1e-9)))
    p = float(two_sided_p(gap / se, joint.df))
    return Difference(groups[i].value, groups[j].value, gap, se, gap / se, p, share)


def _name(column: str, code: int) -> str:
    """The name of a column restricted to one group."""
    return f"{column} in group {code}"


def _interacted(panel: Panel, model: Model, group: IntArray, size: int) -> tuple[Panel, Model]:
    """A panel and model in which slopes and effects all differ between groups.

    Effects of units and periods become effects of units and periods within groups; clusters
    stay those of the original units and periods.
    """
    members = [(group == code).astype(np.float64) for code in range(size)]
    columns = {name: panel.column(name) for name in model.columns}
    regressors = []
    for name in model.regressors:
        for code in range(size):
            columns[_name(name, code)] = columns[name] * members[code]
            regressors.append(_name(name, code))
    if model.effects == "none":
        extra = {f"group {code}": members[code] for code in range(1, size)}
        columns.update(extra)
        regressors += extra
    errors = model.errors
    if isinstance(errors, Clustered):
        columns.update({"unit cluster": panel.unit.astype(float), "period cluster": panel.period.astype(float)})
        errors = Clustered(tuple(f"{name} cluster" if name in ("unit", "period") else name for name in errors.by))
    by_period = model.effects in ("both", "period")
    codes = {"unit": panel.unit * size + group, "period": panel.period * size + group * by_period}
    made = read({**columns, " unit": codes["unit"], " period": codes["period"]}, unit=" unit", period=" period")
    return made, replace(model, regressors=tuple(regressors), errors=errors)


def _treatment_only(panel: Panel, model: Model, treatment: str, by: str, fixed_groups: bool) -> Fit:
    """The model with the treatment's slope alone free to differ between groups."""
    values = np.unique(panel.column(by))
    columns, regressors = {}, list(model.regressors)
    for value in values[1:]:
        member = (panel.column(by) == value).astype(np.float64)
        name = f"{treatment} x {by}={value:g}"
        columns[name] = panel.column(treatment) * member
        regressors.append(name)
        if model.effects in ("none", "period") or not fixed_groups:
            columns[f"{by}={value:g}"] = member
            regressors.append(f"{by}={value:g}")
    return fixed_effects(panel.with_columns(columns), replace(model, regressors=tuple(regressors)))


def _permuted(panel: Panel, model: Model, treatment: str, group: IntArray, permutations: int, seed: int) -> FloatArray:
    """(B, groups) slopes when units are assigned to groups at random, group sizes kept."""
    moments = cluster_moments(
        panel,
        (model.outcome, *model.regressors),
        effects=model.effects,
        grouping=by_unit(panel),
        weights=weights_of(panel, model.weights),
    )
    of_unit = np.zeros(panel.units.size, dtype=np.intp)
    of_unit[panel.unit] = group
    rng = np.random.default_rng(seed)
    shuffled = rng.permuted(np.tile(of_unit, (permutations, 1)), axis=1)
    at = [*moments.positions(model.regressors), *moments.dummies]
    x = model.regressors.index(treatment)
    slopes = []
    for code in range(int(group.max()) + 1):
        members = (shuffled == code).astype(np.float64)
        slopes.append(slopes_of(resampled(moments.cross, members), 0, at)[:, x])
    return np.column_stack(slopes)
