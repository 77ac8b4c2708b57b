"""Measures of the edge that a tested condor keeps: simulated from states of the past, SPEC's definition of edge kept.

A condor by Rules is sold at closes a quarter apart, at the model's prices of that day. On simulated paths the actions
are taken at the first close at which a wing is tested: legging out buys back all four legs, layering buys the seeds'
VIX call spread, sized by the CAPM ratio for the loss of one wing.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from xlalvh.numerics.arrays import Array, Integers
from xlalvh.research import bootstrap, edge
from xlalvh.research.claims.claim import MODELLED, Found
from xlalvh.research.claims.condors import dollars, sell_condors
from xlalvh.research.claims.indices import QUARTER, layers
from xlalvh.research.claims.world import NotThereError, World
from xlalvh.research.dynamics import Hedge, State
from xlalvh.research.past import Past
from xlalvh.strategy import adjust
from xlalvh.strategy.book import MULTIPLIER
from xlalvh.strategy.rules import COSTS, SHOCK, SIMULATION, WING, default, settle

PATHS = 4000
# The layer: seeds name a "ratioed VIX call spread" and no ratio; 1 leaves no call uncovered.
_LONG_DELTA, _SHORT_DELTA, _RATIO, _MOVE = 0.40, 0.15, 1.0, 0.05

# SPX prices, VIX volatilities, and sizes of the layer: as modelled, the errors of the prices, a smaller layer.
_OTHERS = ((1.0, 1.0, 1.0), (1.0, 0.8, 1.0), (1.0, 1.2, 1.0), (0.85, 1.0, 1.0), (1.15, 1.0, 1.0), (1.0, 1.0, 0.25))


class Kept(NamedTuple):
    """One state: dollars for one condor."""

    ev0: float
    out: float  # expected, in the tested state
    layer: float
    over_out: float
    credit: float  # of the tested vertical


def kept(market: Past, days: Integers, size: float = 1.0) -> list[Kept]:
    """The actions' figures for a condor sold on each day; days on which too few paths come to a test are left out.

    `size` is the layer's, 1 the CAPM ratio.
    """
    rules = edge.Rules(*(settle(group) for group in (WING, SHOCK, COSTS, SIMULATION)))
    condors = sell_condors(market, days)
    found = []
    for i, day in enumerate(days.tolist()):
        one = _state(market, day, condors.expiry[i])
        hedge = _layered(market, day, float(condors.credit[i]))
        if hedge is None or not math.isfinite(one.forward):
            continue

        def vol_at(strikes: Array, day: int = day, years: float = one.years) -> Array:
            flat = np.ravel(strikes)
            vols = market.spx_vol(np.full(flat.size, day), flat, np.full(flat.size, years))
            return np.asarray(vols).reshape(np.shape(strikes))

        try:
            result = edge.edge(
                condors.strike[i],
                one,
                vol_at,
                hedge.scaled(size),
                rules,
                rate=float(market.history.rate[day]),
                credit=math.nan if market.spx_price == 1.0 else float(condors.credit[i]),
                paths=PATHS,
                seed=day + 1,
            )
        except (edge.TooFewError, ValueError):
            continue
        _, out, layer = result.actions
        credit = layer.over_out / layer.credit_share if layer.credit_share else math.nan
        found.append(Kept(result.ev0, out.expected, layer.expected, layer.over_out, credit))
    return found


def _state(market: Past, day: int, expiry: np.datetime64) -> State:
    when = np.array([day])
    years = market.spx_years(when, np.array([expiry]))
    return State(float(market.spx_forward(when, years)[0]), float(years[0]), float(market.history.vix[day]))


def _layered(market: Past, day: int, credit: float) -> Hedge | None:
    columns = layers(market.history, day)
    if columns is None:
        return None
    when, contract = np.array([day]), np.array([columns[0]])
    future, years = float(market.futures[day, columns[0]]), float(market.vix_years(when, contract)[0])

    def vol_at(strikes: Array) -> Array:
        flat = np.ravel(strikes)
        vols = market.vix_vol_at(np.full(flat.size, day), flat, np.full(flat.size, columns[0]))
        return np.asarray(vols).reshape(np.shape(strikes))

    loss = (default("wing_width") - credit) * MULTIPLIER
    spread = adjust.spread_hedge(
        loss, _MOVE, future, years, vol_at, _LONG_DELTA, _SHORT_DELTA, _RATIO, default("future_beta_front")
    )
    if spread is None:
        return None
    strikes = np.array([spread.long_strike, spread.short_strike])
    contracts = np.array([spread.long_contracts, spread.short_contracts])
    return Hedge(contracts, strikes, vol_at(strikes), future, years)


def _measured(world: World, part: int) -> Found:
    """`part` 0: the gain over legging out as a share of EV0; 1: as a share of the tested vertical's credit."""

    def columns(*prices: float) -> tuple[Array, Array, Array]:
        states = np.array(world.edges(*prices))
        if len(states) < 2:
            raise NotThereError("fewer than two states of the history have three VX monthlies and a tested wing")
        return states, states[:, 3], states[:, 0 if part == 0 else 4]

    states, gain, base = columns(*_OTHERS[0])
    ev0, out, layer, _, credit = states.mean(axis=0)
    note = (
        f"means of a condor: edge at entry {dollars(ev0)}; where tested, out {dollars(out)}, layered "
        f"{dollars(layer)}; credit of the tested vertical {dollars(credit)}"
    )
    interval = bootstrap.interval(bootstrap.ratio, gain, base, block=1)
    others = tuple(float(bootstrap.ratio(*columns(*prices)[1:])) for prices in _OTHERS[1:])
    if part == 0 and bootstrap.interval(bootstrap.mean, states[:, 0], block=1).low <= 0.0:
        interval = bootstrap.Interval(*(math.nan,) * 4)
        others = ()
        note = f"no edge at entry that is surely above 0: no share of it can be told; {note}"
    history = world.priced
    sample = f"{history.day[0]} to {history.day[-1]}, states a quarter apart, {PATHS:,} paths each"
    return Found(interval.estimate, interval.low, interval.high, len(states), sample, MODELLED, others, note)


def starts(world: World) -> Integers:
    """The days on which condors are sold."""
    return np.arange(0, len(world.priced) - 1, QUARTER)


def edge_kept(world: World) -> Found:
    """R of layering less R of legging out."""
    return _measured(world, 0)


def credit_kept(world: World) -> Found:
    """Gain of layering over legging out, as a share of the credit of the tested vertical."""
    return _measured(world, 1)
