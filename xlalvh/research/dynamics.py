"""What options cost in a simulated state: the condor's legs as SPX, VIX and time move, and calls on VIX futures.

Volatilities of SPX keep their place in standard deviations from the forward and grow with VIX as `risk.shocks` has it;
a VIX option's volatility grows by a power of its future's move. A future is the process's own expectation of VIX times
a premium that runs off evenly, so that it starts at its quote and ends at VIX: one that moved by tenor beta would not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from xlalvh.numerics import black76, normal
from xlalvh.numerics.arrays import Array, Places
from xlalvh.research.simulate import Outlook
from xlalvh.risk.shocks import Market
from xlalvh.strategy import costs
from xlalvh.strategy.book import MULTIPLIER
from xlalvh.strategy.condor import RIGHTS, SIDES
from xlalvh.strategy.volatility import VolAt

PUT, CALL = -1.0, 1.0
_REACH, _NODES, _MARGIN = 8.0, 1601, 1.02  # of the smile, standard deviations; its largest value with a margin


@dataclass(frozen=True)
class State:
    """One moment of one SPX expiry."""

    forward: float  # points
    years: float
    vix: float  # points


class Condor:
    """Four legs, a unit, in any state of SPX and VIX.

    Parameters
    ----------
    strikes : ndarray of 4
    quoted, vol_at : the state whose smile is known, and that smile
    """

    def __init__(self, strikes: Array, quoted: State, vol_at: VolAt, rate: float, shock: Mapping[str, float]) -> None:
        self.strikes, self.rate, self._quoted = strikes, rate, quoted
        self._market = Market(quoted.vix, shock)
        self._vol_at = vol_at
        self._atm = float(vol_at(np.array([quoted.forward]))[0])
        self._widest = _MARGIN * float(self._ratios(np.linspace(-_REACH, _REACH, _NODES)).max())

    def _ratios(self, places: Array) -> Array:
        """Volatility over that at the money, by standard deviations of the strike from the forward."""
        unit = self._atm * np.sqrt(self._quoted.years)
        return self._vol_at(self._quoted.forward * np.exp(np.clip(places, -_REACH, _REACH) * unit)) / self._atm

    def deviation(self, vix: Array, years: Array | float) -> Array:
        """At-the-money volatility times the root of the time left."""
        growth = self._market.growth(vix - self._quoted.vix, years, self._quoted.vix / 100.0)
        return self._atm * growth * np.sqrt(years)

    def vols(self, strikes: Array, forward: Array, vix: Array, years: Array) -> Array:
        """Volatilities, decimal a year; the state's arrays have one axis more than `strikes` where that is a row."""
        s = self.deviation(vix, years)
        return s / np.sqrt(years) * self._ratios(np.log(strikes / forward) / s)

    def legs(self, forward: Array, vix: Array, years: Array) -> tuple[Array, Array]:
        """Prices and deltas of the four legs, a row a state."""
        f, v, t = (np.asarray(x, dtype=float)[:, None] for x in (forward, vix, years))
        found = black76.main_greeks(RIGHTS, f, self.strikes, t, self.vols(self.strikes, f, v, t), self.rate)
        return found.price, found.delta

    def at(self, state: State) -> tuple[Array, Array]:
        """Prices and deltas of the four legs in one state."""
        prices, deltas = self.legs(*(np.array([x]) for x in (state.forward, state.vix, state.years)))
        return prices[0], deltas[0]

    def payoff(self, forward: Array) -> Array:
        """What a condor sold owes at expiry, points, 0 or below."""
        f = forward[:, None]
        return np.maximum(RIGHTS * (f - self.strikes), 0.0) @ SIDES

    def tested(self, side: float, limit: float, log_return: Array, forward: float, vix: Array, years: float) -> Places:
        """The paths on which a short strike's delta is at least `limit` in magnitude.

        A delta of `limit` is a d1; only paths near enough to have it are looked at closely.
        """
        chance = limit * np.exp(self.rate * years)
        if chance >= 1.0:
            return np.empty(0, dtype=np.intp)
        if chance <= 0.0:
            return np.arange(len(log_return))
        q = float(normal.quantile(chance))
        s = self.deviation(vix, years)
        strike = self.strikes[1 if side == PUT else 2]
        place = (np.log(strike / forward) - log_return) / s
        if side == PUT:
            near = np.flatnonzero(place >= self._widest * min(q, 0.0))
        else:
            near = np.flatnonzero(place <= self._widest * (max(-q, 0.0) + 0.5 * self._widest * s))
        ratio = self._ratios(place[near])
        d1 = -place[near] / ratio + 0.5 * ratio * s[near]
        return near[side * d1 >= q]


