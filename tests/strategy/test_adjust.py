"""Wing status at and around its thresholds by hand; the spread hedge against QuantLib; the roll."""

from __future__ import annotations

import math

import numpy as np
import pytest
import QuantLib as ql

from xlalvh.strategy import adjust, condor, volatility

RULES = {"trigger": 0.15, "multiple": 2.0, "watch": 0.75}


@pytest.mark.parametrize(
    ("delta", "entry", "status"),
    [
        (0.16, 0.16, "safe"),  # the seeds' bare 0.15 would fire here, at entry
        (0.2399, 0.16, "safe"),
        (0.24, 0.16, "watch"),
        (0.3199, 0.16, "watch"),
        (0.32, 0.16, "tested"),
        (-0.32, 0.16, "tested"),
        (-0.32, -0.16, "tested"),
        (0.11, 0.05, "safe"),  # 0.15 rules where the entry was far out
        (0.1125, 0.05, "watch"),
        (0.15, 0.05, "tested"),
    ],
)
def test_status(delta, entry, status) -> None:
    assert adjust.wing_status(delta, entry, **RULES) == status


@pytest.mark.parametrize(
    ("rule", "value", "statuses"),
    [
        ("trigger", 0.30, ["safe", "safe", "watch", "tested"]),
        ("multiple", 1.0, ["safe", "tested", "tested", "tested"]),
        ("watch", 0.40, ["watch", "watch", "tested", "tested"]),
    ],
)
def test_each_threshold(rule, value, statuses) -> None:
    """Entry at 0.10: tested from 0.20, watch from 0.15."""
    deltas = np.array([0.10, 0.17, 0.23, 0.31])
    assert adjust.wing_status(deltas, 0.10, **RULES).tolist() == ["safe", "watch", "tested", "tested"]
    assert adjust.wing_status(deltas, 0.10, **{**RULES, rule: value}).tolist() == statuses


# The spread hedge


def hedge(**changes) -> adjust.SpreadHedge | None:
    arguments = {
        "wing_loss": 18_000.0, "move": 0.05, "future": 20.1, "years": 0.10, "vol_at": volatility.flat(0.8),
        "long_delta": 0.45, "short_delta": 0.15, "ratio": 1.0, "future_beta": -3.4, "rate": 0.05,
    }  # fmt: skip
    return adjust.spread_hedge(**{**arguments, **changes})


def test_a_plain_spread_against_quantlib() -> None:
    found = hedge(step=np.array([0.5]))
    moved = 20.1 * (1.0 + 3.4 * 0.05)

    def call(future: float, strike: float) -> float:
        return ql.blackFormula(ql.Option.Call, strike, future, 0.8 * math.sqrt(0.1), math.exp(-0.005))

    gain = sum(
        100.0 * n * (call(moved, k) - call(20.1, k))
        for n, k in ((found.long_contracts, found.long_strike), (found.short_contracts, found.short_strike))
    )
    assert found.gain_dollars == pytest.approx(gain, abs=0.005)
    assert found.share_of_loss == pytest.approx(gain / 18_000.0)
    assert found.short_contracts == -found.long_contracts
    assert math.isnan(found.loses_above_points)  # as many bought as sold


def test_a_ratio_costs_less_needs_more_and_loses_beyond_a_level() -> None:
    plain, ratioed = hedge(), hedge(ratio=1.5)
    assert ratioed.debit_points < plain.debit_points
    assert ratioed.long_contracts > plain.long_contracts
    level = ratioed.loses_above_points
    at_level = ratioed.long_contracts * (level - ratioed.long_strike)
    at_level += ratioed.short_contracts * (level - ratioed.short_strike)
    assert 100.0 * at_level == pytest.approx(ratioed.cost_dollars, abs=1e-6)


@pytest.mark.parametrize(
    "changes",
    [
        {"ratio": 6.0},  # more is sold than bought gains
        {"long_delta": 0.2, "short_delta": 0.19, "step": np.array([5.0])},  # both at one strike
        {"long_delta": 0.9999},  # beyond the discount factor
    ],
)
def test_a_spread_that_does_not_serve(changes) -> None:
    assert hedge(**changes) is None


# The roll


def test_a_roll_is_two_condors_and_their_difference() -> None:
    legs = np.array([3875.0, 3925.0, 4375.0, 4425.0])
    now = condor.evaluate(legs, 4210.0, 0.05, volatility.flat(0.17), 0.05, 10.0)
    later = condor.evaluate(legs - 50.0, 4226.0, 0.13, volatility.flat(0.16), 0.05, 10.0)
    before, after, change = adjust.roll(now, 0.05, later, 0.13)
    assert (before.position, after.position, change.position) == ("now", "rolled", "change")
    assert (before.days, after.days) == (pytest.approx(18.25), pytest.approx(47.45))
    assert change.value_dollars == pytest.approx(later.credit_dollars - now.credit_dollars)
    assert change.theta_dollars == pytest.approx(later.theta_dollars - now.theta_dollars)
    assert before.probability_of_profit == now.probability_of_profit


def test_a_roll_to_the_same_condor_changes_nothing() -> None:
    same = condor.evaluate(np.array([3875.0, 3925.0, 4375.0, 4425.0]), 4210.0, 0.05, volatility.flat(0.17))
    assert set(adjust.roll(same, 0.05, same, 0.05)[2][1:]) == {0.0}
