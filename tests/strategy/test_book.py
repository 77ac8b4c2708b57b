"""A book of three legs with every figure worked from Black-76 by hand, and the rule on totals."""

from __future__ import annotations

import numpy as np
import pytest

from tests.numerics import oracle
from xlalvh.strategy import book

# Ten put verticals sold on SPX (short 3925, long 3875) and four VIX calls.
UNDERLYING = ("SPX", "SPX", "VIX")
QUANTITY = np.array([-10.0, 10.0, 4.0])
RIGHT = np.array([-1.0, -1.0, 1.0])
STRIKE = np.array([3925.0, 3875.0, 22.0])
YEARS = np.array([0.12, 0.12, 0.08])
FORWARD = np.array([4210.0, 4210.0, 19.5])
VOL = np.array([0.206, 0.215, 0.85])
RATE = np.array([0.05, 0.05, 0.05])
MULTIPLIER = np.array([100.0, 100.0, 100.0])


@pytest.fixture
def legs() -> list[book.Line]:
    return book.lines(UNDERLYING, QUANTITY, RIGHT, STRIKE, YEARS, FORWARD, VOL, RATE, MULTIPLIER)


def test_the_short_put_by_hand(legs) -> None:
    """s = 0.206 sqrt(0.12) = 0.071360; d1 = ln(4210/3925)/s + s/2 = 1.017965, d2 = 0.946604;
    discount exp(-0.05 x 0.12) = 0.994018.
    Price 0.994018 (3925 N(-d2) - 4210 N(-d1)) = 24.835; delta -0.994018 N(-d1) = -0.153424; gamma 0.000786222;
    vega 3.44475 a point of volatility; theta -0.806665 a day; rho -0.12 x 24.835 x 0.01 = -0.029802.
    Ten sold, 100 dollars a point: times -1000.
    """
    short = legs[0]
    assert (short.underlying, short.quantity) == ("SPX", -10.0)
    assert short.price_points == pytest.approx(24.83511, abs=1e-5)
    assert short.value_dollars == pytest.approx(-24_835.11, abs=0.01)
    assert short.delta_dollars == pytest.approx(153.42408, abs=1e-4)
    assert short.gamma_dollars == pytest.approx(-0.7862218, abs=1e-6)
    assert short.vega_dollars == pytest.approx(-3444.7506, abs=1e-3)
    assert short.theta_dollars == pytest.approx(806.66482, abs=1e-4)
    assert short.rho_dollars == pytest.approx(29.802133, abs=1e-5)


def test_every_leg_is_quantity_times_multiplier_times_its_greek(legs) -> None:
    for i, line in enumerate(legs):
        option = (RIGHT[i], FORWARD[i], STRIKE[i], YEARS[i], VOL[i], RATE[i])
        greeks, dollars = oracle.greeks(*option), QUANTITY[i] * MULTIPLIER[i]
        assert line.value_dollars == pytest.approx(dollars * float(oracle.black(*option)), rel=1e-11)
        for name in ("delta", "gamma", "vega", "theta", "rho"):
            assert getattr(line, f"{name}_dollars") == pytest.approx(dollars * greeks[name], rel=1e-9), name


def test_subtotal_sums_one_underlying(legs) -> None:
    total = book.subtotal(legs[:2])
    assert total.value == pytest.approx(1000.0 * (19.9754655 - 24.8351108), abs=0.01)
    assert total.delta == pytest.approx(1000.0 * (-0.12421227 + 0.15342408), abs=1e-4)
    assert total.vega == pytest.approx(1000.0 * (2.9835111 - 3.4447506), abs=1e-3)


def test_the_grand_total_never_adds_points_of_spx_and_of_vix(legs) -> None:
    total = book.grand_total(legs)
    assert (total.delta, total.gamma, total.vega) == (None, None, None)
    assert total.value == pytest.approx(sum(line.value_dollars for line in legs))
    assert total.theta == pytest.approx(sum(line.theta_dollars for line in legs))
    assert total.rho == pytest.approx(sum(line.rho_dollars for line in legs))
