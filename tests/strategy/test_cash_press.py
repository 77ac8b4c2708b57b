"""The cash press by hand, and each of its thresholds."""

from __future__ import annotations

import math

import numpy as np
import pytest

from xlalvh.strategy import ladder, rules
from xlalvh.strategy.cash_press import CashPress, cash_press

FLAT = [lambda strikes, v=v: np.full(np.shape(strikes), v) for v in (0.8, 0.7, 0.62)]
RUNGS = ladder.build(
    1.0, [0.10, 0.18, 0.26], [20.1, 21.7, 22.5], FLAT, rules.beta_params(), ((0.6, 0.3), (0.45,), (0.25,)), rate=0.05
)


def press(slopes: list[float], cut: float = 0.02, days: float = 10.0, period: float = 0.0) -> CashPress:
    return cash_press(np.array(slopes), cut, 17.0, np.array([15.0, 16.0, 18.0, 20.0]), RUNGS, 0.05, days, period)


@pytest.mark.parametrize(
    ("slopes", "sessions"),
    [
        ([0.03, 0.04, 0.05], 3.0),
        ([0.03, 0.01, 0.05], 1.0),
        ([0.03, 0.02, 0.03, 0.03], 2.0),  # on the cut is flat
        ([0.03, math.nan, 0.05], 1.0),
        ([0.03, 0.04, 0.01], 0.0),
    ],
)
def test_the_streak_counts_back_from_the_last_session(slopes, sessions) -> None:
    assert press(slopes).contango_sessions == sessions


def test_the_ladders_time_value_runs_off() -> None:
    """Rungs out of the money are all time value; those in the money have their discounted intrinsic value besides."""
    found = press([0.03])
    inside = sum(100.0 * r.contracts * math.exp(-0.05 * r.years) * max(r.future - r.strike, 0.0) for r in RUNGS)
    assert inside > 0.0
    assert found.extrinsic_dollars == pytest.approx(sum(r.cost_dollars for r in RUNGS) - inside)
    assert found.theta_dollars == pytest.approx(sum(r.theta_dollars for r in RUNGS))
    assert found.theta_dollars < 0.0
    assert found.vix_percentile == 0.5


def test_the_rebalance_is_due_by_its_period_only_where_one_is_set() -> None:
    assert rules.default("cash_press_days") == 0.0
    states = [press([0.03], days=30.0, period=p).rebalance for p in (0.0, 29.0, 30.0, 31.0)]
    assert states == ["no period set", "due", "due", "not due"]


def test_the_cut_moves_the_streak_alone() -> None:
    before, after = press([0.03, 0.05]), press([0.03, 0.05], cut=0.04)
    assert (before.contango_sessions, after.contango_sessions) == (2.0, 1.0)
    assert before[1:] == after[1:]
