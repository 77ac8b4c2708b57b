"""What a strategy trades: condors one after another, and the hedge that goes with each.

A decision is taken at a close with that day's data and filled `lag` closes later. Every condor is held to its p.m.
settlement; at that close the next is decided. A ladder is decided with its condor and sized for it; it is formed anew,
with the same units, when its nearest layer has settled, and sold when its condor has settled. Nothing but the dates of
the trades depends on what comes after a decision.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from xlalvh.numerics import black76, probability
from xlalvh.numerics.arrays import Array, Dates, Integers
from xlalvh.research.ledger import Lots, lots
from xlalvh.research.past import SPX, VIX, Days, Past, fridays
from xlalvh.strategy import adjust, ladder, selection
from xlalvh.strategy.book import MULTIPLIER
from xlalvh.strategy.condor import RIGHTS, SIDES
from xlalvh.strategy.layers import PROMOTER, layer_weights
from xlalvh.strategy.presets import Preset
from xlalvh.strategy.regime import LABELS, classify_series
from xlalvh.strategy.sizing import tenor_weighted
from xlalvh.strategy.tenor_beta import tenor_beta

SPX_STEP = 5.0  # points between listed strikes
BETA = ("beta_c", "beta_a", "beta_kappa")
CUTS = ("cut_deep_backwardation", "cut_backwardation", "cut_contango", "cut_steep_contango")

_CALM = {"promoter_increase": 0.0, "layer_rsi": 0.0, "layer_macd": 0.0, "layer_ad_line": 0.0}


class Condors(NamedTuple):
    """Condors in the order of their decisions, K of them."""

    decided: Days
    filled: Days
    expiry: Dates
    settled: Days  # N where the history ends before
    strikes: Array  # (K, 4) points
    credit: Array  # points a condor, at the decision
    vega: Array  # dollars per VIX point of all condors, tenor-weighted, at the decision


class Rolls(NamedTuple):
    """Formings of a ladder, R of them."""

    decided: Days
    filled: Days
    until: Days  # what is left is sold at this day's close
    condor: Days
    contracts: Integers  # (R, 3) the VX contract of each layer


@dataclass(frozen=True)
class Plan:
    """What the trades follow: the market, the rules by name, and how many closes after a decision its fill comes."""

    past: Past
    rules: Mapping[str, float]
    lag: int = 1


def condors(plan: Plan) -> Condors:
    """One condor after another over the whole history."""
    past, rules = plan.past, plan.rules
    decided, expiries = [], []
    day = 0
    while day + plan.lag <= past.last:
        expiry_here = _nearest(plan, day, rules["condor_days_tolerance"])
        if expiry_here is None:
            day += 1
            continue
        decided.append(day)
        expiries.append(expiry_here)
        day = int(past.position(np.array(expiries[-1:], dtype="M8[D]"))[0])
    when, expiry = np.array(decided, dtype=np.int64), np.array(expiries, dtype="M8[D]")
    years = past.spx_years(when, expiry)
    forward, rate = past.spx_forward(when, years), past.history.rate[when]
    short = [
        _step(_strikes(plan, when, right, rules[f"{name}_delta"], years))
        for right, name in ((-1.0, "put"), (1.0, "call"))
    ]
    wing = rules["wing_width"]
    strikes = np.stack([_step(short[0] - wing), short[0], short[1], _step(short[1] + wing)], axis=1)
    vols = past.spx_vol(when, strikes.T, years).T
    column = [x[:, None] for x in (forward, years, rate)]
    option = black76.main_greeks(RIGHTS, column[0], strikes, column[1], vols, column[2])
    vega = (option.vega @ SIDES) * MULTIPLIER * rules["lots"]
    days = (expiry - past.history.day[when]) / np.timedelta64(1, "D")
    return Condors(
        decided=when,
        filled=when + plan.lag,
        expiry=expiry,
        settled=past.position(expiry),
        strikes=strikes,
        credit=-(option.price @ SIDES) * past.spx_price,
        vega=tenor_weighted(vega, days, rules["vega_tenor_exponent"]),
    )


def condor_lots(plan: Plan, sold: Condors) -> Lots:
    """The condors' legs, held to settlement; four in a row to each condor."""
    return lots(
        underlying=SPX,
        right=RIGHTS,
        strike=sold.strikes,
        expiry=sold.expiry[:, None],
        contract=-1,
        quantity=SIDES * plan.rules["lots"],
        opened=sold.filled[:, None],
        closed=sold.settled[:, None],
        settles=True,
    )


