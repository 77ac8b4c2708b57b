"""The ten rungs, one of them by hand, and the response to VIX."""

from __future__ import annotations

import math

import numpy as np
import pytest
import QuantLib

from tests.numerics import oracle
from xlalvh.numerics.smile import Smile
from xlalvh.strategy import ladder, volatility

YEARS, FUTURES, VOLS = (0.10, 0.18, 0.26), (20.1, 21.7, 22.5), (0.80, 0.70, 0.62)
RATE, BETA = 0.05, (0.146, 0.582, 5.75)


def build(units: float = 1.0, **changes) -> list[ladder.Rung]:
    given = {
        "vol_at": [volatility.flat(v) for v in VOLS],
        "rate": RATE,
        "steps": [np.array([0.5])] * 3,
        "beta_params": BETA,
    }
    return ladder.build(units, YEARS, FUTURES, **{**given, **changes})


def beta(years: float) -> float:
    return 0.146 + 0.582 * math.exp(-5.75 * years)


def call(forward: float, strike: float, years: float, vol: float) -> float:
    return QuantLib.blackFormula(QuantLib.Option.Call, strike, forward, vol * math.sqrt(years), math.exp(-RATE * years))


def test_four_four_two() -> None:
    rungs = build()
    assert [r.layer for r in rungs] == ["front"] * 4 + ["mid"] * 4 + ["back"] * 2
    assert [r.contracts for r in rungs] == [1.0] * 10
    assert sum(r.contracts for r in build(3.0)) == 30.0


# The 0.40-delta rung of the front layer: s = 0.8 sqrt(0.1) = 0.252982; 0.4 exp(0.005) = 0.402005, quantile -0.248161;
# strike 20.1 exp(0.248161 s + s^2 / 2) = 22.098 -> 22.0 at steps of 0.5. There d1 = -0.230540, d2 = -0.483523:
# premium 1.295139, delta 0.406797, vega 0.0245693, theta -0.0267479. beta(0.10) = 0.146 + 0.582 exp(-0.575) = 0.473494.
def test_a_rung_by_hand() -> None:
    rung = build(3.0)[1]
    assert rung.layer == "front"
    assert rung.contracts == 3.0
    assert rung.strike == 22.0
    assert rung.premium_points == pytest.approx(1.295139, abs=1e-6)
    assert rung.cost_dollars == pytest.approx(388.5416, abs=1e-3)  # x 100 x 3
    assert rung.delta == pytest.approx(0.406797, abs=1e-6)
    assert rung.vega_dollars == pytest.approx(7.37080, abs=1e-4)
    assert rung.theta_dollars == pytest.approx(-8.02437, abs=1e-4)
    assert rung.tenor_beta == pytest.approx(0.473494, abs=1e-6)
    assert rung.vol_exposure_dollars == pytest.approx(57.7847, abs=1e-3)  # 3 x 100 x 0.406797 x 0.473494
    assert (rung.years, rung.future, rung.vol) == (0.10, 20.1, 0.80)


def test_every_rung_against_quantlib_and_derivatives() -> None:
    for rung, wanted in zip(build(steps=(None,) * 3), [d for layer in ladder.DELTAS for d in layer], strict=True):
        assert rung.delta == pytest.approx(wanted, rel=1e-9)
        greeks = oracle.greeks(1.0, rung.future, rung.strike, rung.years, rung.vol, RATE)
        assert rung.premium_points == pytest.approx(call(rung.future, rung.strike, rung.years, rung.vol), rel=1e-11)
        assert rung.delta == pytest.approx(greeks["delta"], rel=1e-10)
        assert rung.vega_dollars == pytest.approx(100.0 * greeks["vega"], rel=1e-9)
        assert rung.theta_dollars == pytest.approx(100.0 * greeks["theta"], rel=1e-9)
        assert rung.vol_exposure_dollars == pytest.approx(100.0 * wanted * beta(rung.years), rel=1e-9)


def test_allocation_is_shared_by_the_rungs_of_a_layer() -> None:
    rungs = build(2.0, deltas=((0.5,), (0.4, 0.2), (0.25,)), allocation=(4.0, 4.0, 2.0))
    assert [(r.layer, r.contracts) for r in rungs] == [("front", 8.0), ("mid", 4.0), ("mid", 4.0), ("back", 4.0)]


