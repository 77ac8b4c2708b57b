"""Capital measures: returns on dated flows, costs of capital, the hedge's drag. All rates are decimals a year."""

import math
from typing import NamedTuple

import numpy as np

from xlalvh.numerics.arrays import Array, ArrayLike
from xlalvh.numerics.roots import all_roots

LOWEST, HIGHEST = -0.9999, 1e6  # rates between which roots are looked for
_POINTS = 2001


def irr(amounts: Array, days: Array) -> list[float]:
    """Every effective annual rate at which dated flows are worth nothing, ascending; none is an empty list.

    Parameters
    ----------
    amounts : received above 0, paid below
    days : dates in whole days, in any order; a year has 365 (the definition of Excel's XIRR)

    Notes
    -----
    Sought from -99.99 % to 1,000,000 %. Flows that change their sign once have one root at most; others are tried on a
    grid of ln(1 + rate) and at the extremes between, so that a root which touches without crossing may go unseen.
    """
    each, place = np.unique(np.floor(days), return_inverse=True)
    flows = np.bincount(place, weights=amounts)
    years = (each - each[0]) / 365.0

    def worth(growth: Array) -> Array:
        # Scaled by a positive number, so that no term overflows; the roots stay.
        shift = np.where(growth >= 0.0, 0.0, years[-1])
        return np.exp(-growth[:, None] * (years - shift[:, None])) @ flows

    signs = np.sign(flows[flows != 0.0])
    once = np.count_nonzero(np.diff(signs)) == 1  # then there is one root at most (Descartes)
    grid = np.linspace(math.log1p(LOWEST), math.log1p(HIGHEST), 2 if once else _POINTS)
    return [math.expm1(root) for root in all_roots(worth, grid)]


def wacc(
    equity: ArrayLike, debt: ArrayLike, cost_of_equity: ArrayLike, cost_of_debt: ArrayLike, tax: ArrayLike = 0.0
) -> Array:
    """Weighted average cost of capital: (E re + D rd (1 - tax)) / (E + D). NaN where there is no capital."""
    e, d = np.asarray(equity, dtype=float), np.asarray(debt, dtype=float)
    with np.errstate(all="ignore"):
        cost = e * cost_of_equity + d * np.asarray(cost_of_debt) * (1.0 - np.asarray(tax))
        return np.where(e + d > 0.0, cost / (e + d), np.nan)


def capm(risk_free: ArrayLike, beta: ArrayLike, market_return: ArrayLike) -> Array:
    """Return that the CAPM asks of an asset: risk_free + beta (market_return - risk_free)."""
    free = np.asarray(risk_free, dtype=float)
    return free + np.asarray(beta) * (np.asarray(market_return) - free)


def hedge_drag(paid: ArrayLike, received: ArrayLike, days: ArrayLike, capital: ArrayLike) -> Array:
    """What a hedge cost a year over capital: (paid - received) / capital x 365 / days; below 0 where it gained."""
    spent = np.asarray(paid, dtype=float) - np.asarray(received, dtype=float)
    with np.errstate(all="ignore"):
        return spent / np.asarray(capital, dtype=float) * 365.0 / np.asarray(days, dtype=float)


class Drip(NamedTuple):
    """A position after whole years, dollars."""

    year: float
    price_only_dollars: float
    dividends_taken_dollars: float  # so far
    total_taken_dollars: float
    total_reinvested_dollars: float


def drip(value: float, dividend_yield: float, growth: float, years: int, payments: int = 4) -> list[Drip]:
    """A position with its dividends taken, and with them reinvested, a row a year.

    The price grows by `growth` a year; each of the `payments` a year pays yield / payments of the price of its day, at
    the end of its period; taken dividends earn nothing.
    """
    step, part = (1.0 + growth) ** (1.0 / payments), dividend_yield / payments
    price, taken, reinvested = value, 0.0, value
    rows = []
    for year in range(1, years + 1):
        for _ in range(payments):
            price *= step
            taken += part * price
            reinvested *= step * (1.0 + part)
        rows.append(Drip(float(year), price, taken, price + taken, reinvested))
    return rows
