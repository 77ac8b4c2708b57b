"""Returns against published examples and known polynomials, the rest against textbook arithmetic."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlalvh.risk import capital

YEAR = 365.0


def yearly(*amounts: float) -> list[float]:
    return capital.irr(np.array(amounts), YEAR * np.arange(len(amounts)))


def test_the_documented_example_of_xirr() -> None:
    """Microsoft's: 1 January 2008, 1 March, 30 October, 15 February 2009, 1 April."""
    days = np.array([39448.0, 39508.0, 39751.0, 39859.0, 39904.0])
    assert capital.irr(np.array([-10_000.0, 2_750.0, 4_250.0, 3_250.0, 2_750.0]), days) == [
        pytest.approx(0.373362535, abs=5e-9)
    ]


@pytest.mark.parametrize(
    ("amounts", "roots"),
    [
        ((-100.0, 110.0), [0.10]),
        ((100.0, -110.0), [0.10]),
        ((-1_000.0, 2_300.0, -1_320.0), [0.10, 0.20]),  # (x - 1.1) (x - 1.2)
        ((-1_000.0, 3_600.0, -4_310.0, 1_716.0), [0.10, 0.20, 0.30]),
        ((-1_000.0, 2_000.0, -1_001.0), []),  # no real root
        ((-1.0, 3.0, -2.0001), [0.0001, 0.9999]),
        ((-100.0, 1.0), [-0.99]),
    ],
)
def test_all_rates_of_polynomials(amounts, roots) -> None:
    assert yearly(*amounts) == pytest.approx(roots, abs=1e-4)
    for root in yearly(*amounts):
        assert sum(a / (1.0 + root) ** i for i, a in enumerate(amounts)) == pytest.approx(0.0, abs=1e-6)


def test_two_rates_nearer_than_the_grid() -> None:
    """(x - 1.1) (x - 1.101)."""
    assert yearly(-1_000.0, 2_201.0, -1_211.1) == pytest.approx([0.100, 0.101], abs=1e-7)


@settings(deadline=None, max_examples=40)  # the first call imports SciPy's solvers
@given(
    paid=st.floats(1.0, 1e6),
    rate=st.floats(-0.9, 5.0),
    days=st.lists(st.integers(1, 4000), min_size=1, max_size=6, unique=True),
)
def test_flows_built_from_a_rate_give_it_back(paid, rate, days) -> None:
    parts = [paid / len(days) * (1.0 + rate) ** (day / YEAR) for day in days]
    assert capital.irr(np.array([-paid, *parts]), np.array([0.0, *days])) == [pytest.approx(rate, rel=1e-6, abs=1e-6)]


def test_dates_in_any_order_and_far_apart() -> None:
    assert capital.irr(np.array([110.0, -100.0]), np.array([YEAR, 0.0])) == [pytest.approx(0.10)]
    century = capital.irr(np.array([-1.0, 2.0]), np.array([0.0, 100.0 * YEAR]))
    assert century == [pytest.approx(2.0**0.01 - 1.0)]


def test_many_flows_do_not_hang() -> None:
    """A hundred thousand days of payments that change their sign once, and five thousand that change it often."""
    days = np.arange(100_001.0)
    start = time.perf_counter()
    assert len(capital.irr(np.array([-1e6, *np.full(100_000, 120.0)]), days)) == 1
    amounts = np.random.default_rng(2).normal(size=5_000)
    for rate in capital.irr(amounts, days[:5_000]):
        scaled = amounts * (1.0 + rate) ** (-(days[:5_000] - (5_000.0 if rate < 0.0 else 0.0)) / YEAR)
        assert abs(scaled.sum()) < 1e-6 * np.abs(scaled).sum()
    assert time.perf_counter() - start < 20.0


def test_wacc_and_capm() -> None:
    assert capital.wacc(80.0, 20.0, 0.112, 0.06, 0.25) == pytest.approx(0.0986)
    assert capital.wacc(1.0, 0.0, 0.112, 0.06) == pytest.approx(0.112)
    assert np.isnan(capital.wacc(0.0, 0.0, 0.1, 0.1))
    assert capital.capm(0.04, [0.0, 1.0, 1.2], 0.10) == pytest.approx([0.04, 0.10, 0.112])


def test_drag() -> None:
    assert capital.hedge_drag(1_000.0, 0.0, 365.0, 100_000.0) == pytest.approx(0.01)
    assert capital.hedge_drag(1_000.0, 3_000.0, 73.0, 100_000.0) == pytest.approx(-0.10)


def test_drip_by_hand() -> None:
    """$1,000 at 4 % in two payments, price flat: 1.02 twice a year."""
    first, second = capital.drip(1_000.0, 0.04, 0.0, 2, 2)
    assert first == pytest.approx((1.0, 1_000.0, 40.0, 1_040.0, 1_040.4))
    assert second.total_reinvested_dollars == pytest.approx(1_000.0 * 1.02**4)
    assert capital.drip(1_000.0, 0.0, 0.05, 3)[-1][1:] == pytest.approx((1_157.625, 0.0, 1_157.625, 1_157.625))


def test_falling_prices_make_reinvesting_worse() -> None:
    last = capital.drip(1_000.0, 0.04, -0.2, 5)[-1]
    assert last.total_reinvested_dollars < last.total_taken_dollars
    assert math.isclose(last.price_only_dollars, 1_000.0 * 0.8**5)
