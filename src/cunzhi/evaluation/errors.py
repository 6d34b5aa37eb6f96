"""The one way in which the evaluation engine says no to data."""

from collections.abc import Iterable

NAMED_AT_MOST = 8


class DataRefused(ValueError):
    """Data that cannot be computed with, said so that its owner can mend it.

    what: the fault in one sentence.
    where: the rows, columns, units and periods concerned.
    how: what to do about it.
    """

    def __init__(self, what: str, where: str, how: str) -> None:
        super().__init__(what, where, how)
        self.what = what
        self.where = where
        self.how = how

    def __str__(self) -> str:
        return f"{self.what}\n  where: {self.where}\n  what to do: {self.how}"


def named(things: Iterable[object]) -> str:
    """List the first few things by name and count the rest, for the `where` of a refusal."""
    everything = [str(thing) for thing in things]
    shown = ", ".join(everything[:NAMED_AT_MOST])
    rest = len(everything) - NAMED_AT_MOST
    return f"{shown} and {rest} more" if rest > 0 else shown