def legged_out(plan: Plan, sold: Condors) -> Lots:
    """The condors' legs where a tested wing is closed: decided at the first close at which its short option's delta
    reaches the trigger, closed at the fill."""
    past, rules = plan.past, plan.rules
    whole = condor_lots(plan, sold)
    closed, settles = whole.closed.copy(), whole.settles.copy()
    for i in range(len(sold.decided)):
        first, end = sold.filled[i], min(sold.settled[i], past.last + 1)
        day = np.arange(first, end)
        for short, wing in ((1, (0, 1)), (2, (2, 3))):
            delta = past.spx(
                day, np.full(day.size, RIGHTS[short]), np.full(day.size, sold.strikes[i, short]),
                np.full(day.size, sold.expiry[i]),
            ).delta  # fmt: skip
            status = adjust.wing_status(
                delta, delta[0], rules["wing_trigger"], rules["wing_multiple"], rules["wing_watch"]
            )
            tested = np.flatnonzero(status == adjust.TESTED)
            if tested.size and first + tested[0] + plan.lag < sold.settled[i]:
                rows = [4 * i + leg for leg in wing]
                closed[rows], settles[rows] = first + tested[0] + plan.lag, False
    return whole._replace(closed=np.minimum(closed, len(past.history)), settles=settles)


def rolls(plan: Plan, sold: Condors, preset: Preset, turns: Sequence[int] = ()) -> Rolls:
    """When a preset's ladder is formed, and of which contracts.

    `turns` are closes at which the ladder is formed anew besides, ascending.
    """
    past = plan.past
    rows: list[tuple[int, int, int, int, tuple[int, int, int]]] = []
    for i, (day, settled) in enumerate(zip(sold.decided.tolist(), sold.settled.tolist(), strict=True)):
        while True:
            chosen = _layers(plan, day, preset)
            # Where there are no such expiries today, it is tried again tomorrow.
            next_day = day + 1 if chosen is None else int(past.position(past.history.vx_expiry[chosen[0]]))
            next_day = min([next_day, *(t for t in turns if day < t < next_day)])
            goes_on = next_day + plan.lag < settled and next_day + plan.lag <= past.last
            until = (next_day if goes_on else settled) + plan.lag
            if chosen is not None:
                rows.append((day, day + plan.lag, until, i, chosen))
            if not goes_on:
                break
            day = next_day
    columns = list(zip(*rows, strict=True)) if rows else [(), (), (), (), ()]
    decided, filled, until_day, condor = (np.array(c, dtype=np.int64) for c in columns[:4])
    return Rolls(decided, filled, until_day, condor, np.array(columns[4], dtype=np.int64).reshape(-1, 3))


def _layers(plan: Plan, day: int, preset: Preset) -> tuple[int, int, int] | None:
    past = plan.past
    priced = np.flatnonzero(np.isfinite(past.history.vx_settle[day]))
    days = (past.history.vx_expiry[priced] - past.history.day[day]) / np.timedelta64(1, "D")
    chosen = selection.layer_expiries(days, preset, plan.rules["front_min_days"])
    return None if chosen is None else (int(priced[chosen[0]]), int(priced[chosen[1]]), int(priced[chosen[2]]))


def ladder_lots(plan: Plan, sold: Condors, preset: Preset, policy: str = "") -> Lots:
    """The calls of a preset's ladder over all condors.

    With the policy "promoter" the units aim at the low end of the band, in backwardation at the high end, where the
    rule promoter_increase adds its share too: the seeds name no number, the band is theirs.
    """
    past, rules = plan.past, plan.rules
    regimes = _regimes(plan) if policy == PROMOTER else None
    turns = _turns(regimes) if regimes is not None else ()
    formed = rolls(plan, sold, preset, turns)
    layer = np.repeat(np.arange(3), [len(deltas) for deltas in preset.deltas])
    delta = np.concatenate(preset.deltas)
    # (R, rungs)
    day = np.broadcast_to(formed.decided[:, None], (len(formed.decided), layer.size))
    contract = formed.contracts[:, layer]
    future, years = past.futures[day, contract], past.vix_years(day, contract)
    rate = past.history.rate[day]
    shape = day.shape
    when, which = np.ravel(day), np.ravel(contract)
    till = np.ravel(years)
    wanted = probability.strikes_from_delta_on_smile(
        1.0, np.tile(delta, len(day)), np.ravel(future), till, lambda k: past.vix_vol_at(when, k, which), np.ravel(rate)
    )
    strike = selection.snap_all(wanted, selection.vix_strikes())
    quote = past.vix(when, np.ones(len(strike)), strike, which)
    beta = tenor_beta(till, [rules[name] for name in BETA])
    exposure, cost = ((MULTIPLIER * x).reshape(shape) for x in (quote.delta * beta, quote.price))
    means = [np.stack([x[:, layer == i].mean(axis=1) for i in range(3)], axis=1) for x in (exposure, cost)]
    max_loss = (rules["wing_width"] - sold.credit) * MULTIPLIER * rules["lots"]
    shares = selection.allocation(preset, means[0], means[1], max_loss[formed.condor])
    rungs = np.bincount(layer)
    units = _units(plan, sold, preset, formed, (shares * means[0]).sum(axis=1), regimes)
    quantity = np.rint(units[:, None] * (shares / rungs)[:, layer])
    expiry = past.history.vx_expiry[contract]
    settled = past.position(expiry)
    until = formed.until[:, None]
    return lots(
        underlying=VIX,
        right=1.0,
        strike=strike.reshape(shape),
        expiry=expiry,
        contract=contract,
        quantity=quantity,
        opened=formed.filled[:, None],
        closed=np.minimum(settled, until),
        settles=settled <= until,
    )


