"""Hold, leg out or layer: what a condor whose wing is tested is expected to earn yet, and how much of the edge it had
at entry that keeps.

The edge at entry is EV0, the expected profit of the condor held to its end. R of an action is its expected total
profit in the tested state, what was won or lost before included, over EV0. Dollars are present values at the start.

*Hold* keeps the condor. *Leg out* buys back all of it (the seed: "legging out of the entire SPX iron condor").
*Layer* keeps it and buys VIX calls at their asks, sold at their bids when the condor ends, or settled before.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from xlalvh.numerics import black76
from xlalvh.numerics.arrays import Array, Mask, Places
from xlalvh.research import estimates, weights
from xlalvh.research.dynamics import CALL, PUT, Condor, Hedge, HedgeOnPaths, State, enter, leave
from xlalvh.research.estimates import Estimate
from xlalvh.research.simulate import Outlook, Paths, Process, blocks, real_world, risk_neutral, sessions_in
from xlalvh.strategy.book import MULTIPLIER
from xlalvh.strategy.condor import RIGHTS, SIDES
from xlalvh.strategy.volatility import VolAt

REAL_WORLD, RISK_NEUTRAL = "real-world", "risk-neutral"
LAWS = (REAL_WORLD, RISK_NEUTRAL)
HOLD, LEG_OUT, LAYER = "hold", "leg out", "layer"
TAIL = 0.05
FEWEST = 50  # tested paths, fewer tell nothing
_LEGS = 4.0
_PRICED = np.append(RIGHTS, CALL)  # what the risk-neutral law reproduces


@dataclass(frozen=True)
class Action:
    """One answer to a tested wing; dollars for all contracts."""

    name: str
    expected: float
    error: float  # standard
    shortfall: float  # mean of the worst 5 % of paths
    kept: float  # R: expected over EV0; NaN where |EV0| is below two standard errors
    kept_error: float
    over_out: float  # expected, more than legging out
    over_out_error: float
    kept_over_out: float  # R less that of legging out: the claim of 35-55 %
    kept_over_out_error: float
    credit_share: float  # over_out over the credit of the tested vertical: the claim of 40-60 %
    credit_share_error: float


@dataclass(frozen=True)
class Edge:
    """EV0 (dollars), the share of paths on which a wing is tested, and the three actions in that state."""

    ev0: float
    ev0_error: float
    tested: float
    paths: int
    actions: tuple[Action, Action, Action]


@dataclass(frozen=True)
class Rules:
    """The thresholds, each group by name as `strategy.rules.settle` gives it."""

    wing: Mapping[str, float]
    shock: Mapping[str, float]
    costs: Mapping[str, float]
    simulation: Mapping[str, float]


class _Outcome(NamedTuple):
    """One block of paths; the last five only where a wing was tested, dollars."""

    held: Array  # profit of every path, condor held
    features: Array  # what the risk-neutral law reproduces
    hit: Mask
    side_credit: Array
    hold: Array
    out: Array
    layer: Array


class TooFewError(ValueError):
    """Too few paths come to the state that was asked for."""


def edge(
    strikes: Array,
    today: State,
    vol_at: VolAt,
    hedge: Hedge,
    rules: Rules,
    *,
    rate: float = 0.0,
    contracts: float = 1.0,
    credit: float = math.nan,
    entry: State | None = None,
    wing: str = "",
    law: str = REAL_WORLD,
    paths: int = 20_000,
    seed: int = 1,
) -> Edge:
    """The three actions, from simulated paths.

    Parameters
    ----------
    strikes : ndarray of 4
        Long put, short put, short call, long call, points.
    today, vol_at : forward, years and VIX now, and the volatilities by strike
    hedge : what layering buys, for all contracts, at today's future; later the same moneyness and time to expiry
    credit : points a condor that the fills brought in; the model's prices less half-spreads if NaN
    entry : State, optional
        Where the condor was sold. If given, today is the tested state. If None it is sold today, and the actions are
        taken at the first close at which a wing is tested.
    wing : "P" or "C": the wing whose test counts; either if empty
    law : "real-world", or "risk-neutral": reweighted to the smile's prices and the VIX future
    paths, seed : the same seed gives the same figures

    Raises
    ------
    TooFewError
        Where fewer than `FEWEST` paths come to a test.
    ValueError
        Where VIX is not above the simulation's floor, or no weights of the
        paths reproduce the prices.
    """
    process = (real_world if law == REAL_WORLD else risk_neutral)(rules.simulation)
    start = entry if entry is not None else today
    condor = Condor(strikes, today, vol_at, rate, rules.shock)
    position = _Position(condor, start, credit, contracts, wing, rules)
    samples = 1 if entry is None else 2
    forward_test = _Run(position, process, today, hedge, act_now=entry is not None)
    found, mass = forward_test.run(paths, [seed], law)
    inflation = 1.0 if law == REAL_WORLD else math.sqrt(2.0)  # the multipliers come from as many paths again
    if entry is None:
        ev0 = estimates.mean(found.held, mass, 0, 1)
    else:
        before, before_mass = _Run(position, process, entry, None, act_now=False).run(paths, [seed, 2], law)
        ev0 = estimates.mean(before.held, before_mass, 1, 2)
    hits = int(found.hit.sum())
    if hits < FEWEST:
        raise TooFewError(
            f"a wing is tested on {hits} of {paths} paths; at least {FEWEST} are needed: raise paths, or lower trigger"
        )
    ev0 = ev0.inflated(inflation)
    profits = {HOLD: found.hold, LEG_OUT: found.out, LAYER: found.layer}
    means = {name: _given(values, mass, samples, found.hit).inflated(inflation) for name, values in profits.items()}
    side_credit = _given(found.side_credit, mass, samples, found.hit).inflated(inflation)
    known = abs(ev0.value) >= 2.0 * ev0.error
    actions = []
    for name, values in profits.items():
        gain = _given(values - found.out, mass, samples, found.hit).inflated(inflation)
        kept, more = (means[name] / ev0, gain / ev0) if known else (_UNKNOWN, _UNKNOWN)
        share = gain / side_credit if side_credit.value > 0.0 else _UNKNOWN
        actions.append(
            Action(
                name,
                means[name].value,
                means[name].error,
                estimates.shortfall(values, mass[found.hit], TAIL),
                kept.value,
                kept.error,
                gain.value,
                gain.error,
                more.value,
                more.error,
                share.value,
                share.error,
            )
        )
    tested = float(np.mean(np.where(found.hit, mass, 0.0)))
    return Edge(ev0.value, ev0.error, tested, paths, (actions[0], actions[1], actions[2]))


_UNKNOWN = Estimate(math.nan, (np.array([math.nan]),))


def _given(values: Array, mass: Array, samples: int, hit: Mask) -> Estimate:
    return estimates.mean(values, mass, 0, samples, hit)


class _Position:
    """The condor as sold: its credit, what selling cost, and the deltas that test its wings."""

    def __init__(self, condor: Condor, start: State, credit: float, contracts: float, wing: str, rules: Rules) -> None:
        self.condor, self.start, self.rules = condor, start, rules
        self.dollars = MULTIPLIER * contracts
        self.fees = _LEGS * contracts * rules.costs["cost_contract"]
        prices, deltas = condor.at(start)
        fair = -float(SIDES @ prices)
        filled = float(enter(prices, deltas, start.vix, rules.costs))
        self.credit = filled if math.isnan(credit) else credit
        self.sides = {PUT: wing in ("", "P"), CALL: wing in ("", "C")}
        multiple, trigger = rules.wing["wing_multiple"], rules.wing["wing_trigger"]
        self.limits = {side: max(trigger, multiple * abs(deltas[i])) for side, i in ((PUT, 1), (CALL, 2))}
        # The verticals share the credit as their prices do.
        share = np.array([prices[1] - prices[0], prices[2] - prices[3]]) / fair if fair > 0.0 else np.array([0.5, 0.5])
        self.side_credit = {PUT: float(share[0]) * self.credit, CALL: float(share[1]) * self.credit}


class _Run:
    """Paths from one state, with the actions or without."""

    def __init__(self, position: _Position, process: Process, state: State, hedge: Hedge | None, act_now: bool) -> None:
        self._position, self._process, self._state, self._act_now = position, process, state, act_now
        self._sessions = sessions_in(state.years)
        self._hedge_sessions = sessions_in(hedge.years) if hedge is not None else 0
        self._outlook = Outlook(process, self._hedge_sessions)
        self._hedge = (
            HedgeOnPaths(
                hedge,
                self._outlook,
                self._hedge_sessions,
                position.condor.rate,
                position.rules.shock["vix_vol_elasticity"],
                position.rules.costs,
            )
            if hedge is not None
            else None
        )
        self._quoted_future = hedge.future if hedge is not None else math.nan

    def run(self, paths: int, seed: Sequence[int], law: str) -> tuple[_Outcome, Array]:
        """The outcome of all paths, and the weight of each."""
        where = self._process, self._state.vix, self._state.years, paths
        parts = blocks(*where, seed, lambda walk: self._outcome(walk, priced=law != REAL_WORLD))
        found = _Outcome(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
        if law == REAL_WORLD:
            return found, np.ones(paths)
        # Fitted to other paths than it weighs, so that the errors are not hidden by the fit.
        pilot = np.concatenate(blocks(*where, [*seed, 1], self._features))
        return found, weights.apply(found.features, weights.tilt(pilot, self._targets()))

    def _end(self, walk: Paths) -> Array:
        return np.exp(walk.log_return[-1])

    def _features(self, walk: Paths) -> Array:
        """SPX over its forward, the condor's legs and the call at the money, and the hedge's future over its quote."""
        ratio = self._end(walk)[:, None]
        columns = [ratio, np.maximum(_PRICED * (ratio - self._priced_strikes()), 0.0)]
        if self._hedge is not None:
            at = min(self._sessions, self._hedge_sessions)
            premium = self._hedge.premium(walk.u[0], walk.average[0])
            future = self._hedge.future(walk.u[at], walk.average[at], self._hedge_sessions - at, premium)
            columns.append(future[:, None] / self._quoted_future)
        return np.hstack(columns)

    def _priced_strikes(self) -> Array:
        return np.append(self._position.condor.strikes / self._state.forward, 1.0)

    def _targets(self) -> Array:
        forward, years, vix = (np.array([x]) for x in (self._state.forward, self._state.years, self._state.vix))
        k = self._priced_strikes()
        vols = self._position.condor.vols(k * self._state.forward, forward, vix, years)
        prices = black76.price(_PRICED, 1.0, k, self._state.years, vols)
        return np.concatenate([[1.0], prices, [1.0] if self._hedge is not None else []])

    def _outcome(self, walk: Paths, priced: bool) -> _Outcome:
        p, n, years = self._position, self._sessions, self._state.years
        count = walk.u.shape[1]
        discount = math.exp(-p.condor.rate * years)
        won = p.dollars * p.credit - p.fees
        held = won + p.dollars * discount * p.condor.payoff(self._state.forward * self._end(walk))
        features = self._features(walk) if priced else np.empty((count, 0))
        if self._hedge is None:
            none = np.empty(0)
            return _Outcome(held, features, np.zeros(count, dtype=bool), none, none, none, none)
        first, side = self._first_test(walk)
        hit = first >= 0
        path = np.flatnonzero(hit)
        at, side = first[path], side[path]
        u, average = walk.u[at, path], walk.average[at, path]
        vix = self._process.floor + np.exp(u)
        gone = years * at / n
        forward = self._state.forward * np.exp(walk.log_return[at, path])
        prices, deltas = p.condor.legs(forward, vix, years - gone)
        then = np.exp(-p.condor.rate * gone)
        out = won + p.dollars * then * leave(prices, deltas, vix, p.rules.costs) - p.fees * then
        gain = self._layered(walk, path, at, u, average, vix)
        credit = p.dollars * np.where(side == PUT, p.side_credit[PUT], p.side_credit[CALL])
        return _Outcome(held, features, hit, credit, held[path], out, held[path] + gain)

    def _layered(self, walk: Paths, path: Places, at: Places, u: Array, average: Array, vix: Array) -> Array:
        """Dollars that the hedge wins from the session `at` to the condor's end, or to its own expiry."""
        assert self._hedge is not None
        rate, step = self._position.condor.rate, self._state.years / self._sessions
        premium = self._hedge.premium(walk.u[0, path], walk.average[0, path])
        # At constant time to expiry the premium is whole.
        bought_at = self._hedge.future(u, average, self._hedge_sessions, premium)
        end = np.minimum(at + self._hedge_sessions, self._sessions)
        left = self._hedge_sessions - (end - at)
        u_end, average_end = walk.u[end, path], walk.average[end, path]
        future = self._hedge.future(u_end, average_end, left, premium)
        paid = self._hedge.bought(bought_at, vix)
        got = self._hedge.sold(bought_at, future, left, self._process.floor + np.exp(u_end))
        return np.exp(-rate * step * end) * got - np.exp(-rate * step * at) * paid

    def _first_test(self, walk: Paths) -> tuple[Places, Array]:
        """The session of the first close at which a wing is tested, -1 where none is, and its side."""
        p, n = self._position, self._sessions
        count = walk.u.shape[1]
        if self._act_now:
            return np.zeros(count, dtype=np.intp), np.full(count, self._tested_now())
        first, which = np.full(count, -1, dtype=np.intp), np.zeros(count)
        waiting = np.arange(count)
        for t in range(1, n):
            vix = self._process.floor + np.exp(walk.u[t, waiting])
            moved, left = walk.log_return[t, waiting], self._state.years * (1.0 - t / n)
            for side, counts in p.sides.items():
                if counts:
                    found = waiting[p.condor.tested(side, p.limits[side], moved, self._state.forward, vix, left)]
                    first[found], which[found] = t, side
            waiting = np.flatnonzero(first < 0)
        return first, which

    def _tested_now(self) -> float:
        """The wing that counts; of both, the one whose delta is nearer to its limit or further beyond."""
        p = self._position
        if p.sides[PUT] != p.sides[CALL]:
            return PUT if p.sides[PUT] else CALL
        _, deltas = p.condor.at(self._state)
        return PUT if abs(deltas[1]) / p.limits[PUT] >= abs(deltas[2]) / p.limits[CALL] else CALL
