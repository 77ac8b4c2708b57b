"""Profit over joint moves of SPX and VIX, and along a path of them."""

from __future__ import annotations

import numpy as np

from xlalvh.numerics.arrays import Array
from xlalvh.risk.legs import Legs
from xlalvh.risk.shocks import Market, reprice


def pnl_grid(legs: Legs, market: Market, spx: Array, vix: Array, days: float = 0.0) -> Array:
    """Dollars against today's model value, a row a return of SPX (decimal) and a column a change of VIX (points).

    NaN where VIX or one of its futures would not stay above 0. See `shocks` for what moves how.
    """
    rows, columns = (axis.ravel() for axis in np.meshgrid(spx, vix, indexing="ij"))
    return reprice(legs, market, rows, columns, days).sum(axis=1).reshape(len(spx), len(vix))


def pnl_path(legs: Legs, market: Market, spx: Array, vix: Array, days: float = 0.0) -> Array:
    """The same for returns and changes that go together, a row a pair, in one column."""
    return reprice(legs, market, spx, vix, days).sum(axis=1)[:, None]
