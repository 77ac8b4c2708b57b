"""Round trips through prices at 50 digits, QuantLib's solvers, and the edges of the domain."""

from __future__ import annotations

import itertools
import math

import mpmath as mp
import numpy as np
import pytest
import QuantLib
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.numerics import oracle
from xlalvh.numerics import black76, blocks
from xlalvh.numerics.implied_vol import HIGHEST, LOWEST, implied_vol

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


# Seven regions, against a 50-digit inverse of the very price that is given.

REGIONS = {
    # years, vol, distance of the strike in standard deviations, forward
    "well conditioned": ((0.05, 1.0), (0.1, 0.6), (-2.0, 2.0), (10.0, 8000.0)),
    "short dated": ((MINUTE, 2 / 365), (0.05, 1.5), (-3.0, 3.0), (10.0, 8000.0)),
    "at the money": ((0.01, 2.0), (0.05, 1.0), (-1e-4, 1e-4), (10.0, 8000.0)),
    "in the money": ((0.02, 1.0), (0.1, 0.6), (0.5, 4.0), (10.0, 8000.0)),
    "deep out of the money": ((0.02, 1.0), (0.1, 0.6), (5.0, 29.0), (10.0, 8000.0)),
    "above 150 %": ((0.02, 3.0), (1.5, 9.9), (-2.0, 2.0), (10.0, 8000.0)),
    "VIX-like": ((0.02, 0.6), (0.4, 2.5), (-2.0, 3.0), (12.0, 40.0)),
}


def exact_inverse(w, price, forward, strike, years, rate, start) -> tuple[mp.mpf, mp.mpf] | None:
    """Volatility and discounted vega at 50 digits; None where the price has no volatility, or hardly one."""
    p, f, k, t = mp.mpf(price), mp.mpf(forward), mp.mpf(strike), mp.mpf(years)
    growth = mp.exp(mp.mpf(rate) * t)
    value = p * growth - max(mp.mpf(w) * (f - k), mp.mpf(0))
    if price < 1e-190 or value <= 0 or min(f, k) - value <= 1e-13 * min(f, k):
        return None
    side = 1 if k >= f else -1
    vol = mp.mpf(start)
    for _ in range(40):
        s = vol * mp.sqrt(t)
        d1 = mp.log(f / k) / s + s / 2
        now = side * (f * mp.ncdf(side * d1) - k * mp.ncdf(side * (d1 - s)))
        slope = f * mp.npdf(d1) * mp.sqrt(t)
        step = (mp.log(now) - mp.log(value)) * now / slope
        vol -= step
        if abs(step) < mp.mpf(10) ** -38:
            return vol, slope / growth
    raise AssertionError("the inverse at 50 digits did not converge")


@pytest.mark.parametrize("region", REGIONS)
def test_as_good_as_the_price_allows(region) -> None:
    rng = np.random.default_rng(7)
    (years, vol, distance, forward), count = REGIONS[region], 150
    f, t, v = rng.uniform(*forward, count), rng.uniform(*years, count), rng.uniform(*vol, count)
    w, r = rng.choice([-1.0, 1.0], count), rng.uniform(0.0, 0.06, count)
    z = rng.uniform(*distance, count)
    if region == "in the money":
        z = -w * z
    elif region == "deep out of the money":
        z = w * z
    k = f * np.exp(z * v * np.sqrt(t))
    p = np.array([float(oracle.black(*case)) for case in zip(w, f, k, t, v, r, strict=True)])
    together = implied_vol(w, p, f, k, t, r)
    tested = 0
    for i in range(count):
        case = tuple(float(x[i]) for x in (w, p, f, k, t, r))
        with mp.workdps(50):
            exact = exact_inverse(*case, float(v[i]))
        if exact is None or not LOWEST <= exact[0] <= HIGHEST:
            continue
        allowed = 3e-14 * max(1.0, float(exact[0])) + 1.5 * math.ulp(case[1]) / float(exact[1])
        if allowed > 0.01:  # the price's last bit moves the volatility by a point
            continue
        tested += 1
        for found in (float(together[i]), implied_vol(*case)):
            assert abs(found - exact[0]) <= allowed, case
    assert tested > 0.9 * count


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([1.0, -1.0]), st.floats(5.0, 8000.0), st.floats(-1.0, 1.0), st.floats(MINUTE, 5.0),
    st.floats(-0.02, 0.15), st.floats(1e-6, 0.999), st.floats(1.001, 2.0),
)  # fmt: skip
def test_a_higher_price_is_never_a_lower_volatility(right, forward, log_k, years, rate, share, more) -> None:
    strike = forward * math.exp(log_k)
    df = math.exp(-rate * years)
    intrinsic, bound = df * max(right * (forward - strike), 0.0), df * (forward if right > 0.0 else strike)
    prices = intrinsic + (bound - intrinsic) * np.array([share / more, share])
    low, high = implied_vol(right, prices, forward, strike, years, rate)
    if not (math.isnan(low) or math.isnan(high)):
        assert low <= high * (1.0 + 1e-13)


def test_odd_arguments_among_others_are_as_alone() -> None:
    nan, inf = math.nan, math.inf
    domain = (
        (1.0, -1.0, nan),
        (nan, inf, -1.0, 0.0, 1e-300, 1e-150, 1e-9, 0.5, 5.0, 9.99, 50.0, 95.0, 99.9999, 1e9),
        (nan, inf, -5.0, 0.0, 100.0),
        (nan, inf, -5.0, 0.0, 1e-3, 100.0, 101.0, 110.0, 1e5),
        (nan, inf, -1.0, 0.0, 1e-6, 0.25, 20.0),
        (0.0, 0.05),
    )
    cases = np.array(list(itertools.product(*domain)))
    together = implied_vol(*cases.T)
    alone = np.array([implied_vol(*case) for case in cases.tolist()])
    np.testing.assert_allclose(together, alone, rtol=1e-8)
    assert np.isfinite(alone).sum() > 150


def test_neighbours_and_blocks_do_not_change_a_bit() -> None:
    rng = np.random.default_rng(3)
    n = 2 * blocks.SIZE + 77
    f, t, v = np.full(n, 4200.0), rng.uniform(1e-4, 3.0, n), rng.uniform(0.05, 3.0, n)
    w, k, r = rng.choice([-1.0, 1.0], n), 4200.0 * np.exp(rng.normal(0.0, 0.3, n)), rng.uniform(0.0, 0.06, n)
    p = black76.price(w, f, k, t, v, r)
    p[::97] = -1.0
    whole = implied_vol(w, p, f, k, t, r)
    assert np.array_equal(whole, implied_vol(w, p, f, k, t, r), equal_nan=True)
    order = rng.permutation(n)
    shuffled = implied_vol(*(x[order] for x in (w, p, f, k, t, r)))
    assert np.array_equal(shuffled, whole[order], equal_nan=True)
    pieces = [implied_vol(*(x[part] for x in (w, p, f, k, t, r))) for part in np.array_split(np.arange(n), 700)]
    assert np.array_equal(np.concatenate(pieces), whole, equal_nan=True)
    assert np.isfinite(whole).mean() > 0.9
    single = implied_vol(*(float(x[1]) for x in (w, p, f, k, t, r)))
    assert single == pytest.approx(whole[1], rel=1e-13)
