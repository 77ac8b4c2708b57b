"""Measures of the ladder itself: real futures, VIX options priced by the model of the past.

A unit is the seeds' 4/4/2, bought at the close at mid prices; options are settled at the final settlement.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import numpy as np

from xlalvh.numerics import black76, probability
from xlalvh.numerics.arrays import Array, Integers
from xlalvh.research import bootstrap
from xlalvh.research.claims.claim import Found
from xlalvh.research.claims.condors import STEP, dollars, ends, sell_condors, short_strike, span, starts, supposing
from xlalvh.research.claims.indices import MONTH, QUARTER, layers
from xlalvh.research.claims.world import CURVE_FIRST, NotThereError, World
from xlalvh.research.past import Past
from xlalvh.strategy import selection
from xlalvh.strategy.book import MULTIPLIER
from xlalvh.strategy.presets import PRESETS, SEEDS
from xlalvh.strategy.rules import beta_params, default
from xlalvh.strategy.tenor_beta import tenor_beta

Days = Integers

_PRESET = next(preset for preset in PRESETS if preset.name == SEEDS.name)
_LAYER = np.repeat(np.arange(3), [len(deltas) for deltas in _PRESET.deltas])
_DELTAS = np.concatenate([np.asarray(deltas, dtype=float) for deltas in _PRESET.deltas])
QUANTITY = np.asarray(_PRESET.weights, dtype=float)[_LAYER] / np.bincount(_LAYER)[_LAYER]
_FAR_PUT = 0.05  # delta of a "deep OTM" put


class Units(NamedTuple):
    """A unit of the ladder on each of R days: ten contracts a day, as rungs of one."""

    day: Days  # (R,)
    contract: Days  # (R, 10)
    strike: Array  # (R, 10) points
    price: Array  # (R, 10) points

    @property
    def cost(self) -> Array:
        """Dollars, (R,)."""
        return np.asarray((self.price * QUANTITY).sum(axis=1) * MULTIPLIER)


def buy(market: Past, days: Days) -> Units:
    """A unit on each day that has three layers; others are left out."""
    history = market.history
    rows = [(int(day), layers(history, int(day))) for day in days]
    there = [(day, columns) for day, columns in rows if columns is not None]
    if not there:
        raise NotThereError("the history has no day with three VX monthlies")
    day = np.array([day for day, _ in there])
    contract = np.array([columns for _, columns in there])[:, _LAYER]
    when = np.repeat(day, len(_LAYER))
    flat = contract.ravel()
    future, years = market.futures[when, flat], market.vix_years(when, flat)
    wanted = probability.strikes_from_delta_on_smile(
        1.0,
        np.tile(_DELTAS, len(day)),
        future,
        years,
        lambda strikes: market.vix_vol_at(when, strikes, flat),
        history.rate[when],
    )
    strike = selection.snap_all(wanted, selection.vix_strikes())
    price = market.vix(when, np.ones(len(strike)), strike, flat).price
    return Units(day, contract, strike.reshape(contract.shape), price.reshape(contract.shape))


def prices(market: Past, held: Units, day: Days) -> Array:
    """What each contract of the units is worth on a later day, (R, 10) points; settled ones what they paid."""
    history = market.history
    flat, strike = held.contract.ravel(), held.strike.ravel()
    when = np.repeat(day, held.contract.shape[1])
    settled = history.day[when] >= history.vx_expiry[flat]
    value = np.maximum(history.vx_final[flat] - strike, 0.0)
    live = ~settled
    if live.any():
        value[live] = market.vix(when[live], np.ones(int(live.sum())), strike[live], flat[live]).price
    return value.reshape(held.contract.shape)


def gains(market: Past, held: Units, day: Days) -> Array:
    """Dollars that a unit gained to a later day, (R,)."""
    return np.asarray(((prices(market, held, day) - held.price) * QUANTITY).sum(axis=1) * MULTIPLIER)


def _slope(market: Past, days: Days) -> Array:
    history = market.history
    return np.asarray((history.cm(60.0) / history.cm(30.0) - 1.0)[days])


# Carry


def carry_contango(world: World) -> Found:
    """Mean gain of a unit over 21 sessions on its premium, bought in contango."""

    def measure(market: Past) -> Found:
        returns, slope, n = _returns(market)
        some = returns[slope > default("cut_contango")]
        interval = bootstrap.interval(bootstrap.mean, some, block=QUARTER / STEP)
        note = f"a unit's mean premium ${n:,.0f}"
        what = f"{some.size} starts in contango, overlapping"
        return Found(*ends(interval), some.size * STEP // QUARTER, span(market, what), note=note)

    return supposing(measure, world)


def backwardation_over_contango(world: World) -> Found:
    """Mean gain of a unit over 21 sessions on its premium: bought in backwardation less bought in contango."""

    def measure(market: Past) -> Found:
        returns, slope, _ = _returns(market)
        down = (slope < default("cut_backwardation")).astype(float)
        up = (slope > default("cut_contango")).astype(float)

        def difference(gain: Array, down: Array, up: Array) -> Array:
            with np.errstate(invalid="ignore", divide="ignore"):
                return np.asarray((gain * down).sum(-1) / down.sum(-1) - (gain * up).sum(-1) / up.sum(-1))

        interval = bootstrap.interval(difference, returns, down, up, block=QUARTER / STEP)
        what = f"{down.sum():.0f} starts in backwardation, {up.sum():.0f} in contango, overlapping"
        return Found(*ends(interval), int(down.sum() * STEP // QUARTER), span(market, what))

    return supposing(measure, world)


def _returns(market: Past) -> tuple[Array, Array, float]:
    """Gain over 21 sessions on the premium, the slope at the start, and the mean premium in dollars."""
    held = buy(market, starts(market, MONTH))
    gain, slope = gains(market, held, held.day + MONTH), _slope(market, held.day)
    known = np.isfinite(gain) & np.isfinite(slope)
    return gain[known] / held.cost[known], slope[known], float(held.cost[known].mean())


# Spikes


def fifteen_to_twenty_five(world: World) -> Found:
    """Maximum losses of a condor that a unit's gain pays for, as VIX goes from about 15 to 25 within 21 sessions."""

    def measure(market: Past) -> Found:
        vix = market.history.vix
        pairs: list[tuple[int, int]] = []
        last = -1
        for day in range(len(vix) - MONTH):
            ahead = np.flatnonzero(vix[day + 1 : day + 1 + MONTH] >= 25.0)
            if day > last and 14.0 <= vix[day] <= 16.0 and ahead.size:
                pairs.append((day, day + 1 + int(ahead[0])))
                last = day + 1 + int(ahead[0])
        if len(pairs) < 2:
            raise NotThereError("VIX went from 15 to 25 within a month fewer than twice in the history")
        start, end = (np.array(column) for column in zip(*pairs, strict=True))
        held = buy(market, start)
        loss = (default("wing_width") - sell_condors(market, start).credit) * MULTIPLIER
        times = gains(market, held, end) / loss
        interval = bootstrap.interval(bootstrap.mean, times, block=1)
        reached = ", ".join(f"{vix[a]:.0f} to {vix[b]:.0f}" for a, b in pairs[:4])
        note = (
            f"one unit, cost ${held.cost.mean():,.0f}; one condor's maximum loss ${loss.mean():,.0f}; VIX {reached} …"
        )
        return Found(*ends(interval), len(pairs), span(market, "rises of VIX from 14-16 to 25 or more"), note=note)

    return supposing(measure, world, spx=True)


