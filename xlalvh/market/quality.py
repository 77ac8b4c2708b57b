"""A chain from raw prices, sorted, with a flag for whatever is wrong with a quote."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from xlalvh.market.quotes import Flag, OptionChain, Quotes
from xlalvh.numerics.arrays import Array, ArrayLike, Integers

Flags = Integers

WIDE_RATIO = 3.0
WIDE_POINTS = 1.0
_ROUNDING = 1e-9  # points

_LABELS = {
    Flag.NO_BID: "no bid",
    Flag.NO_ASK: "no ask",
    Flag.CROSSED: "crossed",
    Flag.WIDE: "wide",
    Flag.ARBITRAGE: "arbitrage",
    Flag.STALE: "stale",
    Flag.FROZEN: "frozen",
    Flag.OUTLYING: "outlying",
}


def build(
    underlying: str,
    root: ArrayLike,
    expiry: ArrayLike,
    strike: ArrayLike,
    call_bid: ArrayLike,
    call_ask: ArrayLike,
    put_bid: ArrayLike,
    put_ask: ArrayLike,
) -> OptionChain:
    """A chain from columns of one length, an element a strike.

    Parameters
    ----------
    underlying : str
        SPX, XSP or VIX.
    root : array of str
    expiry : array of datetime64[D]
    strike : array of float
    call_bid, call_ask, put_bid, put_ask : arrays of float
        Points; what is not above 0 or not finite is missing and becomes NaN.

    Returns
    -------
    OptionChain
        Rows by expiry, root and strike; flags as `Flag` says. ARBITRAGE looks at one right of one expiry at a time,
        after crossing the spread and without knowing spot or rate: a vertical spread that pays to open, or that earns
        more than its strikes are apart. Of such a set of quotes the fewest that explain it are flagged.
    """
    roots, strikes = np.asarray(root, dtype=np.str_), np.asarray(strike, dtype=float)
    days = np.asarray(expiry, dtype="datetime64[D]")
    order = np.lexsort((strikes, roots, days))
    roots, strikes, days = roots[order], strikes[order], days[order]
    cb, ca, pb, pa = (_price(column)[order] for column in (call_bid, call_ask, put_bid, put_ask))
    call, put = _flags(cb, ca), _flags(pb, pa)
    new = np.ones(len(strikes), dtype=bool)
    new[1:] = (days[1:] != days[:-1]) | (roots[1:] != roots[:-1])
    edges = [*np.nonzero(new)[0].tolist(), len(strikes)]
    for low, high in pairwise(edges):
        part = slice(low, high)
        # Seen from the highest strike down, puts fall like calls.
        call[part] |= _arbitrage(strikes[part], cb[part], ca[part], call[part])
        put[part] |= _arbitrage(-strikes[part][::-1], pb[part][::-1], pa[part][::-1], put[part][::-1])[::-1]
    return OptionChain(underlying, roots, days, strikes, Quotes(cb, ca, call), Quotes(pb, pa, put))


def summary(chain: OptionChain) -> dict[str, int]:
    """How many quotes there are (a call and a put a row), and how many carry each flag; a quote may carry several."""
    flags = np.concatenate([chain.call.flags, chain.put.flags])
    return {"quotes": len(flags)} | {label: int(np.count_nonzero(flags & int(flag))) for flag, label in _LABELS.items()}


def labels(flags: int) -> str:
    """What a quote's flags say, in words; empty for a good one."""
    return ", ".join(label for flag, label in _LABELS.items() if flags & int(flag))


def _price(column: ArrayLike) -> Array:
    prices = np.asarray(column, dtype=float)
    return np.where(np.isfinite(prices) & (prices > 0.0), prices, np.nan)


def _flags(bid: Array, ask: Array) -> Flags:
    wide = (ask > WIDE_RATIO * bid) & (ask - bid > WIDE_POINTS)
    return (
        np.isnan(bid) * int(Flag.NO_BID)
        | np.isnan(ask) * int(Flag.NO_ASK)
        | (bid > ask) * int(Flag.CROSSED)
        | wide * int(Flag.WIDE)
    ).astype(np.int64)


def _arbitrage(x: Array, bid: Array, ask: Array, flags: Flags) -> Flags:
    """Flags of quotes whose price should fall along `x`, by no more than `x` rises; crossed ones stay out of it."""
    crossed = (flags & int(Flag.CROSSED)) != 0
    dear, cheap = np.where(crossed, np.nan, bid), np.where(crossed, np.nan, ask)
    found = np.zeros(len(x), dtype=np.int64)
    # A bid above the ask of an earlier strike; and, x added, one that its later strikes cannot explain.
    lowest = np.fmin.accumulate(cheap)[:-1]
    highest = np.fmax.accumulate(dear + x)[:-1]
    if not ((dear[1:] > lowest + _ROUNDING).any() or (highest > (cheap + x)[1:] + _ROUNDING).any()):
        return found
    clash = np.triu((dear[None, :] > cheap[:, None] + _ROUNDING), 1)
    clash |= np.triu((dear + x)[:, None] > (cheap + x)[None, :] + _ROUNDING, 1)
    clash |= clash.T
    while clash.any():
        count = clash.sum(axis=1)
        worst = count == count.max()
        found[worst] = int(Flag.ARBITRAGE)
        clash[worst, :] = clash[:, worst] = False
    return found
