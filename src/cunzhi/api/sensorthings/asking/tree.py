"""What a filter or an order is made of, once it is read."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Constant:
    """A value that stands in the text. Kinds: number, text, bool, null, moment, span, date, time, duration, geo."""

    kind: str
    value: Any


@dataclass(frozen=True)
class Path:
    """A property, perhaps of a linked entity, perhaps inside JSON: Datastream/properties/height."""

    steps: tuple[str, ...]


@dataclass(frozen=True)
class Call:
    """A function or operator with what it is applied to; `add`, `eq` and `and` are called like functions."""

    name: str
    over: tuple["Node", ...]


Node = Constant | Path | Call
