"""A figure before it is drawn: its numbers, and the function that draws them in a language."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cunzhi.studies.figures.style import chinese_font, pictures, styled
from cunzhi.studies.results import Figure
from cunzhi.studies.words import text

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture


SIMULATED = "SIMULATED DATA"
"""Stands in the picture itself, because pictures travel without their captions."""


@dataclass(frozen=True)
class Drawing:
    """A figure's numbers and how to draw them; size in inches."""

    figure: Figure
    draw: "Callable[[Picture, str], None]"
    width: float = 6.4
    height: float = 4.0


def draw_all(drawings: list[Drawing], *, simulated: bool) -> tuple[tuple[Figure, ...], dict[str, bytes]]:
    """The figures with their notes, and their pictures by file name: key.language.svg and .png."""
    from matplotlib.figure import Figure as Picture  # noqa: PLC0415 -- slow to import, and part of an extra

    chinese = chinese_font() is not None
    warning = f"模拟数据 {SIMULATED}"
    figures, files = [], {}
    for drawing in drawings:
        figure = drawing.figure
        for language in ("zh", "en"):
            with styled():
                picture = Picture(figsize=(drawing.width, drawing.height))
                drawing.draw(picture, "zh-hans" if language == "zh" and chinese else "en")
                if simulated:
                    picture.text(
                        0.995,
                        0.995,
                        warning if chinese else SIMULATED,
                        color="#b00020",
                        fontsize=7,
                        ha="right",
                        va="top",
                    )
                for kind, content in pictures(picture).items():
                    files[f"{figure.key}.{language}.{kind}"] = content
        notes = figure.notes if chinese else (*figure.notes, text("figures.english_only"))
        figures.append(Figure(figure.key, figure.title, figure.columns, figure.rows, notes))
    return tuple(figures), files
