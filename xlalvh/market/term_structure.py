"""Measures of the VIX futures curve. Prices and spot VIX in points, days to settlement in calendar days."""

from __future__ import annotations

import numpy as np

from xlalvh.numerics.arrays import Array, ArrayLike

NEAREST = 45.0  # days; a monthly future always settles within 35


def constant_maturity(futures: Array, days: Array, target: float, vix: float | None = None) -> float:
    """Price of a future with `target` days, linear in price between its neighbours.

    Spot VIX serves as day 0 only where the first future lies beyond the target, and within `NEAREST` days: a curve
    whose near end is missing tells nothing of it. NaN where the target lies beyond the last future, or before the
    first without such help.
    """
    good = np.isfinite(futures) & np.isfinite(days) & (futures > 0.0) & (days >= 0.0)
    order = np.argsort(days[good])
    x, y = days[good][order], futures[good][order]
    if x.size and target < x[0] <= NEAREST and vix is not None:
        x, y = np.concatenate([[0.0], x]), np.concatenate([[vix], y])
    if not x.size or not x[0] <= target <= x[-1]:
        return float("nan")
    return float(np.interp(target, x, y))


def contango(near: ArrayLike, far: ArrayLike) -> Array:
    """Far over near less 1, a decimal; positive in contango, negative in backwardation."""
    return np.asarray(far, dtype=float) / np.asarray(near, dtype=float) - 1.0


def roll_yield(near: ArrayLike, far: ArrayLike, near_days: ArrayLike, far_days: ArrayLike) -> Array:
    """What a long far future earns a year by sliding down the curve to the near one, a decimal a year.

    ln(near / far) x 365 / (far_days - near_days): negative in contango. NaN where far_days <= near_days.
    """
    gap = np.asarray(far_days, dtype=float) - np.asarray(near_days, dtype=float)
    with np.errstate(all="ignore"):
        ratio = np.log(np.asarray(near, dtype=float) / np.asarray(far, dtype=float))
        return np.where(gap > 0.0, ratio * 365.0 / gap, np.nan)


def basis(vix: ArrayLike, future: ArrayLike) -> Array:
    """Future less spot VIX, points."""
    return np.asarray(future, dtype=float) - np.asarray(vix, dtype=float)
