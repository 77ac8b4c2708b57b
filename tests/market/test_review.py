"""Faults put into real chains are found, and good chains have next to none."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.market.test_slices import FILES, LONG_FORMAT_TIME
from xlalvh.market import quality, slices
from xlalvh.market.providers.cboe_quote_table import read_quote_table
from xlalvh.market.providers.sample import sample_snapshot
from xlalvh.market.quotes import ChainSnapshot, Flag, OptionChain, Quotes
from xlalvh.market.review import review
from xlalvh.market.snapshot import combine

SAMPLE = sample_snapshot().spx
BAD = Flag.OUTLYING | Flag.ARBITRAGE | Flag.CROSSED


def real(data: Path, name: str) -> ChainSnapshot:
    long = name == FILES[-1]
    return read_quote_table(data / "spx_chains" / name, LONG_FORMAT_TIME if long else None)


def with_puts(snapshot: ChainSnapshot, bid: np.ndarray, ask: np.ndarray) -> ChainSnapshot:
    c = snapshot.chain
    chain = quality.build("SPX", c.root, c.expiry, c.strike, c.call.bid, c.call.ask, bid, ask)
    return replace(snapshot, chain=chain)


def traded(snapshot: ChainSnapshot) -> np.ndarray:
    """Rows of out-of-the-money puts near the money, 5 to 90 days from settlement, with both sides."""
    c = snapshot.chain
    days = (c.expiry - np.datetime64(snapshot.market_time.date())).astype(int)
    near = (c.strike < snapshot.spot) & (c.strike > 0.94 * snapshot.spot)
    return np.nonzero((days > 5) & (days < 90) & near & np.isfinite(c.put.bid) & np.isfinite(c.put.ask))[0]


@pytest.mark.parametrize("name", FILES)
def test_good_files_have_next_to_none(data: Path, name: str) -> None:
    found = review(real(data, name))
    flags = np.concatenate([found.chain.call.flags, found.chain.put.flags])
    assert np.count_nonzero(flags & (Flag.OUTLYING | Flag.FROZEN)) <= 0.0005 * len(flags)
    settled = {e for r, e in found.chain.expiries() if e < found.market_time.date()}
    stale = {e for e in found.chain.expiry[(found.chain.put.flags & Flag.STALE) != 0].tolist()}
    assert settled <= stale
    assert all(e <= found.market_time.date() for e in stale)


@pytest.mark.parametrize("spreads", [8.0, 20.0])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_price_far_from_its_neighbours_is_found(data: Path, spreads: float, sign: float) -> None:
    snapshot = real(data, "SPX_2023-05-19_close.csv")
    rows = np.random.default_rng(3).choice(traded(snapshot), 40, replace=False)
    put = snapshot.chain.put
    shift = np.zeros(len(put.bid))
    shift[rows] = sign * spreads * (put.ask - put.bid)[rows]
    spoilt = with_puts(snapshot, put.bid + shift, put.ask + shift)
    found = review(spoilt).chain.put.flags
    gone = ~np.isfinite(spoilt.chain.put.bid[rows])  # shifted below zero: missing
    assert ((found[rows] & BAD) != 0)[~gone].mean() >= 0.97
    before = review(snapshot).chain.put.flags
    innocent = np.setdiff1d(np.nonzero((found & Flag.OUTLYING) & ~before)[0], rows)
    assert len(innocent) <= 2


def test_what_is_found_leaves_the_smile_where_it_was(data: Path) -> None:
    snapshot = real(data, "SPX_2023-05-19_close.csv")
    rows = traded(snapshot)
    rows = rows[(snapshot.chain.expiry[rows] == np.datetime64("2023-06-16")) & (snapshot.chain.root[rows] == "SPXW")]
    rows = rows[3::12]
    put = snapshot.chain.put
    factor = np.ones(len(put.bid))
    factor[rows] = 2.0
    spoilt = with_puts(snapshot, put.bid * factor, put.ask * factor)

    def smile(given: ChainSnapshot) -> slices.Slice:
        return next(s for s in slices.cut(given) if (s.root, s.expiry) == ("SPXW", dt.date(2023, 6, 16)))

    whole, reviewed, raw = smile(review(snapshot)), smile(review(spoilt)), smile(spoilt)
    assert whole.quotes_used - len(rows) - 4 <= reviewed.quotes_used < whole.quotes_used
    assert abs(reviewed.atm_vol - whole.atm_vol) < 0.0015
    assert abs(reviewed.atm_vol - whole.atm_vol) <= abs(raw.atm_vol - whole.atm_vol) + 1e-4


def moved(spot: float, minutes: int, still: np.ndarray | None = None) -> ChainSnapshot:
    """The sample some minutes earlier, with every quote 0.4 of the index's difference lower or higher."""
    chain = SAMPLE.chain

    def side(quotes: Quotes, sign: float, keep: np.ndarray | None) -> Quotes:
        shift = sign * 0.4 * (spot - SAMPLE.spot)
        if keep is None:
            return Quotes(quotes.bid + shift, quotes.ask + shift, quotes.flags)
        return Quotes(
            np.where(keep, quotes.bid, quotes.bid + shift), np.where(keep, quotes.ask, quotes.ask + shift), quotes.flags
        )

    then = OptionChain(
        chain.underlying,
        chain.root,
        chain.expiry,
        chain.strike,
        side(chain.call, 1.0, still),
        side(chain.put, -1.0, still),
    )
    return replace(SAMPLE, spot=spot, chain=then, market_time=SAMPLE.market_time - dt.timedelta(minutes=minutes))


