"""Quotes that no row gives away by itself: of a settled expiry, standing still, or far from their neighbours.

`quality` sees one right of one expiry at one moment; this looks at volatilities along a smile, and back at the
snapshots before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from xlalvh.market import calendar, slices
from xlalvh.market.quotes import ChainSnapshot, Flag, OptionChain, Quotes
from xlalvh.numerics import black76, implied_vol, parity
from xlalvh.numerics.arrays import Array, Integers, Mask

Flags = Integers

EARLIER = 2  # snapshots back that a frozen quote must not have moved in
_FROZEN_SPREADS = 2.0  # by how many of its spreads it should have moved since
_OUTLYING_SPREADS = 1.0  # half-spreads, of the quote and of its widest neighbour together
_OUTLYING_VOL = 0.003  # volatility that any smile may bend from strike to strike
_OUTLYING_SHARE = 0.02  # of the volatility, the same
_IN_THE_MONEY = 0.1  # of the forward; quotes deeper in the money are not judged, and enter no smile
_LEAST_VEGA = 1e-4  # of the forward, per 1.00 of volatility; below, a price says nothing of it


def review(snapshot: ChainSnapshot, earlier: Sequence[ChainSnapshot] = ()) -> ChainSnapshot:
    """The snapshot with the flags STALE, FROZEN and OUTLYING set where they hold.

    Parameters
    ----------
    snapshot : ChainSnapshot
    earlier : sequence of ChainSnapshot
        Snapshots before it, the newest first; those not older in market time are passed over.

    Returns
    -------
    ChainSnapshot
        STALE: the expiry had settled at the market time. OUTLYING: the volatility of the mid lies on one side of
        both lines through its next and next but one neighbours, by more than their spreads explain; the two strikes
        at each end are not judged. FROZEN: bid and ask were the same in the last `EARLIER` snapshots, while the index
        moved so far since that the quote should have moved by two spreads.
    """
    chain = snapshot.chain
    call, put = np.zeros(len(chain), dtype=np.int64), np.zeros(len(chain), dtype=np.int64)
    past = _standing_still(snapshot, earlier)
    for root, expiry in chain.expiries():
        mask = (chain.root == root) & (chain.expiry == np.datetime64(expiry))
        rows = np.nonzero(mask)[0]
        years = calendar.years(root, expiry, snapshot.market_time)
        if years <= 0.0:
            call[rows] |= int(Flag.STALE)
            put[rows] |= int(Flag.STALE)
            continue
        part = chain.take(mask)
        forward = parity.implied_forward(part.strike, *slices.sides(part), years, 0.0)
        if not np.isfinite(forward):
            continue
        for right, quotes, found, side in ((1.0, part.call, call, 0), (-1.0, part.put, put, 1)):
            found[rows] |= _judge(right, quotes, part.strike, forward, years, past[side][rows])
    return replace(
        snapshot,
        chain=replace(
            chain,
            call=replace(chain.call, flags=chain.call.flags | call),
            put=replace(chain.put, flags=chain.put.flags | put),
        ),
    )


def _judge(right: float, quotes: Quotes, strike: Array, forward: float, years: float, moved: Array) -> Flags:
    """Flags of one right of one expiry; `moved` is the index's move while each quote stood still, 0 where it did not.

    Rates are left at 0: neighbours share the error, and a few percent of delta do not matter here.
    """
    bid, ask = np.nan_to_num(quotes.bid, nan=0.0), quotes.ask
    spread = ask - bid
    sound = np.isfinite(ask) & (spread > 0.0) & (bid > 0.0) & (right * (forward - strike) < _IN_THE_MONEY * forward)
    found = np.zeros(len(strike), dtype=np.int64)
    at = np.nonzero(sound)[0]
    bid, ask, spread, strike, moved = bid[at], ask[at], spread[at], strike[at], moved[at]
    vols = implied_vol.implied_vol(right, 0.5 * (bid + ask), forward, strike, years, 0.0)
    with np.errstate(all="ignore"):
        option = black76.main_greeks(right, forward, strike, years, vols, 0.0)
        vega = 100.0 * option.vega
        known = np.isfinite(vols) & (vega > _LEAST_VEGA * forward)
        half = 0.5 * spread / vega
        frozen = np.abs(option.delta * moved) > _FROZEN_SPREADS * np.maximum(spread, 0.05)
    found[at[known & frozen]] = int(Flag.FROZEN)
    off = _off(strike[known], vols[known], half[known])
    found[at[known][off]] |= int(Flag.OUTLYING)
    return found


def _off(strike: Array, vol: Array, half: Array) -> Mask:
    """Which volatilities lie off their neighbours: the worst is taken out, then the rest are judged without it."""
    left = np.arange(len(strike))
    off = np.zeros(len(strike), dtype=bool)
    while len(left) >= 5:
        excess = _excess(strike[left], vol[left], half[left])
        worst = int(np.argmax(excess))
        if excess[worst] <= 0.0:
            break
        off[left[worst + 2]] = True
        left = np.delete(left, worst + 2)
    return off


def _excess(strike: Array, vol: Array, half: Array) -> Array:
    """By how much each but the two at either end lies off both lines through its neighbours, beyond what is allowed;
    below 0 where the lines do not agree on the side."""
    n = len(strike)
    middle = slice(2, n - 2)
    gaps, widest = [], half[middle]
    for step in (1, 2):
        left, right = slice(2 - step, n - 2 - step), slice(2 + step, n - 2 + step)
        share = (strike[middle] - strike[left]) / (strike[right] - strike[left])
        gaps.append(vol[middle] - (vol[left] + share * (vol[right] - vol[left])))
        widest = np.maximum(widest, np.maximum(half[left], half[right]))
    allowed = _OUTLYING_SPREADS * (half[middle] + widest) + _OUTLYING_VOL + _OUTLYING_SHARE * vol[middle]
    near, far = gaps
    return np.where(near * far > 0.0, np.minimum(np.abs(near), np.abs(far)) - allowed, -1.0)


def _standing_still(snapshot: ChainSnapshot, earlier: Sequence[ChainSnapshot]) -> tuple[Array, Array]:
    """The index's move since the oldest of the snapshots in which a quote is the same, by row, for calls and puts."""
    chain = snapshot.chain
    still = np.zeros((2, len(chain)))
    before: list[ChainSnapshot] = []
    last: dt.datetime = snapshot.market_time
    for one in earlier:
        if one.market_time < last and one.chain.underlying == chain.underlying and one.sample == snapshot.sample:
            before.append(one)
            last = one.market_time
        if len(before) == EARLIER:
            break
    if len(before) < EARLIER or last.date() != snapshot.market_time.date():
        return still[0], still[1]
    same = np.ones((2, len(chain)), dtype=bool)
    for one in before:
        place, listed = _match(chain, one.chain)
        for side, (now, then) in enumerate(((chain.call, one.chain.call), (chain.put, one.chain.put))):
            same[side] &= listed & (now.bid == then.bid[place]) & (now.ask == then.ask[place])
    moved = snapshot.spot - before[-1].spot
    return np.where(same[0], moved, 0.0), np.where(same[1], moved, 0.0)


def _match(chain: OptionChain, other: OptionChain) -> tuple[Integers, Mask]:
    """For each row of a chain its row in another, and whether there is one."""
    if len(other) == 0:
        return np.zeros(len(chain), dtype=np.int64), np.zeros(len(chain), dtype=bool)
    if len(chain) == len(other) and all(
        np.array_equal(getattr(chain, name), getattr(other, name)) for name in ("root", "expiry", "strike")
    ):
        return np.arange(len(chain)), np.ones(len(chain), dtype=bool)
    keys = {key: i for i, key in enumerate(_keys(other))}
    place = np.array([keys.get(key, -1) for key in _keys(chain)], dtype=np.int64)
    return np.maximum(place, 0), place >= 0


def _keys(chain: OptionChain) -> list[tuple[str, int, float]]:
    days = chain.expiry.astype(np.int64)
    return list(zip(chain.root.tolist(), days.tolist(), chain.strike.tolist(), strict=True))