def call_doubles(world: World) -> Found:
    """Share of SPX's falls over 5 % in which an at-the-money front VIX call bought at the high at least doubles."""

    def measure(market: Past) -> Found:
        falls = [fall for fall in world.drawdowns(CURVE_FIRST)[1] if fall.trough < len(market.history)]
        held = buy(market, np.array([fall.peak for fall in falls]))
        lows = {fall.peak: fall.trough for fall in falls}
        times = []
        for row, peak in enumerate(held.day.tolist()):
            some = slice(row, row + 1)
            one = Units(held.day[some], held.contract[some], held.strike[some], held.price[some])
            days = range(peak + 1, lows[peak] + 1)
            best = max(prices(market, one, np.array([day]))[0, 0] for day in days)
            times.append(best / one.price[0, 0])
        hits = sum(each >= 2.0 for each in times)
        note = f"median {np.median(times):.1f} times at best; {hits} of {len(times)}"
        return Found(*ends(bootstrap.share(hits, len(times))), len(times), span(market, "falls over 5 %"), note=note)

    return supposing(measure, world)


def _event(world: World, first: dt.date, last: dt.date, per_point: bool) -> Found:
    def measure(market: Past) -> Found:
        history = market.history
        try:
            start, end = history.at(first), history.at(last)
        except ValueError as error:
            raise NotThereError(str(error)) from error
        held = buy(market, np.array([start]))
        gain = float(gains(market, held, np.array([end]))[0])
        moved = float(history.vix[end] - history.vix[start])
        figure = gain / (QUANTITY.sum() * MULTIPLIER * moved) if per_point else gain / float(held.cost[0])
        rose = f"VIX {history.vix[start]:.2f} to {history.vix[end]:.2f}"
        note = f"one unit cost {dollars(held.cost[0])} and gained {dollars(gain)}; {rose}"
        return Found(figure, np.nan, np.nan, 1, f"close of {first} to close of {last}", note=note)

    return supposing(measure, world)


