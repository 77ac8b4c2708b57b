"""The volatility regime from the slope of the VIX futures curve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from xlalvh.market.term_structure import constant_maturity
from xlalvh.numerics.arrays import Array

LABELS = ("deep backwardation", "backwardation", "flat", "contango", "steep contango")


def slope(vix: float | None, futures: Array, days: Array) -> float:
    """CM60 / CM30 - 1 of constant-maturity futures, a decimal, from VIX and futures in points.

    NaN where the curve does not reach from 30 to 60 days. No VIX is None."""
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


def classify_series(slopes: Array, cuts: Sequence[float], hysteresis: float) -> list[str | None]:
    """The label of each day of a series, oldest first; None where the slope is NaN.

    A label stays as long as the slope lies within `hysteresis` (a decimal) beyond the label's own cuts; past that the
    slope is classified afresh. A missing day keeps the label for the days after it.
    """
    edges = (-np.inf, *cuts, np.inf)
    labels: list[str | None] = []
    place = -1
    for value in slopes:
        if not np.isfinite(value):
            labels.append(None)
            continue
        if place < 0 or not edges[place] - hysteresis <= value <= edges[place + 1] + hysteresis:
            place = LABELS.index(classify(float(value), cuts))
        labels.append(LABELS[place])
    return labels
