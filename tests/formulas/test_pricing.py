"""Errors of single options, and that a single Greek is the table's."""

from __future__ import annotations

import pytest

from xlalvh.formulas import (
    alvh_delta,
    alvh_forward,
    alvh_gamma,
    alvh_greeks,
    alvh_iv,
    alvh_price,
    alvh_prob_itm,
    alvh_prob_touch,
    alvh_rho,
    alvh_theta,
    alvh_vega,
)
from xlalvh.formulas.errors import CellError

OPTION = ("C", 4200.0, 4300.0, 0.12, 0.17, 0.05)


def test_single_greeks_are_those_of_the_table() -> None:
    header, row = alvh_greeks(*OPTION)
    table = dict(zip(header, row, strict=True))
    for name, one in (
        ("price", alvh_price),
        ("delta", alvh_delta),
        ("gamma", alvh_gamma),
        ("vega", alvh_vega),
        ("theta", alvh_theta),
        ("rho", alvh_rho),
    ):
        assert one(*OPTION) == table[name]


def test_gamma_is_unbounded_at_the_money_at_expiry_and_the_price_is_not() -> None:
    found = alvh_gamma("C", 4200.0, (4200.0, 4300.0), 0.0, 0.17)
    assert found[0].code == "#NUM!"
    assert "unbounded" in found[0].message
    assert found[1] == 0.0
    assert alvh_price("C", 4200.0, 4200.0, 0.0, 0.17) == 0.0


@pytest.mark.parametrize("price", [199.0, 200.0, 4200.0, 5000.0])
def test_no_volatility_below_intrinsic_value_or_above_the_bound(price) -> None:
    found = alvh_iv("C", price, 4200.0, 4000.0, 0.12)
    assert isinstance(found, CellError)
    assert found.code == "#NUM!"
    assert "intrinsic" in found.message


def test_implied_volatility_by_element() -> None:
    prices = alvh_price("P", 4200.0, (3900.0, 4000.0), 0.12, 0.2)
    found = alvh_iv("P", (prices[0], None, prices[1]), 4200.0, (3900.0, 4000.0, 4000.0), 0.12)
    assert (found[0], found[2]) == pytest.approx((0.2, 0.2), rel=1e-12)
    assert found[1].code == "#N/A"


def test_probabilities_at_the_edges() -> None:
    assert alvh_prob_itm("C", 100.0, (90.0, 110.0), 0.0, 0.2) == (1.0, 0.0)
    assert alvh_prob_touch("P", 100.0, (100.0, 90.0), 0.0, 0.2) == (1.0, 0.0)


def test_a_forward_too_large_for_a_number() -> None:
    assert alvh_forward(1e300, 100.0, 1.0).code == "#NUM!"
