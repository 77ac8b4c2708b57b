"""What a book nets to: dollar Greeks an underlying, SPX and XSP as one index, and the dollars per point of VIX."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from xlalvh.numerics import black76
from xlalvh.numerics.arrays import Array, Mask
from xlalvh.risk.legs import SPX, VIX, XSP, Legs
from xlalvh.strategy.book import MULTIPLIER
from xlalvh.strategy.sizing import tenor_weighted
from xlalvh.strategy.tenor_beta import tenor_beta

XSP_SCALE = 0.1  # XSP is a tenth of SPX (Cboe XSP contract specifications)
BOTH = f"{SPX} + {XSP}"
TOTAL = "Total"


class Net(NamedTuple):
    """Sums of the legs on one underlying, dollars; "" where there is none or a sum would add different things."""

    underlying: str
    legs: float
    value_dollars: float | str
    delta_dollars: float | str  # per point of the underlying, of SPX in the row of both
    gamma_dollars: float | str
    vega_dollars: float | str  # per point of the options' own volatility
    theta_dollars: float | str  # a calendar day
    rho_dollars: float | str  # per 0.01 of rate
    vix_point_dollars: float | str  # per point of spot VIX: vega by tenor, or delta x tenor beta


_SUMS = len(Net._fields) - 2


def net(legs: Legs, beta: Sequence[float], exponent: float) -> list[Net]:
    """Rows SPX, XSP, both in SPX points, VIX, and the total, whichever of them have legs.

    Parameters
    ----------
    legs : Legs
    beta : three numbers, c, A and kappa of `tenor_beta`
    exponent : of `tenor_weighted`
    """
    columns = _columns(legs, beta, exponent)
    index = (legs.underlying == SPX) | (legs.underlying == XSP)
    small = np.where(legs.underlying == XSP, XSP_SCALE, 1.0)
    in_spx_points = columns * np.array([np.ones_like(small), small, small**2, *[np.ones_like(small)] * 4])
    everything = np.ones(len(small), dtype=bool)
    rows = [
        _row(SPX, legs.underlying == SPX, columns),
        _row(XSP, legs.underlying == XSP, columns),
        _row(BOTH, index, in_spx_points),
        _row(VIX, legs.underlying == VIX, columns),
    ]
    whole = _row(TOTAL, everything, columns)
    return [*rows, whole._replace(delta_dollars="", gamma_dollars="", vega_dollars="")]


def _columns(legs: Legs, beta: Sequence[float], exponent: float) -> Array:
    """The summands of `Net`, a leg a column."""
    option = black76.main_greeks(legs.right, legs.forward, legs.strike, legs.years, legs.vol, legs.rate)
    dollars = legs.quantity * MULTIPLIER
    vega = dollars * option.vega
    on_vix = dollars * option.delta * tenor_beta(legs.years, beta)
    weighted = np.where(legs.years > 0.0, tenor_weighted(vega, 365.0 * legs.years, exponent), 0.0)
    per_vix_point = np.where(legs.underlying == VIX, on_vix, weighted)
    greeks = (option.price, option.delta, option.gamma, option.vega, option.theta, option.rho)
    return np.array([*(dollars * greek for greek in greeks), per_vix_point])


def _row(name: str, mask: Mask, columns: Array) -> Net:
    count = int(mask.sum())
    sums = [float(x) for x in columns[:, mask].sum(axis=1)] if count else [""] * _SUMS
    return Net(name, float(count), *sums)
