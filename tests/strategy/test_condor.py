"""A ten-lot condor worked by hand; what it earns on average, by integrating its payoff."""

from __future__ import annotations

import math

import numpy as np
import pytest
import QuantLib
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.numerics import oracle
from xlalvh.numerics.smile import Smile
from xlalvh.strategy import condor, volatility

LEGS = np.array([3875.0, 3925.0, 4375.0, 4425.0])
VOLS = np.array([0.215, 0.206, 0.131, 0.128])
FORWARD, YEARS, RATE = 4210.0, 0.12, 0.05
VOL_AT = volatility.between(LEGS, VOLS)
RIGHTS, SIDES = (-1.0, -1.0, 1.0, 1.0), (1.0, -1.0, -1.0, 1.0)
N = QuantLib.CumulativeNormalDistribution()


@pytest.fixture
def sold() -> condor.Condor:
    return condor.evaluate(LEGS, FORWARD, YEARS, VOL_AT, RATE, contracts=10.0)


# By hand, T = 0.12, discount exp(-0.006) = 0.994018:
#   leg              s = vol sqrt(T)   d1         price     delta       vega     theta       gamma
#   long put  3875      0.074478       1.150545   19.97547  -0.124212   2.98351  -0.729518   0.00065244
#   short put 3925      0.071360       1.017965   24.83511  -0.153424   3.44475  -0.806665   0.00078622
#   short call 4375     0.045380      -0.824470   21.39519   0.203611   4.11691  -0.612725   0.00147759
#   long call 4425      0.044340      -1.101129   12.46172   0.134610   3.15420  -0.459181   0.00115860
# credit = 24.83511 + 21.39519 - 19.97547 - 12.46172 = 13.79311 points
def test_money_by_hand(sold) -> None:
    assert sold.credit_points == pytest.approx(13.79311, abs=1e-5)
    assert sold.credit_dollars == pytest.approx(13_793.11, abs=0.01)  # x 100 x 10
    assert sold.max_profit_dollars == pytest.approx(13_793.11, abs=0.01)
    assert sold.max_loss_dollars == pytest.approx(36_206.89, abs=0.01)  # (50 - 13.79311) x 1000
    assert sold.break_even_low == pytest.approx(3911.20689, abs=1e-5)  # 3925 - 13.79311
    assert sold.break_even_high == pytest.approx(4388.79311, abs=1e-5)  # 4375 + 13.79311
    assert sold.margin_dollars == pytest.approx(50_000.0)  # Reg-T: the wider side, 50 x 100 x 10
    assert sold.return_on_risk == pytest.approx(13_793.11 / 36_206.89, abs=1e-6)


def test_greeks_by_hand(sold) -> None:
    """Long less short legs, x 1000: delta (-.124212 + .153424 - .203611 + .134610) = -0.039789."""
    assert sold.delta_dollars == pytest.approx(-39.79, abs=0.01)
    assert sold.gamma_dollars == pytest.approx(1000 * (0.00065244 - 0.00078622 - 0.00147759 + 0.00115860), abs=1e-4)
    assert sold.vega_dollars == pytest.approx(1000 * (2.98351 - 3.44475 - 4.11691 + 3.15420), abs=0.01)  # -1423.95
    assert sold.theta_dollars == pytest.approx(1000 * (-0.729518 + 0.806665 + 0.612725 - 0.459181), abs=0.01)  # +230.69
    assert sold.rho_dollars == pytest.approx(0.12 * 0.01 * 13_793.11, abs=0.01)  # -T V x 0.01, V = -credit


def test_greeks_against_derivatives(sold) -> None:
    for name in ("delta", "gamma", "vega", "theta", "rho"):
        expected = sum(
            1000.0 * side * oracle.greeks(right, FORWARD, strike, YEARS, vol, RATE)[name]
            for side, right, strike, vol in zip(SIDES, RIGHTS, LEGS, VOLS, strict=True)
        )
        assert getattr(sold, f"{name}_dollars") == pytest.approx(expected, rel=1e-9), name


def test_probability_of_profit_counts_the_slope_of_the_smile(sold) -> None:
    """P(S > K) = -dC/dK = N(d2) - F sqrt(T) n(d1) dvol/dK, undiscounted. Between the puts the volatility falls by
    0.009 in 50 points, between the calls by 0.003."""

    def above(level: float, vol: float, slope: float) -> float:
        s = vol * math.sqrt(YEARS)
        d1 = math.log(FORWARD / level) / s + 0.5 * s
        density = math.exp(-0.5 * d1 * d1) / math.sqrt(2.0 * math.pi)
        return N(d1 - s) - FORWARD * math.sqrt(YEARS) * density * slope

    low, high = sold.break_even_low, sold.break_even_high
    low_vol = 0.206 + 0.009 / 50 * (3925 - low)
    high_vol = 0.131 - 0.003 / 50 * (high - 4375)
    expected = above(low, low_vol, -0.009 / 50) - above(high, high_vol, -0.003 / 50)
    assert sold.probability_of_profit == pytest.approx(expected, abs=1e-6)


