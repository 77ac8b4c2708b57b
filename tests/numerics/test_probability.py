"""Probabilities against QuantLib's digital engines; strikes put back through delta."""

from __future__ import annotations

import math

import numpy as np
import pytest
import QuantLib
from hypothesis import given, settings
from hypothesis import strategies as st

from xlalvh.numerics import probability
from xlalvh.numerics.smile import Smile

TODAY = QuantLib.Date(19, 5, 2023)
N = QuantLib.CumulativeNormalDistribution()


def digital(right: float, forward: float, strike: float, days: int, vol: float, *, touch: bool) -> float:
    """What a digital paid at expiry is worth without rates: the probability that it pays."""
    QuantLib.Settings.instance().evaluationDate = TODAY
    day_count = QuantLib.Actual365Fixed()
    flat = QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(TODAY, 0.0, day_count))
    surface = QuantLib.BlackVolTermStructureHandle(
        QuantLib.BlackConstantVol(TODAY, QuantLib.NullCalendar(), vol, day_count)
    )
    process = QuantLib.BlackScholesMertonProcess(
        QuantLib.QuoteHandle(QuantLib.SimpleQuote(forward)), flat, flat, surface
    )
    payoff = QuantLib.CashOrNothingPayoff(QuantLib.Option.Call if right > 0 else QuantLib.Option.Put, strike, 1.0)
    end = TODAY + days
    if touch:
        option = QuantLib.VanillaOption(payoff, QuantLib.AmericanExercise(TODAY, end, True))
        option.setPricingEngine(QuantLib.AnalyticDigitalAmericanEngine(process))
    else:
        option = QuantLib.VanillaOption(payoff, QuantLib.EuropeanExercise(end))
        option.setPricingEngine(QuantLib.AnalyticEuropeanEngine(process))
    return option.NPV()


CASES = [
    (right, 4200.0, strike, days, vol)
    for right, strikes in ((1.0, (4205.0, 4300.0, 4600.0, 6000.0)), (-1.0, (4195.0, 4000.0, 3500.0, 2500.0)))
    for strike in strikes
    for days, vol in ((1, 0.12), (45, 0.17), (45, 0.9), (730, 0.25))
]


@pytest.mark.parametrize("case", CASES)
def test_against_quantlib(case) -> None:
    right, forward, strike, days, vol = case
    years = days / 365.0
    itm = digital(*case, touch=False)
    touch = digital(*case, touch=True)
    assert float(probability.prob_itm(right, forward, strike, years, vol)) == pytest.approx(itm, abs=1e-12)
    assert float(probability.prob_touch(right, forward, strike, years, vol)) == pytest.approx(touch, abs=1e-12)


def test_touch_against_simulation_with_a_bridge() -> None:
    """Between two steps a Brownian bridge from a to b crosses h with probability exp(-2 (h-a)(h-b) / variance)."""
    rng = np.random.default_rng(11)
    vol, years, steps, paths = 0.8, 0.1, 20, 60_000
    variance = vol * vol * years / steps
    moves = rng.normal(-0.5 * variance, math.sqrt(variance), (paths, steps))
    level = np.concatenate([np.zeros((paths, 1)), np.cumsum(moves, axis=1)], axis=1)
    barrier = math.log(24.0 / 20.0)
    above = np.maximum(barrier - level, 0.0)
    alive = np.prod(-np.expm1(-2.0 * above[:, :-1] * above[:, 1:] / variance), axis=1)
    touched = 1.0 - alive
    error = touched.std() / math.sqrt(paths)
    found = float(probability.prob_touch(1.0, 20.0, 24.0, years, vol))
    assert abs(found - touched.mean()) < 4.0 * error
    assert error < 0.002


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([1.0, -1.0]),
    st.floats(5.0, 6000.0),
    st.floats(-1.5, 1.5),
    st.floats(0.001, 3.0),
    st.floats(0.02, 3.0),
)
def test_touching_is_at_least_as_likely_as_ending_there(right, forward, log_k, years, vol) -> None:
    strike = forward * math.exp(log_k)
    itm = float(probability.prob_itm(right, forward, strike, years, vol))
    touch = float(probability.prob_touch(right, forward, strike, years, vol))
    other = float(probability.prob_itm(-right, forward, strike, years, vol))
    assert 0.0 <= itm <= touch + 1e-15
    assert touch <= 1.0
    assert itm + other == pytest.approx(1.0, abs=1e-15)


def test_without_variance() -> None:
    for years, vol in ((0.0, 0.2), (1.0, 0.0)):
        strikes = np.array([90.0, 100.0, 110.0])
        assert probability.prob_itm(1.0, 100.0, strikes, years, vol).tolist() == [1.0, 0.5, 0.0]
        assert probability.prob_itm(-1.0, 100.0, strikes, years, vol).tolist() == [0.0, 0.5, 1.0]
        assert probability.prob_touch(1.0, 100.0, strikes, years, vol).tolist() == [1.0, 1.0, 0.0]


