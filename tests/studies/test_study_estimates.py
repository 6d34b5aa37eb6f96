"""The study's own estimators agree with the slower ways to the same numbers."""

import numpy as np
import pytest
from small_study import Ran

from cunzhi.evaluation.index.build import step_again
from cunzhi.evaluation.panel.index_draws import draw_units
from cunzhi.evaluation.panel.model import Model
from cunzhi.evaluation.panel.robustness import without_each_unit
from cunzhi.studies import leaving_out
from cunzhi.studies.index_doubts import _filled_indicators, rebuilder
from cunzhi.studies.index_weighers import weigher_of
from cunzhi.studies.leaving_out import without_units

MODEL = Model("governance", ("nqpf", "ln_gdp", "urban", "fiscal", "edu"))


def test_slopes_without_units_from_sums_are_those_of_whole_fits(ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = ran.done.prepared.panel
    whole = without_each_unit(panel, MODEL, treatment="nqpf")
    monkeypatch.setattr(leaving_out, "MOST_FITS", 10)
    quick = without_units(panel, MODEL, treatment="nqpf")
    assert [row.beta for row in quick.rows] == pytest.approx([row.beta for row in whole.rows], rel=1e-9)
    assert (quick.low, quick.high, quick.sign_changes) == pytest.approx((whole.low, whole.high, whole.sign_changes))
    assert [row.n for row in quick.rows] == [row.n for row in whole.rows]


@pytest.mark.parametrize("name", ["governance", "nqpf"])
def test_index_rebuilt_on_the_whole_panel_is_the_index(ran: Ran, name: str) -> None:
    prepared = ran.done.prepared
    indicators = _filled_indicators(prepared.filled_builds[name], prepared.panel)
    panel = prepared.panel.with_columns(indicators)
    again = rebuilder(prepared.builds[name], *prepared.scale[name])
    assert np.allclose(again(panel, tuple(indicators)), prepared.panel.column(name), atol=1e-10)
    half = again(panel, tuple(indicators)[::2])
    assert np.corrcoef(half, prepared.panel.column(name))[0, 1] > 0.9


STEPS: dict[str, list[dict[str, object]]] = {
    "components": [{"verb": "components", "rule": "share", "share": 0.6, "anchor": "farm_patents"}],
    "entropy": [{"verb": "normalise", "method": "min-max", "to": (0.0001, 1.0001)}, {"verb": "weight"}],
    "entropy of the first year": [{"verb": "normalise", "base": "2021"}, {"verb": "weight", "by": "2021"}],
    "critic": [{"verb": "normalise", "method": "z"}, {"verb": "weight", "method": "critic"}],
    "equal": [{"verb": "normalise"}, {"verb": "weight", "method": "equal"}],
}


@pytest.mark.parametrize("steps", STEPS.values(), ids=STEPS)
def test_indices_weighed_in_draws_are_those_built_from_their_rows(ran: Ran, steps: list[dict[str, object]]) -> None:
    build = ran.done.prepared.filled_builds["nqpf"]
    names = build.tree.codes
    for number, step in enumerate([*steps, *([{"verb": "aggregate"}] if len(steps) > 1 else [])], start=1):
        build = step_again(build, number, step)
    indicators = _filled_indicators(ran.done.prepared.filled_builds["nqpf"], ran.done.prepared.panel)
    panel = ran.done.prepared.panel.with_columns(indicators)
    weigh, again = weigher_of(build, 2.0), rebuilder(build, 0.0, 2.0)
    assert weigh is not None
    drawn = draw_units(panel, 3, np.random.default_rng(1))
    parts = [names, names[::2], names[1::2]]
    sums = weigh(drawn, parts)
    for draw in range(3):
        sample = drawn.sample(draw)
        values = np.column_stack([sample.column(name) for name in names])
        for position, part in enumerate(parts):
            whole = again(sample, part)
            assert np.ptp(whole - values @ sums[draw, :, position]) < 1e-9 * np.ptp(whole)


@pytest.mark.parametrize(
    "steps",
    [
        [{"verb": "normalise", "method": "rank"}, {"verb": "weight"}, {"verb": "aggregate"}],
        [{"verb": "normalise", "to": (1, 100)}, {"verb": "weight"}, {"verb": "aggregate", "means": ["geometric"]}],
        [{"verb": "normalise"}, {"verb": "weight"}, {"verb": "topsis"}],
    ],
)
def test_indices_that_are_no_weighted_sums_are_built_from_rows(ran: Ran, steps: list[dict[str, object]]) -> None:
    build = ran.done.prepared.filled_builds["nqpf"]
    for number, step in enumerate(steps, start=1):
        build = step_again(build, number, step)
    assert weigher_of(build, 1.0) is None
