"""Episodes of a series: drawdowns."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from xlalvh.numerics.arrays import ArrayLike


class Drawdown(NamedTuple):
    """A fall from a high and the way back; places in the series."""

    peak: int
    trough: int  # the lowest place, the first of equal ones
    end: int | None  # the first place at or above the peak again; None where the series ends below
    depth: float  # trough over peak, less 1: below 0


def drawdowns(levels: ArrayLike, least: float) -> list[Drawdown]:
    """Every fall from a running high by at least `least`, which ends where the high is reached again.

    Parameters
    ----------
    levels : array_like, shape (n,)
        Closes above 0, the oldest first.
    least : float
        A decimal above 0: 0.05 is a fall of 5 %.

    Raises
    ------
    ValueError
        For levels that are no numbers above 0, or a threshold outside 0 to 1.

    >>> drawdowns([100, 94, 97, 101, 99], 0.05)
    [Drawdown(peak=0, trough=1, end=3, depth=-0.06)]
    """
    series = np.asarray(levels, dtype=float)
    if not (series > 0.0).all():
        raise ValueError("levels has one that is no number above 0; leave out that day")
    if not 0.0 < least < 1.0:
        raise ValueError(f"least is {least:g}; give a decimal between 0 and 1, 0.05 for 5 %")
    high = np.maximum.accumulate(series)
    tops = np.flatnonzero(series == high)  # each begins a stretch below it, mostly an empty one
    found = []
    for top, following in zip(tops, [*tops[1:], None], strict=True):
        stretch = series[top:following]
        trough = int(top) + int(stretch.argmin())
        depth = float(round(series[trough] / series[top] - 1.0, 12))
        if depth <= -least:
            found.append(Drawdown(int(top), trough, None if following is None else int(following), depth))
    return found
