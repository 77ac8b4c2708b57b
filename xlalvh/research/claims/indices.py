"""Measures that need levels of indices and futures alone: real data, no option is priced."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import numpy as np

from xlalvh.market.providers.cboe_index import read_index_history
from xlalvh.market.quotes import QuoteError
from xlalvh.numerics.arrays import Array, Dates
from xlalvh.research import bootstrap
from xlalvh.research.bootstrap import Interval
from xlalvh.research.claims.claim import Found
from xlalvh.research.claims.world import CURVE_FIRST, SINCE, NotThereError, World
from xlalvh.research.episodes import Drawdown
from xlalvh.research.history import History
from xlalvh.strategy.rules import default

QUARTER, MONTH = 63, 21  # sessions
VIX_FIRST = dt.date(1990, 1, 2)
LAYER_WEIGHTS = (4.0, 4.0, 2.0)
_SPIKE = 0.20  # a rise of VIX in a session
_VOLMAGEDDON = dt.date(2018, 2, 5)


def found(interval: Interval, episodes: int, sample: str, note: str = "") -> Found:
    """What a measure of real data answers."""
    return Found(interval.estimate, interval.low, interval.high, episodes, sample, note=note)


def _span(day: Dates, what: str) -> str:
    return f"{day[0]} to {day[-1]}, {what}"


def _series(statistic: Callable[..., Array], day: Dates, columns: Sequence[Array], block: float, what: str) -> Found:
    """A statistic of a long series; its episodes are the blocks that it is made of."""
    known = np.logical_and.reduce([np.isfinite(column) for column in columns])
    data = [column[known] for column in columns]
    if known.sum() < 2 * block:
        raise NotThereError(f"there are {int(known.sum())} {what}; it takes {2 * block:.0f}")
    interval = bootstrap.interval(statistic, *data, block=block)
    return found(interval, int(known.sum() // block), _span(day[known], f"{int(known.sum()):,} {what}"))


# Correlation


def correlation_points(world: World) -> Found:
    """Daily changes of VIX in points against returns of SPX."""
    some = world.since(SINCE)
    columns = [np.diff(some.vix), some.spx[1:] / some.spx[:-1] - 1.0]
    return _series(bootstrap.correlation, some.day[1:], columns, QUARTER, "days")


def correlation_logs(world: World) -> Found:
    """Daily log changes of both."""
    some = world.since(SINCE)
    return _series(
        bootstrap.correlation, some.day[1:], [np.diff(np.log(some.vix)), np.diff(np.log(some.spx))], QUARTER, "days"
    )


def correlation_near(world: World) -> Found:
    """Share of days whose last 21 daily log changes correlate by -0.90 to -0.80."""
    some = world.since(SINCE)
    x, y = np.diff(np.log(some.vix)), np.diff(np.log(some.spx))
    known = np.isfinite(x) & np.isfinite(y)
    day = some.day[1:][known]
    windows = (np.lib.stride_tricks.sliding_window_view(z[known], MONTH) for z in (x, y))
    rolling = bootstrap.correlation(*windows)
    near = ((rolling >= -0.90) & (rolling <= -0.80)).astype(float)
    return _series(bootstrap.mean, day[MONTH - 1 :], [near], QUARTER, "windows of 21 days")


def correlation_backwardation(world: World) -> Found:
    """Correlation in contango less that in backwardation, of daily changes of VIX in points and returns of SPX."""
    some, slope = world.curve, world.slope[:-1]
    x, y = np.diff(some.vix), some.spx[1:] / some.spx[:-1] - 1.0
    up = np.where(np.isfinite(slope), (slope > default("cut_contango")).astype(float), np.nan)
    down = np.where(np.isfinite(slope), (slope < default("cut_backwardation")).astype(float), np.nan)

    def difference(x: Array, y: Array, up: Array, down: Array) -> Array:
        return _weighted_correlation(x, y, up) - _weighted_correlation(x, y, down)

    return _series(difference, some.day[1:], [x, y, up, down], QUARTER, "days, labelled at the close before")


def _weighted_correlation(x: Array, y: Array, w: Array) -> Array:
    n = w.sum(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        a, b = x - (w * x).sum(axis=-1, keepdims=True) / n, y - (w * y).sum(axis=-1, keepdims=True) / n
        return np.asarray((w * a * b).sum(-1) / np.sqrt((w * a * a).sum(-1) * (w * b * b).sum(-1)))


# Falls of SPX


def vix_doubles(world: World) -> Found:
    """Share of falls over 5 % in which VIX at least doubles from SPX's high to its low."""
    some, falls = world.drawdowns(VIX_FIRST)
    return _rises(some, falls, some.vix, 2.0)


