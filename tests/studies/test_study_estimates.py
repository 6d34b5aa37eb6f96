"""The study's own estimators agree with the slower ways to the same numbers."""

import numpy as np
import pytest
from small_study import Ran

from cunzhi.evaluation.panel.model import Model
from cunzhi.evaluation.panel.robustness import without_each_unit
from cunzhi.studies import leaving_out
from cunzhi.studies.index_doubts import _filled_indicators, rebuilder
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
