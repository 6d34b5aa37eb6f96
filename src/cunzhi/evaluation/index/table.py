"""The data table: units by periods by indicators, with a flag on every cell that was filled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.index.arrays import Mask, Numbers, Whole

if TYPE_CHECKING:
    import polars as pl

FILLED_BY = ("observed", "linear", "group mean", "last")
Flags = NDArray[np.uint8]


@dataclass(frozen=True)
class Panel:
    """Values of k indicators in n rows, each row one unit in one period, sorted by unit and period.

    units, periods: names; `times` (T,) are the periods in years (2021Q3 is 2021.5).
    unit, period: (n,) positions in `units` and `periods`.
    values: (n, k) in the units of the tree; NaN is missing.
    filled: (n, k) positions in FILLED_BY; 0 is observed (or still missing).
    groups: (n,) names such as the region of a row, by the name of the grouping.
    """

    units: tuple[str, ...]
    periods: tuple[str, ...]
    times: Numbers
    unit: Whole
    period: Whole
    codes: tuple[str, ...]
    values: Numbers
    filled: Flags
    groups: Mapping[str, NDArray[np.str_]] = field(default_factory=dict)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over names, values and flags: equal panels have equal fingerprints."""
        digest = sha256(repr((self.units, self.periods, self.codes)).encode())
        for part in (self.unit, self.period, self.values, self.filled):
            digest.update(np.ascontiguousarray(part).tobytes())
        for name in sorted(self.groups):
            digest.update(repr((name, self.groups[name].tolist())).encode())
        return digest.hexdigest()

    @cached_property
    def row_filled(self) -> Numbers:
        """(n,) share of the indicators of each row that were filled."""
        return np.asarray((self.filled > 0).mean(axis=1))

    def position(self, code: str) -> int:
        """The column of indicator `code`; DataRefused when there is none."""
        if code not in self.codes:
            raise DataRefused(f"No indicator {code!r}", f"columns {named(self.codes)}", "use one of these codes")
        return self.codes.index(code)

    def positions(self, codes: Sequence[str]) -> Whole:
        """Columns of several indicators; all of them when `codes` is empty."""
        wanted = codes or self.codes
        return np.array([self.position(code) for code in wanted], dtype=np.int64)

    def period_position(self, period: str) -> int:
        """The position of a period by its name; DataRefused when the panel has no such period."""
        if period not in self.periods:
            raise DataRefused(f"No period {period!r}", f"periods {named(self.periods)}", "use one of these periods")
        return self.periods.index(period)

    def group(self, name: str) -> NDArray[np.str_]:
        """The (n,) names of a grouping; DataRefused when the panel was read without it."""
        if name not in self.groups:
            raise DataRefused(
                f"No grouping {name!r}",
                f"groupings {named(self.groups) or 'none'}",
                "read the data with groups=('…',) naming its column",
            )
        return self.groups[name]

    def row_name(self, row: int) -> str:
        """Unit and period of a row, for messages."""
        return f"{self.units[self.unit[row]]} {self.periods[self.period[row]]}"

    def with_values(self, values: Numbers, filled: Flags | None = None) -> "Panel":
        """The same panel with other values; the flags stay unless new ones are given."""
        return replace(self, values=values, filled=self.filled if filled is None else filled)

    def keep(self, *, rows: Mask, columns: Mask) -> "Panel":
        """The panel without the rows and columns that are False; units and periods without rows disappear."""
        unit_kept = np.unique(self.unit[rows])
        period_kept = np.unique(self.period[rows])
        return Panel(
            units=tuple(self.units[position] for position in unit_kept),
            periods=tuple(self.periods[position] for position in period_kept),
            times=self.times[period_kept],
            unit=np.searchsorted(unit_kept, self.unit[rows]),
            period=np.searchsorted(period_kept, self.period[rows]),
            codes=tuple(code for code, kept in zip(self.codes, columns, strict=True) if kept),
            values=self.values[np.ix_(rows, columns)],
            filled=self.filled[np.ix_(rows, columns)],
            groups={name: labels[rows] for name, labels in self.groups.items()},
        )

    def keys(self) -> "dict[str, list[str]]":
        """Unit and period of every row, as two columns of names."""
        return {
            "unit": [self.units[position] for position in self.unit],
            "period": [self.periods[position] for position in self.period],
        }

    def to_table(self) -> "pl.DataFrame":
        """One row a unit and period: the indicators, and `<code>:filled` with how a cell came to be."""
        import polars as pl  # noqa: PLC0415 -- slow to import

        columns: dict[str, object] = dict(self.keys())
        columns |= {name: labels.tolist() for name, labels in self.groups.items()}
        for position, code in enumerate(self.codes):
            columns[code] = self.values[:, position]
            columns[f"{code}:filled"] = [FILLED_BY[flag] for flag in self.filled[:, position]]
        return pl.DataFrame(columns)
