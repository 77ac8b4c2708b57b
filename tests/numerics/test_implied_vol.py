"""Round trips through prices at 50 digits, QuantLib's solvers, and the edges of the domain."""

from __future__ import annotations

import math

import mpmath as mp
import numpy as np
import pytest
import QuantLib
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.numerics import oracle
from xlalvh.numerics.implied_vol import implied_vol

EPS = 2.0**-52
MINUTE = 1.0 / 525_600.0


def vega(forward: float, strike: float, years: float, vol: float, rate: float) -> float:
    """dV/dvol per 1.00."""
    s = vol * math.sqrt(years)
    d1 = math.log(forward / strike) / s + 0.5 * s
    return math.exp(-rate * years - 0.5 * d1 * d1) * forward * math.sqrt(years / (2.0 * math.pi))


@settings(max_examples=800, deadline=None)
@given(
    st.sampled_from([1.0, -1.0]),
    st.floats(5.0, 8000.0),
    st.floats(-2.0, 2.0),
    st.floats(MINUTE, 5.0),
    st.floats(0.0011, 9.9),
    st.floats(-0.02, 0.15),
)
def test_round_trip(right, forward, log_k, years, vol, rate) -> None:
    strike = forward * math.exp(log_k)
    exact = oracle.black(right, forward, strike, years, vol, rate)
    price = float(exact)
    slope = vega(forward, strike, years, vol, rate)
    # What a price in double precision can say of its volatility: its last bits over vega. Only the time value of an
    # option in the money tells the volatility, and it is the difference of two large numbers.
    in_the_money = right * (forward - strike) > 0.0
    blur = 8.0 * EPS * (max(forward, strike) * math.exp(-rate * years) if in_the_money else price)
    bound = math.exp(-rate * years) * (forward if right > 0.0 else strike)
    assume(price > 1e-290 and slope > 0.0 and bound - price > 1e6 * EPS * bound)
    assume(blur / slope < 1e-3 * vol)
    found = float(implied_vol(right, price, forward, strike, years, rate))
    last_bits = 4.0 * EPS / math.sqrt(years)  # of vol sqrt(years), which is of order 1 or below
    assert abs(found - vol) <= 4.0 * blur / slope + last_bits + 1e-11 * vol


@pytest.mark.parametrize("years", [MINUTE, 1 / 365, 0.12, 2.0])
@pytest.mark.parametrize("vol", [0.05, 0.17, 0.9, 3.0])
def test_agrees_with_quantlib(years, vol) -> None:
    """QuantLib's own solver, which the price of the strike is given to."""
    forward, df = 4200.0, math.exp(-0.05 * years)
    for distance in (-2.5, -1.0, -0.1, 0.0, 0.4, 1.5, 2.5):
        strike = forward * math.exp(distance * vol * math.sqrt(years))
        kind, right = (QuantLib.Option.Call, 1.0) if distance >= 0.0 else (QuantLib.Option.Put, -1.0)
        price = QuantLib.blackFormula(kind, strike, forward, vol * math.sqrt(years), df)
        deviation = QuantLib.blackFormulaImpliedStdDev(
            kind, strike, forward, price, df, 0.0, vol * math.sqrt(years), 1e-13, 200
        )
        found = float(implied_vol(right, price, forward, strike, years, 0.05))
        assert found == pytest.approx(deviation / math.sqrt(years), rel=1e-8)
        assert found == pytest.approx(vol, rel=1e-9)


@pytest.mark.parametrize("decade", [-10, -50, -100, -150, -200, -250])
@pytest.mark.parametrize("right", [1.0, -1.0])
def test_prices_down_to_1e_250(decade, right) -> None:
    """The strike is moved until the option is worth 10^decade; the volatility comes back to eleven digits."""
    forward, years, vol = 4200.0, 0.1, 0.2
    with mp.workdps(60):
        distance = mp.findroot(
            lambda z: mp.log10(oracle.black(right, forward, float(forward * mp.exp(right * z)), years, vol)) - decade,
            (0.2, 4.0),
            solver="anderson",
            tol=1e-6,
        )
    strike = float(forward * mp.exp(right * distance))
    price = float(oracle.black(right, forward, strike, years, vol))
    assert 10.0 ** (decade - 1) < price < 10.0 ** (decade + 1)
    assert float(implied_vol(right, price, forward, strike, years)) == pytest.approx(vol, rel=1e-11)


@pytest.mark.parametrize("vol", [0.001, 10.0])
@pytest.mark.parametrize("years", [0.01, 0.12, 1.0])
def test_both_ends_of_the_range_are_in_it(vol, years) -> None:
    price = float(oracle.black(1.0, 100.0, 100.0, years, vol))
    assert float(implied_vol(1.0, price, 100.0, 100.0, years)) == pytest.approx(vol, rel=1e-9)


@pytest.mark.parametrize(("vol", "years"), [(0.0005, 0.5), (11.0, 0.1)])
def test_a_volatility_outside_the_range_is_nan(vol, years) -> None:
    price = float(oracle.black(1.0, 100.0, 100.0, years, vol))
    assert math.isnan(float(implied_vol(1.0, price, 100.0, 100.0, years)))


@pytest.mark.parametrize(("right", "strike"), [(1.0, 90.0), (1.0, 110.0), (-1.0, 90.0), (-1.0, 110.0), (1.0, 100.0)])
def test_no_volatility_at_intrinsic_value_or_at_the_bound(right, strike) -> None:
    forward, years, rate = 100.0, 0.5, 0.05
    df = math.exp(-rate * years)
    intrinsic = df * max(right * (forward - strike), 0.0)
    bound = df * (forward if right > 0 else strike)
    for price in (0.0, -1.0, intrinsic, intrinsic - 0.01, bound, bound + 0.01, math.nan, math.inf):
        assert math.isnan(float(implied_vol(right, price, forward, strike, years, rate))), price


@pytest.mark.parametrize(
    ("forward", "strike", "years"),
    [
        (0.0, 100.0, 1.0),
        (-5.0, 100.0, 1.0),
        (100.0, 0.0, 1.0),
        (100.0, 100.0, 0.0),
        (100.0, 100.0, -1.0),
        (math.nan, 100.0, 1.0),
    ],
)
def test_outside_the_domain_it_is_nan(forward, strike, years) -> None:
    assert math.isnan(float(implied_vol(1.0, 5.0, forward, strike, years)))


def test_arguments_broadcast_and_a_bad_element_spoils_only_itself() -> None:
    prices = [float(oracle.black(1.0, 100.0, k, 0.5, 0.25)) for k in (90.0, 110.0)]
    found = implied_vol(1.0, np.array([prices[0], -3.0, prices[1]]), 100.0, [90.0, 100.0, 110.0], 0.5)
    np.testing.assert_allclose(found[[0, 2]], 0.25, rtol=1e-12)
    assert math.isnan(found[1])
