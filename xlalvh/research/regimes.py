"""Days by regime and year on a history of VIX futures: how often each label of the sheets was true."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from xlalvh.market import calendar
from xlalvh.market.quotes import FuturesCurve
from xlalvh.strategy import regime


class YearRow(NamedTuple):
    """One year; counts are sessions."""

    year: int
    counts: tuple[int, ...]  # in the order of regime.LABELS
    changes: int  # of the label with hysteresis, from one session with a slope to the next
    without: int  # sessions whose curve does not reach from 30 to 60 days


class Regimes(NamedTuple):
    """The label of every session, and the table by year."""

    labels: dict[dt.date, str | None]  # without hysteresis; None without a slope
    years: list[YearRow]


def regimes(
    curves: Mapping[dt.date, FuturesCurve], vix: Mapping[dt.date, float], cuts: Sequence[float], hysteresis: float
) -> Regimes:
    """Labels of the days of `curves`, and their counts by year.

    Parameters
    ----------
    curves : mapping of date to FuturesCurve
    vix : mapping of date to float
        Closes, day 0 where the first future lies beyond 30 days.
    cuts, hysteresis : the rules of the regime, as slopes; counts are without hysteresis, changes with it
    """
    slopes = {day: _slope(curve, vix.get(day)) for day, curve in sorted(curves.items())}
    labels = {day: regime.classify(slope, cuts) if np.isfinite(slope) else None for day, slope in slopes.items()}
    kept = [day for day, slope in slopes.items() if np.isfinite(slope)]
    steady = regime.classify_series(np.array([slopes[day] for day in kept]), cuts, hysteresis)
    changed = Counter(
        later.year for (_, before), (later, after) in pairwise(zip(kept, steady, strict=True)) if before != after
    )
    counted = {year: Counter(labels[day] for day in labels if day.year == year) for year in {d.year for d in labels}}
    rows = [
        YearRow(year, tuple(counts[label] for label in regime.LABELS), changed[year], counts[None])
        for year, counts in sorted(counted.items())
    ]
    return Regimes(labels, rows)


def _slope(curve: FuturesCurve, vix: float | None) -> float:
    monthly = [f for f in curve.futures if f.monthly]
    days = [calendar.years("VIX", f.expiry, curve.market_time) * 365.0 for f in monthly]
    return regime.slope(vix, np.array([f.price for f in monthly]), np.array(days))
