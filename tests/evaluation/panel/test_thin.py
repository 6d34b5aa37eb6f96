"""Blocked products equal plain ones for every shape of block."""

import numpy as np
import pytest

from cunzhi.evaluation.panel import thin
from cunzhi.evaluation.panel.thin import cross, dot, residual, times


@pytest.mark.parametrize("rows", [0, 1, 7, 1000])
@pytest.mark.parametrize("columns", [0, 1, 5])
def test_blocked_products_equal_plain_products(rows: int, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thin, "MATRIX", 300)
    monkeypatch.setattr(thin, "BLOCK", 40)
    monkeypatch.setattr(thin, "LARGE", 500)
    rng = np.random.default_rng(1)
    a, b, v = rng.normal(size=(rows, columns)), rng.normal(size=(rows, 3)), rng.normal(size=rows)
    np.testing.assert_allclose(cross(a, b), a.T @ b, atol=1e-11)
    np.testing.assert_allclose(cross(a, v), a.T @ v, atol=1e-11)
    np.testing.assert_allclose(residual(v, a, np.arange(columns)), v - a @ np.arange(columns), atol=1e-12)
    np.testing.assert_allclose(times(a, np.ones((columns, 2))), a @ np.ones((columns, 2)), atol=1e-12)
    assert dot(v, v) == pytest.approx(v @ v)
