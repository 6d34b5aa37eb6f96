"""The charts of accounts: which kinds of accounts the books of points, goods and money have, and the floor of each."""

from typing import Final

from cunzhi.ledger.models import Book

POINTS: Final = "points"
GOODS: Final = "goods"
MONEY: Final = "money"

FLOORS: Final[dict[str, dict[str, int | None]]] = {
    POINTS: {"source": None, "pot": 0, "promised": 0, "household": 0, "spent": None},
    MONEY: {"income": None, "fund": 0, "expense": None},
    GOODS: {"supplier": None, "shelf": 0, "held": 0, "given": None, "shrinkage": None},
}
"""Book kind -> account kind -> floor. None is a source or a sink that may hold any amount, owed or owned."""

WITHOUT_HOLDER: Final[dict[str, tuple[str, ...]]] = {
    POINTS: ("source", "pot", "spent"),
    MONEY: ("fund",),
    GOODS: ("supplier", "given", "shrinkage"),
}
"""The accounts that a book has from the day it is opened."""


def floor_of(book: Book, kind: str) -> int | None:
    """The floor that the chart gives a kind of account; a book without a chart lets nothing fall below zero."""
    return FLOORS.get(book.kind, {}).get(kind, 0)
