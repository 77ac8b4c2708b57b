"""What options cost on a day of the past: smiles of SPX and VIX options out of that day's index levels.

Where no chain of quotes exists, the VIX family tells SPX's volatility by tenor, SKEW how steep its smile is, and VVIX
the volatility of VIX options. Both smiles are one shape in standardised log-moneyness z = ln(K / F) / (s sqrt(T)),
where s is the index's own volatility for the tenor:

    (vol / s)^2 = c0 + c1 z + sum of c sqrt((z - m)^2 + w^2) over the bends (m, w)

This is Gatheral's SVI slice, for SPX with a second bend. Each c is linear in x = ln(T / 45 days) and in SKEW; those of
the bends are kept positive, so total variance is convex in log-moneyness. `calibrate` fits the constants to real
chains and says how far the model is off; every price made here is modelled and must be shown as such.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from xlalvh.numerics.arrays import Array, ArrayLike
from xlalvh.research.history import History

NODES = (9.0 / 365.0, 30.0 / 365.0, 93.0 / 365.0, 184.0 / 365.0)  # years of VIX9D, VIX, VIX3M, VIX6M
DIVIDEND_YIELD = 0.013  # of SPX, continuous; the median of the parity forwards of real chains 2022-2025
CENTRAL_SKEW = 135.0
_STEEPNESS = (-2.0, 2.0)  # (SKEW - 135) / 10, about as far as chains tell
_LEAST_BEND = 0.02  # of c2 and c3
_FALL = 0.1  # that the far wings may have: SPX's call wing falls a little where SKEW is low
_LEAST_RATIO = 0.05  # of (vol / s)^2
_REFERENCE = 45.0 / 365.0


class DayState(NamedTuple):
    """The index levels of one day, or of many as arrays that broadcast with the strikes; NaN where missing."""

    vix9d: float | Array
    vix: float | Array
    vix3m: float | Array
    vix6m: float | Array
    skew: float | Array
    vvix: float | Array

    @classmethod
    def of(cls, history: History, i: int | slice) -> DayState:
        """The levels of the i-th day of a history, or of a range of days."""
        return cls(*(getattr(history, name)[i] for name in cls._fields))


def family_vol(state: DayState, years: ArrayLike) -> Array:
    """Volatility of a tenor from VIX9D, VIX, VIX3M and VIX6M, a decimal.

    Total variance is linear in time between the four and never falls; before nine days and beyond 184 volatility is
    that of the nearest. A missing index takes the place of its neighbour towards VIX.
    """
    t = np.asarray(years, dtype=float)
    vix = np.asarray(state.vix, dtype=float)
    near, third, sixth = (np.asarray(level, dtype=float) for level in (state.vix9d, state.vix3m, state.vix6m))
    if not np.isfinite(near).all():
        near = np.where(np.isfinite(near), near, vix)
    if not np.isfinite(third).all():
        third = np.where(np.isfinite(third), third, vix)
    if not np.isfinite(sixth).all():
        sixth = np.where(np.isfinite(sixth), sixth, third)
    start = NODES[0]
    last = near * near * start
    total = last * np.minimum(t / start, 1.0)
    for level, node in zip((vix, third, sixth), NODES[1:], strict=True):
        variance = np.maximum(level * level * node, last)
        total = total + (variance - last) * np.minimum(np.maximum((t - start) / (node - start), 0.0), 1.0)
        last, start = variance, node
    total = total + sixth * sixth * np.maximum(t - start, 0.0)
    return np.sqrt(total / t) / 100.0


@dataclass(frozen=True)
class Shape:
    """One smile. A row of `coefficients` is constant, slope in x and slope in (SKEW - 135) / 10 of c0, of c1, then of
    each bend's c; the whole is scaled by exp(2 (l1 x + l2 x^2)), l1 and l2 being `level`."""

    coefficients: tuple[tuple[float, float, float], ...]
    centres: tuple[float, ...]
    widths: tuple[float, ...]
    level: tuple[float, float] = (0.0, 0.0)
    days: tuple[float, float] = (9.0, 250.0)  # beyond, the shape is that of the end

    def reference(self, years: ArrayLike) -> Array:
        """x: the log of the tenor over 45 days."""
        low, high = self.days
        t = np.asarray(years, dtype=float)
        return np.log(np.minimum(np.maximum(t, low / 365.0), high / 365.0) / _REFERENCE)

    def ratio(self, z: Array, years: ArrayLike, steepness: ArrayLike = 0.0) -> Array:
        """Volatility over the index's own, above 0; (SKEW - 135) / 10 is the `steepness`."""
        x = self.reference(years)
        k = np.asarray(steepness, dtype=float)
        c0, c1, *bends = (a + b * x + c * k for a, b, c in self.coefficients)
        bends = [np.maximum(c, _LEAST_BEND) for c in bends]
        most = sum(bends[1:], bends[0]) + _FALL
        found = c0 + np.minimum(np.maximum(c1, -most), most) * z
        for c, centre, width in zip(bends, self.centres, self.widths, strict=True):
            found = found + c * np.sqrt(np.square(z - centre) + width * width)
        return np.exp(self.level[0] * x + self.level[1] * x * x) * np.sqrt(np.maximum(found, _LEAST_RATIO))


