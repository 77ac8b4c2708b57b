"""Plain arithmetic that several expected values are made of."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import NormalDist

N = NormalDist().cdf


def distance(forward: float, strike: float, years: float, vol: float) -> float:
    """Of forward and strike in standard deviations: d1."""
    s = vol * math.sqrt(years)
    return math.log(forward / strike) / s + 0.5 * s


def black(sign: float, forward: float, strike: float, years: float, vol: float, rate: float) -> float:
    d1 = distance(forward, strike, years, vol)
    d2 = d1 - vol * math.sqrt(years)
    return math.exp(-rate * years) * sign * (forward * N(sign * d1) - strike * N(sign * d2))


def tenor_beta(years: float) -> float:
    return 0.146 + 0.582 * math.exp(-5.75 * years)


def linear(futures: Sequence[float], days: Sequence[float], target: float) -> float:
    curve = list(zip(days, futures, strict=True))
    for (d1, f1), (d2, f2) in pairwise(curve):
        if d1 <= target <= d2:
            return f1 + (f2 - f1) * (target - d1) / (d2 - d1)
    raise AssertionError("the example's curve does not reach the target")


def serial(year: int, month: int, day: int) -> float:
    """A day as cells count it, from 1900."""
    return float((dt.date(year, month, day) - dt.date(1899, 12, 30)).days)
