"""The 4/4/2 ladder of VIX calls: rungs by delta in three layers, and how it responds to VIX."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from xlalvh.numerics import black76, probability
from xlalvh.numerics.arrays import Array
from xlalvh.strategy.book import MULTIPLIER
from xlalvh.strategy.strikes import snap
from xlalvh.strategy.tenor_beta import tenor_beta
from xlalvh.strategy.volatility import VolAt

LAYERS = ("front", "mid", "back")
DELTAS: tuple[tuple[float, ...], ...] = ((0.50, 0.40, 0.30, 0.20), (0.45, 0.35, 0.25, 0.15), (0.40, 0.25))
ALLOCATION = (4.0, 4.0, 2.0)


class Rung(NamedTuple):
    """One strike of one layer; premium, delta, years, future and vol a unit, the rest dollars for all contracts."""

    layer: str
    contracts: float
    strike: float
    premium_points: float
    cost_dollars: float
    delta: float
    vega_dollars: float  # per point of the option's own volatility
    theta_dollars: float  # a calendar day
    tenor_beta: float
    vol_exposure_dollars: float  # per point of spot VIX: contracts x 100 x delta x beta
    years: float
    future: float
    vol: float


class Response(NamedTuple):
    """Profit in dollars by layer at one level of VIX."""

    vix: float
    front: float
    mid: float
    back: float
    total: float


def build(
    units: float,
    years: Sequence[float],
    futures: Sequence[float],
    vol_at: Sequence[VolAt],
    beta_params: Sequence[float],
    deltas: Sequence[Sequence[float]] = DELTAS,
    allocation: Sequence[float] = ALLOCATION,
    rate: float = 0.0,
    steps: Sequence[Array | None] = (None, None, None),
) -> list[Rung]:
    """The rungs of `units` ladders, layer by layer.

    Parameters
    ----------
    units : ladders
    years, futures, vol_at, deltas, allocation, steps : one item a layer
        Time to settlement, the VIX future in points, volatilities by strike, rung deltas, contracts a unit, and a
        step or the listed strikes (points; None leaves strikes as they are).
    beta_params : c, A and kappa of `tenor_beta`
    rate : decimal a year

    Notes
    -----

    A layer's contracts a unit are shared evenly by its rungs. Each rung is a call on the future of the
    layer's own expiry at the strike of its delta, snapped to the listed strikes. A rung whose delta has no strike is
    NaN throughout.
    """
    rungs = []
    for i, layer in enumerate(LAYERS):
        share = units * allocation[i] / len(deltas[i])
        beta = float(tenor_beta(years[i], beta_params))
        for delta in deltas[i]:
            wanted = probability.strike_from_delta_on_smile(1.0, delta, futures[i], years[i], vol_at[i], rate)
            strike = snap(wanted, steps[i])
            vol = float(vol_at[i](np.array([strike]))[0]) if np.isfinite(strike) else float("nan")
            call = black76.main_greeks(1.0, futures[i], strike, years[i], vol, rate)
            dollars = share * MULTIPLIER
            rungs.append(
                Rung(
                    layer=layer,
                    contracts=share,
                    strike=strike,
                    premium_points=float(call.price),
                    cost_dollars=dollars * float(call.price),
                    delta=float(call.delta),
                    vega_dollars=dollars * float(call.vega),
                    theta_dollars=dollars * float(call.theta),
                    tenor_beta=beta,
                    vol_exposure_dollars=dollars * float(call.delta) * beta,
                    years=years[i],
                    future=futures[i],
                    vol=vol,
                )
            )
    return rungs


def respond(
    rungs: Sequence[Rung],
    vix_from: float,
    vix_to: Sequence[float],
    days: float,
    rate: float,
    beta_params: Sequence[float],
) -> list[Response]:
    """Profit in dollars against today's model value as VIX goes from one level (points) to others and `days` pass.

    Each future moves by its tenor beta times the change of VIX and keeps its price otherwise; the options keep their
    own volatility. An expiry that `days` reach settles at its moved future.
    """
    start = np.array([[r.contracts, r.strike, r.years, r.future, r.vol] for r in rungs])
    contracts, strike, years, future, vol = start.T
    layer = np.array([LAYERS.index(r.layer) for r in rungs])
    left = np.maximum(years - days / 365.0, 0.0)
    today = black76.price(1.0, future, strike, years, vol, rate)
    beta = tenor_beta(years, beta_params)
    answers = []
    for level in vix_to:
        moved = future + beta * (level - vix_from)
        value = black76.price(1.0, moved, strike, left, vol, rate)
        profit = contracts * MULTIPLIER * (value - today)
        front, mid, back = (float(profit[layer == i].sum()) for i in range(3))
        answers.append(Response(float(level), front, mid, back, float(profit.sum())))
    return answers
