"""VIX calls for a position in SPY, and what diversification leaves as correlations go to one."""

import math
from typing import NamedTuple

from xlalvh.strategy.capm import capm_ratio, gain_at_move


class EquityHedge(NamedTuple):
    """One level of correlation."""

    correlation: float
    risk_left: float  # the position's volatility over that of its average stock
    spx_move: float
    loss_dollars: float
    contracts: float
    whole_contracts: float


def risk_left(correlation: float, names: float) -> float:
    """Volatility of an equal mix over that of one of its equally volatile stocks: sqrt(1/n + (1 - 1/n) correlation).

    A decimal; 1 where nothing is diversified. NaN below -1 / (n - 1), which no mix can have.
    """
    share = 1.0 / names + (1.0 - 1.0 / names) * correlation
    return math.sqrt(share) if share >= 0.0 else math.nan


def equity_hedge(
    position_value: float,
    beta: float,
    move: float,
    future: float,
    delta: float,
    future_beta: float,
    correlation: float,
    names: float,
) -> list[EquityHedge]:
    """Calls that offset a fall of the position, at today's correlation and at one.

    Parameters
    ----------
    position_value : dollars
    beta : of the position to SPX
    move : SPX's fall as stocks move together as today, decimal magnitude
    future, delta, future_beta : of the VIX call: its future in points, its delta, the beta of the future to SPX
    correlation : average between the stocks, decimal
    names : number of stocks

    Notes
    -----
    At a correlation of one the stocks fall as hard each, but together: SPX's move and the loss grow by the ratio of
    `risk_left`. The future moves with SPX, so to first order the same calls offset both rows: it is the loss without
    them that grows.
    """
    rows = []
    now = risk_left(correlation, names)
    for level in (correlation, 1.0):
        left = risk_left(level, names)
        fall = abs(move) * left / now
        loss = position_value * beta * fall
        contracts = capm_ratio(loss, gain_at_move(fall, delta, future, future_beta))
        rows.append(EquityHedge(level, left, fall, loss, contracts, float(math.ceil(contracts - 1e-9))))
    return rows
