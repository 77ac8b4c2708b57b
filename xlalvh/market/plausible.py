"""Whether a chain can be what it says: a last look before it replaces good quotes."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np

from xlalvh.market import calendar
from xlalvh.market.quotes import ChainSnapshot, Flag, QuoteError, Quotes
from xlalvh.numerics.arrays import Array

LEAST_QUOTES = 10  # two-sided ones
LEAST_SHARE = 0.2  # of all quotes that are two-sided; real chains have 0.87 to 0.96
MOST_CROSSED = 0.2  # of all quotes; real chains have less than 0.001
DEAREST = 2.0  # highest price over spot and highest strike together; no option is worth more than one of them
FORWARD_GAP = {"SPX": 0.05, "XSP": 0.05, "VIX": 1.0}  # of the first forwards from spot, either way

_BAD = Flag.NO_BID | Flag.NO_ASK | Flag.CROSSED
_FIRST = 5  # expiries that are looked at
_REMEDY = "the last good quotes stay"


def check(snapshot: ChainSnapshot) -> ChainSnapshot:
    """The snapshot itself, where it can be true.

    Raises
    ------
    QuoteError
        For a spot that is no positive number or lies outside the strikes; where every expiry has settled; where too
        few quotes have two sides, too many are crossed, or one is beyond any option; where put-call parity puts the
        first forwards far from spot (`FORWARD_GAP`): prices or spot are then of something else, or in another unit.
    """
    name, chain, spot = snapshot.source, snapshot.chain, snapshot.spot
    of = f"{name}: the {chain.underlying} quotes"
    if not (math.isfinite(spot) and spot > 0.0):
        raise QuoteError(f"{name}: {chain.underlying} itself is {spot:g}, not above 0; {_REMEDY}")
    live = [pair for pair in chain.expiries() if calendar.years(*pair, snapshot.market_time) > 0.0]
    if not live:
        raise QuoteError(f"{of} are of expiries that have all settled; {_REMEDY}")
    if not chain.strike.min() < spot < chain.strike.max():
        raise QuoteError(f"{of} have no strikes on both sides of {chain.underlying} at {spot:g}; {_REMEDY}")
    flags = np.concatenate([chain.call.flags, chain.put.flags])
    good = int(np.count_nonzero((flags & int(_BAD)) == 0))
    crossed = int(np.count_nonzero(flags & int(Flag.CROSSED)))
    if good < max(LEAST_QUOTES, LEAST_SHARE * len(flags)):
        raise QuoteError(f"{of} are empty: {good:,} of {len(flags):,} have a bid and an ask; {_REMEDY}")
    if crossed > MOST_CROSSED * len(flags):
        raise QuoteError(f"{of} are broken: {crossed:,} of {len(flags):,} are crossed; {_REMEDY}")
    most = max(
        float(np.nanmax(side)) for q in (chain.call, chain.put) for side in (q.bid, q.ask) if np.isfinite(side).any()
    )
    if most > DEAREST * (spot + chain.strike.max()):
        raise QuoteError(f"{of} hold a price of {most:g}, which no option can have; {_REMEDY}")
    forwards = [forward for pair in live[:_FIRST] if (forward := _forward(snapshot, *pair)) is not None]
    if forwards and abs(math.log(float(np.median(forwards)) / spot)) > math.log1p(FORWARD_GAP[chain.underlying]):
        raise QuoteError(
            f"{of} put the forward at {np.median(forwards):.2f} while {chain.underlying} is {spot:g}; {_REMEDY}"
        )
    return snapshot


def _forward(snapshot: ChainSnapshot, root: str, expiry: dt.date) -> float | None:
    """Parity forward, rate 0, where call and put are nearest to each other; None without such a strike."""
    part = snapshot.chain.at(root, expiry)
    call, put = _mid(part.call), _mid(part.put)
    gap = np.abs(call - put)
    if not np.isfinite(gap).any():
        return None
    at = int(np.nanargmin(gap))
    forward = float(part.strike[at] + call[at] - put[at])
    return forward if forward > 0.0 else None


def _mid(quotes: Quotes) -> Array:
    return np.where((quotes.flags & int(_BAD)) == 0, 0.5 * (quotes.bid + quotes.ask), np.nan)
