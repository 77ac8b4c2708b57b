"""Where a book of condor and ladder breaks even along a path of VIX, today and when the condor expires.

VIX follows ln(V / V0) = beta x ln(S / S0), with one beta below today's level of SPX and another above; everything else
moves as in `shocks`.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from xlalvh.numerics.arrays import Array
from xlalvh.numerics.roots import all_roots
from xlalvh.risk.legs import SPX, VIX, Legs
from xlalvh.risk.shocks import Market, reprice

TODAY, EXPIRY = "today", "expiry"
PROFIT, LOSS, EVEN = "profit", "loss", "even"
_POINTS = 801
_NOTHING = 1e-6  # dollars


class Interval(NamedTuple):
    """A stretch of SPX with a profit, a loss or neither; its ends are break-evens, blank where the path ends."""

    at: str
    outcome: str
    from_points: float | str
    to_points: float | str
    from_vix: float | str
    to_vix: float | str


def break_evens(legs: Legs, market: Market, path: Mapping[str, float], cost: float | None = None) -> list[Interval]:
    """Every stretch of profit and of loss, today and at the expiry of the nearest SPX legs.

    Parameters
    ----------
    legs : with SPX or XSP legs; levels are points of the forward of the nearest of them
    path : the rules of PATH
    cost : dollars paid for the book, a credit below 0; its model value today if omitted

    Raises
    ------
    ValueError
        For a book without SPX legs, or a path on which the book cannot be priced.
    """
    of_index = (
        legs.take(legs.underlying == SPX) if (legs.underlying == SPX).any() else legs.take(legs.underlying != VIX)
    )
    if not len(of_index.strike):
        raise ValueError("book has no SPX or XSP legs; break-evens are levels of SPX")
    nearest = int(np.argmin(of_index.years))
    start, vix = float(of_index.forward[nearest]), market.own_vix()
    kinks = np.log(of_index.strike[of_index.years == of_index.years[nearest]] / start)
    low, high = np.log1p(path["path_low"]), np.log1p(path["path_high"])
    grid = np.union1d(np.linspace(low, high, _POINTS), [0.0, *kinks[(kinks > low) & (kinks < high)]])
    gained_before = 0.0 if cost is None else float(legs.value().sum()) - cost

    def level(x: Array) -> Array:
        return vix * np.exp(np.where(x < 0.0, path["path_beta_down"], path["path_beta_up"]) * x)

    rows = []
    for at, days in ((TODAY, 0.0), (EXPIRY, 365.0 * float(of_index.years[nearest]))):

        def profit(x: Array, days: float = days) -> Array:
            gained = reprice(legs, market, np.expm1(x), level(x) - vix, days).sum(axis=1) + gained_before
            if not np.isfinite(gained).all():
                raise ValueError("a VIX future of the book falls to 0 on the path; give a smaller path_high")
            return np.where(np.abs(gained) < _NOTHING, 0.0, gained)

        roots = all_roots(profit, grid)
        ends = [low, *roots, high]
        shown: list[tuple[float | str, float | str]] = [
            ("", ""),
            *((start * float(np.exp(r)), float(level(np.array(r)))) for r in roots),
            ("", ""),
        ]
        middles = profit(np.array([0.5 * (a + b) for a, b in pairwise(ends)]))
        rows += [
            Interval(
                at, PROFIT if middle > 0.0 else LOSS if middle < 0.0 else EVEN, here[0], there[0], here[1], there[1]
            )
            for middle, (here, there) in zip(middles, pairwise(shown), strict=True)
        ]
    return rows
