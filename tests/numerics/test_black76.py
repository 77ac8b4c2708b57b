"""Prices against QuantLib, py_vollib's and Haug's numbers; Greeks against derivatives at 50 digits."""

from __future__ import annotations

import csv
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
from xlalvh.numerics import black76

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
