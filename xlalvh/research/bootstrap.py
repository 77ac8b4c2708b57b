"""Intervals for figures of dependent data: the stationary block bootstrap, and exact ones for shares.

Politis and Romano, "The Stationary Bootstrap", JASA 89 (1994): blocks of geometric length, the series a circle.
Columns that belong together are drawn together, so that a difference of two strategies keeps their common days.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from xlalvh.numerics.arrays import Array, ArrayLike, Places

Statistic = Callable[..., Array]

DRAWS, SEED, LEVEL = 1000, 1994, 0.95
_CELLS = 2_000_000  # numbers of a column that are held at once


@dataclass(frozen=True)
class Interval:
    """An estimate with its error, in the unit of the statistic."""

    estimate: float
    low: float
    high: float
    error: float  # standard error


def blocks(n: int, block: float, draws: int, rng: np.random.Generator) -> Places:
    """Places in a series of `n` days that the stationary bootstrap draws, shape (draws, n).

    `block` is the mean length of a block in days, at least 1; at 1 the days are drawn one by one.
    """
    starts = rng.random((draws, n)) * block < 1.0
    starts[:, 0] = True
    first = rng.integers(0, n, (draws, n))
    days = np.arange(n)
    begun = np.maximum.accumulate(np.where(starts, days, 0), axis=1)
    return (np.take_along_axis(first, begun, axis=1) + days - begun) % n


def drawn(n: int, block: float, draws: int = DRAWS, seed: int = SEED) -> Iterator[Places]:
    """The places of `blocks` in portions that fit into memory; the same for the same arguments."""
    rng = np.random.default_rng(seed)
    portion = max(1, _CELLS // n)
    for begun in range(0, draws, portion):
        yield blocks(n, block, min(portion, draws - begun), rng)


def interval(
    statistic: Statistic,
    *columns: ArrayLike,
    block: float,
    draws: int = DRAWS,
    seed: int = SEED,
    level: float = LEVEL,
) -> Interval:
    """The percentile interval of a statistic of columns that are drawn in pairs.

    Parameters
    ----------
    statistic : callable
        Takes the columns as arrays of shape (..., n) and answers shape (...).
    columns : array_like, shape (n,)
        Observations in the order of time. Without gaps: leave out a day in all of them.
    block : float
        Mean length of a block, in observations: at least the span over which they depend on one another (changes
        over 21 days that overlap: 21 and more). 1 for independent observations.

    Raises
    ------
    ValueError
        For columns of different lengths, fewer than two observations, or one that is no number.
    """
    data = [np.asarray(column, dtype=float) for column in columns]
    sizes = sorted({column.size for column in data})
    if len(sizes) != 1 or sizes[0] < 2:
        raise ValueError(f"columns have {sizes} observations; give columns of one length, of 2 or more")
    if not all(np.isfinite(column).all() for column in data):
        raise ValueError("a column has an observation that is no number; leave out that day in every column")
    if not block >= 1.0:
        raise ValueError(f"block is {block:g}; give a mean length of 1 or more")
    estimate = float(statistic(*data))
    found = [statistic(*(column[places] for column in data)) for places in drawn(sizes[0], block, draws, seed)]
    return summary(estimate, np.concatenate(found), level)


def summary(estimate: float, draws: Array, level: float = LEVEL) -> Interval:
    """The interval of draws of a statistic; draws that are no number (a share of no days) are left out."""
    whole = draws[np.isfinite(draws)]
    if not math.isfinite(estimate) or whole.size < 0.9 * draws.size:
        return Interval(estimate, math.nan, math.nan, math.nan)
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(whole, [tail, 1.0 - tail])
    return Interval(estimate, float(low), float(high), float(whole.std(ddof=1)))


def share(hits: int, n: int, level: float = LEVEL) -> Interval:
    """The exact interval of a share of independent episodes (Clopper and Pearson, Biometrika 26, 1934).

    A bootstrap of episodes that all agree would give an interval of no width; this one does not.

    Raises
    ------
    ValueError
        Where `hits` is not from 0 to `n`, or `n` is 0.
    """
    if not 0 <= hits <= n or n == 0:
        raise ValueError(f"hits is {hits} of {n}; give hits from 0 to n, n above 0")
    from scipy.stats import beta

    tail = (1.0 - level) / 2.0
    low = float(beta.ppf(tail, hits, n - hits + 1)) if hits else 0.0
    high = float(beta.isf(tail, hits + 1, n - hits)) if hits < n else 1.0
    part = hits / n
    return Interval(part, low, high, math.sqrt(part * (1.0 - part) / n))


def mean(x: Array) -> Array:
    """Mean over the last axis."""
    return np.asarray(x.mean(axis=-1))


def correlation(x: Array, y: Array) -> Array:
    """Pearson's correlation over the last axis."""
    a, b = x - x.mean(axis=-1, keepdims=True), y - y.mean(axis=-1, keepdims=True)
    return np.asarray((a * b).sum(axis=-1) / np.sqrt((a * a).sum(axis=-1) * (b * b).sum(axis=-1)))


def ratio(x: Array, y: Array) -> Array:
    """Sum of x over sum of y, over the last axis."""
    return np.asarray(x.sum(axis=-1) / y.sum(axis=-1))


def slope(x: Array, y: Array) -> Array:
    """Least-squares slope of y on x with an intercept, over the last axis."""
    a = x - x.mean(axis=-1, keepdims=True)
    return np.asarray((a * y).sum(axis=-1) / (a * a).sum(axis=-1))
