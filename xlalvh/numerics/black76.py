"""Black-76 price and Greeks of European options on a forward.

F. Black, "The pricing of commodity contracts", Journal of Financial Economics 3 (1976), 167-179. The second-order
Greeks follow E. G. Haug, The Complete Guide to Option Pricing Formulas, 2nd ed. (2007), chapter 2, with the forward
held fixed.

All arguments broadcast. `right` is +1 for a call and -1 for a put; forwards and strikes are in points, years in
units of 525,600 minutes, volatility and rate are decimals a year. Outside the domain (forward or strike not above
0, years or vol below 0) and where a Greek is unbounded (at the money at expiry), the result is NaN.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

Array = NDArray[np.float64]

_INV_SQRT_2PI = 0.3989422804014327


class Greeks(NamedTuple):
    """Price and Greeks a unit of the underlying, arrays of one shape."""

    price: Array  # points
    delta: Array  # dV/dF, discounted
    gamma: Array  # d2V/dF2
    vega: Array  # dV/dsigma x 0.01
    theta: Array  # -dV/dT / 365
    rho: Array  # -T V x 0.01
    vanna: Array  # d2V/dF dsigma x 0.01
    volga: Array  # d2V/dsigma2 x 0.0001
    charm: Array  # -d(delta)/dT / 365


def price(
    right: ArrayLike, forward: ArrayLike, strike: ArrayLike, years: ArrayLike, vol: ArrayLike, rate: ArrayLike = 0.0
) -> Array:
    """Premium in points.

    Worked example (Haug 2007, section 1.1.5: a futures option, F = 19, X = 19, T = 0.75, r = 10 %, sigma = 28 %):

    >>> round(float(price(1, 19.0, 19.0, 0.75, 0.28, 0.10)), 4)
    1.7011
    """
    w, f, k, t, v, r = _broadcast(right, forward, strike, years, vol, rate)
    with np.errstate(all="ignore"):
        d1, d2 = _d1_d2(f, k, t, v)
        value = np.exp(-r * t) * w * (f * ndtr(w * d1) - k * ndtr(w * d2))
    return np.where(_valid(f, k, t, v), np.maximum(value, 0.0), np.nan)


def greeks(
    right: ArrayLike, forward: ArrayLike, strike: ArrayLike, years: ArrayLike, vol: ArrayLike, rate: ArrayLike = 0.0
) -> Greeks:
    """Price and the eight Greeks in one pass; units as in `Greeks`."""
    w, f, k, t, v, r = _broadcast(right, forward, strike, years, vol, rate)
    with np.errstate(all="ignore"):
        d1, d2 = _d1_d2(f, k, t, v)
        df = np.exp(-r * t)
        root = np.sqrt(t)
        s = v * root
        pdf = _INV_SQRT_2PI * np.exp(-0.5 * d1 * d1)
        value = np.maximum(df * w * (f * ndtr(w * d1) - k * ndtr(w * d2)), 0.0)
        delta = df * w * ndtr(w * d1)
        # Where the density is zero the option is certain: every term below is zero whatever it is multiplied by.
        live = pdf > 0.0
        density = np.where(live, df * pdf, 0.0)
        gamma = np.where(live, density / (f * s), 0.0)
        vega = density * f * root
        at_rest = live & (v == 0.0)  # at the money without volatility: the limits of vol to 0
        vanna = np.where(live, np.where(at_rest, 0.5 * density * root, -density * d2 / v), 0.0)
        volga = np.where(live, np.where(at_rest, 0.0, vega * d1 * d2 / v), 0.0)
        decay = np.where(live & (v > 0.0), density * f * v / (2.0 * root), 0.0)
        theta = (r * value - decay) / 365.0
        drift = np.where(live & (v > 0.0), density * d2 / (2.0 * t), 0.0)
        charm = (r * delta + drift) / 365.0
    bad = ~_valid(f, k, t, v)
    parts = (value, delta, gamma, vega, theta, 0.0 - t * value * 0.01, vanna, volga, charm)
    scales = (1.0, 1.0, 1.0, 0.01, 1.0, 1.0, 0.01, 0.0001, 1.0)
    return Greeks(*(np.where(bad | np.isinf(p), np.nan, p * c) for p, c in zip(parts, scales, strict=True)))


def _broadcast(*values: ArrayLike) -> tuple[Array, ...]:
    return tuple(np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in values)))


def _valid(f: Array, k: Array, t: Array, v: Array) -> NDArray[np.bool_]:
    finite = np.isfinite(f) & np.isfinite(k) & np.isfinite(t) & np.isfinite(v)
    return (f > 0.0) & (k > 0.0) & (t >= 0.0) & (v >= 0.0) & finite


def _d1_d2(f: Array, k: Array, t: Array, v: Array) -> tuple[Array, Array]:
    """d1 and d2; at zero total variance +-infinity off the money and 0 at the money."""
    x = np.log(f / k)
    s = v * np.sqrt(t)
    ratio = np.where(x == 0.0, 0.0, x / s)
    return ratio + 0.5 * s, ratio - 0.5 * s
