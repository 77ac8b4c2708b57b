"""Measures of the whole book: condors, hedges and puts of the backtest, day by day.

The hedge is the preset of the seeds, the capital that of the backtest: Reg-T margin and reserve. Each figure is taken
under every supposed error of the option prices.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from xlalvh.numerics.arrays import Array
from xlalvh.research import bootstrap
from xlalvh.research.backtest import BASE, CONDOR, JUDGED, PUTS, Result
from xlalvh.research.bootstrap import Interval
from xlalvh.research.claims.claim import MODELLED, Found
from xlalvh.research.claims.indices import QUARTER
from xlalvh.research.claims.world import HEDGED, NotThereError, World
from xlalvh.research.episodes import drawdowns
from xlalvh.research.measures import SESSIONS

_WEEK = 5.0  # sessions
_BASIS_POINTS = 1e4


def _supposing(measure: Callable[[str], Found], world: World) -> Found:
    base = measure(BASE.name)
    others = tuple(measure(scenario.name).estimate for scenario in JUDGED if scenario != BASE)
    return Found(base.estimate, base.low, base.high, base.episodes, base.sample, MODELLED, others, base.note)


def _span(result: Result, what: str) -> str:
    return f"{result.day[0]} to {result.day[-1]}, {what}"


def _found(interval: Interval, episodes: int, sample: str, note: str = "") -> Found:
    return Found(interval.estimate, interval.low, interval.high, episodes, sample, note=note)


def _falls(world: World, least: float) -> list[tuple[int, int]]:
    """Falls of SPX as places in the daily shares: from the day after the high to the low, the end not included."""
    found = drawdowns(world.priced.spx, least)
    if not found:
        raise NotThereError(f"the history has no fall of SPX by {least:.0%}")
    return [(fall.peak, fall.trough) for fall in found]


def _sums(shares: Array, falls: Sequence[tuple[int, int]]) -> Array:
    return np.array([shares[a:b].sum() for a, b in falls])


def _series(world: World, statistic: Callable[..., Array], columns: Callable[[Result, str], Sequence[Array]]) -> Found:
    """A statistic of daily shares, blocks of a quarter."""
    result = world.backtest

    def measure(scenario: str) -> Found:
        data = columns(result, scenario)
        interval = bootstrap.interval(statistic, *data, block=QUARTER)
        return _found(interval, len(data[0]) // QUARTER, _span(result, f"{len(data[0]):,} days"))

    return _supposing(measure, world)


def smoother(world: World) -> Found:
    """Volatility of the hedged book over that of the condor alone."""
    return _series(
        world,
        lambda hedged, alone: np.asarray(hedged.std(axis=-1) / alone.std(axis=-1)),
        lambda r, s: (r.shares(s, HEDGED), r.shares(s, CONDOR)),
    )


def smoother_below(world: World) -> Found:
    """The same of downside deviations."""
    return _series(
        world,
        lambda hedged, alone: _below(hedged) / _below(alone),
        lambda r, s: (r.shares(s, HEDGED), r.shares(s, CONDOR)),
    )


def drag_a_year(world: World) -> Found:
    """Profit that the hedge gives up a year, a share of the capital."""
    return _drag(world, SESSIONS, 0.02)


def drag_a_week(world: World) -> Found:
    """The same a week, basis points of the capital."""
    return _drag(world, _WEEK * _BASIS_POINTS, 8.0)


def _drag(world: World, scale: float, claimed: float) -> Found:
    found = _series(
        world,
        lambda x: np.asarray(x.mean(axis=-1) * scale),
        lambda r, s: (r.shares(s, CONDOR) - r.shares(s, HEDGED),),
    )
    capital = world.backtest.settings.capital
    note = f"of ${capital:,.0f}; the claim would need ${capital * found.estimate / claimed:,.0f} for as many condors"
    return replace(found, note=note if found.estimate > claimed else f"of ${capital:,.0f}")


def drag_over_puts(world: World) -> Found:
    """Drag of the ladder less that of SPX puts of the same premium, a year, a share of the capital."""
    return _series(
        world,
        lambda x: np.asarray(x.mean(axis=-1) * SESSIONS),
        lambda r, s: (r.shares(s, PUTS) - r.shares(s, HEDGED),),
    )


def better_risk_adjusted(world: World) -> Found:
    """Sortino ratio of the hedged book less that of the condor alone, a year."""

    def difference(hedged: Array, alone: Array) -> Array:
        return _sortino(hedged) - _sortino(alone)

    return _series(world, difference, lambda r, s: (r.shares(s, HEDGED), r.shares(s, CONDOR)))


def _sortino(shares: Array) -> Array:
    return np.asarray(shares.mean(axis=-1) / _below(shares) * np.sqrt(SESSIONS))


def _below(shares: Array) -> Array:
    return np.asarray(np.sqrt((np.minimum(shares, 0.0) ** 2).mean(axis=-1)))


def against_puts(world: World) -> Found:
    """Mean over standard deviation of the ladder's daily profit in falls over 5 %, over that of puts of the same
    premium."""
    result, falls = world.backtest, _falls(world, 0.05)

    def measure(scenario: str) -> Found:
        alone = result.shares(scenario, CONDOR)
        legs = [result.shares(scenario, name) - alone for name in (HEDGED, PUTS)]
        days = np.array([float(b - a) for a, b in falls])
        columns = [days, *(_sums(leg**power, falls) for leg in legs for power in (1, 2))]

        def ratio(n: Array, x: Array, xx: Array, y: Array, yy: Array) -> Array:
            with np.errstate(invalid="ignore", divide="ignore"):
                return np.asarray(_adjusted(n, x, xx) / _adjusted(n, y, yy))

        interval = bootstrap.interval(ratio, *columns, block=1)
        ladder, puts = (
            float(_adjusted(*(c[None, :] for c in part))[0]) for part in (columns[:3], [days, *columns[3:]])
        )
        note = f"a year: ladder {ladder * SESSIONS**0.5:.2f}, puts {puts * SESSIONS**0.5:.2f}"
        return _found(interval, len(falls), _span(result, "falls of SPX over 5 %"), note)

    return _supposing(measure, world)


def _adjusted(n: Array, x: Array, xx: Array) -> Array:
    days, mean = n.sum(axis=-1), x.sum(axis=-1) / n.sum(axis=-1)
    return np.asarray(mean / np.sqrt(xx.sum(axis=-1) / days - mean**2))


def deep_drawdowns(world: World) -> Found:
    """Share of SPX's falls over 10 % in which the condor alone loses more than 30 % of the capital."""
    result, falls = world.backtest, _falls(world, 0.10)

    def measure(scenario: str) -> Found:
        depths = [_depth(result.shares(scenario, CONDOR)[a:b]) for a, b in falls]
        hits = sum(depth > 0.30 for depth in depths)
        note = f"drawdowns {', '.join(f'{depth:.0%}' for depth in depths)} of the capital"
        return _found(bootstrap.share(hits, len(depths)), len(depths), _span(result, "falls over 10 %"), note)

    return _supposing(measure, world)


