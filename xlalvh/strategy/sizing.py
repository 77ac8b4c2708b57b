"""How much ladder a condor needs."""

import math
from typing import NamedTuple

import numpy as np

from xlalvh.numerics.arrays import Array, ArrayLike

_LEAST_COVERAGE = 1e-12  # of one unit; below, the answer would be no count of contracts
_MOST_UNITS = 1e12

VIX_DAYS = 30.0


def coverage(vol_exposure: ArrayLike, condor_vega: ArrayLike) -> Array:
    """Ladder dollars per VIX point over the condor's, vol_exposure / -condor_vega.

    Both signed, dollars per VIX point; the condor's vega is weighted by tenor. NaN where the signs agree (nothing is
    hedged) or the condor has no vega.
    """
    exposure, vega = np.asarray(vol_exposure, dtype=float), np.asarray(condor_vega, dtype=float)
    with np.errstate(all="ignore"):
        return np.where((vega != 0.0) & (exposure * vega <= 0.0), exposure / -vega, np.nan)


def tenor_weighted(vega: ArrayLike, days: ArrayLike, exponent: ArrayLike) -> Array:
    """Vega per point of an option's own volatility as dollars per point of VIX: vega x (30 / days)^exponent.

    VIX looks 30 days ahead; volatilities of other tenors move less or more, by this power. NaN for days not above 0.
    """
    with np.errstate(all="ignore"):
        ahead = np.where(np.asarray(days, dtype=float) > 0.0, VIX_DAYS / np.asarray(days, dtype=float), np.nan)
        return np.asarray(vega, dtype=float) * ahead ** np.asarray(exponent, dtype=float)


class Units(NamedTuple):
    """Whole units, or the least growth of the condor that lets one fit."""

    units: int | None
    least_growth: float  # condor vega would have to be this many times larger; 1 where units fit


def hedge_units(condor_vega: float, unit_vol_exposure: float, target: float, low: float, high: float) -> Units:
    """Whole units whose coverage lies inside the band and nearest to the target; the smaller of two equally near.

    Raises
    ------
    ValueError
        For equal signs, a zero, sizes so different that no count of contracts is meant, or a band without a positive
        number.
    """
    if not high > 0.0:
        raise ValueError(f"high is {high:g}; the band must reach above 0")
    one = float(coverage(unit_vol_exposure, condor_vega))
    if not _LEAST_COVERAGE <= one <= 1.0 / _LEAST_COVERAGE:
        raise ValueError(
            f"condor_vega is {condor_vega:g} and unit_vol_exposure {unit_vol_exposure:g}; a hedge needs opposite signs "
            "and sizes that can be compared"
        )
    if not target / one <= _MOST_UNITS:
        raise ValueError(f"target is {target:g} and one unit covers {one:g}; no count of contracts is meant")
    tolerance = 1e-12
    fewest = math.ceil(max(1.0, low / one - tolerance))
    most = math.floor(min(high / one + tolerance, _MOST_UNITS))
    if fewest <= most:
        below = math.floor(max(target / one, 0.0))
        near = [min(max(n, fewest), most) for n in (below, below + 1)]
        return Units(min(near, key=lambda n: (abs(n * one - target), n)), 1.0)
    # n units fit a condor g times as large where low <= n one / g <= high; the least g above 1 has n = fewest.
    return Units(None, fewest * one / high)
