"""Pictures of numbers: what they show, that they are safe, and that the table says the same."""

import gzip
import re

import pytest
from django.template import engines
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from cunzhi.web.charts.bars import bars
from cunzhi.web.charts.chart import Chart, nice_ticks
from cunzhi.web.charts.county_map import class_edges, county_map, outlines
from cunzhi.web.charts.lines import lines
from cunzhi.web.charts.shares import shares

NUMBERS = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False)


def drawn(chart: Chart) -> str:
    template = engines["jinja2"].env.from_string(  # type: ignore[attr-defined]
        '{% from "components/blocks.html" import chart_with_table %}{{ chart_with_table(chart) }}'
    )
    return str(template.render(chart=chart))


@pytest.fixture
def charts() -> list[Chart]:
    with translation.override("en"):
        return [
            bars("Closed", [("Roads <b>", 4), ("Water", 2)], unit="cases"),
            shares("By", [("phone", 3), ("paper", 1)]),
            lines("Hours", ["Jan", "Feb", "Mar"], {"here": [3, None, 1]}),
            county_map("On time", {"500113": 0.5, "500157": 0.7}, digits=1),
        ]


def test_chart_has_name_and_table(charts: list[Chart]) -> None:
    for chart in charts:
        page = drawn(chart)
        assert f'role="img" aria-label="{chart.title}"' in page
        assert page.count("<tr") == len(chart.rows) + 1


def test_chart_has_no_inline_style(charts: list[Chart]) -> None:
    for chart in charts:
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=", drawn(chart))


def test_chart_escapes_what_people_wrote(charts: list[Chart]) -> None:
    assert "Roads &lt;b&gt;" in charts[0].svg
    assert "<b>" not in drawn(charts[0])


def test_bars_are_as_long_as_their_numbers(charts: list[Chart]) -> None:
    assert re.findall(r'class="f1"[^>]*width="([\d.]+%)"', charts[0].svg) == ["100.0%", "50.0%"]


def test_bars_refuse_negative_numbers() -> None:
    with pytest.raises(ValueError, match="from zero up"):
        bars("x", [("a", -1)])


def test_shares_fill_the_whole(charts: list[Chart]) -> None:
    assert re.findall(r'<rect[^>]*width="([\d.]+%)" height="2em"', charts[1].svg) == ["75.0%", "25.0%"]
    assert [row[2] for row in charts[1].rows] == ["75%", "25%"]


def test_shares_of_nothing_are_drawn() -> None:
    assert shares("x", [("a", 0), ("b", 0)]).rows[0][2] == "0%"


def test_line_leaves_a_gap_where_nothing_was_measured(charts: list[Chart]) -> None:
    assert charts[2].svg.count("<circle") == 2
    assert charts[2].svg.count('class="line') == 0
    assert charts[2].rows[1][1] == "–"


def test_map_shows_every_county_and_the_approval(charts: list[Chart]) -> None:
    page = drawn(charts[3])
    assert page.count("<path") == len(outlines()[0]) == 38
    assert "GS(2024)0650号" in page


def test_map_knows_merged_counties_by_both_codes(charts: list[Chart]) -> None:
    table = {row[0]: row[1] for row in charts[3].rows}
    assert (table["江北区"], table["渝北区"], table["巴南区"], table["万州区"]) == ("0.7", "0.7", "0.5", "–")


def test_map_is_light(charts: list[Chart]) -> None:
    assert len(gzip.compress(drawn(charts[3]).encode())) < 25_000


def test_map_paths_close_where_they_began() -> None:
    for county in outlines()[0]:
        steps = [int(number) for number in re.findall(r"-?\d+", county.path)]
        assert (sum(steps[0::2]), sum(steps[1::2])) == (0, 0)
        assert county.path.count("z") >= 1


@given(st.lists(NUMBERS, min_size=1, max_size=60))
def test_every_value_finds_a_class(values: list[float]) -> None:
    edges = class_edges(values)
    assert 1 <= len(edges) <= 5
    assert edges == sorted(edges)
    assert edges[-1] == max(values)


@given(NUMBERS, NUMBERS)
def test_ticks_span_the_values(one: float, other: float) -> None:
    low, high = min(one, other, 0.0), max(one, other, 0.0)
    ticks = nice_ticks(low, high)
    slack = 1e-6 * max(1.0, high - low)
    assert ticks[0] <= low + slack
    assert ticks[-1] >= high - slack
    assert 2 <= len(ticks) <= 12


@given(st.dictionaries(st.sampled_from([f"500{n}" for n in range(101, 120)]), NUMBERS, max_size=19))
def test_map_draws_any_numbers(values: dict[str, float]) -> None:
    with translation.override("zh-hans"):
        chart = county_map("x", values)
    assert chart.svg.count("<path") == 38