def _depth(shares: Array) -> float:
    total = np.concatenate([[0.0], np.cumsum(shares)])
    return float((np.maximum.accumulate(total) - total).max())


def drawdowns_cut(world: World) -> Found:
    """Part of the condor's drawdowns in SPX's falls over 5 % that the hedge takes away, all falls together."""
    result, falls = world.backtest, _falls(world, 0.05)

    def measure(scenario: str) -> Found:
        alone, hedged = (
            np.array([_depth(result.shares(scenario, name)[a:b]) for a, b in falls]) for name in (CONDOR, HEDGED)
        )
        interval = bootstrap.interval(lambda x, y: 1.0 - bootstrap.ratio(x, y), hedged, alone, block=1)
        deepest = [-result.measures(scenario, name).drawdown for name in (CONDOR, HEDGED)]
        note = f"deepest of all days: {deepest[0]:.0%} alone, {deepest[1]:.0%} hedged"
        return _found(interval, len(falls), _span(result, "falls of SPX over 5 %"), note)

    return _supposing(measure, world)


def losses_offset(world: World) -> Found:
    """Share of SPX's falls over 5 % with a loss of the condor in which the hedge gains at least that much."""
    result, falls = world.backtest, _falls(world, 0.05)

    def measure(scenario: str) -> Found:
        alone = result.shares(scenario, CONDOR)
        lost, gained = _sums(alone, falls), _sums(result.shares(scenario, HEDGED) - alone, falls)
        losing = lost < 0.0
        hits, n = int((gained[losing] >= -lost[losing]).sum()), int(losing.sum())
        if not n:
            raise NotThereError("the condor lost in no fall of SPX over 5 %")
        note = (
            f"condors lost {-lost[losing].sum():.0%} of the capital in all, the hedge gained {gained[losing].sum():.0%}"
        )
        return _found(bootstrap.share(hits, n), n, _span(result, "falls over 5 % that cost the condor"), note)

    return _supposing(measure, world)


def _event(world: World, first: dt.date, last: dt.date) -> Found:
    """What the hedge gained between two closes, a share of the capital."""
    result = world.backtest
    day = result.day[1:]
    inside = (day > np.datetime64(first)) & (day <= np.datetime64(last))
    if not inside.any():
        raise NotThereError(f"the history has no prices from {first} to {last}")

    def measure(scenario: str) -> Found:
        alone, hedged = (float(result.shares(scenario, name)[inside].sum()) for name in (CONDOR, HEDGED))
        note = f"condor {alone:+.1%}, hedged {hedged:+.1%}"
        return Found(hedged - alone, np.nan, np.nan, 1, f"close of {first} to close of {last}", note=note)

    return _supposing(measure, world)


def covid(world: World) -> Found:
    """The hedge's gain in SPX's fall of 2020, a share of the capital."""
    return _event(world, dt.date(2020, 2, 19), dt.date(2020, 3, 23))
