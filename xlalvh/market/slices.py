"""A chain cut by expiry: time, forward, rate and smile of each, with the reason where one cannot be had.

The rate is the slope of put-call parity where it is known to 0.1 %, else the chain's pooled slope, else the default.
The smile is fitted to the mids of out-of-the-money options, each weighing by its half-spread in volatility; options
below 4.5 delta count little: their spreads are a tick or two and would bend the part that is traded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from xlalvh.market import calendar
from xlalvh.market.quotes import UNUSABLE, ChainSnapshot, Flag, OptionChain, Quotes
from xlalvh.numerics import black76, implied_vol, parity, smile
from xlalvh.numerics.arrays import Array

_TRADED_DELTA = 0.045
_FAR_WEIGHT = 0.01
_LEAST_DELTA = 0.005
_OWN_RATE_ERROR = 0.001
_LEAST_HALF_SPREAD = 0.0002  # volatility; a locked market is no certainty
_RATE_YEARS = 20.0 / 365.0  # a shorter expiry says nothing of the rate


@dataclass(frozen=True)
class Slice:
    """One expiry of a chain."""

    root: str
    expiry: dt.date
    years: float
    forward: float  # points; NaN where `reason` says why
    forward_source: str
    rate: float
    rate_known: bool  # False where nothing tells a rate and 0 stands in
    fit: smile.SmileFit | None
    quotes_used: int
    reason: str = ""  # why there is no smile

    @property
    def atm_vol(self) -> float:
        """Volatility at the forward, NaN without a smile."""
        if self.fit is None:
            return float("nan")
        return float(self.fit.smile.vol(np.array([self.forward]), self.forward, self.years)[0])


def cut(
    snapshot: ChainSnapshot, default_rate: float | None = None, futures: Mapping[dt.date, float] | None = None
) -> list[Slice]:
    """Every expiry that has not settled at the snapshot's market time, in order of settlement.

    Parameters
    ----------
    snapshot : ChainSnapshot
    default_rate : float, optional
        Used where parity tells no rate (the chain of VIX takes that of SPX); 0 if omitted.
    futures : mapping, optional
        Prices by expiry; they give the forward where parity does not, interpolated between neighbours if need be.
    """
    parts = []
    for root, expiry in snapshot.chain.expiries():
        years = calendar.years(root, expiry, snapshot.market_time)
        if years > 0.0:
            chain = snapshot.chain.at(root, expiry)
            parts.append((root, expiry, years, chain, parity.fit(chain.strike, *sides(chain), years)))
    pooled = _pooled_rate([(years, line) for _, _, years, _, line in parts])
    fallback = pooled if pooled is not None else default_rate
    slices = []
    for root, expiry, years, chain, line in sorted(parts, key=lambda part: (part[2], part[0])):
        own = line is not None and years >= _RATE_YEARS and _plausible(line) and line.rate_error <= _OWN_RATE_ERROR
        told = line.rate if own and line is not None else fallback
        rate = told if told is not None else 0.0
        forward, source = parity.implied_forward(chain.strike, *sides(chain), years, rate), "parity"
        if not np.isfinite(forward):
            forward, source = _from_futures(expiry, futures or {})
        slices.append(_slice(root, expiry, years, forward, source, rate, told is not None, chain))
    return slices


def rate_near_45_days(slices: list[Slice]) -> float | None:
    """The rate that stands for a chain: of the slice nearest to 45 days, None where no slice knows one."""
    known = [s for s in slices if s.rate_known]
    return min(known, key=lambda s: abs(s.years - 45.0 / 365.0)).rate if known else None


def sides(chain: OptionChain) -> tuple[Array, Array, Array, Array]:
    """Call bid, call ask, put bid, put ask, NaN where a side is missing or the quote `UNUSABLE`."""

    def side(quotes: Quotes, prices: Array, missing: Flag) -> Array:
        return np.where((quotes.flags & (missing | UNUSABLE)) == 0, prices, np.nan)

    call, put = chain.call, chain.put
    return (
        side(call, call.bid, Flag.NO_BID),
        side(call, call.ask, Flag.NO_ASK),
        side(put, put.bid, Flag.NO_BID),
        side(put, put.ask, Flag.NO_ASK),
    )


def _pooled_rate(lines: list[tuple[float, parity.ParityFit | None]]) -> float | None:
    known = [
        (line.rate, line.rate_error)
        for years, line in lines
        if line is not None and years >= _RATE_YEARS and _plausible(line)
    ]
    if not known:
        return None
    rates, errors = np.array(known).T
    return float(np.average(rates, weights=1.0 / (np.square(errors) + 0.0005**2)))


def _plausible(line: parity.ParityFit) -> bool:
    return -0.02 <= line.rate <= 0.20 and bool(np.isfinite(line.rate_error)) and line.rate_error < 0.02


def _from_futures(expiry: dt.date, futures: Mapping[dt.date, float]) -> tuple[float, str]:
    if expiry in futures:
        return futures[expiry], "VX future"
    days = sorted(futures)
    if not days or not days[0] < expiry < days[-1]:
        return float("nan"), "none"
    ordinals = [day.toordinal() for day in days]
    return float(np.interp(expiry.toordinal(), ordinals, [futures[day] for day in days])), "interpolated VX futures"


def _slice(
    root: str,
    expiry: dt.date,
    years: float,
    forward: float,
    source: str,
    rate: float,
    rate_known: bool,
    chain: OptionChain,
) -> Slice:
    def without(reason: str) -> Slice:
        return Slice(root, expiry, years, forward, source, rate, rate_known, None, 0, reason)

    if not np.isfinite(forward):
        return without("no strike has a bid and an ask for both call and put")
    call_bid, call_ask, put_bid, put_ask = sides(chain)
    calls = chain.strike >= forward
    right = np.where(calls, 1.0, -1.0)
    bid, ask = np.where(calls, call_bid, put_bid), np.where(calls, call_ask, put_ask)
    vols = implied_vol.implied_vol(right, 0.5 * (bid + ask), forward, chain.strike, years, rate)
    option = black76.main_greeks(right, forward, chain.strike, years, np.nan_to_num(vols, nan=0.2), rate)
    delta = np.abs(option.delta)
    with np.errstate(all="ignore"):
        half_spread = np.maximum(0.5 * (ask - bid) / (100.0 * option.vega), _LEAST_HALF_SPREAD)
        weights = np.where(delta >= _TRADED_DELTA, 1.0, _FAR_WEIGHT) / np.square(half_spread)
    used = np.isfinite(vols) & (delta >= _LEAST_DELTA) & np.isfinite(weights)
    if used.sum() < 5:
        return without(f"only {int(used.sum())} options have a two-sided quote; a smile needs five")
    fitted = smile.fit(chain.strike[used], vols[used], forward, years, weights[used])
    if fitted is None:
        return without("no SVI slice fits the quotes")
    return Slice(root, expiry, years, forward, source, rate, rate_known, fitted, int(used.sum()))
