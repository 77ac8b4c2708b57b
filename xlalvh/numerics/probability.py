"""Risk-neutral probabilities, the expected move, and strikes by delta."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from xlalvh.numerics import black76, normal
from xlalvh.numerics.arrays import Array, ArrayLike


def prob_itm(right: ArrayLike, forward: ArrayLike, strike: ArrayLike, years: ArrayLike, vol: ArrayLike) -> Array:
    """Probability that the option ends in the money, N(w d2); at zero variance 0, 1, or 1/2 at the money."""
    w, f, k, s = _inputs(right, forward, strike, years, vol)
    with np.errstate(all="ignore"):
        x = np.log(f / k)
        found: Array = normal.cdf(w * (np.where(x == 0.0, 0.0, x / s) - 0.5 * s))
    return found


def prob_touch(right: ArrayLike, forward: ArrayLike, strike: ArrayLike, years: ArrayLike, vol: ArrayLike) -> Array:
    """Probability that the forward reaches the strike before settlement, watched continuously.

    First passage of a driftless lognormal forward by the reflection principle (Haug 2007, section 4.19, one-touch
    with carry 0): N(-b) + (F/K) N(-a) or its mirror. A strike already reached gives 1.
    """
    w, f, k, s = _inputs(right, forward, strike, years, vol)
    with np.errstate(all="ignore"):
        x = np.log(k / f) * w  # distance still to go in the direction of the strike
        drift = -0.5 * w * s * s  # of w ln(F) over the life
        hit = normal.cdf((drift - x) / s) + np.exp(2.0 * drift * x / (s * s)) * normal.cdf((-drift - x) / s)
    found: Array = np.where(x <= 0.0, 1.0, np.where(s > 0.0, np.clip(hit, 0.0, 1.0), 0.0))
    return found


def expected_move(forward: ArrayLike, years: ArrayLike, vol: ArrayLike) -> Array:
    """One standard deviation of the forward in points, F sigma sqrt(T)."""
    f, t, v = (np.asarray(a, dtype=float) for a in (forward, years, vol))
    found: Array = f * v * np.sqrt(t)
    return found


def strike_from_delta(
    right: ArrayLike, delta: ArrayLike, forward: ArrayLike, years: ArrayLike, vol: ArrayLike, rate: ArrayLike = 0.0
) -> Array:
    """Strike whose discounted Black-76 delta has the magnitude `delta`, for one volatility.

    NaN where `delta` is not below the discount factor, or years or vol are not above 0.
    """
    w, d, f, t, v, r = np.broadcast_arrays(
        *(np.asarray(a, dtype=float) for a in (right, delta, forward, years, vol, rate))
    )
    with np.errstate(all="ignore"):
        undiscounted = np.abs(d) * np.exp(r * t)
        s = v * np.sqrt(t)
        strike = f * np.exp(-w * normal.quantile(undiscounted) * s + 0.5 * s * s)
    return np.where((undiscounted > 0.0) & (undiscounted < 1.0) & (s > 0.0), strike, np.nan)


def strike_from_delta_on_smile(
    right: float, delta: float, forward: float, years: float, smile_vol: Callable[[Array], Array], rate: float = 0.0
) -> float:
    """Strike of a delta where the volatility depends on the strike; the option's own smile volatility counts.

    A delta need not be monotone far out on a steep smile: the strike nearest to the money is taken. NaN where no
    strike between 1/20 and 20 times the forward has this delta.
    """
    from scipy.optimize import brentq

    width = float(smile_vol(np.array([forward]))[0]) * np.sqrt(years)

    def excess(log_strike: Array) -> Array:
        strikes = np.exp(log_strike)
        s = smile_vol(strikes) * np.sqrt(years)
        d1 = (np.log(forward) - log_strike) / s + 0.5 * s
        found: Array = np.exp(-rate * years) * normal.cdf(right * d1) - abs(delta)
        return found

    # Outwards from deep in the money, in steps of a tenth of a standard deviation at the money.
    span = min(np.log(20.0), 8.0 * width)
    path = np.log(forward) + right * np.linspace(-span, span, 161)
    values = excess(path)
    falls = np.nonzero((values[:-1] >= 0.0) & (values[1:] < 0.0))[0]
    if falls.size == 0:
        return float("nan")
    nearest = falls[np.argmin(np.abs(path[falls] - np.log(forward)))]
    low, high = sorted((path[nearest], path[nearest + 1]))
    return float(np.exp(brentq(lambda y: float(excess(np.array([y]))[0]), low, high, xtol=1e-14)))


def strikes_from_delta_on_smile(
    right: ArrayLike,
    delta: ArrayLike,
    forward: ArrayLike,
    years: ArrayLike,
    smile_vol: Callable[[Array], Array],
    rate: ArrayLike = 0.0,
) -> Array:
    """Strikes of many deltas, each on a smile of its own, as `strike_from_delta_on_smile` finds one.

    All arguments broadcast to n options; `smile_vol` takes strikes of shape (k, n) and gives their volatilities. NaN
    where no strike has the delta.
    """
    w, d, f, t, r = np.broadcast_arrays(
        *(np.atleast_1d(np.asarray(a, dtype=float)) for a in (right, np.abs(delta), forward, years, rate))
    )
    root, discount, centre = np.sqrt(t), np.exp(-r * t), np.log(f)

    def excess(log_strike: Array) -> Array:
        s = smile_vol(np.exp(log_strike)) * root
        found: Array = discount * normal.cdf(w * ((centre - log_strike) / s + 0.5 * s)) - d
        return found

    with np.errstate(all="ignore"):
        span = np.minimum(np.log(20.0), 8.0 * smile_vol(f[None, :])[0] * root)
        path = centre + w * span * np.linspace(-1.0, 1.0, 161)[:, None]
        values = excess(path)
        falls = (values[:-1] >= 0.0) & (values[1:] < 0.0)
        place = np.where(falls, np.abs(path[:-1] - centre), np.inf).argmin(axis=0)
        columns = np.arange(f.size)
        inner, outer = path[place, columns], path[place + 1, columns]
        for _ in range(50):
            middle = 0.5 * (inner + outer)
            inside = excess(middle[None, :])[0] >= 0.0
            inner, outer = np.where(inside, middle, inner), np.where(inside, outer, middle)
        return np.where(falls.any(axis=0), np.exp(0.5 * (inner + outer)), np.nan)


def above(level: float, forward: float, years: float, smile_vol: Callable[[Array], Array]) -> float:
    """Risk-neutral probability of settling above a level: -dC/dK undiscounted, the smile's slope included."""
    width = 1e-4 * forward
    around = np.array([level - width, level + width])
    call = black76.price(1.0, forward, around, years, smile_vol(around))
    return float(np.clip((call[0] - call[1]) / (2.0 * width), 0.0, 1.0))


def _inputs(
    right: ArrayLike, forward: ArrayLike, strike: ArrayLike, years: ArrayLike, vol: ArrayLike
) -> tuple[Array, Array, Array, Array]:
    w, f, k, t, v = np.broadcast_arrays(*(np.asarray(a, dtype=float) for a in (right, forward, strike, years, vol)))
    return w, f, k, v * np.sqrt(t)
