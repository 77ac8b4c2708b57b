"""Measures of the condor by the model of the past, and what these share with the ladder's.

Each figure is taken again with every VIX option's volatility 20 % lower and higher, and where SPX options enter with
their prices 15 % lower and higher.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from xlalvh.numerics import black76, probability
from xlalvh.numerics.arrays import Array, Dates, Integers
from xlalvh.research import bootstrap
from xlalvh.research.claims.claim import MODELLED, Found
from xlalvh.research.claims.indices import MONTH
from xlalvh.research.claims.world import NotThereError, World
from xlalvh.research.past import Past, fridays
from xlalvh.strategy import selection
from xlalvh.strategy.book import MULTIPLIER
from xlalvh.strategy.condor import RIGHTS, SIDES
from xlalvh.strategy.rules import default
from xlalvh.strategy.sizing import tenor_weighted

Days = Integers

STEP = 5  # sessions between starts of overlapping periods
_SHORTS = ((-1.0, "put_delta"), (1.0, "call_delta"))
_VIX_VOLS, _SPX_PRICES = (0.8, 1.2), (0.85, 1.15)


class Condors(NamedTuple):
    """A condor on each of R days by Rules, at the model's mid prices."""

    strike: Array  # (R, 4) points
    expiry: Dates  # (R,)
    credit: Array  # (R,) points
    vega: Array  # (R,) dollars per VIX point, tenor-weighted, one condor
    theta: Array  # (R,) dollars a day, one condor


def past(world: World, vix_vol: float = 1.0, spx_price: float = 1.0) -> Past:
    """The prices of the past, with an error that is supposed."""
    return Past(world.priced, spx_price, vix_vol)


def supposing(measure: Callable[[Past], Found], world: World, *, spx: bool = False) -> Found:
    """A measure at the model's prices, with its estimates under other prices beside."""
    base = measure(past(world))
    others = [measure(past(world, vix_vol=factor)).estimate for factor in _VIX_VOLS]
    if spx:
        others += [measure(past(world, spx_price=factor)).estimate for factor in _SPX_PRICES]
    return Found(base.estimate, base.low, base.high, base.episodes, base.sample, MODELLED, tuple(others), base.note)


def starts(market: Past, lag: int, step: int = STEP) -> Days:
    """Every `step`-th day that has `lag` sessions after it."""
    return np.arange(0, len(market.history) - lag, step)


def span(market: Past, what: str) -> str:
    """A sample in words."""
    return f"{market.history.day[0]} to {market.history.day[-1]}, {what}"


def ends(interval: bootstrap.Interval) -> tuple[float, float, float]:
    """Estimate and both ends."""
    return interval.estimate, interval.low, interval.high


def sell_condors(market: Past, days: Days) -> Condors:
    """A condor by Rules on each day."""
    history = market.history
    expiry = []
    for day in days:
        today = history.day[day].item()
        ahead = fridays(today)
        place = selection.nearest_expiry(
            [(e - today).days for e in ahead], default("condor_days"), default("condor_days_tolerance")
        )
        expiry.append(np.datetime64("NaT") if place is None else np.datetime64(ahead[place]))
    when = np.array(expiry, dtype="M8[D]")
    years = market.spx_years(days, when)
    forward, rate = market.spx_forward(days, years), history.rate[days]
    put, call = (short_strike(market, days, right, default(name), years) for right, name in _SHORTS)
    wing = default("wing_width")
    strike = np.stack([put - wing, put, call, call + wing], axis=1)
    vols = market.spx_vol(days, strike.T, years).T
    found = black76.main_greeks(RIGHTS, forward[:, None], strike, years[:, None], vols, rate[:, None])
    left = (when - history.day[days]) / np.timedelta64(1, "D")
    vega = (np.asarray(found.vega) @ SIDES) * MULTIPLIER
    return Condors(
        strike,
        when,
        -(np.asarray(found.price) @ SIDES) * market.spx_price,
        tenor_weighted(vega, left, default("vega_tenor_exponent")),
        (np.asarray(found.theta) @ SIDES) * MULTIPLIER,
    )


def short_strike(market: Past, days: Days, right: float, delta: float, years: Array) -> Array:
    """The strike of a delta on each day's smile, on the 5-point grid."""
    found = probability.strikes_from_delta_on_smile(
        right,
        delta,
        market.spx_forward(days, years),
        years,
        lambda strikes: market.spx_vol(days, strikes, years),
        market.history.rate[days],
    )
    return np.asarray(np.round(found / 5.0) * 5.0)


def condor_theta(world: World) -> Found:
    """Share of starts a month apart at which a condor sold by Rules has positive theta."""

    def measure(market: Past) -> Found:
        theta = sell_condors(market, starts(market, 1, MONTH)).theta
        known = theta[np.isfinite(theta)]
        hits = int((known > 0.0).sum())
        note = f"mean ${known.mean():.1f} a day and condor"
        return Found(*ends(bootstrap.share(hits, known.size)), known.size, span(market, "months"), note=note)

    return supposing(measure, world, spx=True)


def condor_2018(world: World) -> Found:
    """Change of what condors were worth on 2018-02-05 over their credit, sold on each of the 21 sessions before."""

    def measure(market: Past) -> Found:
        first, last = dt.date(2018, 2, 2), dt.date(2018, 2, 5)
        try:
            start, end = market.history.at(first), market.history.at(last)
        except ValueError as error:
            raise NotThereError(str(error)) from error
        sold = sell_condors(market, np.arange(start - MONTH + 1, start + 1))
        value = [_worth(market, sold, day) for day in (start, end)]
        change = (value[0] - value[1]) / sold.credit
        note = f"credits ${sold.credit.mean() * MULTIPLIER:,.0f}; from {change.min():+.0%} to {change.max():+.0%}"
        return Found(float(change.mean()), np.nan, np.nan, 1, f"close of {first} to close of {last}", note=note)

    return supposing(measure, world, spx=True)


def _worth(market: Past, sold: Condors, day: int) -> Array:
    """What buying back costs, points."""
    shape = sold.strike.shape
    expiry = np.repeat(sold.expiry, shape[1])
    quote = market.spx(np.full(expiry.size, day), np.tile(RIGHTS, shape[0]), sold.strike.ravel(), expiry)
    return np.asarray(-(quote.price.reshape(shape) @ SIDES))


def dollars(amount: float) -> str:
    """An amount as notes tell it."""
    return f"{'-' if amount < 0 else ''}${abs(amount):,.0f}"
