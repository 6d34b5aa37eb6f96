"""What a picture of numbers is made of: drawn on the server, with its legend and its table."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, floor, log10

from markupsafe import Markup

Column = tuple[str, str]
"""Heading and 'text' or 'number'."""

SERIES = 5
"""Colours and dashes that can still be told apart; more series than this belong into a table alone."""

SMALLEST_SPAN = 1e-6
"""Differences below this are noise of arithmetic, not something to draw."""


@dataclass(frozen=True)
class Chart:
    """`svg` has sizes in em and per cent, so that its letters grow with the reader's. `legend`: class and words."""

    title: str
    svg: Markup
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    legend: Sequence[tuple[str, str]] = field(default=())
    note: str = ""


def frame(title: str, height: float, body: Markup) -> Markup:
    """The outer element: as wide as its place, `height` em high."""
    return Markup('<svg class="plot" role="img" aria-label="{}" width="100%" height="{}em">{}</svg>').format(
        title, f"{height:g}", body
    )


def join(parts: Sequence[Markup]) -> Markup:
    return Markup("").join(parts)


def percent(share: float) -> str:
    """A share of the width as an attribute: 0.4321 -> 43.2%."""
    return f"{share * 100:.1f}%"


def nice_ticks(low: float, high: float, count: int = 4) -> list[float]:
    """Round numbers that span low to high: (0, 87) -> 0, 25, 50, 75, 100."""
    span = high - low if high - low > SMALLEST_SPAN else 1.0
    step = _round_up(span / count)
    first = floor(low / step)
    last = ceil(high / step)
    return [round(number * step, 10) for number in range(first, max(last, first + 1) + 1)]


def _round_up(value: float) -> float:
    """The next 1, 2, 2.5 or 5 times a power of ten."""
    power = 10.0 ** floor(log10(value))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= value * 0.999)
