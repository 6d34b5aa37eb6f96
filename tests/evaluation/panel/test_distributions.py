"""Tails and quantiles against scipy.stats, which the package does not load."""

from math import inf

import numpy as np
import pytest
from scipy import stats

from cunzhi.evaluation.panel.distributions import (
    chi2_tail,
    critical_value,
    f_quantile,
    f_tail,
    noncentral_chi2_quantile,
    two_sided_p,
)


def test_tails_and_quantiles_equal_scipy_stats() -> None:
    np.testing.assert_allclose(two_sided_p([-2.1, 0, 5], 37), 2 * stats.t.sf([2.1, 0, 5], 37), rtol=1e-12)
    np.testing.assert_allclose(two_sided_p(1.96, inf), 2 * stats.norm.sf(1.96), rtol=1e-12)
    assert critical_value(0.95, 37) == pytest.approx(stats.t.ppf(0.975, 37), rel=1e-10)
    assert critical_value(0.95, inf) == pytest.approx(1.959963984540054, rel=1e-12)
    assert f_tail(3.1, 2, 37) == pytest.approx(stats.f.sf(3.1, 2, 37), rel=1e-10)
    assert f_tail(3.1, 2, inf) == pytest.approx(stats.chi2.sf(6.2, 2), rel=1e-10)
    assert f_quantile(0.95, 2, 37) == pytest.approx(stats.f.ppf(0.95, 2, 37), rel=1e-8)
    assert f_quantile(0.95, 2, inf) == pytest.approx(stats.chi2.ppf(0.95, 2) / 2, rel=1e-10)
    assert chi2_tail(4.2, 3) == pytest.approx(stats.chi2.sf(4.2, 3), rel=1e-10)
    assert noncentral_chi2_quantile(0.95, 1.5, 15) == pytest.approx(stats.ncx2.ppf(0.95, 1.5, 15), rel=1e-6)
