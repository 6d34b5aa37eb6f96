"""What a layer of the map is: rows that lie somewhere, and how some of them are drawn and said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from cunzhi.registry.queries.points import Point, points_of
from cunzhi.web.request import Request


@dataclass(frozen=True)
class Frame:
    """Who looks at which place."""

    request: Request
    under: str

    def serves(self, verb: str) -> bool:
        """Whether the reader may do this somewhere in the frame, or above it."""
        held = self.request.access.places(verb)
        return any(code.startswith(self.under) or self.under.startswith(code) for code in held)


@dataclass(frozen=True)
class Mark:
    """One symbol: where it is, what it is called, how it stands, and what it opens to. Without a point it stands in the
    table alone; `count` is of a symbol that stands for many."""

    place_code: str
    kind: str
    form: str
    label: str
    said: str
    address: str
    point: Point | None = None
    count: int = 0


@dataclass(frozen=True)
class Layer:
    """One kind of thing on the map. Whoever adds one writes these functions and enters it in `layers.py`.

    rows: what the reader may see, each with a `place_code`. marks: some of them drawn. place: the field of the place.
    shown: whether it concerns the reader at all. summed: whether the reader may see only how many there are. opens:
    where the sum of a place leads; else the map of that place.
    """

    name: str
    kind: str
    form: str
    rows: Callable[[Frame], QuerySet[Any]]
    marks: Callable[[Sequence[Any], Frame], list[Mark]]
    place: str = "place_code"
    shown: Callable[[Frame], bool] = lambda frame: True
    summed: Callable[[Frame], bool] = lambda frame: False
    opens: Callable[[str], str] | None = None


def with_points(marks: Sequence[Mark]) -> list[Mark]:
    """Those without a point of their own get that of their place, as far as one is known."""
    known = points_of(one.place_code for one in marks if one.point is None)
    return [one if one.point else replace(one, point=known.get(one.place_code)) for one in marks]
