"""One volatility, one a leg, or a smile: what every position is priced with."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from xlalvh.numerics.arrays import Array
from xlalvh.numerics.smile import Smile

VolAt = Callable[[Array], Array]  # strikes in points to volatilities, decimal a year


def flat(vol: float) -> VolAt:
    """The same volatility at every strike."""
    return lambda strikes: np.full(np.shape(strikes), vol)


def on_smile(smile: Smile, forward: float, years: float) -> VolAt:
    """The volatilities of a fitted slice."""
    return lambda strikes: smile.vol(strikes, forward, years)


def between(strikes: Array, vols: Array) -> VolAt:
    """A volatility a leg, linear in strike between legs and level outside them."""
    order = np.argsort(strikes)
    return lambda wanted: np.interp(wanted, strikes[order], vols[order])
