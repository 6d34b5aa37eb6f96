"""Bars: one number for each of a few things."""

from collections.abc import Sequence

from markupsafe import Markup

from cunzhi.web.charts.chart import Chart, frame, join, percent
from cunzhi.web.formats import number, quantity
from cunzhi.web.language import t

ROW = 2.75
BAR = Markup(
    '<text x="0" y="{}em">{}</text><text x="100%" y="{}em" text-anchor="end">{}</text>'
    '<rect class="none" x="0" y="{}em" width="100%" height=".625em" rx="3"/>'
    '<rect class="f1" x="0" y="{}em" width="{}" height=".625em" rx="3"/>'
)


def bars(title: str, items: Sequence[tuple[str, float]], *, unit: str = "", digits: int = 0, note: str = "") -> Chart:
    """Horizontal bars from zero, in the order given. Numbers are not negative: bars would hide the sign."""
    if any(value < 0 for _, value in items):
        raise ValueError("bars show numbers from zero up")
    most = max((value for _, value in items), default=0) or 1
    drawn = [
        _bar(place, label, value / most, quantity(value, unit, digits)) for place, (label, value) in enumerate(items)
    ]
    rows = [(label, number(value, digits)) for label, value in items]
    heading = f"{t('web.chart.value')}{f' ({unit})' if unit else ''}"
    columns = [(t("web.chart.item"), "text"), (heading, "number")]
    return Chart(title, frame(title, ROW * len(items), join(drawn)), columns, rows, note=note)


def _bar(place: int, label: str, share: float, said: str) -> Markup:
    top = place * ROW
    text, bar = f"{top + 1.1:g}", f"{top + 1.5:g}"
    return BAR.format(text, label, text, said, bar, bar, percent(share))