def lognormal(vol: float) -> tuple[np.ndarray, np.ndarray]:
    """Settlement prices and their risk-neutral probabilities for a flat smile."""
    z = np.linspace(-9.0, 9.0, 200_001)
    weight = np.exp(-0.5 * z * z)
    s = vol * math.sqrt(YEARS)
    return FORWARD * np.exp(s * z - 0.5 * s * s), weight / weight.sum()


def payoff(legs: np.ndarray, settlement: np.ndarray) -> np.ndarray:
    """What the condor sold pays out at expiry, points (0 or below)."""
    put_side = np.maximum(legs[1] - settlement, 0.0) - np.maximum(legs[0] - settlement, 0.0)
    call_side = np.maximum(settlement - legs[2], 0.0) - np.maximum(settlement - legs[3], 0.0)
    return -put_side - call_side


@pytest.mark.parametrize("vol", [0.10, 0.17, 0.45])
def test_risk_neutral_expected_value_is_zero(vol) -> None:
    """The credit equals the discounted mean payout, found by integration; so the expected value is 0."""
    sold = condor.evaluate(LEGS, FORWARD, YEARS, volatility.flat(vol), RATE)
    settlement, probability = lognormal(vol)
    paid_out = math.exp(-RATE * YEARS) * float(probability @ payoff(LEGS, settlement))
    assert sold.credit_points + paid_out == pytest.approx(0.0, abs=1e-5)
    assert sold.expected_value_dollars == pytest.approx(0.0, abs=1e-9)
    profitable = (settlement > sold.break_even_low) & (settlement < sold.break_even_high)
    assert sold.probability_of_profit == pytest.approx(float(probability[profitable].sum()), abs=6e-5)


def test_a_point_of_credit_above_the_model_is_the_expected_value() -> None:
    """Premiums 20, 25, 22, 12: credit 15; model credit 13.79311; ten lots earn 1.20689 x 1000 on average."""
    sold = condor.evaluate(LEGS, FORWARD, YEARS, VOL_AT, RATE, 10.0, np.array([20.0, 25.0, 22.0, 12.0]))
    assert sold.credit_points == pytest.approx(15.0)
    assert sold.max_loss_dollars == pytest.approx(35_000.0)
    assert (sold.break_even_low, sold.break_even_high) == pytest.approx((3910.0, 4390.0))
    assert sold.expected_value_dollars == pytest.approx(1206.89, abs=0.01)
    assert sold.return_on_risk == pytest.approx(15.0 / 35.0)


def test_margin_is_that_of_the_wider_side() -> None:
    legs = np.array([3800.0, 3925.0, 4375.0, 4425.0])
    sold = condor.evaluate(legs, FORWARD, YEARS, volatility.flat(0.17), RATE, 2.0)
    assert sold.margin_dollars == pytest.approx(125.0 * 100.0 * 2.0)
    assert sold.max_loss_dollars == pytest.approx((125.0 - sold.credit_points) * 200.0)


def test_a_credit_as_wide_as_the_wing_has_no_return_on_risk() -> None:
    sold = condor.evaluate(LEGS, FORWARD, YEARS, VOL_AT, RATE, 1.0, np.array([0.0, 50.0, 0.0, 0.0]))
    assert sold.max_loss_dollars == 0.0
    assert math.isnan(sold.return_on_risk)


def test_at_expiry_the_condor_is_its_payoff() -> None:
    for settlement in (3800.0, 3900.0, 4200.0, 4400.0, 4500.0):
        sold = condor.evaluate(LEGS, settlement, 0.0, volatility.flat(0.2), RATE)
        assert -sold.credit_points == pytest.approx(float(payoff(LEGS, np.array(settlement))))


def test_strikes_by_hand() -> None:
    """Flat 16 %, s = 0.16 sqrt(0.12) = 0.0554256; 0.16 exp(0.006) = 0.160963 and its normal quantile -0.990497.
    Put: 4210 exp(-0.990497 s + s^2/2) = 3991.05 -> 3990; call: 4210 exp(0.990497 s + s^2/2) = 4454.45 -> 4455.
    """
    x = -QuantLib.InverseCumulativeNormal()(0.16 * math.exp(0.006))
    s = 0.16 * math.sqrt(0.12)
    put, call = (4210.0 * math.exp(side * x * s + 0.5 * s * s) for side in (-1.0, 1.0))
    exact = condor.strikes(FORWARD, YEARS, volatility.flat(0.16), 0.16, 0.16, 50.0, RATE)
    assert exact == pytest.approx((put - 50.0, put, call, call + 50.0), rel=1e-9)
    snapped = condor.strikes(FORWARD, YEARS, volatility.flat(0.16), 0.16, 0.16, 50.0, RATE, np.array([5.0]))
    assert snapped == (round(put / 5) * 5 - 50.0, round(put / 5) * 5, round(call / 5) * 5, round(call / 5) * 5 + 50.0)


