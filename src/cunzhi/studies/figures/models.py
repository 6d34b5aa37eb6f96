"""Figures of the models: coefficients, specification curve, threshold."""

from typing import TYPE_CHECKING

import numpy as np

from cunzhi.studies.estimates import Estimates
from cunzhi.studies.figures.drawn import Drawing
from cunzhi.studies.figures.style import COLOURS
from cunzhi.studies.results import Figure
from cunzhi.studies.tables.frame import Book
from cunzhi.studies.words import text

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture


def coefficients(book: Book, estimates: Estimates) -> Drawing:
    """The treatment's slope in every column and check, with its interval."""
    treatment = book.study.roles.treatment
    fits = [(column.title, column.fit, column.treatment) for column in estimates.columns]
    fits = [
        (title.model_copy(update={"en": f"({n}) {title.en}", "zh_Hans": f"({n}) {title.zh_Hans}"}), fit, name)
        for n, (title, fit, name) in enumerate(fits, start=1)
    ]
    fits.append((text("steps.winsorised"), estimates.winsorised.result.fit, treatment))
    if estimates.heterogeneity is not None:
        fits += [
            (book.group_title(int(one.value)), one.fit, treatment) for one in estimates.heterogeneity.result.groups
        ]
    rows = []
    for title, fit, name in fits:
        at = fit.at(name)
        low, high = fit.interval()[at]
        rows.append((title.en, float(fit.beta[at]), float(low), float(high)))

    def draw(picture: "Picture", language: str) -> None:
        axes = picture.subplots()
        places = np.arange(len(rows))[::-1]
        for place, (_, beta, low, high) in zip(places, rows, strict=True):
            axes.plot([low, high], [place, place], color=COLOURS[0], linewidth=1.2)
            axes.plot([beta], [place], marker="o", color=COLOURS[0], markersize=4)
        axes.axvline(0, color="0.4", linewidth=0.8, linestyle="--")
        axes.set_yticks(places, [title.in_(language) for title, _, _ in fits])
        axes.set_xlabel(text("figures.slope_axis").in_(language))

    title = text("figures.coefficients", treatment=book.title(treatment))
    figure = Figure("coefficients", title, ("model", "slope", "low", "high"), tuple(rows), book.closing_notes())
    return Drawing(figure, draw, height=0.9 + 0.33 * len(rows))


def curve(book: Book, estimates: Estimates) -> Drawing | None:
    """Every specification by rising slope, and beneath which choices it makes."""
    if estimates.curve is None:
        return None
    found = estimates.curve.result.specifications
    controls = book.study.roles.controls
    rows = [
        (one.beta, one.se, one.p, one.n, one.outcome, one.treatment, " ".join(one.controls), one.effects)
        for one in found
    ]
    choices = [(book.title(name), np.array([name in one.controls for one in found])) for name in controls]
    choices += [
        (book.title(name), np.array([one.treatment == name for one in found]))
        for name in dict.fromkeys(one.treatment for one in found)
    ]
    choices.append((text("facts.period_effects"), np.array([one.effects in ("both", "period") for one in found])))
    beta, half = np.array([one.beta for one in found]), 1.96 * np.array([one.se for one in found])
    dark = np.array([one.p <= 0.05 for one in found])

    def draw(picture: "Picture", language: str) -> None:
        above, beneath = picture.subplots(2, 1, sharex=True, height_ratios=[2, 1.3])
        place = np.arange(len(found))
        above.vlines(place, beta - half, beta + half, color="0.8", linewidth=0.8)
        above.scatter(place[dark], beta[dark], s=8, color=COLOURS[0], zorder=3)
        above.scatter(place[~dark], beta[~dark], s=8, color="0.6", zorder=3)
        above.axhline(0, color="0.4", linewidth=0.8, linestyle="--")
        above.set_ylabel(text("figures.slope_axis").in_(language))
        for line, (_, chosen) in enumerate(choices):
            beneath.scatter(place[chosen], np.full(int(chosen.sum()), line), s=6, marker="|", color=COLOURS[0])
        beneath.set_yticks(range(len(choices)), [title.in_(language) for title, _ in choices], fontsize=7)
        beneath.set_xlabel(text("figures.order_axis").in_(language))

    title = text("figures.curve", treatment=book.title(book.study.roles.treatment))
    columns = ("slope", "se", "p", "n", "outcome", "treatment", "controls", "effects")
    notes = (text("figures.curve_note"), *book.closing_notes())
    return Drawing(Figure("curve", title, columns, tuple(rows), notes), draw, height=4.8)


def threshold(book: Book, estimates: Estimates) -> Drawing | None:
    """The likelihood ratio over all candidates, one panel a threshold, with the critical line."""
    if estimates.threshold is None:
        return None
    found = estimates.threshold.result
    rows = [
        (position, float(gamma), float(ratio), interval.critical)
        for position, interval in enumerate(found.intervals, start=1)
        for gamma, ratio in zip(interval.candidates, interval.ratio, strict=True)
    ]
    column = book.title(found.threshold)

    def draw(picture: "Picture", language: str) -> None:
        panels = np.atleast_1d(picture.subplots(1, len(found.intervals), sharey=True))
        for axes, interval in zip(panels, found.intervals, strict=True):
            axes.plot(interval.candidates, interval.ratio, color=COLOURS[0], linewidth=0.9)
            axes.axhline(interval.critical, color=COLOURS[1], linewidth=0.9, linestyle="--")
            axes.axvspan(interval.low, interval.high, color=COLOURS[1], alpha=0.12, linewidth=0)
            axes.set_xlabel(column.in_(language))
        panels[0].set_ylabel(text("figures.ratio_axis").in_(language))

    notes = (text("figures.threshold_note"), *book.closing_notes())
    columns = ("threshold", "value", "likelihood_ratio", "critical")
    return Drawing(Figure("threshold", text("figures.threshold", column=column), columns, tuple(rows), notes), draw)
