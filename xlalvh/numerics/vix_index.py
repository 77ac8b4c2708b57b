"""The VIX calculation: 30-day variance from two strips of out-of-the-money options.

Cboe, "Volatility Index Methodology: Cboe Volatility Index" (2022); the formula is that of the 2003 and 2009 white
papers.
"""

from __future__ import annotations

import numpy as np

from xlalvh.numerics.arrays import Array

_MINUTES_30 = 30 * 1440
_MINUTES_YEAR = 525_600


def strip_variance(
    strikes: Array, call_bid: Array, call_ask: Array, put_bid: Array, put_ask: Array, years: float, rate: float
) -> float:
    """Annual variance of one expiry.

    The forward comes from the strike where call and put mids are closest; puts below and calls above the first
    strike at or below it enter until two consecutive strikes have no bid. A bid without an ask counts as none. NaN
    where there is no such strike.

    Parameters
    ----------
    strikes, call_bid, call_ask, put_bid, put_ask : ndarray of one length
        Points, NaN where a quote is missing.
    years : years to settlement
    rate : continuously compounded, decimal a year
    """
    order = np.argsort(strikes)
    k = strikes[order]
    call_bid, call_ask = np.nan_to_num(call_bid[order]), np.nan_to_num(call_ask[order])
    put_bid, put_ask = np.nan_to_num(put_bid[order]), np.nan_to_num(put_ask[order])
    call_bid, put_bid = np.where(call_ask > 0.0, call_bid, 0.0), np.where(put_ask > 0.0, put_bid, 0.0)
    call_mid, put_mid = 0.5 * (call_bid + call_ask), 0.5 * (put_bid + put_ask)
    two_sided = (call_bid > 0.0) & (put_bid > 0.0)
    if years <= 0.0 or not two_sided.any():
        return float("nan")
    gap = np.where(two_sided, np.abs(call_mid - put_mid), np.inf)
    at = int(np.argmin(gap))
    growth = np.exp(rate * years)
    forward = k[at] + growth * (call_mid[at] - put_mid[at])
    below = np.nonzero(k <= forward)[0]
    if below.size == 0:
        return float("nan")
    centre = int(below[-1])
    puts = _until_two_zero_bids(put_bid, range(centre - 1, -1, -1))
    calls = _until_two_zero_bids(call_bid, range(centre + 1, len(k)))
    chosen = np.array(sorted([*puts, centre, *calls]))
    if chosen.size < 3:
        return float("nan")
    quote = np.where(chosen < centre, put_mid[chosen], call_mid[chosen])
    quote[chosen == centre] = 0.5 * (call_mid[centre] + put_mid[centre])
    used = k[chosen]
    width = np.gradient(used)  # half the distance between neighbours inside, the full distance at both ends
    width[1:-1] = 0.5 * (used[2:] - used[:-2])
    total = 2.0 / years * growth * np.sum(width / np.square(used) * quote)
    return float(total - (forward / k[centre] - 1.0) ** 2 / years)


def interpolate(near_variance: float, near_years: float, next_variance: float, next_years: float) -> float:
    """VIX in points: total variances interpolated to 30 days in minutes. NaN where the result is no variance."""
    near, following = near_years * _MINUTES_YEAR, next_years * _MINUTES_YEAR
    weight = (following - _MINUTES_30) / (following - near)
    total = near_years * near_variance * weight + next_years * next_variance * (1.0 - weight)
    variance = total * _MINUTES_YEAR / _MINUTES_30
    return 100.0 * float(np.sqrt(variance)) if variance >= 0.0 else float("nan")


def _until_two_zero_bids(bid: Array, path: range) -> list[int]:
    """Indices along `path` with a bid, up to the first two neighbours without one."""
    chosen: list[int] = []
    misses = 0
    for i in path:
        if bid[i] > 0.0:
            chosen.append(i)
            misses = 0
        else:
            misses += 1
            if misses == 2:
                break
    return chosen
