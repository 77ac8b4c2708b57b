"""Margin against what the exchange and brokers have published.

Cboe, "Margin Requirement Examples for Sample Options-based Positions" (SPX at 1451.19: 15 % of it is 217.6785): its
strategy-based figures are net of the premium received. The 20 % of single stocks is that sheet's, and tastytrade's.
Interactive Brokers, knowledge base "Iron condor"; tastytrade, "Short iron condor" and "Short straddle/strangle".
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.risk.books import BOOK
from xlalvh.numerics.implied_vol import implied_vol
from xlalvh.risk.legs import Legs
from xlalvh.risk.margin import margin
from xlalvh.strategy import rules

INDEX = rules.settle(rules.MARGIN)
STOCK = {**INDEX, "margin_naked": 0.20}


def book(level: float, *legs: tuple[float, str, float, float], years: float = 0.1, name: str = "SPX") -> Legs:
    """Legs of contracts, right, strike and price, with the volatility of the price."""
    quantity, words, strike, price = (np.array(column) for column in zip(*legs, strict=True))
    right = np.where(words == "C", 1.0, -1.0)
    n = len(legs)
    vol = implied_vol(right, price, level, strike, years)
    assert np.isfinite(vol).all()
    return Legs(np.array([name] * n), quantity, right, strike, np.full(n, years), np.full(n, level), vol, np.zeros(n))


@pytest.mark.parametrize(
    ("legs", "cash"),
    [
        ([(-100.0, "C", 1460.0, 21.66)], 2_088_685.0),
        ([(-100.0, "P", 1460.0, 22.55)], 2_176_785.0),
        ([(100.0, "P", 1450.0, 18.72), (-100.0, "C", 1500.0, 5.96)], 1_875_885.0),
        ([(100.0, "C", 1450.0, 27.57), (-100.0, "C", 1500.0, 5.96)], 216_100.0),
        ([(100.0, "C", 1460.0, 21.66), (-100.0, "P", 1460.0, 22.55)], 2_393_385.0),
    ],
    ids=["short call", "short put", "risk reversal", "long vertical", "synthetic long"],
)
def test_the_exchanges_sheet_for_spx(legs, cash) -> None:
    assert margin(book(1451.19, *legs), INDEX)[-1].cash_dollars == pytest.approx(cash, abs=1.0)


def test_the_exchanges_sheet_for_an_iron_condor() -> None:
    """100 AAPL March 115/125/130/140 at 2.83, 6.33, 6.65 and 3.38: 32,300."""
    legs = (
        (100.0, "P", 115.0, 2.83),
        (-100.0, "P", 125.0, 6.33),
        (-100.0, "C", 130.0, 6.65),
        (100.0, "C", 140.0, 3.38),
    )
    found = margin(book(125.0, *legs, years=0.3), STOCK)[-1]
    assert found.requirement_dollars == pytest.approx(100_000.0)
    assert found.cash_dollars == pytest.approx(32_300.0, abs=1.0)


def test_a_brokers_iron_condor() -> None:
    """Ten SPY 160/170/180/190: 10 x 10 x 100 = 10,000. Two of 50/53/67/70: 600."""
    ten = ((10.0, "P", 160.0, 1.0), (-10.0, "P", 170.0, 3.0), (-10.0, "C", 180.0, 3.0), (10.0, "C", 190.0, 1.0))
    assert margin(book(175.0, *ten), STOCK)[-1].requirement_dollars == pytest.approx(10_000.0)
    two = ((2.0, "P", 50.0, 0.8), (-2.0, "P", 53.0, 1.25), (-2.0, "C", 67.0, 2.0), (2.0, "C", 70.0, 0.75))
    assert margin(book(60.0, *two), STOCK)[-1].requirement_dollars == pytest.approx(600.0)


def test_a_brokers_strangle() -> None:
    """At 45, the 47 call at 2.10 needs 910, the 43 put at 1.20 needs 820: 910 and the put's premium are 1,030."""
    found = margin(book(45.0, (-1.0, "C", 47.0, 2.1), (-1.0, "P", 43.0, 1.2)), STOCK)[-1]
    assert found.requirement_dollars == pytest.approx(1030.0, abs=0.01)


def test_unequal_wings_need_the_wider_side_and_sides_at_two_expiries_both() -> None:
    condor = BOOK.take(BOOK.underlying == "SPX")
    wide = condor._replace(strike=np.array([3825.0, 3925.0, 4375.0, 4425.0]))
    assert margin(wide, INDEX)[-1].requirement_dollars == pytest.approx(100_000.0)
    apart = wide._replace(years=np.array([0.12, 0.12, 0.2, 0.2]))
    assert [row.requirement_dollars for row in margin(apart, INDEX)] == pytest.approx([100_000.0, 50_000.0, 150_000.0])


def test_the_hedge_is_paid_in_full_and_offsets_nothing() -> None:
    rows = margin(BOOK, INDEX)
    assert [row.underlying for row in rows] == ["SPX", "VIX", "VIX", "VIX", "Total"]
    assert rows[0].requirement_dollars == pytest.approx(50_000.0)
    for row, cost in zip(rows[1:4], BOOK.value()[4:], strict=True):
        assert (row.requirement_dollars, row.cash_dollars) == (0.0, pytest.approx(cost))
    assert rows[-1].cash_dollars == pytest.approx(50_000.0 + BOOK.value().sum())


def test_an_option_beyond_nine_months_is_paid_to_three_quarters() -> None:
    long = book(22.0, (10.0, "C", 25.0, 3.0), years=0.8, name="VIX")
    assert margin(long, INDEX)[-1].cash_dollars == pytest.approx(0.75 * 3000.0)
    assert margin(long._replace(years=np.array([0.7])), INDEX)[-1].cash_dollars > 0.99 * 2700.0


@pytest.mark.parametrize(
    ("rule", "value", "moved"),
    [
        ("margin_naked", 0.18, 0),
        ("margin_naked_least", 0.12, 1),
        ("margin_long", 0.5, 2),
        ("margin_long_days", 400.0, 2),
    ],
)
def test_each_rule_moves_what_it_should_and_nothing_else(rule, value, moved) -> None:
    books = (
        book(1451.19, (-1.0, "C", 1460.0, 21.66)),
        book(1451.19, (-1.0, "C", 1650.0, 0.4)),
        book(22.0, (10.0, "C", 25.0, 3.0), years=0.8, name="VIX"),
        BOOK,
    )
    for i, one in enumerate(books):
        before, after = (margin(one, r)[-1].cash_dollars for r in (INDEX, {**INDEX, rule: value}))
        assert (before != after) == (i == moved)