def future_doubles(world: World) -> Found:
    """The same of the 30-day future."""
    some, falls = world.curve, world.drawdowns(CURVE_FIRST)[1]
    return _rises(some, [fall for fall in falls if fall.trough < len(some)], world.cm30, 2.0)


def _rises(some: History, falls: Sequence[Drawdown], level: Array, least: float) -> Found:
    times = []
    for fall in falls:
        stretch = level[fall.peak : fall.trough + 1]
        if np.isfinite(stretch[0]) and np.isfinite(stretch).any():
            times.append(float(np.nanmax(stretch) / stretch[0]))
    if not times:
        raise NotThereError("the history has no fall of SPX over 5 % with a level on both ends")
    hits = sum(each >= least for each in times)
    note = f"median {np.median(times):.2f} times, largest {max(times):.1f}; {hits} of {len(times)}"
    return found(bootstrap.share(hits, len(times)), len(times), _span(some.day, "falls over 5 %"), note)


def vix_reverts_faster(world: World) -> Found:
    """Share of falls over 5 % after whose extremes VIX gives back half sooner than SPX does."""
    some, falls = world.drawdowns(VIX_FIRST)
    hits = n = 0
    waits = []
    for fall in falls:
        end = len(some) if fall.end is None else fall.end + 1
        vix = some.vix[fall.peak : end]
        if not np.isfinite(vix[0]) or fall.end is None:
            continue
        top = int(np.nanargmax(vix))
        back = np.flatnonzero(vix[top:] <= (vix[0] + vix[top]) / 2.0)
        spx = some.spx[fall.trough : end]
        half = np.flatnonzero(spx >= (some.spx[fall.peak] + some.spx[fall.trough]) / 2.0)
        if back.size and half.size:
            n += 1
            hits += int(back[0]) < int(half[0])
            waits.append((int(back[0]), int(half[0])))
    if not n:
        raise NotThereError("the history has no fall of SPX over 5 % that ended")
    vix_days, spx_days = np.median(np.array(waits), axis=0)
    note = f"median wait: VIX {vix_days:.0f}, SPX {spx_days:.0f} sessions; sooner in {hits} of {n}"
    return found(bootstrap.share(hits, n), n, _span(some.day, "falls over 5 % that ended"), note)


def correlations_converge(world: World) -> Found:
    """Share of falls over 5 % in which Cboe's 1-month implied correlation reaches 80."""
    if world.folder is None:
        raise NotThereError("the local history keeps no implied correlation; give a folder with Cboe's COR1M file")
    paths = sorted(world.folder.rglob("*COR1M*.csv"))
    if not paths:
        raise NotThereError(f"{world.folder.name} has no file of COR1M; add Cboe's COR1M_History.csv")
    try:
        read = read_index_history(paths[0])
    except QuoteError as error:
        raise NotThereError(str(error)) from error
    some, falls = world.drawdowns(SINCE)
    level = np.full(len(some), np.nan)
    _, here, there = np.intersect1d(some.day, read.dates, return_indices=True)
    level[here] = read.close[there]
    tops, starts = [], []
    for fall in falls:
        stretch = level[fall.peak : fall.trough + 1]
        if np.isfinite(stretch).any() and np.isfinite(level[fall.peak]):
            tops.append(float(np.nanmax(stretch)))
            starts.append(float(level[fall.peak]))
    if not tops:
        raise NotThereError("COR1M has no level in any fall of SPX over 5 %")
    hits = sum(top >= 80.0 for top in tops)
    note = f"median {np.median(starts):.0f} at the high, {np.median(tops):.0f} at most; {hits} of {len(tops)} reach 80"
    return found(bootstrap.share(hits, len(tops)), len(tops), _span(some.day, "falls over 5 %"), note)