def test_quotes_that_stand_still_while_the_index_moves() -> None:
    rows = traded(SAMPLE)[::40]
    still = np.zeros(len(SAMPLE.chain), dtype=bool)
    still[rows] = True
    before = [moved(SAMPLE.spot - 20.0, 1, still), moved(SAMPLE.spot - 40.0, 2, still)]
    found = review(SAMPLE, before).chain.put.flags
    flagged = np.nonzero(found & Flag.FROZEN)[0]
    assert set(flagged) <= set(rows)
    assert len(flagged) > 0.8 * len(rows)
    # One snapshot is too few to tell; so is an index that stood still, or the same moment fetched again.
    quiet = [moved(SAMPLE.spot - 0.1, 1, still), moved(SAMPLE.spot - 0.1, 2, still)]
    again = [replace(one, market_time=SAMPLE.market_time) for one in before]
    yesterday = [replace(one, market_time=one.market_time - dt.timedelta(days=1)) for one in before]
    for earlier in ([], before[:1], quiet, again, yesterday):
        assert not (review(SAMPLE, earlier).chain.put.flags & Flag.FROZEN).any()


def test_rows_are_matched_where_chains_differ() -> None:
    rows = traded(SAMPLE)[::40]
    still = np.zeros(len(SAMPLE.chain), dtype=bool)
    still[rows] = True
    before = [moved(SAMPLE.spot - 20.0, 1, still), moved(SAMPLE.spot - 40.0, 2, still)]
    fewer = np.ones(len(SAMPLE.chain), dtype=bool)
    fewer[::7] = False
    before = [replace(one, chain=one.chain.take(fewer)) for one in before]
    found = review(SAMPLE, before).chain.put.flags
    flagged = set(np.nonzero(found & Flag.FROZEN)[0])
    assert flagged
    assert flagged <= set(rows) & set(np.nonzero(fewer)[0])


def test_combining_reviews_both_chains(data: Path) -> None:
    snapshot = combine(real(data, "SPX_2023-05-19_close.csv"))
    counts = quality.summary(snapshot.spx.chain)
    assert counts["stale"] > 0
    call_bid, *_ = slices.sides(snapshot.spx.chain)
    assert np.isnan(call_bid[(snapshot.spx.chain.call.flags & Flag.STALE) != 0]).all()
