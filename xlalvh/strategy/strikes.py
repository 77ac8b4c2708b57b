"""Strikes as the exchange lists them."""

from __future__ import annotations

import numpy as np

from xlalvh.numerics.arrays import Array


def snap(strike: float, step: Array | None) -> float:
    """`strike` rounded to a step (one number) or to the nearest of the listed strikes (several); None leaves it.

    Of two listed strikes equally near, the lower is taken. NaN where a strike rounds to 0 or nothing is listed.
    """
    if step is None:
        return strike
    listed = np.sort(step[np.isfinite(step) & (step > 0.0)])
    if listed.size == 0 or not np.isfinite(strike):
        return float("nan")
    if step.size == 1:
        rounded = float(np.round(strike / listed[0]) * listed[0])
        return rounded if rounded > 0.0 else float("nan")
    return float(listed[np.argmin(np.abs(listed - strike))])
