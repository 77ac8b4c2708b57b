"""Prices against QuantLib, py_vollib's and Haug's numbers; Greeks against derivatives at 50 digits."""

from __future__ import annotations

import csv
import itertools
import json
import math
from pathlib import Path

import mpmath as mp
import numpy as np
import pytest
import QuantLib
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.numerics import oracle
from xlalvh.numerics import black76, blocks

MINUTE = 1.0 / 525_600.0

rights = st.sampled_from([1.0, -1.0])
forwards = st.floats(1.0, 1e5)
moneyness = st.floats(-3.0, 3.0)  # ln(K/F)
times = st.floats(MINUTE, 30.0)
vols = st.floats(0.001, 10.0)
rates = st.floats(-0.05, 0.25)


def quantlib(right: float, forward: float, strike: float, years: float, vol: float, rate: float) -> float:
    kind = QuantLib.Option.Call if right > 0 else QuantLib.Option.Put
    return QuantLib.blackFormula(kind, strike, forward, vol * math.sqrt(years), math.exp(-rate * years))


@settings(max_examples=1500, deadline=None)
@given(rights, forwards, moneyness, times, vols, rates)
def test_price_agrees_with_quantlib_to_1e13_of_the_forward(right, forward, log_k, years, vol, rate) -> None:
    strike = forward * math.exp(log_k)
    expected = quantlib(right, forward, strike, years, vol, rate)
    scale = max(forward, strike) * max(1.0, math.exp(-rate * years))
    assert abs(float(black76.price(right, forward, strike, years, vol, rate)) - expected) <= 1e-13 * scale


@pytest.mark.parametrize("forward", [0.5, 18.0, 4200.0])
def test_price_agrees_with_quantlib_on_a_dense_grid(forward) -> None:
    w, k, t, v, r = np.meshgrid(
        [1.0, -1.0],
        forward * np.array([0.2, 0.5, 0.8, 0.95, 0.99, 1.0, 1.01, 1.05, 1.25, 2.0, 5.0]),
        [MINUTE, 1 / 365, 7 / 365, 0.12, 1.0, 5.0],
        [0.001, 0.05, 0.16, 0.5, 1.2, 3.0, 10.0],
        [-0.01, 0.0, 0.05],
    )
    found = black76.price(w, forward, k, t, v, r)
    expected = np.vectorize(quantlib)(w, forward, k, t, v, r)
    assert np.max(np.abs(found - expected)) <= 1e-13 * forward * 5.0  # of the larger of forward and strike


@settings(max_examples=300, deadline=None)
@given(forwards, moneyness, times, vols, rates)
def test_put_call_parity(forward, log_k, years, vol, rate) -> None:
    strike = forward * math.exp(log_k)
    call, put = (float(black76.price(w, forward, strike, years, vol, rate)) for w in (1.0, -1.0))
    df = math.exp(-rate * years)
    assert call - put == pytest.approx(df * (forward - strike), abs=2e-15 * 4 * df * max(forward, strike))


@settings(max_examples=500, deadline=None)
@given(rights, forwards, st.floats(-20.0, 20.0), st.floats(0.0, 100.0), st.floats(0.0, 100.0), st.floats(-0.5, 0.5))
def test_price_is_never_nan_nor_negative_nor_above_its_bound(right, forward, log_k, years, vol, rate) -> None:
    strike = forward * math.exp(log_k)
    df = math.exp(-rate * years)
    value = float(black76.price(right, forward, strike, years, vol, rate))
    bound = df * (forward if right > 0 else strike)
    assert 0.0 <= value <= bound * (1 + 1e-12)
    assert value >= df * max(right * (forward - strike), 0.0) - 1e-12 * df * max(forward, strike)


# The eight Greeks. SPX and VIX options, short and long, near and far, and the corners of the domain.
GREEK_CASES = [
    (w, f, f * m, t, v, r)
    for w in (1.0, -1.0)
    for f, v in ((4200.0, 0.17), (19.5, 0.95))
    for m in (0.8, 0.97, 1.0, 1.02, 1.3)
    for t, r in ((3.0 / 365.0, 0.05), (0.12, 0.0), (2.0, -0.01))
] + [
    (1.0, 4200.0, 4200.0, MINUTE, 0.16, 0.05),  # one minute to expiry, at the money
    (-1.0, 4200.0, 4198.0, MINUTE, 0.16, 0.05),
    (1.0, 4200.0, 5000.0, 0.12, 10.0, 0.05),  # 1000 % volatility
    (-1.0, 20.0, 60.0, 5.0, 10.0, 0.03),
    (1.0, 4200.0, 4201.0, 0.5, 0.001, 0.05),  # 0.1 % volatility
    (-1.0, 4200.0, 1000.0, 0.25, 0.16, 0.05),  # far out of the money
    (1.0, 15.0, 150.0, 0.05, 0.8, 0.05),
]


