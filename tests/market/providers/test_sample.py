"""The sample: always the same, labelled, and like a market where a trader would look."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from xlalvh.market import calendar, quality
from xlalvh.market.providers.sample import sample_snapshot
from xlalvh.market.quotes import OptionChain, Snapshot


@pytest.fixture(scope="module")
def sample() -> Snapshot:
    return sample_snapshot()


def vix_of(snapshot: Snapshot, *days: dt.date) -> float:
    """Cboe's VIX, written out: the strip of each expiry, and total variance interpolated to 30 days."""
    totals = []
    for day in days:
        chain = snapshot.spx.chain.at("SPXW", day)
        years = calendar.years("SPXW", day, snapshot.spx.market_time)
        growth = np.exp(0.037 * years)
        forward = float(np.interp(0.0, (chain.put.mid - chain.call.mid), chain.strike))
        strike0 = chain.strike[chain.strike <= forward].max()
        price = np.where(chain.strike < strike0, chain.put.mid, chain.call.mid)
        price = np.where(chain.strike == strike0, 0.5 * (chain.put.mid + chain.call.mid), price)
        bid = np.where(chain.strike < strike0, chain.put.bid, chain.call.bid)
        strip = np.nan_to_num(bid) > 0.0
        variance = 2.0 / years * growth * np.sum((np.gradient(chain.strike) * price / chain.strike**2)[strip])
        totals.append(((variance - (forward / strike0 - 1.0) ** 2 / years) * years, years))
    (near, near_years), (far, far_years) = totals
    month = 30.0 / 365.0
    total = near + (far - near) * (month - near_years) / (far_years - near_years)
    return float(100.0 * np.sqrt(total / month))


def test_it_is_labelled_and_the_same_each_time(sample: Snapshot) -> None:
    again = sample_snapshot()
    assert sample.sample
    for part in (sample.spx, sample.vix, sample.futures):
        assert part is not None
        assert part.source == "SAMPLE, not market data"
        assert calendar.to_new_york(part.market_time) == dt.datetime(2026, 1, 14, 15, 45)
    np.testing.assert_array_equal(sample.spx.chain.call.bid, again.spx.chain.call.bid)
    assert sample.futures == again.futures


def test_expiries_and_strikes_are_those_that_the_exchange_would_list(sample: Snapshot) -> None:
    listed = sample.spx.chain.expiries()
    monthlies = [day for root, day in listed if root == "SPX"]
    assert monthlies == [
        dt.date(2026, 1, 16), dt.date(2026, 2, 20), dt.date(2026, 3, 20), dt.date(2026, 4, 17), dt.date(2026, 5, 15),
        dt.date(2026, 6, 18), dt.date(2026, 7, 17),
    ]  # fmt: skip
    assert all(calendar.is_session(day) for _, day in listed)
    assert 40 < min(abs((day - dt.date(2026, 1, 14)).days - 45) + 45 for root, day in listed if root == "SPXW") < 50
    assert sample.vix is not None
    assert sample.futures is not None
    assert sample.vix.chain.expiries() == [
        ("VIX", dt.date(2026, 1, 21)), ("VIXW", dt.date(2026, 1, 28)), ("VIXW", dt.date(2026, 2, 4)),
        ("VIX", dt.date(2026, 2, 18)), ("VIX", dt.date(2026, 3, 18)), ("VIX", dt.date(2026, 4, 15)),
        ("VIX", dt.date(2026, 5, 19)),
    ]  # fmt: skip
    futures = [f.price for f in sample.futures.futures]
    assert futures == sorted(futures)  # contango
    assert len(futures) == 8
    assert sample.vix.spot < futures[0]


def test_spot_vix_is_what_the_spx_smile_implies(sample: Snapshot) -> None:
    assert sample.vix is not None
    implied = vix_of(sample, dt.date(2026, 2, 6), dt.date(2026, 2, 13))
    assert implied == pytest.approx(sample.vix.spot, abs=0.5)


def test_quotes_are_sound(sample: Snapshot) -> None:
    assert sample.vix is not None
    for chain in (sample.spx.chain, sample.vix.chain):
        counted = quality.summary(chain)
        assert (counted["crossed"], counted["arbitrage"], counted["no ask"]) == (0, 0, 0)
        assert 0 < counted["no bid"] < 0.15 * counted["quotes"]
    for chain, small, large in ((sample.spx.chain, 0.05, 0.10), (sample.vix.chain, 0.01, 0.05)):
        on_ticks(chain, small, large)


def on_ticks(chain: OptionChain, small: float, large: float) -> None:
    for quotes in (chain.call, chain.put):
        for prices in (quotes.bid, quotes.ask):
            good = prices[np.isfinite(prices)]
            # Three spreads around a price of 3 the tick may be either.
            tick = np.where(good > 3.5, large, small)
            np.testing.assert_allclose(good / tick, np.round(good / tick), atol=1e-6)


def test_put_call_parity_holds_within_the_spreads(sample: Snapshot) -> None:
    """The forward is spot grown at the rate less dividends, 3.7 % - 1.2 %, for SPX, and the future for VIX."""
    assert sample.vix is not None
    assert sample.futures is not None
    curve = {future.expiry: future.price for future in sample.futures.futures}
    for part in (sample.spx, sample.vix):
        for root, day in part.chain.expiries():
            if root == "VIXW":
                continue
            chain = part.chain.at(root, day)
            years = calendar.years(root, day, part.market_time)
            forward = curve[day] if root == "VIX" else part.spot * np.exp(0.025 * years)
            value = np.exp(-0.037 * years) * (forward - chain.strike)
            assert (np.nan_to_num(chain.call.bid) - chain.put.ask <= value + 1e-9).all()
            assert (chain.call.ask - np.nan_to_num(chain.put.bid) >= value - 1e-9).all()
