"""Taking effects out: equal to least squares with dummies on any pattern of missing rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.panel import within
from cunzhi.evaluation.panel.arrays import FloatArray
from cunzhi.evaluation.panel.frame import Panel, read
from cunzhi.evaluation.panel.model import Effects
from cunzhi.evaluation.panel.within import absorb


def dummies(panel: Panel, effects: Effects) -> FloatArray:
    """(n, d) dummies of the effects, redundant ones included."""
    parts = []
    if effects in ("both", "unit"):
        parts.append(np.eye(panel.units.size)[panel.unit])
    if effects in ("both", "period"):
        parts.append(np.eye(panel.periods.size)[panel.period])
    return np.hstack(parts)


@settings(deadline=None, max_examples=60)
@given(
    units=st.integers(2, 12),
    periods=st.integers(2, 12),
    share=st.floats(0.3, 1.0),
    weighted=st.booleans(),
    effects=st.sampled_from(["both", "unit", "period"]),
    seed=st.integers(0, 10_000),
)
def test_absorb_random_unbalanced_panel_equals_dummies(
    units: int, periods: int, share: float, weighted: bool, effects: Effects, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    cells = np.argwhere(rng.random((units, periods)) < share)
    if len(cells) < 2:
        cells = np.array([[0, 0], [1, 1]])
    weights = rng.uniform(0.1, 5, len(cells)) if weighted else None
    panel = read({"u": cells[:, 0], "t": cells[:, 1], "x": rng.normal(5, 1, len(cells))}, unit="u", period="t")
    found = absorb(panel, ["x"], effects, weights)
    root = np.ones(panel.n) if weights is None else np.sqrt(weights)
    design = dummies(panel, effects) * root[:, None]
    x = panel.column("x") * root
    expected = x - design @ np.linalg.lstsq(design, x, rcond=None)[0]
    np.testing.assert_allclose(found.data[:, 0], expected, atol=1e-10)
    assert found.rank == np.linalg.matrix_rank(design)


@pytest.mark.parametrize("shape", [(40, 5), (5, 40)])
def test_absorb_in_blocks_equals_absorb_at_once(shape: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    cells = np.argwhere(rng.random(shape) < 0.8)
    panel = read({"u": cells[:, 0], "t": cells[:, 1], "x": rng.normal(size=len(cells))}, unit="u", period="t")
    at_once = absorb(panel, ["x"], "both").data
    monkeypatch.setattr(within, "BLOCK", 16)
    monkeypatch.setattr(within, "CELLS", 12)
    np.testing.assert_allclose(absorb(panel, ["x"], "both").data, at_once, atol=1e-12)


def test_absorb_large_means_keeps_digits() -> None:
    rng = np.random.default_rng(3)
    unit, period = np.repeat(np.arange(30), 4), np.tile(np.arange(4), 30)
    small = rng.normal(size=unit.size)
    panel = read({"u": unit, "t": period, "x": small + 1e8, "small": small}, unit="u", period="t")
    data = absorb(panel, ["x", "small"], "both").data
    np.testing.assert_allclose(data[:, 0], data[:, 1], atol=1e-6)


def test_absorb_two_long_sides_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(within, "LONGEST_SHORT_SIDE", 3)
    rng = np.random.default_rng(4)
    cells = np.argwhere(rng.random((9, 9)) < 0.8)
    panel = read({"u": cells[:, 0], "t": cells[:, 1], "x": rng.normal(size=len(cells))}, unit="u", period="t")
    with pytest.raises(DataRefused, match="too long"):
        absorb(panel, ["x"], "both")