# `calibrate.fit_spx` and `fit_vix` find these on the real chains (the tests do it again).
SPX_SHAPE = Shape(
    coefficients=(
        (-0.288, 0.042, -0.178),
        (-0.485, 0.021, 0.0),
        (0.291, 0.090, 0.058),
        (0.300, -0.071, 0.034),
    ),
    centres=(0.5, -2.2),
    widths=(0.6, 0.9),
    days=(9.0, 200.0),
)
VIX_SHAPE = Shape(
    coefficients=((-0.344, 0.0, 0.0), (-0.190, 0.0, 0.0), (0.830, 0.0, 0.0)),
    centres=(-1.2,),
    widths=(0.6,),
    level=(-0.150, -0.049),
)


@dataclass(frozen=True)
class SpxModel:
    """SPX options of a day without quotes. Arguments broadcast by NumPy's rules."""

    shape: Shape = SPX_SHAPE

    def forward(self, spot: ArrayLike, rate: ArrayLike, years: ArrayLike) -> Array:
        """Forward of an expiry, points: spot exp((rate - dividend yield) years)."""
        carry = (np.asarray(rate, dtype=float) - DIVIDEND_YIELD) * np.asarray(years, dtype=float)
        return np.asarray(spot, dtype=float) * np.exp(carry)

    def vol(self, state: DayState, strikes: ArrayLike, forward: ArrayLike, years: ArrayLike) -> Array:
        """Implied volatility by strike, a decimal a year; NaN without VIX or beyond expiry.

        SKEW counts between 115 and 155, about where chains have been seen; 135 stands for a missing one.
        """
        t = np.asarray(years, dtype=float)
        own = family_vol(state, t)
        z = np.log(np.asarray(strikes, dtype=float) / np.asarray(forward, dtype=float)) / (own * np.sqrt(t))
        skew = np.asarray(state.skew, dtype=float)
        steepness = (np.where(np.isfinite(skew), skew, CENTRAL_SKEW) - CENTRAL_SKEW) / 10.0
        return own * self.shape.ratio(z, t, np.minimum(np.maximum(steepness, _STEEPNESS[0]), _STEEPNESS[1]))


@dataclass(frozen=True)
class FlatModel:
    """The naive smile that the model is compared with: the tenor's volatility out of the VIX family at every strike."""

    def vol(self, state: DayState, strikes: ArrayLike, forward: ArrayLike, years: ArrayLike) -> Array:
        """`family_vol`, whatever the strike."""
        own = family_vol(state, years)
        return np.broadcast_to(own, np.broadcast(own, strikes, forward).shape)


@dataclass(frozen=True)
class VixModel:
    """VIX options of a day without quotes, on the future of their own expiry. Arguments broadcast by NumPy's rules."""

    shape: Shape = VIX_SHAPE

    def vol(self, state: DayState, strikes: ArrayLike, future: ArrayLike, years: ArrayLike) -> Array:
        """Implied volatility by strike, a decimal a year; NaN without VVIX (before 2007) or beyond expiry."""
        t = np.asarray(years, dtype=float)
        own = np.asarray(state.vvix, dtype=float) / 100.0
        z = np.log(np.asarray(strikes, dtype=float) / np.asarray(future, dtype=float)) / (own * np.sqrt(t))
        return own * self.shape.ratio(z, t)

    def future(self, curve_years: Array, settles: Array, years: ArrayLike) -> Array:
        """Forward of an expiry from the VX curve, points: linear between its neighbours, NaN outside the curve."""
        return np.interp(np.asarray(years, dtype=float), curve_years, settles, left=np.nan, right=np.nan)