def enter(prices: Array, deltas: Array, vix: float, rules: Mapping[str, float]) -> float:
    """Points that a condor brings in when it is sold, longs at the ask and shorts at the bid."""
    half = costs.spx_half_spread(deltas, vix, rules)
    return float(np.where(SIDES > 0.0, -(prices + half), np.maximum(prices - half, 0.0)).sum())


def leave(prices: Array, deltas: Array, vix: Array, rules: Mapping[str, float]) -> Array:
    """Points that a condor sold brings in (below 0: costs) when all four legs are traded away at bid and ask."""
    half = costs.spx_half_spread(deltas, vix[:, None], rules)
    return np.where(SIDES > 0.0, np.maximum(prices - half, 0.0), -(prices + half)).sum(axis=1)


@dataclass(frozen=True)
class Hedge:
    """Calls on the VIX future of one expiry, contracts + long and - short."""

    contracts: Array
    strikes: Array  # points, at this future
    vols: Array
    future: float  # points
    years: float

    def scaled(self, factor: float) -> Hedge:
        """So many times the contracts."""
        return Hedge(self.contracts * factor, self.strikes, self.vols, self.future, self.years)


class HedgeOnPaths:
    """A hedge bought when a path asks for it: the same moneyness and the same time to expiry as given."""

    def __init__(
        self, hedge: Hedge, outlook: Outlook, sessions: int, rate: float, elasticity: float, rules: Mapping[str, float]
    ) -> None:
        self._hedge, self._outlook, self._sessions = hedge, outlook, sessions
        self._rate, self._elasticity, self._rules = rate, elasticity, rules

    def premium(self, u: Array, average: Array) -> Array:
        """The quoted future over expected VIX, a path each, from the state of its start."""
        return self._hedge.future / self._outlook.vix(u, average, self._sessions)

    def future(self, u: Array, average: Array, left: Places | int, premium: Array) -> Array:
        """Points, with so many sessions left."""
        return self._outlook.vix(u, average, left) * premium ** (np.asarray(left) / self._sessions)

    def bought(self, future: Array, vix: Array) -> Array:
        """Dollars paid a path, shorts sold at the bid and longs bought at the ask, commissions included."""
        h, ratio = self._hedge, (future / self._hedge.future)[:, None]
        vols = h.vols * ratio**self._elasticity
        prices = black76.price(1.0, future[:, None], h.strikes * ratio, h.years, vols, self._rate)
        half = costs.vix_half_spread(vix, self._rules)[:, None]
        asked = np.where(h.contracts > 0.0, prices + half, np.maximum(prices - half, 0.0))
        fees = float(np.abs(h.contracts).sum()) * self._rules["cost_contract"]
        return MULTIPLIER * (asked @ h.contracts) + fees

    def sold(self, bought_at: Array, future: Array, left: Places, vix: Array) -> Array:
        """Dollars that the hedge brings in with so many sessions left; at settlement without cost."""
        h = self._hedge
        years = h.years * left / self._sessions
        strikes = h.strikes * (bought_at / h.future)[:, None]
        vols = h.vols * ((future / h.future) ** self._elasticity)[:, None]
        prices = black76.price(1.0, future[:, None], strikes, years[:, None], vols, self._rate)
        open_still = (left > 0)[:, None]
        half = np.where(open_still, costs.vix_half_spread(vix, self._rules)[:, None], 0.0)
        got = np.where(h.contracts > 0.0, np.maximum(prices - half, 0.0), prices + half)
        traded = open_still & ((h.contracts < 0.0) | (got > 0.0))
        fees = self._rules["cost_contract"] * (traded @ np.abs(h.contracts))
        return MULTIPLIER * (got @ h.contracts) - fees
