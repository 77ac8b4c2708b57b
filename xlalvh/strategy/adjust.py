"""What becomes of a position that is under way: whether a wing is tested, its hedge, and its roll."""

import math
from typing import NamedTuple

import numpy as np

from xlalvh.numerics import black76, probability
from xlalvh.numerics.arrays import Array, ArrayLike, Texts
from xlalvh.strategy.book import MULTIPLIER
from xlalvh.strategy.capm import capm_ratio, gain_at_move
from xlalvh.strategy.condor import Condor
from xlalvh.strategy.strikes import snap
from xlalvh.strategy.volatility import VolAt

SAFE, WATCH, TESTED = "safe", "watch", "tested"


def wing_status(
    delta: ArrayLike, entry_delta: ArrayLike, trigger: ArrayLike, multiple: ArrayLike, watch: ArrayLike
) -> Texts:
    """safe, watch or tested, one a short strike.

    Tested where the delta's magnitude is at least the larger of `trigger` and `multiple` x `entry_delta`, watch from
    the share `watch` of that.
    """
    magnitude = np.abs(np.asarray(delta, dtype=float))
    limit = np.maximum(trigger, np.asarray(multiple, dtype=float) * np.abs(entry_delta))
    return np.where(magnitude >= limit, TESTED, np.where(magnitude >= watch * limit, WATCH, SAFE))


class SpreadHedge(NamedTuple):
    """A VIX call spread against a tested wing; points a spread, dollars for all."""

    long_strike: float
    short_strike: float
    long_contracts: float
    short_contracts: float
    debit_points: float
    cost_dollars: float
    gain_dollars: float  # at the move, repriced
    share_of_loss: float
    theta_dollars: float  # a calendar day
    loses_above_points: float  # of the future at expiry; NaN where it never loses there


def spread_hedge(
    wing_loss: float,
    move: float,
    future: float,
    years: float,
    vol_at: VolAt,
    long_delta: float,
    short_delta: float,
    ratio: float,
    future_beta: float,
    rate: float = 0.0,
    step: Array | None = None,
) -> SpreadHedge | None:
    """Calls bought at one delta and `ratio` times as many sold at a smaller one, sized by the CAPM ratio.

    Parameters
    ----------
    wing_loss : dollars that the wing loses at the move, above 0
    move : fall of SPX, a decimal magnitude
    future, years, vol_at : VIX future of the calls' expiry, its time, volatilities by strike
    ratio : calls sold for each bought
    future_beta : of the future's return on SPX's, below 0
    step : as `strikes.snap` takes it

    Returns
    -------
    SpreadHedge or None
        None where a delta has no strike, both have the same, or the spread gains nothing to first order.

    Notes
    -----
    Longs and shorts are whole: spreads are rounded up, then the calls sold rounded down. The gain is theirs, repriced
    with the future moved by beta at once and volatilities unchanged. A ratio above 1 owes more the higher VIX goes.
    """
    long_strike, short_strike = (
        snap(probability.strike_from_delta_on_smile(1.0, delta, future, years, vol_at, rate), step)
        for delta in (long_delta, short_delta)
    )
    strikes = np.array([long_strike, short_strike])
    if not long_strike < short_strike:
        return None
    vols = vol_at(strikes)
    now = black76.main_greeks(1.0, future, strikes, years, vols, rate)
    one = np.array([1.0, -ratio])
    spreads = capm_ratio(wing_loss, gain_at_move(move, now.delta, [future] * 2, [future_beta] * 2, one))
    if not math.isfinite(spreads):
        return None
    bought = math.ceil(spreads)
    contracts = np.array([bought, -math.floor(bought * ratio + 1e-9)], dtype=float)
    after = black76.price(1.0, future * (1.0 - future_beta * move), strikes, years, vols, rate)
    gain = float(contracts @ (after - now.price)) * MULTIPLIER
    over = -contracts.sum()
    cost = float(contracts @ now.price)
    top = contracts[0] * (short_strike - long_strike) - cost  # points at the short strike
    return SpreadHedge(
        long_strike=long_strike,
        short_strike=short_strike,
        long_contracts=float(contracts[0]),
        short_contracts=float(contracts[1]),
        debit_points=float(one @ now.price),
        cost_dollars=cost * MULTIPLIER,
        gain_dollars=gain,
        share_of_loss=gain / wing_loss,
        theta_dollars=float(contracts @ now.theta) * MULTIPLIER,
        loses_above_points=short_strike + top / over if over > 0.0 else float("nan"),
    )


class Rolled(NamedTuple):
    """A condor now, rolled, and the difference; dollars for all contracts."""

    position: str
    days: float
    value_points: float  # what its four legs bring in
    value_dollars: float
    delta_dollars: float
    gamma_dollars: float
    vega_dollars: float
    theta_dollars: float
    max_loss_dollars: float  # of this position alone, at these prices
    probability_of_profit: float


def roll(now: Condor, now_years: float, later: Condor, later_years: float) -> list[Rolled]:
    """Today's legs against the rolled ones (the seeds' Time-Shifting). The change of value is the credit of the roll,
    before costs: buying back today's legs costs their value, the new ones bring in theirs.

    All four legs roll: a short one that outlives its wing has no cover.
    """

    def row(name: str, condor: Condor, years: float) -> Rolled:
        return Rolled(
            name,
            365.0 * years,
            condor.credit_points,
            condor.credit_dollars,
            condor.delta_dollars,
            condor.gamma_dollars,
            condor.vega_dollars,
            condor.theta_dollars,
            condor.max_loss_dollars,
            condor.probability_of_profit,
        )

    before, after = row("now", now, now_years), row("rolled", later, later_years)
    return [before, after, Rolled("change", *(b - a for a, b in zip(before[1:], after[1:], strict=True)))]
