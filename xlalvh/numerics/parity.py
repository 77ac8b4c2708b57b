"""Put-call parity: forward and discount rate of an expiry, and what a conversion or reversal would earn."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


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

    Each strike weighs by the inverse square of its synthetic spread; strikes within 5 % of the strike where call and
    put cost nearly the same count. NaN where no strike has all four prices.
    """
    low, high = synthetic_bounds(call_bid, call_ask, put_bid, put_ask)
    mid, spread = 0.5 * (low + high), high - low
    good = np.isfinite(mid)
    if not good.any():
        return float("nan")
    k, m, s = strikes[good], mid[good], spread[good]
    central = k[np.argmin(np.abs(m))]
    near = np.abs(k / central - 1.0) <= 0.05
    weight = 1.0 / np.square(np.maximum(s[near], 1e-6 * central))
    return float(np.average(k[near] + np.exp(rate * years) * m[near], weights=weight))


def fit(
    strikes: Array, call_bid: Array, call_ask: Array, put_bid: Array, put_ask: Array, years: float
) -> ParityFit | None:
    """Forward and rate together, by weighted least squares over the strikes within 25 % of the money.

    Weights are inverse squared synthetic spreads; strikes whose residual exceeds their spread by half are dropped
    once (stale quotes). None with fewer than five strikes or without time.
    """
    low, high = synthetic_bounds(call_bid, call_ask, put_bid, put_ask)
    mid, spread = 0.5 * (low + high), high - low
    good = np.isfinite(mid)
    if good.sum() < 5 or years <= 0.0:
        return None
    central = strikes[good][np.argmin(np.abs(mid[good]))]
    good &= np.abs(strikes / central - 1.0) <= 0.25
    for _ in range(2):
        if good.sum() < 5:
            return None
        k, m, s = strikes[good] - central, mid[good], np.maximum(spread[good], 1e-6 * central)
        design = np.column_stack([np.ones_like(k), -k])
        root = 1.0 / s
        coefficients, *_ = np.linalg.lstsq(design * root[:, None], m * root, rcond=None)
        residual = m - design @ coefficients
        keep = np.abs(residual) <= 0.75 * s
        if keep.all():
            break
        good[np.nonzero(good)[0][~keep]] = False
    level, discount = coefficients
    if discount <= 0.0 or good.sum() < 5:
        return None
    scatter = float(np.sum(np.square(residual * root)) / max(len(k) - 2, 1))
    covariance = np.linalg.inv((design * root[:, None]).T @ (design * root[:, None])) * scatter
    return ParityFit(
        forward=float(central + level / discount),
        rate=float(-np.log(discount) / years),
        forward_error=float(np.sqrt(covariance[0, 0]) / discount),
        rate_error=float(np.sqrt(covariance[1, 1]) / discount / years),
        pairs=int(good.sum()),
    )


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