@pytest.mark.parametrize("case", GREEK_CASES)
def test_greeks_are_the_derivatives_of_the_price_in_the_units_of_the_spec(case) -> None:
    found = black76.greeks(*case)
    assert float(found.price) == pytest.approx(float(oracle.black(*case)), rel=1e-12, abs=1e-13 * case[1])
    for name, expected in oracle.greeks(*case).items():
        value = float(getattr(found, name))
        # Far out of the money d1 is large: its last bit is d1 squared times as large in the density.
        assert value == pytest.approx(expected, rel=3e-11, abs=1e-14), name


@settings(max_examples=60, deadline=None)
@given(rights, st.floats(10.0, 6000.0), st.floats(-0.5, 0.5), st.floats(1 / 365, 3.0), st.floats(0.08, 2.0), rates)
def test_greeks_are_derivatives_anywhere(right, forward, log_k, years, vol, rate) -> None:
    case = (right, forward, forward * math.exp(log_k), years, vol, rate)
    found = black76.greeks(*case)
    for name, expected in oracle.greeks(*case).items():
        assert float(getattr(found, name)) == pytest.approx(expected, rel=1e-9, abs=1e-12 * max(1.0, forward)), name


def test_fields_and_their_order_are_those_of_the_catalogue() -> None:
    assert black76.Greeks._fields == (
        "price",
        "delta",
        "gamma",
        "vega",
        "theta",
        "rho",
        "vanna",
        "volga",
        "charm",
    )


