"""The seeds' Big Top "Temporal Theta" Cash Press, as far as it can be measured: a long contango, a low VIX, a ladder
whose time value runs off, and whether its periodic rebalance is due."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from xlalvh.numerics.arrays import Array
from xlalvh.strategy.book import MULTIPLIER
from xlalvh.strategy.ladder import Rung
from xlalvh.strategy.signals import percentile

DUE, NOT_DUE, NO_PERIOD = "due", "not due", "no period set"


class CashPress(NamedTuple):
    """Sessions of contango in a row, where VIX stands in its history, and what the ladder's time value does."""

    contango_sessions: float
    vix_percentile: float
    extrinsic_dollars: float
    theta_dollars: float  # a calendar day
    days_since_rebalance: float
    rebalance: str


def cash_press(
    slopes: Array,
    contango_cut: float,
    vix: float,
    history: Array,
    rungs: Sequence[Rung],
    rate: float,
    days: float,
    period: float,
) -> CashPress:
    """The row of figures.

    Parameters
    ----------
    slopes : CM60 / CM30 - 1 of each session, oldest first; a missing one (NaN) ends the streak
    contango_cut : slope above which there is contango
    vix, history : points
    rungs : of the ladder; extrinsic value is premium less discounted intrinsic value
    days : calendar days since the last rebalance
    period : calendar days between rebalances; 0 is none
    """
    calm = slopes > contango_cut
    streak = len(calm) if calm.all() else int(np.argmin(calm[::-1]))
    extrinsic = sum(
        r.contracts * MULTIPLIER * (r.premium_points - math.exp(-rate * r.years) * max(r.future - r.strike, 0.0))
        for r in rungs
    )
    state = NO_PERIOD if period == 0.0 else DUE if days >= period else NOT_DUE
    theta = sum(r.theta_dollars for r in rungs)
    return CashPress(float(streak), float(percentile(vix, history)), extrinsic, theta, days, state)
