"""One bar cut into shares: how a whole divides."""

from collections.abc import Sequence

from markupsafe import Markup

from cunzhi.web.charts.chart import SERIES, Chart, frame, join
from cunzhi.web.charts.chart import percent as width_of
from cunzhi.web.formats import number, percent
from cunzhi.web.language import t

PART = Markup('<rect class="f{} cut" x="{}" y="0" width="{}" height="2em"><title>{}</title></rect>')


def shares(title: str, parts: Sequence[tuple[str, float]], *, digits: int = 0, note: str = "") -> Chart:
    """Parts of a whole, in the order given; their sum is the whole."""
    if len(parts) > SERIES:
        raise ValueError(f"a share bar has at most {SERIES} parts, not {len(parts)}; put the small ones together")
    if any(value < 0 for _, value in parts):
        raise ValueError("a part of a whole is not negative")
    whole = sum(value for _, value in parts)
    drawn, rows, legend, start = [], [], [], 0.0
    for place, (label, value) in enumerate(parts, start=1):
        share = value / whole if whole else 0.0
        said = f"{label} {percent(share)}"
        drawn.append(PART.format(place, width_of(start), width_of(share), said))
        rows.append((label, number(value, digits), percent(share)))
        legend.append((f"f{place}", said))
        start += share
    columns = [(t("web.chart.item"), "text"), (t("web.chart.value"), "number"), (t("web.chart.share"), "number")]
    return Chart(title, frame(title, 2, join(drawn)), columns, rows, legend, note)
