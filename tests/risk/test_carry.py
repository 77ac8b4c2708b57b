"""Carry against the Greeks over a short time, and the break-even move against the ladder's own response."""

from __future__ import annotations

import math

import numpy as np
import pytest

from xlalvh.numerics import black76
from xlalvh.risk.carry import break_even_rise, carry
from xlalvh.strategy import ladder
from xlalvh.strategy.rules import beta_params

FUTURES, DAYS = np.array([19.4, 20.8, 22.0, 22.8]), np.array([19.0, 54.0, 82.0, 110.0])
YEARS = [40.0 / 365.0, 68.0 / 365.0, 96.0 / 365.0]
FLAT = [lambda strikes, v=v: np.full(len(strikes), v) for v in (0.8, 0.7, 0.62)]
RUNGS = ladder.build(2.0, YEARS, [20.2, 21.4, 22.4], FLAT, beta_params(), rate=0.04)


def test_a_moment_of_theta_and_of_delta_times_the_slope() -> None:
    """Over a hundredth of a day: theta a day, and delta x the points a day by which the curve rises."""
    moment = 0.01
    rows = {row.layer: row for row in carry(RUNGS, 17.0, FUTURES, DAYS, moment, 0.04)}
    slopes = {"front": 1.4 / 35.0, "mid": 1.2 / 28.0, "back": 0.8 / 28.0}
    for layer, slope in slopes.items():
        rungs = [rung for rung in RUNGS if rung.layer == layer]
        assert rows[layer].theta_dollars / moment == pytest.approx(sum(r.theta_dollars for r in rungs), rel=1e-3)
        down = -sum(100.0 * r.contracts * r.delta * slope for r in rungs)
        assert rows[layer].roll_down_dollars / moment == pytest.approx(down, rel=1e-2)


def test_parts_add_up() -> None:
    *layers, total = carry(RUNGS, 17.0, FUTURES, DAYS, 21.0, 0.04)
    assert [row.layer for row in layers] == ["front", "mid", "back"]
    assert total[1:] == pytest.approx(tuple(np.array([row[1:] for row in layers]).sum(axis=0)))
    assert all(
        row.carry_dollars == pytest.approx(row.theta_dollars + row.roll_down_dollars) for row in (*layers, total)
    )


def test_contango_costs_and_backwardation_earns_by_roll_down() -> None:
    contango = carry(RUNGS, 17.0, FUTURES, DAYS, 7.0, 0.04)[-1]
    backwardation = carry(RUNGS, 30.0, FUTURES[::-1], DAYS, 7.0, 0.04)[-1]
    flat = carry(RUNGS, 20.0, np.full(4, 20.0), DAYS, 7.0, 0.04)[-1]
    assert contango.roll_down_dollars < 0.0 < backwardation.roll_down_dollars
    assert flat.roll_down_dollars == pytest.approx(0.0, abs=1e-6)
    assert contango.theta_dollars == pytest.approx(backwardation.theta_dollars)


def test_an_expiry_that_the_days_reach_settles_at_spot() -> None:
    """All layers after 200 days: their futures have slid to spot VIX, moved by their own distance from the curve."""
    rows = carry(RUNGS[:1], 17.0, FUTURES, DAYS, 200.0, 0.0)
    rung = RUNGS[0]
    settled = 17.0 + rung.future - np.interp(40.0, DAYS, FUTURES)
    now = float(black76.price(1.0, rung.future, rung.strike, rung.years, rung.vol, 0.0))
    assert rows[-1].carry_dollars == pytest.approx(100.0 * rung.contracts * (max(settled - rung.strike, 0.0) - now))


def test_a_curve_that_ends_before_a_layer() -> None:
    rows = carry(RUNGS, 17.0, FUTURES[:2], DAYS[:2], 1.0, 0.04)
    assert math.isfinite(rows[0].carry_dollars)
    assert math.isnan(rows[1].carry_dollars)
    assert math.isnan(rows[-1].carry_dollars)


@pytest.mark.parametrize("cost", [100.0, 2_000.0, 20_000.0])
def test_the_break_even_rise_pays_the_cost(cost) -> None:
    rise = break_even_rise(RUNGS, 17.0, cost, 0.04, beta_params())
    gain = ladder.respond(RUNGS, 17.0, [17.0 + rise], 0.0, 0.04, beta_params())[0].total
    assert gain == pytest.approx(cost)


def test_a_small_cost_by_exposure() -> None:
    """To first order the rise is the cost over the dollars per point of spot VIX."""
    exposure = sum(rung.vol_exposure_dollars for rung in RUNGS)
    assert break_even_rise(RUNGS, 17.0, 1.0, 0.04, beta_params()) == pytest.approx(1.0 / exposure, rel=1e-2)
    assert break_even_rise(RUNGS, 17.0, 0.0, 0.04, beta_params()) == 0.0
    assert math.isnan(break_even_rise(RUNGS, 17.0, 1e9, 0.04, beta_params()))
