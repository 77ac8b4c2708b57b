"""What a book nets to, against QuantLib leg by leg."""

from __future__ import annotations

import math

import numpy as np
import pytest
import QuantLib as ql

from xlalvh.risk.legs import Legs
from xlalvh.risk.net import Net, net

BETA, EXPONENT = (0.146, 0.582, 5.75), 0.4
# A condor, XSP puts at the same expiry, a ladder, a weekly call.
ROWS = (
    ("SPX", 10.0, -1.0, 3900.0, 0.115, 4208.0, 0.209, 0.05),
    ("SPX", -10.0, -1.0, 3950.0, 0.115, 4208.0, 0.197, 0.05),
    ("SPX", -10.0, 1.0, 4350.0, 0.115, 4208.0, 0.110, 0.05),
    ("SPX", 10.0, 1.0, 4400.0, 0.115, 4208.0, 0.107, 0.05),
    ("XSP", -20.0, -1.0, 395.0, 0.115, 420.8, 0.197, 0.05),
    ("VIX", 40.0, 1.0, 21.0, 0.10, 20.3, 0.87, 0.05),
    ("VIX", 20.0, 1.0, 27.0, 0.25, 22.6, 0.83, 0.05),
    ("VIX", 5.0, 1.0, 19.0, 0.06, 19.7, 0.79, 0.05),
)


def legs(rows=ROWS) -> Legs:
    names, *numbers = zip(*rows, strict=True)
    return Legs(np.array(names), *(np.array(column) for column in numbers))


def quantlib(row) -> dict[str, float]:
    name, quantity, right, strike, years, forward, vol, rate = row
    payoff = ql.PlainVanillaPayoff(ql.Option.Call if right > 0 else ql.Option.Put, strike)
    option = ql.BlackCalculator(payoff, forward, vol * math.sqrt(years), math.exp(-rate * years))
    dollars = 100.0 * quantity
    # Delta and gamma to the forward: those to the spot of a price whose forward is the spot.
    delta = option.deltaForward()
    vega = option.vega(years) / 100.0
    per_point = (
        dollars * delta * (0.146 + 0.582 * math.exp(-5.75 * years))
        if name == "VIX"
        else dollars * vega * (30.0 / (365.0 * years)) ** 0.4
    )
    return {
        "value_dollars": dollars * option.value(),
        "delta_dollars": dollars * delta,
        "gamma_dollars": dollars * option.gammaForward(),
        "vega_dollars": dollars * vega,
        "vix_point_dollars": per_point,
    }


@pytest.mark.parametrize("field", ["value_dollars", "delta_dollars", "gamma_dollars", "vega_dollars"])
def test_each_underlying(field: str) -> None:
    found = {row.underlying: row for row in net(legs(), BETA, EXPONENT)}
    for name in ("SPX", "XSP", "VIX"):
        expected = sum(quantlib(row)[field] for row in ROWS if row[0] == name)
        assert getattr(found[name], field) == pytest.approx(expected, rel=1e-9)
    scale = {"delta_dollars": 0.1, "gamma_dollars": 0.01}.get(field, 1.0)
    both = sum(quantlib(row)[field] * (scale if row[0] == "XSP" else 1.0) for row in ROWS if row[0] != "VIX")
    assert getattr(found["SPX + XSP"], field) == pytest.approx(both, rel=1e-9)


def test_dollars_per_vix_point() -> None:
    found = net(legs(), BETA, EXPONENT)
    every = sum(quantlib(row)["vix_point_dollars"] for row in ROWS)
    assert found[-1].vix_point_dollars == pytest.approx(every, rel=1e-9)


def test_the_total_adds_no_greeks_of_different_points() -> None:
    total = net(legs(), BETA, EXPONENT)[-1]
    assert (total.delta_dollars, total.gamma_dollars, total.vega_dollars) == ("", "", "")
    assert total.legs == len(ROWS)


def test_what_is_not_there_is_blank_and_not_0() -> None:
    found = {row.underlying: row for row in net(legs(ROWS[:4]), BETA, EXPONENT)}
    assert found["VIX"] == Net("VIX", 0.0, *[""] * 7)
    assert found["SPX + XSP"][2:] == found["SPX"][2:]


def test_a_tenth_of_spx_moves_as_spx_does() -> None:
    """Ten XSP contracts at a tenth of strike and forward are one SPX contract."""
    big, small = ROWS[1], ("XSP", -100.0, -1.0, 395.0, 0.115, 420.8, 0.197, 0.05)
    one, ten = (net(legs((row,)), BETA, EXPONENT)[2] for row in (big, small))
    assert ten[2:] == pytest.approx(one[2:], rel=1e-12)


def test_on_the_day_of_settlement() -> None:
    found = net(legs((("SPX", 1.0, 1.0, 4000.0, 0.0, 4208.0, 0.2, 0.05),)), BETA, EXPONENT)[0]
    assert found.value_dollars == pytest.approx(20_800.0)
    assert found.vix_point_dollars == 0.0
