"""Put-call parity: forward and discount rate of an expiry, and what a conversion or reversal would earn."""

from typing import NamedTuple

import numpy as np

from xlalvh.numerics.arrays import Array

_STALE = 0.75  # of a synthetic spread: half a spread is the market's own, a quarter is grace
_HUBER_STEPS = 20


class ParityFit(NamedTuple):
    """Straight line C - P = D (F - K) through the synthetic forwards."""

    forward: float  # points
    rate: float  # continuously compounded, decimal a year
    forward_error: float  # standard error, points
    rate_error: float  # standard error, decimal a year
    pairs: int  # strikes used


def synthetic_bounds(call_bid: Array, call_ask: Array, put_bid: Array, put_ask: Array) -> tuple[Array, Array]:
    """Bid and ask of C - P a strike, NaN where a side is missing or crossed."""
    bad = (call_bid > call_ask) | (put_bid > put_ask)
    low = np.where(bad, np.nan, call_bid - put_ask)
    high = np.where(bad, np.nan, call_ask - put_bid)
    return low, high


def implied_forward(
    strikes: Array, call_bid: Array, call_ask: Array, put_bid: Array, put_ask: Array, years: float, rate: float
) -> float:
    """Forward by parity at a known rate: the mean of K + e^(rT)(C - P) over the strikes nearest to the forward.

    Each strike weighs by the inverse square of its synthetic spread. Strikes within 5 % of the one nearest to the
    median forward count, unless theirs is further from that of their neighbours than `_STALE` spreads. NaN where no
    strike has all four prices.

    Parameters
    ----------
    strikes, call_bid, call_ask, put_bid, put_ask : ndarray of one length
        Points, NaN where a quote is missing.
    years : years to settlement
    rate : continuously compounded, decimal a year
    """
    low, high = synthetic_bounds(call_bid, call_ask, put_bid, put_ask)
    mid, spread = 0.5 * (low + high), high - low
    good = np.isfinite(mid) & (strikes > 0.0)
    if not good.any():
        return float("nan")
    k, growth = strikes[good], np.exp(rate * years)
    level = k + growth * mid[good]
    central = k[np.argmin(np.abs(k - np.median(level)))]
    near = np.abs(k / central - 1.0) <= 0.05
    level, s = level[near], np.maximum(spread[good][near], 1e-6 * central)
    current = np.abs(level - np.median(level)) <= _STALE * growth * s
    if current.any():
        level, s = level[current], s[current]
    return float(np.average(level, weights=1.0 / np.square(s)))


def fit(
    strikes: Array, call_bid: Array, call_ask: Array, put_bid: Array, put_ask: Array, years: float
) -> ParityFit | None:
    """Forward and rate together, by weighted least squares over the strikes within 25 % of the money.

    Weights are inverse squared synthetic spreads. Strikes further than `_STALE` spreads from a first line, which
    bounds their pull (Huber's weights), are dropped. None with fewer than five strikes or without time.

    Parameters
    ----------
    strikes, call_bid, call_ask, put_bid, put_ask : ndarray of one length
        Points, NaN where a quote is missing.
    years : years to settlement
    """
    low, high = synthetic_bounds(call_bid, call_ask, put_bid, put_ask)
    mid, spread = 0.5 * (low + high), high - low
    good = np.isfinite(mid)
    if good.sum() < 5 or years <= 0.0:
        return None
    central = np.median((strikes + mid)[good])
    good &= np.abs(strikes / central - 1.0) <= 0.25
    if good.sum() < 5:
        return None
    k, m, s = strikes[good] - central, mid[good], np.maximum(spread[good], 1e-6 * central)
    pull = np.ones_like(k)
    for _ in range(_HUBER_STEPS):
        level, discount = _line(k, m, np.sqrt(pull) / s)
        distance = np.abs(m - (level - discount * k)) / s
        pull = _STALE / np.maximum(distance, _STALE)
    keep = distance <= _STALE
    if keep.sum() < 5:
        return None
    k, m, root = k[keep], m[keep], 1.0 / s[keep]
    level, discount = _line(k, m, root)
    if discount <= 0.0:
        return None
    scatter = float(np.sum(np.square((m - (level - discount * k)) * root)) / (len(k) - 2))
    design = np.column_stack([np.ones_like(k), -k]) * root[:, None]
    covariance = np.linalg.inv(design.T @ design) * scatter
    return ParityFit(
        forward=float(central + level / discount),
        rate=float(-np.log(discount) / years),
        forward_error=float(np.sqrt(covariance[0, 0]) / discount),
        rate_error=float(np.sqrt(covariance[1, 1]) / discount / years),
        pairs=len(k),
    )


def _line(k: Array, m: Array, root_weight: Array) -> Array:
    """Level and discount of m = level - discount k by weighted least squares."""
    design = np.column_stack([np.ones_like(k), -k])
    return np.linalg.lstsq(design * root_weight[:, None], m * root_weight, rcond=None)[0].astype(float)


def arbitrage_edge(
    strikes: Array,
    call_bid: Array,
    call_ask: Array,
    put_bid: Array,
    put_ask: Array,
    forward: float,
    years: float,
    rate: float,
) -> tuple[Array, Array]:
    """Points earned by a conversion and by a reversal a strike, after crossing both option spreads.

    A conversion sells the call at its bid, buys the put at its ask and buys the forward; a reversal is its mirror.
    Positive is an edge. H. R. Stoll, Journal of Finance 24 (1969).
    """
    low, high = synthetic_bounds(call_bid, call_ask, put_bid, put_ask)
    fair = np.exp(-rate * years) * (forward - strikes)
    return low - fair, fair - high
