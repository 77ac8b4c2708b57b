"""Signals from series of prices: oldest first, NaN where a value is missing."""

from __future__ import annotations

import numpy as np

from xlalvh.numerics.arrays import Array, ArrayLike

POINTS, RETURNS, LOGS = "points", "returns", "logs"
CHANGES = (POINTS, RETURNS, LOGS)
BULLISH, BEARISH, NONE = "bullish", "bearish", "none"


def rsi(prices: Array, period: int = 14) -> Array:
    """Relative strength index, 0 to 100, one a price.

    Wilder (1978): averages of gains and losses, the first the simple mean of `period` changes, later ones smoothed by
    1 / period. Missing prices are left out and stay NaN; so are the first `period`, and a series that never moved.
    """
    result = np.full(len(prices), np.nan)
    good = np.flatnonzero(np.isfinite(prices))
    change = np.diff(prices[good])
    if len(change) < period:
        return result
    ups, downs = np.maximum(change, 0.0), np.maximum(-change, 0.0)
    gain, loss = float(ups[:period].mean()), float(downs[:period].mean())
    for i in range(period - 1, len(change)):
        if i >= period:
            gain += (float(ups[i]) - gain) / period
            loss += (float(downs[i]) - loss) / period
        if gain + loss > 0.0:
            result[good[i + 1]] = 100.0 * gain / (gain + loss)
    return result


def ema(values: Array, period: int) -> Array:
    """Exponential average by 2 / (period + 1), begun at place `period` with the simple mean; NaN before.

    `values` must be finite."""
    result = np.full(len(values), np.nan)
    if len(values) < period:
        return result
    average = float(values[:period].mean())
    result[period - 1] = average
    for i in range(period, len(values)):
        average += 2.0 / (period + 1.0) * (float(values[i]) - average)
        result[i] = average
    return result


def macd(prices: Array, fast: int = 12, slow: int = 26, signal: int = 9) -> Array:
    """MACD, its signal and their difference (histogram), a row a price, in units of the price.

    Appel's fast less slow average, each begun with a simple mean. Missing prices are left out and stay NaN.
    """
    result = np.full((len(prices), 3), np.nan)
    good = np.flatnonzero(np.isfinite(prices))
    line = ema(prices[good], fast) - ema(prices[good], slow)
    begun = np.isfinite(line)
    average = np.full(len(line), np.nan)
    average[begun] = ema(line[begun], signal)
    result[good] = np.column_stack([line, average, line - average])
    return result


def ad_line(advances: Array, declines: Array) -> Array:
    """Running sum of advances less declines. A day with either missing is NaN and adds nothing."""
    net = np.asarray(advances, dtype=float) - np.asarray(declines, dtype=float)
    known = np.isfinite(net)
    return np.where(known, np.cumsum(np.where(known, net, 0.0)), np.nan)


def divergence(prices: Array, indicator: Array, window: int = 20) -> str:
    """Whether the last of `window` prices is a new extreme that the indicator does not confirm.

    Bearish: the highest price of the window (above all earlier ones) while the indicator is below its highest.
    Bullish: the lowest price while the indicator is above its lowest. Places where either is missing are left out.

    Raises
    ------
    ValueError
        Where fewer than `window` pairs are known.
    """
    known = np.isfinite(prices) & np.isfinite(indicator)
    if int(known.sum()) < window:
        raise ValueError(f"prices and indicator have {int(known.sum())} pairs of numbers; window needs {window}")
    price, other = prices[known][-window:], indicator[known][-window:]
    if price[-1] > price[:-1].max() and other[-1] < other[:-1].max():
        return BEARISH
    if price[-1] < price[:-1].min() and other[-1] > other[:-1].min():
        return BULLISH
    return NONE


def changes(first: Array, second: Array, kind: str, other: str) -> tuple[Array, Array]:
    """Changes of two series of levels, from each day on which both are known to the next.

    `kind` of the first and `other` of the second are ``points`` (differences), ``returns`` (simple) or ``logs``; the
    last two are NaN for levels not above 0.
    """
    known = np.isfinite(first) & np.isfinite(second)
    return _change(first[known], kind), _change(second[known], other)


def correlation(first: Array, second: Array, kind: str = RETURNS, other: str = RETURNS) -> float:
    """Pearson correlation of the changes; NaN for fewer than three changes or a series that does not move."""
    a, b = changes(first, second, kind, other)
    if len(a) < 3:
        return float("nan")
    a, b = a - a.mean(), b - b.mean()
    with np.errstate(all="ignore"):
        return float(np.clip((a @ b) / (np.sqrt(a @ a) * np.sqrt(b @ b)), -1.0, 1.0))


def beta(asset: Array, market: Array, kind: str = RETURNS, other: str = RETURNS) -> float:
    """Slope of the asset's changes on the market's, least squares with intercept; NaN as `correlation`."""
    a, m = changes(asset, market, kind, other)
    if len(a) < 3:
        return float("nan")
    m = m - m.mean()
    with np.errstate(all="ignore"):
        return float((a @ m) / (m @ m))


def percentile(value: ArrayLike, history: Array) -> Array:
    """Share of the history below a value, those equal counted half: 0 to 1. NaN without history."""
    past = np.sort(history[np.isfinite(history)])
    if past.size == 0:
        return np.full(np.shape(value), np.nan)
    below, up_to = np.searchsorted(past, value, "left"), np.searchsorted(past, value, "right")
    return np.asarray((below + up_to) / (2.0 * past.size))


def _change(levels: Array, kind: str) -> Array:
    if kind == POINTS:
        return np.diff(levels)
    levels = np.where(levels > 0.0, levels, np.nan)
    return np.diff(np.log(levels)) if kind == LOGS else np.diff(levels) / levels[:-1]
