"""Implied volatility of European options under Black-76.

The price is reduced to the out-of-the-money option of its strike and compared on a logarithmic scale, where it is
nearly quadratic in 1/s far out of the money: safeguarded Newton steps then converge from prices of 1e-300 to the
upper bound. The scaled complementary error function keeps tiny prices accurate (P. Jaeckel, "Let's Be Rational",
Wilmott 75 (2015), section 2, has the same normalisation).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import erfcx, log_ndtr, ndtr

Array = NDArray[np.float64]

LOWEST = 0.001  # 0.1 % a year
HIGHEST = 10.0  # 1000 % a year
_END_TOLERANCE = 1e-9

_SQRT2 = np.sqrt(2.0)
_LOG_SQRT_2PI = 0.9189385332046727


def implied_vol(
    right: ArrayLike, price: ArrayLike, forward: ArrayLike, strike: ArrayLike, years: ArrayLike, rate: ArrayLike = 0.0
) -> Array:
    """Volatility, a decimal a year, that gives `price`.

    Parameters
    ----------
    right : +1 for a call, -1 for a put
    price, forward, strike : points
    years : time to settlement, above 0
    rate : continuously compounded, decimal a year

    Returns
    -------
    ndarray
        NaN at or below intrinsic, at or above the bound (the discounted forward of a call, strike of a put), for
        ``years`` not above 0, and outside `LOWEST` to `HIGHEST`.
    """
    w, p, f, k, t, r = np.broadcast_arrays(
        *(np.asarray(v, dtype=float) for v in (right, price, forward, strike, years, rate))
    )
    with np.errstate(all="ignore"):
        scale = np.exp(-r * t) * np.sqrt(f * k)
        intrinsic = np.exp(-r * t) * np.maximum(w * (f - k), 0.0)
        target = np.log((p - intrinsic) / scale)
        x = -np.abs(np.log(f / k))
        ok = (f > 0.0) & (k > 0.0) & (t > 0.0) & np.isfinite(target) & (target < 0.5 * x) & np.isfinite(x)
        s = np.full(np.shape(target), np.nan)
        if ok.any():
            s[ok] = _solve(x[ok], target[ok])
        vol = s / np.sqrt(t)
        inside = np.clip(vol, LOWEST, HIGHEST)  # a price of either end comes back with a last digit astray
        found: Array = np.where(np.abs(vol - inside) <= _END_TOLERANCE * inside, inside, np.nan)
    return found


def _log_price(x: Array, s: Array) -> tuple[Array, Array]:
    """Log of the normalised out-of-the-money call and its derivative in s = vol sqrt(years); x = -|ln(F/K)|."""
    d1 = x / s + 0.5 * s
    d2 = d1 - s
    # b = exp(x/2) N(d1) - exp(-x/2) N(d2); the common Gaussian factor is taken out where both tails are small.
    log_gauss = -0.5 * (d1 * d1) + 0.5 * x
    tail = 0.5 * (erfcx(-d1 / _SQRT2) - erfcx(-d2 / _SQRT2))
    far = d1 < 0.0
    near = np.exp(0.5 * x) * ndtr(d1) - np.exp(-0.5 * x) * ndtr(d2)
    log_b = np.where(far, log_gauss + np.log(np.where(far & (tail > 0.0), tail, 1.0)), np.log(np.maximum(near, 1e-300)))
    log_b = np.where(far & ~(tail > 0.0), 0.5 * x + log_ndtr(d1), log_b)
    slope = np.exp(log_gauss - _LOG_SQRT_2PI - log_b)
    return log_b, slope


def _solve(x: Array, target: Array) -> Array:
    """Root of log b(x, s) = target by Newton steps kept inside a bracket."""
    low = np.full_like(x, 1e-6)
    high = np.full_like(x, 2.0 * 10.0 * HIGHEST)
    at_the_money = np.exp(target) * np.exp(_LOG_SQRT_2PI)
    s: Array = np.clip(np.maximum(np.sqrt(2.0 * np.abs(x)), at_the_money), 1e-5, 20.0)
    for _ in range(100):
        value, slope = _log_price(x, s)
        error = value - target
        low = np.where(error < 0.0, s, low)
        high = np.where(error > 0.0, s, high)
        step = s - error / slope
        inside = np.isfinite(step) & (step > low) & (step < high)
        following = np.where(inside, step, np.sqrt(low * high))
        following = np.where(error == 0.0, s, following)
        done = np.abs(following - s) <= 4e-16 * s
        s = following
        if done.all():
            break
    return s