# The curve


def contango_typical(world: World) -> Found:
    """Share of days with the 60-day future above the 30-day one."""
    above = np.where(np.isfinite(world.slope), (world.slope > 0.0).astype(float), np.nan)
    return _series(bootstrap.mean, world.curve.day, [above], 2 * QUARTER, "days")


def contango_decay(world: World) -> Found:
    """Mean return over 21 sessions of the front layer's future bought in contango, its own prices throughout."""
    held, slope = _held(world, MONTH)
    some = np.where(slope > default("cut_contango"), held[0], np.nan)
    return _series(bootstrap.mean, world.curve.day[: len(some)], [some], QUARTER, "starts in contango, overlapping")


def contango_against_backwardation(world: World) -> Found:
    """Mean return over 21 sessions of the 4/4/2 futures bought in backwardation less that in contango."""
    held, slope = _held(world, MONTH)
    moved = np.tensordot(LAYER_WEIGHTS, held, axes=1) / sum(LAYER_WEIGHTS)
    down = np.where(np.isfinite(slope), (slope < default("cut_backwardation")).astype(float), np.nan)
    up = np.where(np.isfinite(slope), (slope > default("cut_contango")).astype(float), np.nan)

    def difference(moved: Array, down: Array, up: Array) -> Array:
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray((moved * down).sum(-1) / down.sum(-1) - (moved * up).sum(-1) / up.sum(-1))

    return _series(difference, world.curve.day[: len(moved)], [moved, down, up], QUARTER, "starts, overlapping")


def dearer_in_backwardation(world: World) -> Found:
    """Price of an at-the-money 30-day VIX call, about future x VVIX: mean in backwardation over contango, less 1."""
    some, slope = world.curve, world.slope
    price = world.cm30 * some.vvix / 100.0
    down = np.where(np.isfinite(slope), (slope < default("cut_backwardation")).astype(float), np.nan)
    up = np.where(np.isfinite(slope), (slope > default("cut_contango")).astype(float), np.nan)

    def dearer(price: Array, down: Array, up: Array) -> Array:
        with np.errstate(invalid="ignore", divide="ignore"):
            dear, cheap = (price * down).sum(-1) / down.sum(-1), (price * up).sum(-1) / up.sum(-1)
            return np.asarray(dear / cheap - 1.0)

    return _series(dearer, some.day, [price, down, up], QUARTER, "days")


def vix_reverts(world: World) -> Found:
    """Variance of changes of ln VIX over 45 sessions over 45 times that of daily changes."""
    some = world.since(VIX_FIRST)
    log = np.log(some.vix)
    lag = 45
    long, short = log[lag:] - log[:-lag], (np.diff(log))[lag - 1 :]

    def spread(long: Array, short: Array) -> Array:
        return np.asarray(long.var(axis=-1) / (lag * short.var(axis=-1)))

    return _series(spread, some.day[lag:], [long, short], 3 * lag, "changes over 45 sessions, overlapping")


# Spikes


def layers(some: History, i: int, least: float | None = None) -> list[int] | None:
    """The columns of the front, mid and back layer's futures; front has `least` days left, by Rules if None."""
    days = (some.vx_expiry - some.day[i]) / np.timedelta64(1, "D")
    far = days >= (default("front_min_days") if least is None else least)
    there = np.flatnonzero(np.isfinite(some.vx_settle[i]) & far)
    chosen = there[np.argsort(days[there])][:3]
    return [int(column) for column in chosen] if chosen.size == 3 else None


def _held(world: World, lag: int) -> tuple[list[Array], Array]:
    """Returns over `lag` sessions of each layer's future, to its final settlement at most, and the slope before."""
    some = world.curve
    n = len(some) - lag
    returns = np.full((3, n), np.nan)
    for i in range(n):
        columns = layers(some, i)
        if columns is None:
            continue
        for layer, column in enumerate(columns):
            end = some.vx_settle[i + lag, column]
            if some.day[i + lag] >= some.vx_expiry[column]:
                end = some.vx_final[column]
            returns[layer, i] = end / some.vx_settle[i, column] - 1.0
    return list(returns), world.slope[:n]


