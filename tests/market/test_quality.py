"""Flags by hand, and arbitrage against a search over all pairs."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlalvh.market import quality
from xlalvh.market.quotes import Flag, OptionChain

NAN = float("nan")
DAY = dt.date(2023, 6, 16)


def chain(strike, call_bid, call_ask, put_bid=None, put_ask=None) -> OptionChain:
    n = len(strike)
    days = np.full(n, np.datetime64(DAY))
    put_bid, put_ask = put_bid or [0.0] * n, put_ask or [0.0] * n
    return quality.build("SPX", ["SPXW"] * n, days, strike, call_bid, call_ask, put_bid, put_ask)


def test_missing_crossed_and_wide() -> None:
    found = chain([100, 110, 120, 130, 140], [0.0, -1.0, 15.0, 1.0, NAN], [20.0, 0.0, 14.0, 3.5, 2.0])
    assert found.call.flags.tolist() == [
        Flag.NO_BID, Flag.NO_BID | Flag.NO_ASK, Flag.CROSSED, Flag.WIDE, Flag.NO_BID,
    ]  # fmt: skip
    np.testing.assert_array_equal(found.call.bid, [NAN, NAN, 15.0, 1.0, NAN])
    np.testing.assert_array_equal(found.call.mid, [10.0, NAN, NAN, 2.25, 1.0])
    assert quality.summary(found) == {
        "quotes": 10, "no bid": 8, "no ask": 6, "crossed": 1, "wide": 1, "arbitrage": 0, "stale": 0, "frozen": 0,
        "outlying": 0,
    }  # fmt: skip


def test_rows_are_sorted_by_expiry_root_and_strike() -> None:
    days = np.array(["2023-06-16", "2023-05-19", "2023-05-19", "2023-05-19"], dtype="datetime64[D]")
    ones = [1.0, 2.0, 3.0, 4.0]
    found = quality.build("SPX", ["SPX", "SPXW", "SPX", "SPX"], days, [9.0, 8.0, 7.0, 6.0], ones, ones, ones, ones)
    assert found.strike.tolist() == [6.0, 7.0, 8.0, 9.0]
    assert found.root.tolist() == ["SPX", "SPX", "SPXW", "SPX"]
    assert found.call.bid.tolist() == [4.0, 3.0, 2.0, 1.0]


@pytest.mark.parametrize(
    ("bid", "ask", "flagged"),
    [
        ([9.0, 5.0, 2.0, 1.0], [10.0, 6.0, 3.0, 2.0], []),
        # The 110 call is offered below what is bid for the 120: one stale ask, and both neighbours are innocent.
        ([9.0, 0.5, 4.0, 3.5], [10.0, 1.0, 5.0, 4.0], [1]),
        # The 100-110 spread sells for 11.5 and can cost 10 at most; a lone pair does not say which is wrong.
        ([20.0, 7.0, 5.0, 3.0], [21.0, 8.5, 6.0, 4.0], [0, 1]),
    ],
)
def test_arbitrage_between_calls(bid: list[float], ask: list[float], flagged: list[int]) -> None:
    found = chain([100, 110, 120, 130], bid, ask)
    assert np.nonzero(found.call.flags & Flag.ARBITRAGE)[0].tolist() == flagged
    mirrored = chain([100, 110, 120, 130], bid, ask, bid[::-1], ask[::-1])
    assert np.nonzero(mirrored.put.flags & Flag.ARBITRAGE)[0].tolist() == sorted(3 - i for i in flagged)


def pays(right: float, low: float, high: float, sold_low: bool, bid: float, ask: float) -> bool:
    """Whether a vertical spread, sold at `bid` and bought at `ask`, cannot lose: its worst payoff over all levels."""
    levels = np.array([0.0, low, high, 10.0 * high])
    lower, higher = (np.maximum(right * (levels - k), 0.0) for k in (low, high))
    payoff = higher - lower if sold_low else lower - higher
    return bool(bid - ask + payoff.min() > 1e-9)


@given(
    st.lists(st.tuples(st.integers(1, 40), st.integers(0, 12)), min_size=2, max_size=7), st.sampled_from([1.0, -1.0])
)
def test_arbitrage_is_found_where_a_search_finds_it(quotes: list[tuple[int, int]], right: float) -> None:
    strike = [100.0 + 5.0 * i for i in range(len(quotes))]
    bid, ask = [float(b) for b, _ in quotes], [float(b + s) for b, s in quotes]
    empty = [0.0] * len(quotes)
    sides = (bid, ask, empty, empty) if right > 0 else (empty, empty, bid, ask)
    found = chain(strike, *sides)
    flags = (found.call if right > 0 else found.put).flags & Flag.ARBITRAGE
    clashes = [
        (i, j)
        for i in range(len(quotes))
        for j in range(i + 1, len(quotes))
        if pays(right, strike[i], strike[j], True, bid[i], ask[j])
        or pays(right, strike[i], strike[j], False, bid[j], ask[i])
    ]
    assert all(flags[i] or flags[j] for i, j in clashes)
    involved = {i for pair in clashes for i in pair}
    assert all(i in involved for i in np.nonzero(flags)[0])