def volmageddon(world: World) -> Found:
    """Dollars that a unit gained on 2018-02-05 a contract and point of VIX."""
    return _event(world, dt.date(2018, 2, 2), dt.date(2018, 2, 5), per_point=True)


def covid(world: World) -> Found:
    """Gain on its premium of a unit bought at SPX's high and held to its low in 2020."""
    return _event(world, dt.date(2020, 2, 19), dt.date(2020, 3, 23), per_point=False)


def year_2022(world: World) -> Found:
    """Gain on premium of a unit bought every 21 sessions of 2022 and held for 21."""

    def measure(market: Past) -> Found:
        day = market.history.day
        inside = np.flatnonzero((day >= np.datetime64("2022-01-03")) & (day <= np.datetime64("2022-12-30")))
        starts = inside[inside + MONTH < len(day)][::MONTH]
        if starts.size < 10:
            raise NotThereError("the history has no VX futures over 2022")
        held = buy(market, starts)
        gain = gains(market, held, held.day + MONTH)
        note = f"{len(gain)} units one after another cost {dollars(held.cost.sum())} and gained {dollars(gain.sum())}"
        return Found(float(gain.sum() / held.cost.sum()), np.nan, np.nan, 1, "2022-01-03 to 2023-01", note=note)

    return supposing(measure, world)


# Capital and theta


def capital_against_puts(world: World) -> Found:
    """Premium that 5-delta SPX puts take for a dollar gained in SPX's falls over 5 %, over what the ladder takes."""

    def measure(market: Past) -> Found:
        falls = [fall for fall in world.drawdowns(CURVE_FIRST)[1] if fall.trough < len(market.history)]
        held = buy(market, np.array([fall.peak for fall in falls]))
        lows = {fall.peak: fall.trough for fall in falls}
        # Held for a month at most: to the low, or to the end of the front layer's life.
        end = np.array([min(lows[day], day + MONTH) for day in held.day.tolist()])
        calls = gains(market, held, end)
        expiry = sell_condors(market, held.day).expiry
        years = market.spx_years(held.day, expiry)
        strike = short_strike(market, held.day, -1.0, _FAR_PUT, years)
        right = np.full(len(strike), -1.0)
        paid = market.spx(held.day, right, strike, expiry).price
        puts = (market.spx(end, right, strike, expiry).price - paid) * MULTIPLIER

        def ratio(calls: Array, cost: Array, puts: Array, paid: Array) -> Array:
            return np.asarray((calls.sum(-1) / cost.sum(-1)) / (puts.sum(-1) / paid.sum(-1)))

        columns = (calls, held.cost, puts, paid * MULTIPLIER)
        interval = bootstrap.interval(ratio, *columns, block=1)
        note = (
            f"gain per dollar: ladder {calls.sum() / held.cost.sum():.2f}, puts "
            f"{puts.sum() / (paid * MULTIPLIER).sum():.2f}; a contract costs "
            f"{dollars(held.cost.mean() / QUANTITY.sum())} and {dollars(paid.mean() * MULTIPLIER)}"
        )
        return Found(*ends(interval), len(calls), span(market, "falls over 5 %, a month of each at most"), note=note)

    return supposing(measure, world, spx=True)


def net_theta(world: World) -> Found:
    """Mean theta of a condor and the units that cover it by Rules, over the condor's own, at starts a month apart."""

    def measure(market: Past) -> Found:
        held = buy(market, starts(market, 1, MONTH))
        condors = sell_condors(market, held.day)
        when, flat = np.repeat(held.day, len(_LAYER)), held.contract.ravel()
        future, years = market.futures[when, flat], market.vix_years(when, flat)
        vols = market.vix_vol_at(when, held.strike.ravel(), flat)
        found = black76.main_greeks(1.0, future, held.strike.ravel(), years, vols, market.history.rate[when])
        shape = held.contract.shape
        beta = tenor_beta(years, beta_params())
        exposure = (np.asarray(found.delta * beta).reshape(shape) * QUANTITY).sum(axis=1) * MULTIPLIER
        decay = (np.asarray(found.theta).reshape(shape) * QUANTITY).sum(axis=1) * MULTIPLIER
        units = -default("target_coverage") * condors.vega / exposure  # of one condor
        net = condors.theta + units * decay
        known = np.isfinite(net)
        interval = bootstrap.interval(bootstrap.ratio, net[known], condors.theta[known], block=6)
        note = (
            f"positive in {np.mean(net[known] > 0.0):.0%} of months; a condor earns ${condors.theta[known].mean():.1f} "
            f"a day, its {units[known].mean():.2f} units cost ${-(units * decay)[known].mean():.1f}"
        )
        return Found(*ends(interval), int(known.sum()) // 6, span(market, f"{int(known.sum())} months"), note=note)

    return supposing(measure, world, spx=True)
