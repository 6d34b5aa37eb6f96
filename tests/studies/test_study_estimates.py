"""The study's own estimators agree with the slower ways to the same numbers."""

from pathlib import Path

import numpy as np
import pytest
from small_study import Ran, demo_text, silent, write_inputs

from cunzhi.evaluation.index.build import step_again
from cunzhi.evaluation.panel.fixed_effects import fixed_effects
from cunzhi.evaluation.panel.index_draws import draw_units
from cunzhi.evaluation.panel.model import Model
from cunzhi.evaluation.panel.robustness import without_each_unit
from cunzhi.studies import leaving_out
from cunzhi.studies.index_doubts import _filled_indicators, rebuilder
from cunzhi.studies.index_weighers import weigher_of
from cunzhi.studies.leaving_out import without_units
from cunzhi.studies.run import run_study
from cunzhi.studies.spec import read_study

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


def test_mediators_together_add_up_to_what_the_direct_effect_lacks(ran: Ran) -> None:
    table = ran.done.results.table("mediation_together")
    products = [table.cell(name, 2).value for name in ("info", "synergy")]
    total, direct, whole = (table.cell(key, 2).value for key in ("total", "direct", "sum"))
    assert None not in (*products, total, direct, whole)
    assert whole == pytest.approx(sum(products))  # type: ignore[arg-type]
    assert total - direct == pytest.approx(whole)  # type: ignore[operator]
    assert any("c − c′ and ab agree to" in note.en for note in table.notes)
    assert any("c − c′ and ab agree to" in note.en for note in ran.done.results.table("mediation").notes)


def test_weights_of_a_study_weigh_every_regression_and_are_said(tmp_path: Path) -> None:
    text = demo_text(99).replace("  mediators: [info, synergy]\n", "  mediators: [info]\n  weights: edu\n")
    text = text.replace("fiscal, edu]\n  instruments", "fiscal]\n  instruments").replace(
        "fiscal, edu, info", "fiscal, info"
    )
    file = write_inputs(tmp_path, text)
    done = run_study(read_study(file), tmp_path, progress=silent)
    model = Model("governance", ("nqpf", "ln_gdp", "urban", "fiscal"), weights="edu")
    raw = done.prepared.panel
    assert "edu" in raw.columns
    by_hand = fixed_effects(raw, model).beta[0]
    assert done.results.table("benchmark").cell("treatment", 1).value == pytest.approx(by_hand, rel=1e-12)
    assert any("weighted by Human capital" in note.en for note in done.results.table("benchmark").notes)
    assert any("thresholds are searched without weights" in note.en for note in done.results.table("robustness").notes)