def test_expected_move_by_hand() -> None:
    """4200 x 0.16 x sqrt(0.25) = 336."""
    assert float(probability.expected_move(4200.0, 0.25, 0.16)) == pytest.approx(336.0)


def delta(right: float, forward: float, strike: float, years: float, vol: float, rate: float) -> float:
    s = vol * math.sqrt(years)
    return math.exp(-rate * years) * N(right * (math.log(forward / strike) / s + 0.5 * s))


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([1.0, -1.0]),
    st.floats(0.01, 0.9),
    st.floats(10.0, 6000.0),
    st.floats(0.003, 2.0),
    st.floats(0.05, 1.5),
    st.floats(-0.02, 0.05),
)
def test_strike_of_a_delta_has_that_delta(right, wanted, forward, years, vol, rate) -> None:
    strike = float(probability.strike_from_delta(right, wanted, forward, years, vol, rate))
    assert delta(right, forward, strike, years, vol, rate) == pytest.approx(wanted, rel=1e-9)
    assert float(probability.strike_from_delta(right, -wanted, forward, years, vol, rate)) == strike  # magnitudes


def test_no_strike_for_a_delta_that_no_option_has() -> None:
    assert math.isnan(float(probability.strike_from_delta(1.0, 1.0, 100.0, 0.5, 0.2)))
    assert math.isnan(float(probability.strike_from_delta(1.0, 0.99, 100.0, 2.0, 0.2, 0.05)))  # discounted below 0.99
    assert math.isnan(float(probability.strike_from_delta(1.0, 0.0, 100.0, 0.5, 0.2)))
    assert math.isnan(float(probability.strike_from_delta(1.0, 0.3, 100.0, 0.0, 0.2)))
    assert math.isnan(float(probability.strike_from_delta(1.0, 0.3, 100.0, 0.5, 0.0)))


SPX = Smile(0.00198, 0.02, -0.6, 0.045, 0.06)  # at 0.12 years about 15 % at the money, 19 % 5 % below it
VIX = Smile(0.02, 0.12, 0.55, -0.10, 0.25)


@pytest.mark.parametrize(("smile", "forward", "years"), [(SPX, 4200.0, 0.12), (VIX, 19.5, 0.1)])
@pytest.mark.parametrize("right", [1.0, -1.0])
@pytest.mark.parametrize("wanted", [0.02, 0.05, 0.16, 0.3, 0.5, 0.7, 0.9])
def test_strike_on_a_smile_has_the_delta_of_its_own_volatility(smile, forward, years, right, wanted) -> None:
    rate = 0.05
    strike = probability.strike_from_delta_on_smile(
        right, wanted, forward, years, lambda k: smile.vol(k, forward, years), rate
    )
    y = math.log(strike / forward) - smile.m
    variance = smile.a + smile.b * (smile.rho * y + math.hypot(y, smile.sigma))
    assert delta(right, forward, strike, years, math.sqrt(variance / years), rate) == pytest.approx(wanted, rel=1e-9)


def test_strike_on_a_flat_smile_is_the_closed_form() -> None:
    for right in (1.0, -1.0):
        found = probability.strike_from_delta_on_smile(right, 0.16, 4200.0, 0.12, lambda k: np.full_like(k, 0.19), 0.05)
        assert found == pytest.approx(
            float(probability.strike_from_delta(right, 0.16, 4200.0, 0.12, 0.19, 0.05)), rel=1e-11
        )


def test_no_strike_on_a_smile_is_nan() -> None:
    assert math.isnan(
        probability.strike_from_delta_on_smile(1.0, 0.999, 4200.0, 2.0, lambda k: np.full_like(k, 0.2), 0.05)
    )


def test_many_strikes_are_those_of_one_at_a_time() -> None:
    """Each option on its own smile, which slopes in ln(K/F)."""
    right = np.array([-1.0, 1.0, 1.0, -1.0, 1.0])
    delta = np.array([0.16, 0.16, 0.5, 0.05, 0.999])
    forward = np.array([4200.0, 4200.0, 18.0, 1100.0, 18.0])
    years, rate = np.array([0.12, 0.12, 0.08, 0.1, 0.3]), np.array([0.05, 0.05, 0.0, 0.01, 0.05])
    level, slope = np.array([0.17, 0.17, 0.9, 0.3, 0.9]), np.array([-0.5, -0.5, 0.4, -0.6, 0.4])

    def vol(strikes: np.ndarray) -> np.ndarray:
        return np.maximum(0.05, level + slope * np.log(strikes / forward))

    found = probability.strikes_from_delta_on_smile(right, delta, forward, years, vol, rate)
    for i in range(5):
        one = probability.strike_from_delta_on_smile(
            right[i],
            delta[i],
            forward[i],
            years[i],
            lambda k, i=i: np.maximum(0.05, level[i] + slope[i] * np.log(k / forward[i])),
            rate[i],
        )
        assert found[i] == pytest.approx(one, rel=1e-10, nan_ok=True)
    assert np.isnan(found[4])  # beyond the discount factor
