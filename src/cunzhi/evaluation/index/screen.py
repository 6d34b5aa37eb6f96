"""Screening: which units and indicators have enough observed values to be kept."""

from dataclasses import dataclass

import numpy as np

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.index.arrays import Mask, Numbers, shaped
from cunzhi.evaluation.index.table import Panel


@dataclass(frozen=True)
class Screening:
    """rows (n,) and columns (k,) to keep; shares of missing cells by unit (U,), column (k,) and cell of both (U, k)."""

    rows: Mask
    columns: Mask
    unit_missing: Numbers
    column_missing: Numbers
    missing: Numbers
    dropped_units: tuple[str, ...]
    dropped_codes: tuple[str, ...]


def missing_shares(panel: Panel) -> Numbers:
    """(U, k) share of missing periods of each unit and indicator, counting periods without a row as missing."""
    known = np.zeros((len(panel.units), len(panel.codes)))
    np.add.at(known, panel.unit, ~np.isnan(shaped(panel.values)))
    return 1.0 - known / len(panel.periods)


def screen(panel: Panel, *, unit_missing: float = 0.5, column_missing: float = 0.5) -> Screening:
    """Drop columns whose missing share exceeds `column_missing`, then units that exceed `unit_missing` in the rest.

    DataRefused: nothing left. Nothing is dropped silently: the result names units and codes.
    Source: OECD/JRC Handbook (2008), step 2; Becker et al. (2022), COINr, J. Open Source Software 7(78).
    """
    missing = missing_shares(panel)
    by_column = missing.mean(axis=0)
    columns = by_column <= column_missing
    by_unit = missing[:, columns].mean(axis=1) if columns.any() else np.ones(len(panel.units))
    units = by_unit <= unit_missing
    if not units.any() or not columns.any():
        raise DataRefused(
            "No unit or no indicator has enough observed values",
            f"missing at least {by_unit.min():.0%} of every unit, {by_column.min():.0%} of every indicator",
            "raise the limits or collect more data",
        )
    return Screening(
        rows=units[panel.unit],
        columns=columns,
        unit_missing=by_unit,
        column_missing=by_column,
        missing=missing,
        dropped_units=tuple(name for name, kept in zip(panel.units, units, strict=True) if not kept),
        dropped_codes=tuple(code for code, kept in zip(panel.codes, columns, strict=True) if not kept),
    )