def test_strikes_snap_to_the_listed_ones() -> None:
    listed = np.array([3900.0, 3950.0, 4000.0, 4100.0, 4450.0, 4475.0, 4525.0])
    found = condor.strikes(FORWARD, YEARS, volatility.flat(0.16), 0.16, 0.16, 50.0, RATE, listed)
    assert found == (3950.0, 4000.0, 4450.0, 4475.0)  # 4500 lies between 4475 and 4525: the lower


@settings(max_examples=40, deadline=None)
@given(st.floats(0.02, 0.45), st.floats(0.02, 0.45))
def test_short_strikes_have_their_deltas_on_a_smile(put_delta, call_delta) -> None:
    smile = Smile(0.00198, 0.02, -0.6, 0.045, 0.06)
    _, put, call, _ = condor.strikes(
        FORWARD, YEARS, volatility.on_smile(smile, FORWARD, YEARS), put_delta, call_delta, 50.0, RATE
    )
    for right, strike, wanted in ((-1.0, put, put_delta), (1.0, call, call_delta)):
        y = math.log(strike / FORWARD) - smile.m
        variance = smile.a + smile.b * (smile.rho * y + math.hypot(y, smile.sigma))
        d1 = math.log(FORWARD / strike) / math.sqrt(variance) + 0.5 * math.sqrt(variance)
        assert math.exp(-RATE * YEARS) * N(right * d1) == pytest.approx(wanted, rel=1e-9)


def test_untested_wing_by_hand() -> None:
    """Short call delta 0.2036 is above the short put's 0.1534: the call side is tested, the put side earns on.
    Both puts are out of the money: extrinsic 24.83511 - 19.97547 = 4.85965 points; theta to the seller
    0.806665 - 0.729518 = 0.077147 a day, x 1000 for ten lots.
    """
    found = condor.untested(LEGS, FORWARD, YEARS, VOL_AT, rate=RATE, contracts=10.0)
    assert found.untested_side == "put"
    assert found.spread_points == pytest.approx(4.85965, abs=1e-5)
    assert found.extrinsic_points == pytest.approx(4.85965, abs=1e-5)
    assert found.extrinsic_dollars == pytest.approx(4859.65, abs=0.01)
    assert found.theta_dollars == pytest.approx(77.147, abs=1e-3)


def test_untested_wing_in_the_money_counts_only_its_extrinsic_value() -> None:
    """Forward 4400, the put side named as tested: the untested short call 4375 is 25 points in the money."""
    found = condor.untested(LEGS, 4400.0, YEARS, VOL_AT, "P", RATE)
    assert found.untested_side == "call"
    s = math.sqrt(YEARS)
    df = math.exp(-RATE * YEARS)
    short, long = (
        QuantLib.blackFormula(QuantLib.Option.Call, k, 4400.0, v * s, df) for k, v in ((4375.0, 0.131), (4425.0, 0.128))
    )
    assert found.spread_points == pytest.approx(short - long, rel=1e-11)
    assert found.extrinsic_points == pytest.approx(short - long - df * 25.0, rel=1e-10)


def test_a_side_whose_wing_the_credit_pays_for_cannot_lose() -> None:
    """Credit 62 + 40 - 50 - 22 = 30 over wings of 25 and 100: below, 5 points stay at any level; above, 4300 + 30."""
    legs = np.array([3975.0, 4000.0, 4300.0, 4400.0])
    found = condor.evaluate(legs, 4150.0, 0.12, volatility.flat(0.2), 0.0, 1.0, np.array([50.0, 62.0, 40.0, 22.0]))
    assert math.isnan(found.break_even_low)
    assert found.break_even_high == pytest.approx(4330.0)
    s = 0.2 * math.sqrt(0.12)
    chance = N(math.log(4330.0 / 4150.0) / s + 0.5 * s)
    assert found.probability_of_profit == pytest.approx(chance, abs=1e-6)


def test_without_a_credit_nothing_is_won() -> None:
    legs = np.array([3950.0, 4000.0, 4300.0, 4350.0])
    found = condor.evaluate(legs, 4150.0, 0.12, volatility.flat(0.2), 0.0, 1.0, np.array([20.0, 15.0, 15.0, 17.0]))
    assert found.credit_points == pytest.approx(-7.0)
    assert found.probability_of_profit == 0.0
    assert math.isnan(found.break_even_low)
    assert math.isnan(found.break_even_high)
