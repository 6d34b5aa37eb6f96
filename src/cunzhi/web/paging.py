"""Long lists, a page at a time. Nobody counts them: the page asks for one row more than it shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

from cunzhi.web.request import Request

Row = TypeVar("Row")
Kept = TypeVar("Kept", bound=Model)
SIZE = 25
LAST = 400
"""Whoever would turn more pages than this is better served by a narrower search."""


@dataclass(frozen=True)
class Pager(Generic[Row]):
    """The rows of one page, and how to get to its neighbours."""

    rows: list[Row]
    number: int
    has_next: bool
    query: str

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    def address(self, number: int) -> str:
        """The address of another page of the same list."""
        return f"?{self.query}&page={number}" if self.query else f"?page={number}"


def paged(request: Request, rows: QuerySet[Kept], size: int = SIZE) -> Pager[Kept]:
    """The page that the address asks for."""
    number = asked_number(request)
    start = (number - 1) * size
    return turned(request, list(rows[start : start + size + 1]), number, size)


def asked_number(request: Request) -> int:
    """Which page the address asks for; a number that makes no sense is the first."""
    asked = request.GET.get("page", "1")
    return min(int(asked), LAST) if asked.isdecimal() and int(asked) else 1


def turned(request: Request, found: Sequence[Row], number: int, size: int = SIZE) -> Pager[Row]:
    """A page of rows that were looked up elsewhere, one more than are shown when there are more."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return Pager(list(found[:size]), number, len(found) > size and number < LAST, kept.urlencode())