def test_haug_and_quantlib_table_of_european_options(data: Path) -> None:
    """44 spot options with a carry; F = S exp((r - q) T)."""
    with (data / "reference_values" / "haug1998_bsm_values_quantlib.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 40
    for row in rows:
        spot, q, r, t = (float(row[c]) for c in ("spot", "dividend_or_carry_yield_q", "rate_r", "t_years"))
        right = 1.0 if row["type"] == "Call" else -1.0
        value = black76.price(right, spot * math.exp((r - q) * t), float(row["strike"]), t, float(row["vol"]), r)
        assert float(value) == pytest.approx(float(row["value"]), abs=float(row["tolerance"]))


def test_py_vollib_table_of_spot_options_and_their_greeks(data: Path) -> None:
    """S, K, R, t, v with prices and spot Greeks, vega and rho per 1.00 and theta a year. By the chain rule, with
    dF/dS = exp(R t): delta_S = delta exp(R t), gamma_S = gamma exp(2 R t), theta_S = theta - R F delta,
    rho_S = rho + t F delta.
    """
    table = json.loads((data / "reference_values" / "py_vollib_test_data.json").read_text())
    column = {
        name: np.array(values) for name, values in zip(table["columns"], zip(*table["data"], strict=True), strict=True)
    }
    s, k, r, t, v = (column[c] for c in "SKRtv")
    f, growth = s * np.exp(r * t), np.exp(r * t)
    for right, letter, price in ((1.0, "C", "bs_call"), (-1.0, "P", "bs_put")):
        found = black76.greeks(right, f, k, t, v, r)
        carry = f * found.delta
        pairs = {
            price: found.price,
            letter + "D": found.delta * growth,
            letter + "G": found.gamma * growth**2,
            letter + "V": found.vega * 100.0,
            letter + "T": found.theta * 365.0 - r * carry,
            letter + "R": found.rho * 100.0 + t * carry,
        }
        for name, values in pairs.items():
            np.testing.assert_allclose(values, column[name], rtol=2e-7, atol=2e-6, err_msg=name)


# Limits.


@pytest.mark.parametrize(("years", "vol"), [(0.0, 0.2), (0.5, 0.0), (0.0, 0.0)])
@pytest.mark.parametrize(
    ("right", "strike", "value", "delta"),
    [
        (1.0, 90.0, 10.0, 1.0),
        (1.0, 110.0, 0.0, 0.0),
        (-1.0, 110.0, 10.0, -1.0),
        (-1.0, 90.0, 0.0, 0.0),
    ],
)
def test_without_variance_the_option_is_its_intrinsic_value(years, vol, right, strike, value, delta) -> None:
    rate = 0.05
    df = math.exp(-rate * years)
    found = black76.greeks(right, 100.0, strike, years, vol, rate)
    assert float(found.price) == pytest.approx(df * value, rel=1e-15)
    assert float(black76.price(right, 100.0, strike, years, vol, rate)) == float(found.price)
    assert float(found.delta) == pytest.approx(df * delta, rel=1e-15)
    assert [float(found.gamma), float(found.vega), float(found.vanna), float(found.volga)] == [0.0] * 4
    assert float(found.rho) == pytest.approx(-years * df * value * 0.01, abs=1e-18)
    assert float(found.theta) == pytest.approx(rate * df * value / 365.0, abs=1e-18)  # only discounting is left
    assert float(found.charm) == pytest.approx(rate * df * delta / 365.0, abs=1e-18)


def test_at_the_money_at_expiry_the_price_is_zero_and_gamma_unbounded() -> None:
    found = black76.greeks(1.0, 100.0, 100.0, 0.0, 0.2)
    assert float(found.price) == 0.0
    assert float(found.delta) == 0.5  # the limit from before expiry
    assert math.isnan(float(found.gamma))
    assert math.isnan(float(found.theta))
    assert float(found.vega) == 0.0


def test_at_the_money_without_volatility_vega_is_the_limit() -> None:
    """V(sigma) = F (2 N(sigma sqrt(T) / 2) - 1): at 0, dV/dsigma = F sqrt(T) / sqrt(2 pi), d2V/dsigma2 = 0."""
    found = black76.greeks(1.0, 100.0, 100.0, 0.25, 0.0)
    assert float(found.vega) == pytest.approx(0.01 * 100.0 * 0.5 / math.sqrt(2.0 * math.pi))
    assert float(found.volga) == 0.0
    assert float(found.vanna) == pytest.approx(0.01 * 0.25 / math.sqrt(2.0 * math.pi))
    assert float(found.theta) == 0.0
    assert math.isnan(float(found.gamma))


def test_prices_far_out_of_the_money_vanish_and_stay_numbers() -> None:
    found = black76.greeks(1.0, 4200.0, np.array([4500.0, 6000.0, 20_000.0, 1e9]), 1.0 / 365.0, 0.10, 0.05)
    for name, values in found._asdict().items():
        assert np.isfinite(values).all(), name
    assert (found.price >= 0.0).all()
    assert float(found.price[-1]) == 0.0
    with mp.workdps(50):
        assert float(found.price[0]) == pytest.approx(
            float(oracle.black(1.0, 4200.0, 4500.0, 1 / 365, 0.1, 0.05)), abs=1e-10
        )


def test_a_thousand_percent_for_thirty_years_is_worth_the_forward() -> None:
    assert float(black76.price(1.0, 100.0, 100.0, 30.0, 10.0)) == pytest.approx(100.0, rel=1e-14)
    assert float(black76.price(-1.0, 100.0, 130.0, 30.0, 10.0)) == pytest.approx(130.0, rel=1e-14)


@pytest.mark.parametrize(
    "bad",
    [
        (1.0, 0.0, 100.0, 0.5, 0.2),
        (1.0, -1.0, 100.0, 0.5, 0.2),
        (1.0, 100.0, 0.0, 0.5, 0.2),
        (1.0, 100.0, -5.0, 0.5, 0.2),
        (1.0, 100.0, 100.0, -0.1, 0.2),
        (1.0, 100.0, 100.0, 0.5, -0.2),
        (1.0, math.nan, 100.0, 0.5, 0.2),
        (1.0, 100.0, math.inf, 0.5, 0.2),
        (1.0, 100.0, 100.0, math.inf, 0.2),
        (1.0, 100.0, 100.0, 0.5, math.nan),
    ],
)
def test_outside_the_domain_everything_is_nan(bad) -> None:
    assert math.isnan(float(black76.price(*bad)))
    assert all(math.isnan(float(value)) for value in black76.greeks(*bad))


def test_one_bad_element_spoils_only_itself_and_arguments_broadcast() -> None:
    found = black76.price([[1.0], [-1.0]], 100.0, [90.0, -1.0, 110.0], 0.5, 0.2)
    assert found.shape == (2, 3)
    assert np.isnan(found).tolist() == [[False, True, False]] * 2


# The bar: what a double can hold.


def wide_sample(count: int, seed: int) -> tuple[np.ndarray, ...]:
    """Options of every kind: s = vol sqrt(years) from 1e-6 to 8, strikes within a few standard deviations, some at
    the money and some next to it."""
    rng = np.random.default_rng(seed)
    f, t = np.exp(rng.uniform(0.0, 9.0, count)), np.exp(rng.uniform(np.log(2e-6), np.log(5.0), count))
    v = np.clip(np.exp(rng.uniform(np.log(1e-6), np.log(8.0), count)) / np.sqrt(t), 0.0005, 12.0)
    k = np.clip(f * np.exp(rng.normal(0.0, 2.5, count) * v * np.sqrt(t)), f * 1e-3, f * 1e3)
    k[: count // 20] = f[: count // 20]
    near = slice(count // 20, count // 5)
    k[near] = f[near] * (1.0 + rng.normal(0.0, 1e-7, k[near].size))
    return rng.choice([-1.0, 1.0], count), f, k, t, v, rng.uniform(-0.02, 0.1, count)


def test_prices_to_twelve_digits_wherever_they_matter() -> None:
    sample = wide_sample(800, 5)
    together = black76.price(*sample)
    tested = 0
    for i, found in enumerate(together):
        case = tuple(float(x[i]) for x in sample)
        exact = oracle.black(*case)
        if exact > 1e-10 * case[1]:
            tested += 1
            assert abs(found - exact) <= 1e-12 * exact, case
            assert abs(black76.price(*case) - exact) <= 1e-12 * exact, case
    assert tested > 500


def test_greeks_to_nine_digits_of_their_scale() -> None:
    """The natural scale of a Greek is its size at the money, without rate."""
    sample = wide_sample(120, 6)
    together = black76.greeks(*sample)
    for i in range(120):
        case = tuple(float(x[i]) for x in sample)
        _, f, _, t, v, _ = case
        s, density = v * math.sqrt(t), math.sqrt(0.5 / math.pi)
        scales = {
            "delta": 1.0,
            "gamma": density / (f * s),
            "vega": 0.01 * f * math.sqrt(t) * density,
            "theta": f * density * v / (2.0 * math.sqrt(t)) / 365.0,
            "rho": 0.01 * t * f * max(s, 1e-3),
            "vanna": 0.01 * density * math.sqrt(t),
            "volga": 1e-4 * f * math.sqrt(t) * density / v,
            "charm": density * v / (4.0 * math.sqrt(t)) / 365.0,
        }
        single = black76.greeks(*case)
        for name, exact in oracle.greeks(*case).items():
            allowed = 1e-9 * max(abs(exact), scales[name])
            assert abs(float(getattr(together, name)[i]) - exact) <= allowed, (name, case)
            assert abs(getattr(single, name) - exact) <= allowed, (name, case)


def test_odd_arguments_among_others_are_as_alone() -> None:
    """Out of the domain, without variance or almost so, expired, far beyond any market: one by one and all at once."""
    nan, inf = math.nan, math.inf
    domain = (
        (1.0, -1.0, nan),
        (nan, inf, -inf, -5.0, 0.0, 1e-3, 100.0, 1e200),
        (nan, inf, -5.0, 0.0, 1e-3, 100.0, 101.0, 1e5, 1e200),
        (nan, inf, -1.0, 0.0, 1e-12, 0.25, 50.0),
        (nan, inf, -0.2, 0.0, 1e-9, 0.2, 8.0, 300.0),
        (0.0, 0.05, -0.5),
    )
    cases = np.array(list(itertools.product(*domain)))
    together = np.stack(black76.greeks(*cases.T), axis=1)
    alone = np.array([black76.greeks(*case) for case in cases.tolist()])
    assert np.array_equal(np.isnan(together), np.isnan(alone))
    scale = np.maximum(np.abs(alone), 1e-9 * np.maximum(1.0, np.nan_to_num(cases[:, 1:2], posinf=1.0)))
    assert np.nanmax(np.abs(together - alone) / scale) < 1e-9
    assert np.isfinite(alone[:, 0]).sum() > 1500
    np.testing.assert_allclose(black76.price(*cases.T), together[:, 0], rtol=1e-14)
    np.testing.assert_allclose(np.stack(black76.main_greeks(*cases.T), axis=1), together[:, :6], rtol=1e-14)


MANY = 40


@pytest.mark.parametrize("forward", [1e150, 1e160, 1e200, 1e307])
def test_where_only_theta_would_overflow(forward) -> None:
    """Its square is infinite; no other option of the block is odd."""
    for moneyness, years, vol in itertools.product((0.5, 1.0, 1.05), (0.01, 1.0), (0.2, 1.0)):
        case = 1.0, forward, forward * moneyness, years, vol, 0.05
        alone, among = black76.greeks(*case), black76.greeks(*(np.full(MANY, x) for x in case))
        np.testing.assert_allclose(np.stack(among)[:, 3], alone, rtol=1e-9, atol=1e-300)


@pytest.mark.parametrize("column", range(6))
def test_one_column_beside_single_odd_arguments(column) -> None:
    """The others come as numbers, not as arrays."""
    odd = ((1.0, -1.0), (-5.0, 100.0, math.nan), (0.0, 100.0, 140.0), (0.0, 0.25), (0.0, 0.2, 9.0, math.nan), (0.05,))
    usual = np.array([1.0, 100.0, 105.0, 0.25, 0.2, 0.05])[column]
    for case in itertools.product(*(values if i != column else (usual,) for i, values in enumerate(odd))):
        given = [np.full(MANY, x) if i == column else x for i, x in enumerate(case)]
        together, alone = np.stack(black76.greeks(*given)), black76.greeks(*case)
        for i in (0, -1):
            np.testing.assert_allclose(together[:, i], alone, rtol=1e-11, atol=1e-14)


@settings(max_examples=300, deadline=None)
@given(rights, forwards, st.floats(-1.0, 1.0), times, st.floats(0.01, 3.0), rates, st.floats(1.0001, 2.0))
def test_price_rises_with_volatility(right, forward, log_k, years, vol, rate, more) -> None:
    strike = forward * math.exp(log_k)
    rising = black76.price(right, forward, strike, years, vol * np.linspace(1.0, more, MANY), rate)
    assert (rising[:-1] <= rising[1:] * (1.0 + 1e-12)).all()


@settings(max_examples=300, deadline=None)
@given(rights, forwards, st.floats(-1.0, 1.0), times, st.floats(0.01, 3.0), rates, st.integers(-20, 20))
def test_price_is_homogeneous_in_forward_and_strike(right, forward, log_k, years, vol, rate, power) -> None:
    """Scaling by a power of 2 changes no digit."""
    strike, scale = forward * math.exp(log_k), 2.0**power
    once = black76.price(right, np.array([forward]), strike, years, vol, rate)
    scaled = black76.price(right, np.array([forward * scale]), strike * scale, years, vol, rate)
    if min(once[0], scaled[0]) > 1e-290:  # below, digits are lost to the smallest numbers there are
        assert scaled[0] == once[0] * scale


@settings(max_examples=200, deadline=None)
@given(forwards, st.floats(0.002, 100.0), st.floats(1e-4, 10.0), rates)
def test_parity_and_bounds_of_many_at_once(forward, years, vol, rate) -> None:
    strikes, df = forward * np.exp(np.linspace(-3.0, 3.0, MANY)), math.exp(-rate * years)
    call, put = (black76.price(w, forward, strikes, years, vol, rate) for w in (1.0, -1.0))
    larger = df * np.maximum(forward, strikes)
    assert (np.abs(call - put - df * (forward - strikes)) <= 1e-14 * larger).all()
    for value, bound, intrinsic in ((call, forward, forward - strikes), (put, strikes, strikes - forward)):
        assert (value >= df * np.maximum(intrinsic, 0.0) - 1e-14 * larger).all()
        assert (value <= df * bound + 1e-14 * larger).all()
        assert (value >= 0.0).all()


def test_neighbours_and_blocks_do_not_change_a_bit() -> None:
    sample = wide_sample(2 * blocks.SIZE + 77, 8)
    n = sample[0].size
    whole = np.stack(black76.greeks(*sample))
    assert np.array_equal(whole, np.stack(black76.greeks(*sample)), equal_nan=True)
    order = np.random.default_rng(1).permutation(n)
    assert np.array_equal(np.stack(black76.greeks(*(x[order] for x in sample))), whole[:, order], equal_nan=True)
    parts = [np.stack(black76.greeks(*(x[p] for x in sample))) for p in np.array_split(np.arange(n), 700)]
    assert np.array_equal(np.concatenate(parts, axis=1), whole, equal_nan=True)
    assert np.array_equal(black76.price(*sample), whole[0], equal_nan=True)


def test_one_number_in_one_number_out() -> None:
    assert type(black76.price(1, 100, 100, 0.5, 0.2)) is float
    assert all(type(value) is float for value in black76.greeks(1.0, 100.0, 90.0, 0.5, 0.2))
    assert black76.price(1.0, 100.0, [90.0], 0.5, 0.2).shape == (1,)
    assert math.isnan(black76.price(1.0, 100.0, 90.0, 1e4, 0.2, -1.0))
