"""The SPX iron condor: strikes by delta, and what the position is worth and risks."""

from typing import NamedTuple

import numpy as np

from xlalvh.numerics import black76, probability
from xlalvh.numerics.arrays import Array
from xlalvh.strategy.book import MULTIPLIER
from xlalvh.strategy.strikes import snap
from xlalvh.strategy.volatility import VolAt

RIGHTS = np.array([-1.0, -1.0, 1.0, 1.0])  # long put, short put, short call, long call
SIDES = np.array([1.0, -1.0, -1.0, 1.0])  # + long, - short, for one condor sold


class Condor(NamedTuple):
    """A condor sold: points a condor where the name says so, dollars for all contracts elsewhere."""

    credit_points: float
    credit_dollars: float
    max_profit_dollars: float
    max_loss_dollars: float
    break_even_low: float
    break_even_high: float
    probability_of_profit: float
    expected_value_dollars: float
    delta_dollars: float
    gamma_dollars: float
    vega_dollars: float
    theta_dollars: float
    rho_dollars: float
    margin_dollars: float
    return_on_risk: float


class Untested(NamedTuple):
    """The untested vertical of a condor (the seeds' Second Engine)."""

    untested_side: str
    spread_points: float
    extrinsic_points: float
    extrinsic_dollars: float
    theta_dollars: float


def strikes(
    forward: float,
    years: float,
    vol_at: VolAt,
    put_delta: float,
    call_delta: float,
    wing_width: float,
    rate: float = 0.0,
    step: Array | None = None,
) -> tuple[float, float, float, float]:
    """Long put, short put, short call, long call, points.

    Parameters
    ----------
    forward, wing_width, step : points; one step to round to, or the listed strikes
    years, rate : years to settlement; decimal a year
    vol_at : volatilities by strike
    put_delta, call_delta : magnitudes of the short options' deltas

    Notes
    -----
    The short strikes have the given delta magnitudes on the smile; all four are snapped to `step`. Where few strikes
    are listed, a wing is as near to its width as the strikes beyond the short one allow. NaN where a delta has no
    strike, or nothing is listed beyond it.
    """
    short_put, short_call = (
        snap(probability.strike_from_delta_on_smile(right, delta, forward, years, vol_at, rate), step)
        for right, delta in ((-1.0, put_delta), (1.0, call_delta))
    )
    below = step if step is None or step.size == 1 else np.where(step < short_put, step, np.nan)
    beyond = step if step is None or step.size == 1 else np.where(step > short_call, step, np.nan)
    return snap(short_put - wing_width, below), short_put, short_call, snap(short_call + wing_width, beyond)


def evaluate(
    legs: Array,
    forward: float,
    years: float,
    vol_at: VolAt,
    rate: float = 0.0,
    contracts: float = 1.0,
    premiums: Array | None = None,
) -> Condor:
    """Value and risk of `contracts` condors sold.

    Parameters
    ----------
    legs : ndarray of 4
        Strikes in points, ascending: long put, short put, short call, long call.
    forward : points
    years, rate : years to settlement; decimal a year
    vol_at : volatilities by strike
    premiums : ndarray of 4, optional
        What the legs traded at, points; the model's prices if omitted.

    Returns
    -------
    Condor
        The return on risk is NaN where nothing can be lost.

    Notes
    -----
    A break-even is NaN on a side that cannot lose, and where there is no credit to lose.
    The margin is Reg-T's for one expiry: the wider side times 100 (Cboe margin manual). The probability of profit is
    risk-neutral, with the slope of the smile. The expected value is the credit less the model value of the condor:
    nothing, under the risk-neutral law, where the legs trade at the model.
    """
    dollars = MULTIPLIER * contracts
    option = black76.main_greeks(RIGHTS, forward, legs, years, vol_at(legs), rate)
    paid = option.price if premiums is None else premiums
    credit = -float(SIDES @ paid)
    put_wing, call_wing = float(legs[1] - legs[0]), float(legs[3] - legs[2])
    widest = max(put_wing, call_wing)
    # A side loses only where the credit does not pay for its whole wing; without a credit every level loses.
    low = float(legs[1] - credit) if 0.0 < credit < put_wing else float("nan")
    high = float(legs[2] + credit) if 0.0 < credit < call_wing else float("nan")
    below = 0.0 if credit >= put_wing else 1.0 - probability.above(low, forward, years, vol_at)
    beyond = 0.0 if credit >= call_wing else probability.above(high, forward, years, vol_at)
    chance = max(0.0, 1.0 - below - beyond) if credit > 0.0 else 0.0
    max_loss = (widest - credit) * dollars
    delta, gamma, vega, theta, rho = (
        float(SIDES @ greek) * dollars for greek in (option.delta, option.gamma, option.vega, option.theta, option.rho)
    )
    return Condor(
        credit_points=credit,
        credit_dollars=credit * dollars,
        max_profit_dollars=credit * dollars,
        max_loss_dollars=max_loss,
        break_even_low=low,
        break_even_high=high,
        probability_of_profit=chance,
        expected_value_dollars=(credit + float(SIDES @ option.price)) * dollars,
        delta_dollars=delta,
        gamma_dollars=gamma,
        vega_dollars=vega,
        theta_dollars=theta,
        rho_dollars=rho,
        margin_dollars=widest * dollars,
        return_on_risk=credit * dollars / max_loss if max_loss > 0.0 else float("nan"),
    )


def untested(
    legs: Array,
    forward: float,
    years: float,
    vol_at: VolAt,
    tested: str = "",
    rate: float = 0.0,
    contracts: float = 1.0,
) -> Untested:
    """What the wing that is not tested still earns.

    `tested` is "P" or "C"; if empty, the wing whose short strike has the larger delta. The extrinsic value is that of
    the short option less that of the long one; theta is the seller's, dollars a day.
    """
    option = black76.main_greeks(RIGHTS, forward, legs, years, vol_at(legs), rate)
    if not tested:
        tested = "P" if abs(option.delta[1]) >= abs(option.delta[2]) else "C"
    long_leg, short_leg = (3, 2) if tested == "P" else (0, 1)
    intrinsic = np.exp(-rate * years) * np.maximum(RIGHTS * (forward - legs), 0.0)
    extrinsic = option.price - intrinsic
    earned = float(extrinsic[short_leg] - extrinsic[long_leg])
    return Untested(
        untested_side="call" if tested == "P" else "put",
        spread_points=float(option.price[short_leg] - option.price[long_leg]),
        extrinsic_points=earned,
        extrinsic_dollars=earned * MULTIPLIER * contracts,
        theta_dollars=float(option.theta[long_leg] - option.theta[short_leg]) * MULTIPLIER * contracts,
    )