def _spikes(world: World, after: int) -> list[tuple[int, list[int]]]:
    """Days before which VIX rose by a fifth in a session, none of them within 21 of another, and their layers."""
    some = world.curve
    jumps = np.flatnonzero(some.vix[1:] / some.vix[:-1] - 1.0 >= _SPIKE) + 1
    chosen: list[tuple[int, list[int]]] = []
    last = -MONTH
    for i in jumps.tolist():
        if i - last >= MONTH and i + after < len(some):
            columns = layers(some, i - 1)
            if columns is not None and np.isfinite(some.vx_settle[[i - 1, i, i + after]][:, columns]).all():
                chosen.append((i, columns))
                last = i
    return chosen


def front_first(world: World) -> Found:
    """Share of VIX spikes on whose day the front future gains more points than the mid, and the mid than the back."""
    some, spikes = world.curve, _spikes(world, 0)
    if not spikes:
        raise NotThereError("the history has no session in which VIX rose by a fifth")
    moves = np.array([some.vx_settle[i, c] - some.vx_settle[i - 1, c] for i, c in spikes])
    hits = int(((moves[:, 0] > moves[:, 1]) & (moves[:, 1] > moves[:, 2])).sum())
    front, mid, back = moves.mean(axis=0)
    note = f"mean gains {front:.1f} / {mid:.1f} / {back:.1f} points; {hits} of {len(spikes)}"
    return found(bootstrap.share(hits, len(spikes)), len(spikes), _span(some.day, "sessions with VIX up a fifth"), note)


def later_layers(world: World) -> Found:
    """Part of the 4/4/2 futures' gain that comes from mid and back: after 5 sessions less on the day, in spikes that
    last."""
    after = 5
    some = world.curve
    lasting = [(i, c) for i, c in _spikes(world, after) if some.vix[i + after] > some.vix[i - 1]]
    weights = np.array(LAYER_WEIGHTS)
    day = np.array([weights * (some.vx_settle[i, c] - some.vx_settle[i - 1, c]) for i, c in lasting])
    late = np.array([weights * (some.vx_settle[i + after, c] - some.vx_settle[i - 1, c]) for i, c in lasting])
    if len(lasting) < 2:
        raise NotThereError("the history has fewer than two spikes of VIX that lasted a week")

    def change(a: Array, b: Array, c: Array, d: Array) -> Array:
        return bootstrap.ratio(c, d) - bootstrap.ratio(a, b)

    columns = (day[:, 1:].sum(1), day.sum(1), late[:, 1:].sum(1), late.sum(1))
    interval = bootstrap.interval(change, *columns, block=1)
    first, then = columns[0].sum() / columns[1].sum(), columns[2].sum() / columns[3].sum()
    note = f"{first:.0%} of the gain on the day, {then:.0%} after {after} sessions"
    return found(interval, len(lasting), _span(some.day, "spikes with VIX still up after 5 sessions"), note)


def volmageddon_layers(world: World) -> Found:
    """Points that the 4/4/2 futures gained a point of VIX on 2018-02-05, the front one 14 days out by Rules."""
    return _volmageddon(world, None)


def volmageddon_months(world: World) -> Found:
    """The same of the first, second and third month, whatever the days left."""
    return _volmageddon(world, 1.0)


def _volmageddon(world: World, least: float | None) -> Found:
    some = world.curve
    at = np.flatnonzero(some.day == np.datetime64(_VOLMAGEDDON))
    columns = layers(some, int(at[0]) - 1, least) if at.size else None
    if columns is None:
        raise NotThereError(f"the history has no futures on {_VOLMAGEDDON}")
    i = int(at[0])
    moved = some.vx_settle[i, columns] - some.vx_settle[i - 1, columns]
    part = float(np.dot(LAYER_WEIGHTS, moved) / sum(LAYER_WEIGHTS) / (some.vix[i] - some.vix[i - 1]))
    points = " / ".join(f"{move:.2f}" for move in moved)
    note = f"VIX {some.vix[i - 1]:.2f} to {some.vix[i]:.2f}; futures up {points}"
    return Found(part, np.nan, np.nan, 1, "close of 2018-02-02 to close of 2018-02-05", note=note)
