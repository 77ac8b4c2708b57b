"""What a ladder earns or loses as days pass: time value against the slide along the curve; what pays for it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from xlalvh.numerics import black76
from xlalvh.numerics.arrays import Array
from xlalvh.strategy.book import MULTIPLIER
from xlalvh.strategy.ladder import LAYERS, Rung, respond

MOST_RISE = 500.0  # VIX points


class Carry(NamedTuple):
    """Dollars of a layer over the days; the last row is the ladder."""

    layer: str
    theta_dollars: float
    roll_down_dollars: float
    carry_dollars: float


def carry(rungs: Sequence[Rung], vix: float, futures: Array, days: Array, passed: float, rate: float) -> list[Carry]:
    """Change of a ladder's model value as `passed` days go by and nothing else moves.

    Parameters
    ----------
    rungs : of `ladder.build`
    vix, futures : points; spot VIX is the curve's day 0
    days : calendar days to settlement of each future, ascending
    passed : calendar days
    rate : decimal a year

    Notes
    -----
    theta: the time to expiry shortens, each future stays. Roll-down: each future then slides along an unchanged curve,
    by curve(T - passed) - curve(T), linear in price. An expiry that `passed` reaches settles. Volatilities stay. NaN
    where the curve does not reach a rung.
    """
    contracts, strike, years, future, vol = np.array(
        [[r.contracts, r.strike, r.years, r.future, r.vol] for r in rungs]
    ).T
    left = np.maximum(years - passed / 365.0, 0.0)
    now, then = (np.interp(t * 365.0, [0.0, *days], [vix, *futures], right=np.nan) for t in (years, left))
    values = [
        black76.price(1.0, f, strike, t, vol, rate)
        for f, t in ((future, years), (future, left), (future + then - now, left))
    ]
    dollars = contracts * MULTIPLIER
    theta, roll = dollars * (values[1] - values[0]), dollars * (values[2] - values[1])
    layer = np.array([LAYERS.index(r.layer) for r in rungs])
    members = [(name, layer == i) for i, name in enumerate(LAYERS)] + [("total", layer >= 0)]
    rows = [(name, float(theta[of].sum()), float(roll[of].sum())) for name, of in members]
    return [Carry(name, decay, slide, decay + slide) for name, decay, slide in rows]


def break_even_rise(rungs: Sequence[Rung], vix: float, cost: float, rate: float, beta_params: Sequence[float]) -> float:
    """Points by which spot VIX must rise at once for the ladder to gain `cost` dollars.

    Futures move by tenor beta, volatilities stay, as `ladder.respond` has it. NaN where `MOST_RISE` points do not do.
    """
    from scipy.optimize import brentq

    def short(rise: float) -> float:
        return respond(rungs, vix, [vix + rise], 0.0, rate, beta_params)[0].total - cost

    if cost <= 0.0:
        return 0.0
    if not short(MOST_RISE) >= 0.0:
        return float("nan")
    return float(brentq(short, 0.0, MOST_RISE, xtol=1e-10))
