"""What a daily profit says: mean, risk, drawdown, crises, as shares of a fixed capital base and without interest.

The count of contracts stays the same over the years, so profits are added, not compounded: gains are taken out and
losses made good. A drawdown may therefore be more than the whole capital.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import NamedTuple

import numpy as np

from xlalvh.numerics.arrays import Array, Dates, Integers

SESSIONS = 252.0  # a year
LAGS = 63  # sessions of autocorrelation in the standard error: a condor's life and a half

# Close of SPX at its high before, and at its low; those whose high lies before 2010-05-24 begin there.
CRISES: tuple[tuple[str, dt.date, dt.date], ...] = (
    ("2010", dt.date(2010, 5, 24), dt.date(2010, 7, 2)),
    ("2011", dt.date(2011, 7, 7), dt.date(2011, 10, 3)),
    ("2015", dt.date(2015, 7, 20), dt.date(2015, 8, 25)),
    ("2018 February", dt.date(2018, 1, 26), dt.date(2018, 2, 8)),
    ("2018 December", dt.date(2018, 9, 20), dt.date(2018, 12, 24)),
    ("2020", dt.date(2020, 2, 19), dt.date(2020, 3, 23)),
)


class Measures(NamedTuple):
    """Shares of the capital, a year where nothing else is said."""

    profit: float  # mean
    error: float  # standard error of it
    growth: float  # of the capital with the profit left in it, compounded; -1 where it was lost on the way
    volatility: float
    sharpe: float  # no interest is counted, so returns are above cash's
    sortino: float
    drawdown: float  # largest fall of the cumulated profit from its high; below 0
    worst_month: float  # a calendar month


def daily(profit: Array, capital: float) -> Array:
    """Each day's share of the capital after the first, from cumulated profit, both in dollars."""
    return np.diff(profit) / capital


def cumulated(shares: Array) -> Array:
    """Profit so far, 0 on the day before the first."""
    return np.concatenate([[0.0], np.cumsum(shares)])


def drawdowns(total: Array) -> Array:
    """Cumulated profit below its highest so far, at most 0."""
    return total - np.maximum.accumulate(total)


def measure(day: Dates, shares: Array) -> Measures:
    """The measures of daily shares; `day` has one more, the day before the first."""
    total = cumulated(shares)
    mean, deviation = float(shares.mean()), float(shares.std(ddof=1))
    below = math.sqrt(float(np.mean(np.minimum(shares, 0.0) ** 2)))
    year = math.sqrt(SESSIONS)
    lost = bool((1.0 + total <= 0.0).any())
    return Measures(
        profit=mean * SESSIONS,
        error=standard_error(shares) * SESSIONS,
        growth=-1.0 if lost else float((1.0 + total[-1]) ** (SESSIONS / len(shares)) - 1.0),
        volatility=deviation * year,
        sharpe=mean / deviation * year if deviation > 0.0 else 0.0,
        sortino=mean / below * year if below > 0.0 else 0.0,
        drawdown=float(drawdowns(total).min()),
        worst_month=float(monthly(day, shares)[1].min()),
    )


def standard_error(shares: Array) -> float:
    """Of the mean, with autocorrelation (Newey and West, Econometrica 55 (1987), 703-708; Bartlett weights)."""
    centred = shares - shares.mean()
    count = len(shares)
    lags = min(LAGS, count - 1)
    total = float(centred @ centred)
    for k in range(1, lags + 1):
        total += 2.0 * (1.0 - k / (lags + 1.0)) * float(centred[k:] @ centred[:-k])
    return math.sqrt(max(total, 0.0)) / count


def month_ends(day: Dates) -> Integers:
    """Positions of the first day, of each month's last day, and of the last day."""
    months = day.astype("datetime64[M]")
    ends = np.flatnonzero(months[1:] != months[:-1])
    return np.unique(np.concatenate([[0], ends, [len(day) - 1]]))


def monthly(day: Dates, shares: Array) -> tuple[Dates, Array]:
    """Months and what each earned."""
    ends = month_ends(day)
    return day[ends[1:]].astype("datetime64[M]"), np.diff(cumulated(shares)[ends])


def in_crisis(day: Dates, profit: Array, first: dt.date, last: dt.date) -> float | None:
    """Profit from the close of `first` to that of `last`; None where the days do not hold both."""
    low, high = (int(np.searchsorted(day, np.datetime64(d))) for d in (first, last))
    if high >= len(day) or day[low] != np.datetime64(first) or day[high] != np.datetime64(last):
        return None
    return float(profit[high] - profit[low])
