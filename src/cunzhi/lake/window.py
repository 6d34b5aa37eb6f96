"""Which part of the records a figure counts, and by which places it is cut."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from cunzhi.base.errors import Refused
from cunzhi.base.periods import Period

Level = Literal["province", "county", "township", "village", "grid"]
LENGTHS: Final[dict[Level, int]] = {"province": 2, "county": 6, "township": 9, "village": 12, "grid": 15}
"""How many digits of a division code name a place of each level."""
CODE = re.compile(r"\d{0,15}", re.ASCII)


@dataclass(frozen=True)
class Window:
    """Records that lie at `under` or below it (empty: everywhere), from the start of `first` to the end of `last`."""

    under: str
    first: Period
    last: Period

    def __post_init__(self) -> None:
        if not CODE.fullmatch(self.under):
            raise Refused("lake.no_code", code=self.under)
        if self.last.end <= self.first.start:
            raise Refused("lake.ends_before_it_begins", first=self.first, last=self.last)

    @classmethod
    def of(cls, under: str, period: Period) -> "Window":
        """One month, quarter or year."""
        return cls(under, period, period)

    @property
    def period(self) -> str:
        """The whole of its time, as a figure writes it."""
        return f"{self.first}" if self.first == self.last else f"{self.first}/{self.last}"

    @property
    def is_wide(self) -> bool:
        """Whether its time is likely to narrow the records more than its place does: from the county up."""
        return len(self.under) <= LENGTHS["county"]

    def digits(self, level: Level) -> int:
        """The length of the codes of a level; refuses one above `under`, whose figures would be fragments."""
        length = LENGTHS[level]
        if length < len(self.under):
            raise Refused("lake.level_above", level=level, place=self.under)
        return length
