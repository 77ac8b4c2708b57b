"""The volatility regime from the slope of the VIX futures curve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from xlalvh.market.term_structure import constant_maturity

Array = NDArray[np.float64]

LABELS = ("deep backwardation", "backwardation", "flat", "contango", "steep contango")


def slope(vix: float, futures: Array, days: Array) -> float:
    """CM60 / CM30 - 1 of constant-maturity futures, a decimal, from VIX and futures in points.

    NaN where the curve does not reach from 30 to 60 days."""
    near = constant_maturity(futures, days, 30.0, vix)
    return constant_maturity(futures, days, 60.0, vix) / near - 1.0


def classify(value: float, cuts: Sequence[float]) -> str:
    """The label of a slope; a slope on a cut belongs to the flatter side."""
    deep, back, contango, steep = cuts
    if value < deep:
        return LABELS[0]
    if value < back:
        return LABELS[1]
    if value <= contango:
        return LABELS[2]
    return LABELS[3] if value <= steep else LABELS[4]
