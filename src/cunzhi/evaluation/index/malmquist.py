"""Total factor productivity by data envelopment analysis and the Malmquist index, with scipy's HiGHS."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.index.arrays import Numbers


@dataclass(frozen=True)
class Malmquist:
    """Changes from each period to the next, (T - 1, U); above 1 is progress.

    productivity = efficiency * technology; efficiency = pure * scale.
    """

    productivity: Numbers
    efficiency: Numbers
    technology: Numbers
    pure: Numbers
    scale: Numbers


def output_distance(
    inputs: Numbers, outputs: Numbers, front_inputs: Numbers, front_outputs: Numbers, *, variable_returns: bool = False
) -> Numbers:
    """Shephard's output distance of u units to the frontier spanned by v units: 1 on it, below 1 inside.

    inputs (u, p), outputs (u, q), frontier (v, p) and (v, q); all above zero.
    Solves max phi with phi y <= Y'l, X'l <= x, l >= 0 (and sum l = 1 for variable returns); distance = 1 / phi.
    NaN where the programme has no solution (possible for variable returns across periods only).
    Source: Charnes, Cooper & Rhodes (1978); Banker, Charnes & Cooper (1984).
    """
    from scipy.optimize import linprog  # noqa: PLC0415 -- slow to import

    units, count = len(inputs), len(front_inputs)
    cost = np.concatenate([[-1.0], np.zeros(count)])
    equal = np.concatenate([[0.0], np.ones(count)])[None, :] if variable_returns else None
    distance = np.full(units, np.nan)
    for unit in range(units):
        upper = np.block(
            [
                [outputs[unit][:, None], -front_outputs.T],
                [np.zeros((inputs.shape[1], 1)), front_inputs.T],
            ]
        )
        bound = np.concatenate([np.zeros(outputs.shape[1]), inputs[unit]])
        solution = linprog(
            cost, A_ub=upper, b_ub=bound, A_eq=equal, b_eq=[1.0] if variable_returns else None, method="highs"
        )
        if solution.status == 0 and solution.x[0] > 0:
            distance[unit] = 1.0 / solution.x[0]
    return distance


def malmquist(inputs: ArrayLike, outputs: ArrayLike, units: Sequence[str] = ()) -> Malmquist:
    """The output-oriented Malmquist index of U units over T periods and its parts.

    inputs: (T, U, p), outputs: (T, U, q), all above zero, every unit in every period.
    M = [D_t(t+1) / D_t(t) * D_t+1(t+1) / D_t+1(t)] ** 0.5 with constant returns; efficiency D_t+1(t+1) / D_t(t);
    pure efficiency the same with variable returns. Takes 6 programmes a unit and period.
    DataRefused: shapes that do not agree, missing values or values at or below zero.
    Source: Faere, Grosskopf, Norris & Zhang (1994), American Economic Review 84(1), 66-83.
    """
    x, y = _amounts(inputs, "inputs", units), _amounts(outputs, "outputs", units)
    if x.shape[:2] != y.shape[:2] or len(x) < 2:
        raise DataRefused(
            f"Inputs {x.shape} and outputs {y.shape} do not cover the same units in two periods or more",
            "the first two dimensions (periods, units)",
            "give every unit in every period; leave out units with gaps (screen)",
        )
    unit_scale, output_scale = x.mean(axis=(0, 1)), y.mean(axis=(0, 1))
    x, y = x / unit_scale, y / output_scale  # distances do not depend on units of measure; the solver's accuracy does
    own = np.array([output_distance(x[t], y[t], x[t], y[t]) for t in range(len(x))])
    own_variable = np.array([output_distance(x[t], y[t], x[t], y[t], variable_returns=True) for t in range(len(x))])
    later = np.array([output_distance(x[t + 1], y[t + 1], x[t], y[t]) for t in range(len(x) - 1)])
    earlier = np.array([output_distance(x[t], y[t], x[t + 1], y[t + 1]) for t in range(len(x) - 1)])
    for distances in (own, own_variable, later, earlier):
        _refuse_unsolved(distances, units)
    efficiency = own[1:] / own[:-1]
    technology = np.sqrt(later / own[1:] * own[:-1] / earlier)
    pure = own_variable[1:] / own_variable[:-1]
    return Malmquist(efficiency * technology, efficiency, technology, pure, efficiency / pure)


def _refuse_unsolved(distances: Numbers, units: Sequence[str]) -> None:
    bad = np.unique(np.nonzero(~np.isfinite(distances))[1]).tolist()
    if bad:
        names = [units[unit] if units else f"unit {unit + 1}" for unit in bad]
        raise DataRefused("The solver found no distance", named(names), "look for extreme values of these units")


def _amounts(values: ArrayLike, what: str, units: Sequence[str]) -> NDArray[np.float64]:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 3 or 0 in array.shape:
        raise DataRefused(f"The {what} have the shape {array.shape}", what, "give them as (periods, units, columns)")
    bad = np.argwhere(~(array > 0) | np.isinf(array))
    if len(bad):
        cells = [f"period {t + 1}, {units[u] if units else f'unit {u + 1}'}, column {c + 1}" for t, u, c in bad]
        raise DataRefused(
            f"{len(bad)} {what} are missing or not above zero", named(cells), "impute them or leave these units out"
        )
    return array