def _units(
    plan: Plan, sold: Condors, preset: Preset, formed: Rolls, exposure: Array, regimes: Sequence[str | None] | None
) -> Array:
    """Units of each forming: those decided with its condor, from that day's `exposure` of one unit."""
    rules = plan.rules
    low, high = rules["coverage_low"], rules["coverage_high"]
    found = np.zeros(len(formed.decided))
    first: dict[int, float] = {}
    for row, (day, condor) in enumerate(zip(formed.decided.tolist(), formed.condor.tolist(), strict=True)):
        one = first.setdefault(condor, float(exposure[row]))
        target, factor = rules["target_coverage"], 1.0
        if regimes is not None:
            regime = regimes[day] or LABELS[2]
            stressed = regime in LABELS[:2]
            target = high if stressed else low
            weighted = layer_weights(regime, PROMOTER, [np.nan] * 3, {**_CALM, **_promoter(rules)}, ladder.ALLOCATION)
            factor = weighted[0].contracts / ladder.ALLOCATION[0]
        vega = float(sold.vega[condor])
        asked = selection.units(preset, rules["lots"], vega, one, target, low, high)
        # Where no whole number lies in the band, the one nearest to the target.
        found[row] = factor * (asked.units if asked.units is not None else max(1, round(-vega * target / one)))
    return found


def _promoter(rules: Mapping[str, float]) -> dict[str, float]:
    return {"promoter_increase": rules["promoter_increase"]}


def _regimes(plan: Plan) -> list[str | None]:
    """The label of each day, told by the days up to it."""
    history, rules = plan.past.history, plan.rules
    slope = history.cm(60.0) / history.cm(30.0) - 1.0
    return classify_series(slope, [rules[name] for name in CUTS], rules["regime_hysteresis"])


def _turns(regimes: Sequence[str | None]) -> list[int]:
    """The closes at which backwardation begins or ends."""
    stressed = [label in LABELS[:2] for label in regimes]
    return [i for i in range(1, len(stressed)) if stressed[i] != stressed[i - 1]]


def put_lots(plan: Plan, sold: Condors, preset: Preset) -> Lots:
    """SPX puts for the premium of a preset's ladder, bought and sold when that is.

    Puts of the p.m. expiry nearest to the condor's rule at the strike of their delta; as many as the ladder's model
    cost buys at the decision, at least one.
    """
    past, rules = plan.past, plan.rules
    formed = rolls(plan, sold, preset)
    calls = ladder_lots(plan, sold, preset)
    spent = np.zeros(len(past.history) + 1)
    decided = np.repeat(formed.decided, len(calls.strike) // max(1, len(formed.decided)))
    each = past.vix(decided, calls.right, calls.strike, calls.contract).price
    np.add.at(spent, decided, calls.quantity * each)
    day = formed.decided
    expiry = np.array([_nearest(plan, d, np.inf) for d in day.tolist()], dtype="M8[D]")
    years = past.spx_years(day, expiry)
    strike = _step(_strikes(plan, day, -1.0, rules["backtest_put_delta"], years))
    price = past.spx(day, np.full(len(day), -1.0), strike, expiry).price
    settled = past.position(expiry)
    return lots(
        underlying=SPX,
        right=-1.0,
        strike=strike,
        expiry=expiry,
        contract=-1,
        quantity=np.maximum(1.0, np.rint(spent[day] / price)),
        opened=formed.filled,
        closed=np.minimum(settled, formed.until),
        settles=settled <= formed.until,
    )


def _nearest(plan: Plan, day: int, tolerance: float) -> np.datetime64 | None:
    """The p.m. expiry nearest to the rule's days."""
    today: dt.date = plan.past.history.day[day].item()
    ahead = fridays(today)
    row = selection.nearest_expiry([(e - today).days for e in ahead], plan.rules["condor_days"], tolerance)
    return None if row is None else np.datetime64(ahead[row])


def _strikes(plan: Plan, day: Days, right: float, delta: float, years: Array) -> Array:
    past = plan.past
    vol: Callable[[Array], Array] = lambda k: past.spx_vol(day, k, years)  # noqa: E731 # named for its type
    return probability.strikes_from_delta_on_smile(
        right, delta, past.spx_forward(day, years), years, vol, past.history.rate[day]
    )


def _step(strikes: Array) -> Array:
    return np.round(strikes / SPX_STEP) * SPX_STEP
