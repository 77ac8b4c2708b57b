"""Estimates and their errors against formulas by hand and repeated sampling."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlalvh.research import estimates


def test_by_hand() -> None:
    """Values 1, 3 with weights 1, 3 (mean 2): (1 + 9) / 4 = 2.5; influences -1.5 x 1 / 2 and 0.5 x 3 / 2, both 0.75."""
    found = estimates.mean(np.array([1.0, 3.0]), np.array([1.0, 3.0]), 0, 1)
    assert found.value == 2.5
    assert found.influence[0].tolist() == [-0.75, 0.75]
    assert found.error == pytest.approx(0.75 / np.sqrt(2.0))


def test_errors_of_means_ratios_and_differences_are_what_repetition_shows() -> None:
    rng = np.random.default_rng(2)
    told, seen = [], []
    for _ in range(400):
        x = rng.normal(1.0, 1.0, 500)
        where = rng.random(500) < 0.3
        y = x + rng.normal(0.5, 0.3, 500)
        apart = rng.normal(2.0, 1.0, 300)
        ones = np.ones(500)
        whole = estimates.mean(x, ones, 0, 2)
        part = estimates.mean(y[where], ones, 0, 2, where)
        other = estimates.mean(apart, np.ones(300), 1, 2)
        trio = (part / whole, part - whole, part / other)
        told.append([e.error for e in trio])
        seen.append([e.value for e in trio])
    assert np.mean(told, axis=0) == pytest.approx(np.std(seen, axis=0), rel=0.12)


def test_shortfall_by_hand() -> None:
    """The worst 30 % of four equal ones: all of the lowest and a fifth of the next."""
    assert estimates.shortfall(np.array([4.0, 1.0, 2.0, 3.0]), np.ones(4), 0.3) == pytest.approx(
        (1.0 + 0.2 * 2.0) / 1.2
    )
    assert estimates.shortfall(np.array([2.0, 1.0]), np.array([1.0, 3.0]), 0.75) == 1.0


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40), st.floats(0.01, 1.0))
def test_shortfall_is_no_more_than_the_mean_and_no_less_than_the_least(values, share) -> None:
    x = np.array(values)
    found = estimates.shortfall(x, np.ones(x.size), share)
    assert x.min() - 1e-6 <= found <= x.mean() + 1e-6
