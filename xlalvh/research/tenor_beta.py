"""The tenor beta from history: how far a VX contract moves per point of spot VIX, by its time to settlement.

Changes are those of one contract's own settlements, so no roll day is among them. A change's tenor is the time that
the contract has left at its end. All contracts of a day are one observation: the bootstrap draws days, in blocks.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from xlalvh.numerics.arrays import Array, Dates, Places
from xlalvh.research import bootstrap
from xlalvh.research.bootstrap import Interval, ratio
from xlalvh.research.history import History, Origin

FIRST = dt.date(2013, 1, 1)  # the first day of the exchange's files by contract
LONGEST = 210  # days: farther contracts hardly trade
LAYERS = ("first", "second", "third")
BLOCK, OVERLAPS = 21, 3  # days of a block, and blocks that a change over several days spans
_KAPPAS = np.arange(0.5, 20.01, 0.05)  # a year
_DRAWS = 500
_FEWEST = 100  # days
_OWN = (Origin.CONTRACT, Origin.TRADE)


class TooShortError(ValueError):
    """The history holds too few changes; the message says what it needs."""


@dataclass(frozen=True)
class Changes:
    """Changes of N days and M contracts over `lag` days, NaN where a contract has none."""

    day: Dates  # (N,) at their end
    vix: Array  # (N,) points
    spx: Array  # (N,) simple return
    future: Array  # (N, M) points
    start: Array  # (N, M) points before the change
    days: Array  # (N, M) calendar days to settlement at their end


@dataclass(frozen=True)
class Bucket:
    """The beta of the first, second or third contract."""

    name: str
    days: float  # mean calendar days to settlement
    n: int  # changes
    beta: Interval


@dataclass(frozen=True)
class Refit:
    """beta(T) = c + A exp(-kappa T), T in years, and the betas of the three contracts."""

    lag: int
    first: dt.date
    last: dt.date
    days: int
    changes: int
    contracts: int
    buckets: tuple[Bucket, ...]
    c: Interval
    a: Interval
    kappa: Interval  # a year


def changes(history: History, lag: int = 1, first: dt.date = FIRST) -> Changes:
    """Changes over `lag` days of every contract that has its own settlements on both.

    Raises
    ------
    TooShortError
        Where there are fewer than a hundred days.
    """
    begin = int(np.searchsorted(history.day, np.datetime64(first)))
    days = history.day[begin + lag :]
    if not days.size:
        raise TooShortError(f"the history has no day from {first}: run xlalvh history update")
    own = np.where(np.isin(history.vx_from[begin:], _OWN), history.vx_settle[begin:], np.nan)
    left = (history.vx_expiry[None, :] - days[:, None]) / np.timedelta64(1, "D")
    moved = np.where(left > 0.0, own[lag:] - own[:-lag], np.nan)
    vix, spx = history.vix[begin:], history.spx[begin:]
    change = vix[lag:] - vix[:-lag]
    known = np.isfinite(change) & np.isfinite(moved).any(axis=1)
    if known.sum() < _FEWEST:
        raise TooShortError(
            f"the history has {int(known.sum())} days from {first} with changes over {lag} of a contract's own "
            f"settlements; it needs {_FEWEST}: run xlalvh history update"
        )
    return Changes(
        day=days[known],
        vix=change[known],
        spx=(spx[lag:] / spx[:-lag] - 1.0)[known],
        future=moved[known],
        start=own[:-lag][known],
        days=np.where(np.isfinite(moved), left, np.nan)[known],
    )


def ranked(found: Changes, least: float = 0.0) -> list[Places]:
    """Columns of the first, second and third contract of each day, of those with at least `least` days left.

    Each of shape (N,), -1 where there is none.
    """
    usable = np.isfinite(found.days) & (found.days >= least)
    order = np.argsort(np.where(usable, found.days, np.inf), axis=1)
    there = usable.sum(axis=1)
    return [np.where(there > place, order[:, place], -1) for place in range(len(LAYERS))]


def block(lag: int) -> float:
    """Mean length of a bootstrap block for changes over `lag` days."""
    return float(max(BLOCK, OVERLAPS * lag))


def buckets(found: Changes, lag: int) -> tuple[Bucket, ...]:
    """The beta of the first, second and third contract through the origin, with block-bootstrap intervals."""
    result = []
    for name, column in zip(LAYERS, ranked(found), strict=True):
        there = column >= 0
        rows = np.flatnonzero(there)
        x, y = found.vix[rows], found.future[rows, column[rows]]
        beta = bootstrap.interval(ratio, x * y, x * x, block=block(lag))
        result.append(Bucket(name, float(found.days[rows, column[rows]].mean()), rows.size, beta))
    return tuple(result)


def refit(history: History, lag: int = 1, first: dt.date = FIRST) -> Refit:
    """Fit the three parameters and the three betas to changes over `lag` days.

    Least squares over all contracts up to 210 days; kappa on a grid of 0.05, c and A exact for each.

    Raises
    ------
    TooShortError
    """
    found = changes(history, lag, first)
    near = np.isfinite(found.future) & (found.days <= LONGEST)
    x = np.where(near, found.vix[:, None], 0.0)
    y = np.where(near, found.future, 0.0)
    years = np.where(near, found.days, 0.0) / 365.0
    columns = [(x * x).sum(axis=1), (x * y).sum(axis=1)]
    for kappa in _KAPPAS:
        decay = np.exp(-kappa * years)
        columns += [(x * x * decay).sum(axis=1), (x * x * decay**2).sum(axis=1), (x * y * decay).sum(axis=1)]
    sums = np.stack(columns, axis=1)
    estimate = _solve(sums.sum(axis=0)[None, :])[0]
    draws = []
    n = len(found.day)
    for places in bootstrap.drawn(n, block(lag), _DRAWS):
        weights = np.stack([np.bincount(row, minlength=n) for row in places]).astype(float)
        draws.append(_solve(weights @ sums))
    spread = np.concatenate(draws)
    c, a, kappa_ = (bootstrap.summary(float(estimate[i]), spread[:, i]) for i in range(3))
    return Refit(
        lag=lag,
        first=found.day[0].item(),
        last=found.day[-1].item(),
        days=n,
        changes=int(near.sum()),
        contracts=int(near.any(axis=0).sum()),
        buckets=buckets(found, lag),
        c=c,
        a=a,
        kappa=kappa_,
    )


def _solve(sums: Array) -> Array:
    """c, A, kappa of each row of sums: xx, xy, then xxe, xxee, xye a kappa."""
    xx, xy = sums[:, 0, None], sums[:, 1, None]
    xxe, xxee, xye = sums[:, 2::3], sums[:, 3::3], sums[:, 4::3]
    determinant = xx * xxee - xxe**2
    c = (xy * xxee - xxe * xye) / determinant
    a = (xx * xye - xxe * xy) / determinant
    best = (c * xy + a * xye).argmax(axis=1)  # the part of the squares that the fit explains
    rows = np.arange(len(sums))
    return np.stack([c[rows, best], a[rows, best], _KAPPAS[best]], axis=1)
