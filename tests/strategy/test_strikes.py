"""Snapping to a step and to a list."""

from __future__ import annotations

import math

import numpy as np
import pytest

from xlalvh.strategy.strikes import snap


@pytest.mark.parametrize(
    ("strike", "step", "expected"),
    [
        (3991.05, 5.0, 3990.0),
        (3992.6, 5.0, 3995.0),
        (22.098, 0.5, 22.0),
        (22.26, 0.5, 22.5),
        (4210.0, 25.0, 4200.0),
    ],
)
def test_step(strike, step, expected) -> None:
    assert snap(strike, np.array([step])) == expected


def test_list() -> None:
    listed = np.array([25.0, math.nan, 20.0, 22.0, 30.0, -1.0, 0.0])
    assert snap(22.9, listed) == 22.0
    assert snap(24.0, listed) == 25.0
    assert snap(23.5, listed) == 22.0  # equally near: the lower
    assert snap(500.0, listed) == 30.0
    assert snap(1.0, listed) == 20.0  # 0 and -1 are no strikes


def test_no_step_leaves_the_strike() -> None:
    assert snap(3991.05, None) == 3991.05


def test_nothing_to_snap_to_or_nothing_to_snap_is_nan() -> None:
    assert math.isnan(snap(22.0, np.array([0.0, math.nan])))
    assert math.isnan(snap(22.0, np.array([math.nan])))
    assert math.isnan(snap(math.nan, np.array([5.0])))
    assert math.isnan(snap(math.nan, np.array([20.0, 25.0])))


def test_a_strike_that_rounds_to_nothing_is_no_strike() -> None:
    assert math.isnan(snap(2.0, np.array([5.0])))
    assert math.isnan(snap(-30.0, np.array([5.0])))
