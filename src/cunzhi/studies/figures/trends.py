"""The fitted trends by group as Figure 4.1: points and a line with its band, controls and effects out."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cunzhi.base.text import Text
from cunzhi.evaluation.index.arrays import Numbers
from cunzhi.evaluation.panel.distributions import critical_value
from cunzhi.evaluation.panel.fixed_effects import Fit
from cunzhi.evaluation.panel.within import absorb_columns
from cunzhi.studies.estimates import Estimates
from cunzhi.studies.figures.drawn import Drawing
from cunzhi.studies.figures.style import COLOURS, MARKERS
from cunzhi.studies.results import Figure
from cunzhi.studies.tables.frame import Book
from cunzhi.studies.words import text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Picture

MOST_POINTS = 1500
LINE_POINTS = 41


@dataclass(frozen=True)
class Trend:
    """One group: its points x, y (n,), and the line's points with their middle and half width (LINE_POINTS,)."""

    title: Text
    x: Numbers
    y: Numbers
    line: Numbers
    middle: Numbers
    half: Numbers

    def rows(self) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
        """The line's rows and the points' rows of the figure's numbers."""
        name, low, high = self.title.en, self.middle - self.half, self.middle + self.half
        ends = zip(self.line.tolist(), self.middle.tolist(), low.tolist(), high.tolist(), strict=True)
        points = zip(self.x.tolist(), self.y.tolist(), strict=True)
        return [("line", name, *end) for end in ends], [("point", name, *point, None, None) for point in points]

    def draw(self, axes: "Axes", position: int, language: str) -> None:
        """The group in the colour and with the marker of its position."""
        colour, marker = COLOURS[position % len(COLOURS)], MARKERS[position % len(MARKERS)]
        kept = _evenly(self.x.size)
        axes.scatter(self.x[kept], self.y[kept], s=11, color=colour, alpha=0.45, linewidths=0, marker=marker)
        axes.plot(self.line, self.middle, color=colour, linewidth=1.6, label=self.title.in_(language))
        low, high = self.middle - self.half, self.middle + self.half
        axes.fill_between(self.line, low, high, color=colour, alpha=0.15, linewidth=0)


def trends(book: Book, estimates: Estimates) -> Drawing | None:
    """Treatment and outcome of each group, controls and effects out, with the group's own slope and interval."""
    roles = book.study.roles
    if estimates.heterogeneity is None or roles.groups is None:
        return None
    groups = estimates.heterogeneity.result.groups
    found = [_trend(book.group_title(int(group.value)), group.fit, roles.treatment) for group in groups]
    names = [text("figures.within", name=book.title(name)) for name in (roles.treatment, roles.outcome)]

    def draw(picture: "Picture", language: str) -> None:
        axes = picture.subplots()
        for position, trend in enumerate(found):
            trend.draw(axes, position, language)
        axes.set_xlabel(names[0].in_(language))
        axes.set_ylabel(names[1].in_(language))
        axes.legend(frameon=False)

    treatment, outcome = book.title(roles.treatment), book.title(roles.outcome)
    title = text("figures.trends", treatment=treatment, outcome=outcome, by=roles.groups.title)
    notes = (text("figures.trends_note"), *_sampled([trend.x.size for trend in found]), *book.closing_notes())
    columns = ("kind", "group", "treatment", "outcome", "low", "high")
    lines, points = zip(*(trend.rows() for trend in found), strict=True)
    rows = tuple(row for some in (*lines, *points) for row in some)
    return Drawing(Figure("trends", title, columns, rows, notes), draw)


def _trend(title: Text, fit: Fit, treatment: str) -> Trend:
    x, y = _adjusted(fit, treatment)
    at = fit.at(treatment)
    line = np.linspace(x.min(), x.max(), LINE_POINTS)
    half = critical_value(0.95, fit.df) * float(fit.se[at]) * np.abs(line - x.mean())
    return Trend(title, x, y, line, y.mean() + float(fit.beta[at]) * (line - x.mean()), half)


def _adjusted(fit: Fit, name: str) -> tuple[Numbers, Numbers]:
    """(n,) column and outcome of a fit without effects and the other regressors, their means added back."""
    panel, model = fit.panel, fit.model
    others = [other for other in model.regressors if other != name]
    columns = [panel.column(one) for one in (name, model.outcome, *others)]
    if model.effects == "none":
        columns.append(np.ones(panel.n))
    data = absorb_columns(panel, columns, model.effects).data
    basis = np.linalg.qr(data[:, 2:])[0]
    left = data[:, :2] - basis @ (basis.T @ data[:, :2])
    return left[:, 0] + columns[0].mean(), left[:, 1] + columns[1].mean()


def _evenly(size: int) -> Numbers:
    """Positions of at most MOST_POINTS points, taken evenly."""
    return np.unique(np.linspace(0, size - 1, min(size, MOST_POINTS)).astype(np.intp))


def _sampled(sizes: list[int]) -> list[Text]:
    shown, whole = sum(min(size, MOST_POINTS) for size in sizes), sum(sizes)
    return [text("figures.sampled", shown=f"{shown:,}", count=f"{whole:,}")] if shown < whole else []
