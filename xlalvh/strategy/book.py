"""A book of option legs in dollars, with totals that never add what cannot be added."""

from collections.abc import Sequence
from typing import NamedTuple

from xlalvh.numerics import black76
from xlalvh.numerics.arrays import Array

MULTIPLIER = 100.0  # dollars a point of SPX, XSP and VIX options


class Line(NamedTuple):
    """One leg: price a unit in points, the rest in dollars for the signed quantity."""

    underlying: str
    quantity: float
    price_points: float
    value_dollars: float
    delta_dollars: float  # per point of the underlying's forward
    gamma_dollars: float
    vega_dollars: float  # per point of the option's own volatility
    theta_dollars: float  # a calendar day
    rho_dollars: float  # per 0.01 of rate


class Total(NamedTuple):
    """Sums in dollars; None where a sum would add different things."""

    value: float
    delta: float | None
    gamma: float | None
    vega: float | None
    theta: float
    rho: float


def lines(
    underlying: Sequence[str],
    quantity: Array,
    right: Array,
    strike: Array,
    years: Array,
    forward: Array,
    vol: Array,
    rate: Array,
    multiplier: Array,
) -> list[Line]:
    """Price each leg.

    Parameters
    ----------
    underlying : names, one a leg
    quantity : contracts, + long and - short
    right, strike, years, forward, vol, rate : as in `black76.price`, one a leg
    multiplier : dollars a point
    """
    option = black76.main_greeks(right, forward, strike, years, vol, rate)
    dollars = quantity * multiplier
    columns = (option.price, *(dollars * greek for greek in option[:6]))
    return [
        Line(str(name), float(count), *(float(c) for c in numbers))
        for name, count, *numbers in zip(underlying, quantity, *columns, strict=True)
    ]


def subtotal(legs: Sequence[Line]) -> Total:
    """The sum of legs on one underlying, dollars."""
    value, delta, gamma, vega, theta, rho = (float(sum(column)) for column in list(zip(*legs, strict=True))[3:])
    return Total(value, delta, gamma, vega, theta, rho)


def grand_total(legs: Sequence[Line]) -> Total:
    """The sum of everything: value, theta and rho only, for points of SPX and of VIX are different things."""
    whole = subtotal(legs)
    return Total(whole.value, None, None, None, whole.theta, whole.rho)