def test_strikes_snap_to_each_expirys_own_list() -> None:
    listed = [np.array([20.0, 21.0, 22.0, 24.0, 30.0]), np.array([22.0, 25.0, 30.0]), None]
    rungs = build(steps=listed)
    assert {r.strike for r in rungs[:4]} <= set(listed[0])
    assert {r.strike for r in rungs[4:8]} <= set(listed[1])
    assert rungs[8].delta == pytest.approx(0.40, rel=1e-9)


def test_a_smile_prices_each_strike_at_its_own_volatility() -> None:
    smile = Smile(0.02, 0.12, 0.55, -0.10, 0.25)
    rungs = build(vol_at=[volatility.on_smile(smile, f, t) for f, t in zip(FUTURES, YEARS, strict=True)])
    for rung in rungs:
        y = math.log(rung.strike / rung.future) - smile.m
        variance = smile.a + smile.b * (smile.rho * y + math.hypot(y, smile.sigma))
        assert rung.vol == pytest.approx(math.sqrt(variance / rung.years), rel=1e-12)
        assert rung.premium_points == pytest.approx(call(rung.future, rung.strike, rung.years, rung.vol), rel=1e-11)


def test_a_delta_without_a_strike_is_nan() -> None:
    rung = build(deltas=((0.999,), (0.4,), (0.4,)), rate=0.5)[0]
    assert math.isnan(rung.strike)
    assert math.isnan(rung.premium_points)
    assert math.isnan(rung.vol_exposure_dollars)


def test_response_by_hand() -> None:
    """VIX 17 -> 25: the front future goes to 20.1 + 8 x 0.473494 = 23.887954; the 22 call from 1.295139 to 3.357122:
    three contracts earn 3 x 100 x 2.061983 = 618.59. With 21 days gone too (0.042466 years left) it is worth 2.629288.
    """
    rung = build(3.0)[1]
    now = ladder.respond([rung], 17.0, [25.0], 0.0, RATE, BETA)[0]
    assert now.vix == 25.0
    assert now.front == pytest.approx(618.595, abs=1e-2)
    assert (now.mid, now.back, now.total) == (0.0, 0.0, now.front)
    later = ladder.respond([rung], 17.0, [25.0], 21.0, RATE, BETA)[0]
    assert later.front == pytest.approx(300.0 * (2.6292878 - 1.2951386), abs=1e-3)


def test_response_of_the_whole_ladder_against_quantlib() -> None:
    rungs = build(2.0)
    answers = ladder.respond(rungs, 17.0, [12.0, 17.0, 40.0], 10.0, RATE, BETA)
    for answer in answers:
        by_layer = dict.fromkeys(ladder.LAYERS, 0.0)
        for r in rungs:
            moved = r.future + beta(r.years) * (answer.vix - 17.0)
            value = call(moved, r.strike, r.years - 10.0 / 365.0, r.vol)
            by_layer[r.layer] += r.contracts * 100.0 * (value - call(r.future, r.strike, r.years, r.vol))
        assert (answer.front, answer.mid, answer.back) == pytest.approx(tuple(by_layer.values()), rel=1e-9)
        assert answer.total == pytest.approx(sum(by_layer.values()), rel=1e-9)


def test_nothing_happens_when_nothing_moves() -> None:
    still = ladder.respond(build(), 17.0, [17.0], 0.0, RATE, BETA)[0]
    assert (still.front, still.mid, still.back, still.total) == (0.0, 0.0, 0.0, 0.0)


def test_an_expired_layer_settles_at_its_moved_future() -> None:
    rung = build()[1]
    settled = ladder.respond([rung], 17.0, [40.0], 60.0, RATE, BETA)[0]
    moved = 20.1 + beta(0.10) * 23.0
    assert settled.front == pytest.approx(100.0 * (moved - 22.0 - rung.premium_points), rel=1e-12)


def test_small_moves_earn_the_vol_exposure() -> None:
    """What vol_exposure promises: dollars per point of spot VIX."""
    rungs = build()
    move = 1e-4
    up, down = ladder.respond(rungs, 17.0, [17.0 + move, 17.0 - move], 0.0, RATE, BETA)
    exposure = sum(r.vol_exposure_dollars for r in rungs)
    assert (up.total - down.total) / (2 * move) == pytest.approx(exposure, rel=1e-6)
