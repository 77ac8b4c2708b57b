"""Measures of the curve by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from xlalvh.market.term_structure import basis, constant_maturity, contango, roll_yield

DAYS = np.array([19.0, 54.0, 82.0])
PRICES = np.array([18.2, 19.6, 20.4])


def test_constant_maturity_is_linear_between_neighbours() -> None:
    """30 days: 18.2 + (19.6 - 18.2) x 11 / 35 = 18.64."""
    assert constant_maturity(PRICES, DAYS, 30.0) == pytest.approx(18.64)
    assert constant_maturity(PRICES[::-1], DAYS[::-1], 30.0) == pytest.approx(18.64)
    assert constant_maturity(PRICES, DAYS, 54.0) == 19.6


def test_spot_is_day_zero_only_where_the_first_future_lies_beyond_the_target() -> None:
    """First future at 40 days: 30 days is 16 + (19 - 16) x 30 / 40 = 18.25."""
    far = np.array([40.0, 70.0]), np.array([19.0, 20.0])
    assert constant_maturity(far[1], far[0], 30.0, 16.0) == pytest.approx(18.25)
    assert math.isnan(constant_maturity(far[1], far[0], 30.0))
    assert constant_maturity(PRICES, DAYS, 30.0, 99.0) == pytest.approx(18.64)


def test_a_curve_without_its_near_end_tells_nothing_of_it() -> None:
    assert math.isnan(constant_maturity(np.array([20.0, 21.0]), np.array([1187.0, 1222.0]), 30.0, 17.0))


def test_outside_the_curve_is_nan() -> None:
    assert math.isnan(constant_maturity(PRICES, DAYS, 90.0))
    assert math.isnan(constant_maturity(np.array([]), np.array([]), 30.0, 17.0))


def test_slopes_by_hand() -> None:
    assert float(contango(20.0, 21.0)) == pytest.approx(0.05)
    assert float(basis(17.0, 18.2)) == pytest.approx(1.2)
    assert float(roll_yield(20.0, 21.0, 20.0, 55.0)) == pytest.approx(math.log(20 / 21) * 365 / 35)
    assert math.isnan(float(roll_yield(20.0, 21.0, 55.0, 20.0)))
