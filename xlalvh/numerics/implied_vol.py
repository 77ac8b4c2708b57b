"""Implied volatility of European options under Black-76.

The price is reduced to that of the option out of the money at its strike, and its logarithm is matched: there one
Householder step of the fourth order (A. S. Householder, 1970) from a guess good to 5e-5 reaches the last digits.
P. Jaeckel, "Let's Be Rational", Wilmott 75 (2015), has the same normalisation and iteration. The guess is the
deviation of a normal law with the same price, read from a table of one variable, times a polynomial
(`tests/numerics/derive_guess.py`). What lies outside the guess's domain goes to a bracketed solver.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xlalvh.numerics import blocks, normal
from xlalvh.numerics.blocks import Flat

Array = NDArray[np.float64]

LOWEST = 0.001  # 0.1 % a year
HIGHEST = 10.0  # 1000 % a year
SMALL = 0.02  # of vol sqrt(years); below, the difference of two Mills ratios is taken from its series
_END_TOLERANCE = 1e-9

_WIDEST, _FARTHEST = 1.6, 4.0  # the guess's domain in vol sqrt(years) and |ln(F/K)|
_FACTOR = (
    (0.041773372, -0.00035260382, 5.7248587e-06, -8.081416e-08),
    (0.0033088461, -4.3930113e-05, 5.7560073e-08, 2.0066564e-08),
    (0.00066197987, -2.0224437e-05, 7.1165315e-07, -1.7285746e-08),
)
_CELLS, _TOP = 512, 25.0  # of the table
_LOG_SQRT_2PI = 0.9189385332046727
_TINY = 1e-300
_ROUNDING = 2.0**-52


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
        ``years`` not above 0, and outside `LOWEST` to `HIGHEST`. One number where every argument is one.
    """
    given = (right, price, forward, strike, years, rate)
    if blocks.all_numbers(*given):
        return _one(*given)  # type: ignore[arg-type, return-value]
    shape, flat = blocks.flatten(*given)
    count = math.prod(shape)
    if 0 < count <= blocks.FEW:
        return np.array([_one(*option) for option in blocks.one_by_one(flat, count)]).reshape(shape)
    found = np.empty(count)
    with np.errstate(all="ignore"):
        for block in blocks.slices(count):
            w, p, f, k, t, r = (blocks.part(x, block) for x in flat)
            _block(w, p, f, k, t, r, found[block])
    return found.reshape(shape)


def _block(w: Flat, p: Flat, f: Flat, k: Flat, t: Flat, r: Flat, vol: Array) -> None:
    a, distance, value, log_value, s, x, y, z, far, m = blocks.workspace(10, len(vol))

    np.subtract(k, f, out=z)
    np.multiply(w, z, out=x)
    np.minimum(x, 0.0, out=x)
    np.add(x, p, out=x)
    np.multiply(r, t, out=value)
    np.expm1(value, out=value)
    np.multiply(value, p, out=value)
    np.add(value, x, out=value)  # time value, undiscounted; no more of it is rounded off than must be
    np.minimum(f, k, out=y)
    np.abs(z, out=z)
    np.divide(z, y, out=a)
    np.log1p(a, out=a)  # |ln(F/K)|
    # At intrinsic, where only a rounding is left, at the bound, or not a number.
    hopeless = ~((value > np.multiply(p, _ROUNDING, out=x)) & (value < y))
    np.multiply(f, k, out=x)
    np.sqrt(x, out=x)
    np.divide(z, x, out=distance)
    np.subtract(y, value, out=m)
    np.divide(m, x, out=m)  # what the price lacks to its bound
    np.divide(value, x, out=value)
    np.log(value, out=log_value)

    _guess(a, distance, value, s, (x, y, z, far))
    slow = np.flatnonzero(~((s < _WIDEST) & (a < _FARTHEST)) & ~hopeless)
    solved = _bracketed(a[slow], value[slow], m[slow]) if slow.size else s[slow]

    # The Householder step on ln(price) in s = vol sqrt(years).
    np.divide(a, s, out=vol)  # u
    np.multiply(s, 0.5, out=x)
    np.subtract(vol, x, out=z)  # near
    np.add(vol, x, out=far)
    normal.mills_of_any(z, m, (x, y))
    np.minimum(far, normal.FARTHEST, out=x)
    normal.mills(x, y, distance)
    np.subtract(m, y, out=m)  # price over its density
    small = np.flatnonzero(s < SMALL)
    if small.size:
        m[small] = normal.mills_difference(vol[small], 0.5 * s[small])
    _householder(a, s, vol, m, log_value, (x, y, z))
    s[slow] = solved

    np.sqrt(t, out=x)
    np.divide(s, x, out=vol)
    np.maximum(vol, LOWEST, out=x)
    np.minimum(x, HIGHEST, out=x)  # a price of either end comes back with a last digit astray
    np.subtract(vol, x, out=y)
    np.abs(y, out=y)
    np.divide(y, x, out=y)
    bad = ~(y <= _END_TOLERANCE) | hopeless
    if not blocks.within(t, 0.0, open_below=True):
        bad |= ~(np.asarray(t) > 0.0)
    np.copyto(vol, x)
    if bad.any():
        vol[bad] = np.nan


def _guess(a: Array, distance: Array, value: Array, s: Array, spare: tuple[Array, ...]) -> None:
    """s = vol sqrt(years) to 5e-5 of itself, from the price over sqrt(FK) and |F-K| over sqrt(FK)."""
    x, y, z, square = spare
    np.divide(distance, value, out=x)
    np.log1p(x, out=x)
    np.add(x, 1.0, out=x)
    np.sqrt(x, out=x)
    np.subtract(x, 1.0, out=x)
    np.multiply(x, _CELLS / _TOP, out=x)
    np.maximum(x, 0.0, out=x)
    np.minimum(x, _CELLS - 1e-6, out=x)
    cell = x.astype(np.intp)
    np.subtract(x, cell, out=x)
    c0, c1, c2, c3 = _table()
    np.take(c3, cell, out=y, mode="clip")
    for c in (c2, c1, c0):
        np.multiply(y, x, out=y)
        np.take(c, cell, out=z, mode="clip")
        np.add(y, z, out=y)
    np.add(value, distance, out=s)
    np.divide(s, y, out=s)  # the normal deviation
    np.add(a, _TINY, out=x)
    np.add(distance, _TINY, out=y)
    np.divide(x, y, out=x)
    np.multiply(s, x, out=s)

    np.multiply(s, s, out=square)
    np.multiply(a, a, out=x)
    y.fill(0.0)
    for row in reversed(_FACTOR):
        np.multiply(y, square, out=y)
        np.multiply(x, row[3], out=z)
        for coefficient in row[2:0:-1]:
            np.add(z, coefficient, out=z)
            np.multiply(z, x, out=z)
        np.add(z, row[0], out=z)
        np.add(y, z, out=y)
    np.multiply(y, square, out=y)
    np.multiply(y, s, out=y)
    np.add(s, y, out=s)


def _householder(a: Array, s: Array, u: Array, m: Array, log_value: Array, spare: tuple[Array, Array, Array]) -> None:
    """One step, onto `s`, on f = ln m - (u^2 + s^2/4) / 2 - ln sqrt(2 pi) - ln value; `a` and `u` are overwritten.

    f' = 1 / m. With h = a^2 / s^3 - s / 4 the second derivative of the price is h and the third
    h^2 - 3 a^2 / s^4 - 1/4, in units of the first.
    """
    x, y, z = spare
    np.multiply(u, u, out=x)
    np.divide(x, s, out=y)
    np.divide(y, s, out=z)
    np.multiply(z, 3.0, out=z)
    np.multiply(s, 0.25, out=a)
    np.subtract(y, a, out=y)  # h
    np.multiply(a, s, out=a)
    np.add(x, a, out=x)
    np.multiply(x, 0.5, out=x)
    np.add(x, log_value, out=x)
    np.add(x, _LOG_SQRT_2PI, out=x)
    np.log(m, out=a)
    np.subtract(x, a, out=x)  # -f
    np.divide(1.0, m, out=u)  # f'
    np.multiply(x, m, out=x)  # Newton's step
    np.multiply(y, y, out=a)
    np.subtract(a, z, out=z)
    np.subtract(z, 0.25, out=z)  # the third
    np.multiply(y, -3.0, out=a)
    np.add(a, u, out=a)
    np.add(a, u, out=a)
    np.multiply(a, u, out=a)
    np.add(z, a, out=z)  # f''' / f'
    np.subtract(y, u, out=y)  # f'' / f'
    np.multiply(z, x, out=z)
    np.multiply(z, 1.0 / 6.0, out=z)
    np.multiply(y, 0.5, out=a)
    np.add(z, y, out=z)
    np.multiply(z, x, out=z)
    np.add(z, 1.0, out=z)
    np.multiply(a, x, out=a)
    np.add(a, 1.0, out=a)
    np.divide(a, z, out=a)
    np.multiply(a, x, out=a)
    np.add(s, a, out=s)


def _bracketed(a: Array, value: Array, lacking: Array) -> Array:
    """s by Newton's steps kept inside a bracket.

    Below half of its bound the price's logarithm is matched, above it that of what it lacks to the bound, which falls
    like a density and tells s where the price itself no longer does.
    """
    found = np.empty_like(a)
    with np.errstate(all="ignore"):
        upper = value > lacking
        target = np.log(np.where(upper, lacking, value))
        low, high = np.full_like(a, 1e-8), np.full_like(a, 200.0)
        s = np.clip(np.sqrt(2.0 * a), 0.1, 20.0)
        left = np.arange(len(a))
        for _ in range(200):
            now, slope = _log_price(a, s, upper)
            error = np.where(upper, target - now, now - target)
            low, high = np.where(error <= 0.0, s, low), np.where(error >= 0.0, s, high)
            step = s - error / slope
            following = np.where((step > low) & (step < high), step, np.sqrt(low * high))
            following = np.where(error == 0.0, s, following)
            go_on = ~(np.abs(following - s) <= 2e-16 * s)
            s = following
            found[left] = s
            if not go_on.any():
                break
            a, s, upper, target, low, high, left = (x[go_on] for x in (a, s, upper, target, low, high, left))
    return found


def _log_price(a: Array, s: Array, upper: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Log of the price, or of what it lacks to its bound where `upper`; and the magnitude of its derivative in s."""
    u, q = a / s, 0.5 * s
    near, far = u - q, u + q
    log_density = -0.25 * (near * near + far * far) - _LOG_SQRT_2PI
    at_near, at_far = normal.mills_of(np.minimum(np.abs(near), normal.FARTHEST)), normal.mills_of(far)
    m = np.where(s < SMALL, normal.mills_difference(np.minimum(u, 1000.0), q), at_near - at_far)
    beyond = np.exp(0.5 * np.square(np.minimum(near, 0.0))) / normal.DENSITY - at_near - at_far
    m = np.where(near < 0.0, np.where(upper, at_near + at_far, beyond), m)
    density = np.exp(log_density)
    lacking = np.exp(-0.5 * a) - density * m
    whole = upper & (near >= 0.0)
    return np.where(whole, np.log(lacking), log_density + np.log(m)), np.where(whole, density / lacking, 1.0 / m)


def _one(w: float, p: float, f: float, k: float, t: float, r: float) -> float:
    """One option: the same in plain arithmetic where the guess holds."""
    try:
        return _plainly(w, p, f, k, t, r)
    except (OverflowError, ValueError, ZeroDivisionError):
        return math.nan


def _plainly(w: float, p: float, f: float, k: float, t: float, r: float) -> float:
    if not (f > 0.0 and k > 0.0 and t > 0.0):
        return math.nan
    gap, low, middle = k - f, min(f, k), math.sqrt(f * k)
    value = (p + min(w * gap, 0.0)) + p * math.expm1(r * t)
    if not _ROUNDING * p < value < low:
        return math.nan
    a = math.log1p(abs(gap) / low)
    lacking, value = (low - value) / middle, value / middle
    s = _guess_one(a, abs(gap) / middle, value)
    log_value = math.log(value)
    if s < _WIDEST and a < _FARTHEST:
        s += _step_one(a, s, log_value)
    else:
        s = float(_bracketed(np.array([a]), np.array([value]), np.array([lacking]))[0])
    vol = s / math.sqrt(t)
    inside = min(max(vol, LOWEST), HIGHEST)
    return inside if abs(vol - inside) <= _END_TOLERANCE * inside else math.nan


def _guess_one(a: float, distance: float, value: float) -> float:
    place = min((math.sqrt(1.0 + math.log1p(distance / value)) - 1.0) * (_CELLS / _TOP), _CELLS - 1e-6)
    cell = int(place)
    x = place - cell
    c0, c1, c2, c3 = _table_rows()[cell]
    s = (value + distance) / (c0 + x * (c1 + x * (c2 + x * c3)))
    if distance > 0.0:
        s *= a / distance
    square, b = s * s, a * a
    first, second, third = (c[0] + b * (c[1] + b * (c[2] + b * c[3])) for c in _FACTOR)
    return s + s * square * (first + square * (second + square * third))


def _step_one(a: float, s: float, log_value: float) -> float:
    u, q = a / s, 0.5 * s
    m = normal.mills_difference(u, q) if s < SMALL else normal.mills_of(u - q) - normal.mills_of(u + q)
    slope = 1.0 / m
    newton = (log_value + 0.5 * (u * u + q * q) + _LOG_SQRT_2PI - math.log(m)) * m
    h = u * u / s - 0.25 * s
    third = h * h - 3.0 * (u / s) * (u / s) - 0.25
    second, third = h - slope, third + slope * (2.0 * slope - 3.0 * h)
    return newton * (1.0 + 0.5 * newton * second) / (1.0 + newton * (second + newton * third / 6.0))


@cache
def _table() -> tuple[Array, ...]:
    """Cubics, by cells of x = sqrt(1 + l) - 1 with l = ln(1 + D/B), for v where s1 = (B + D) / v.

    B is the price, D the distance of forward and strike, s1 the normal deviation, both in any unit. With u = D / s1,
    D / B = u / (n(u) - u N(-u)) and v = u (1 + B/D); v runs from n(0) at the money like u far out.
    """
    thirds = np.linspace(0.0, _TOP, 3 * _CELLS + 1)
    length = (thirds + 1.0) ** 2 - 1.0
    length[0] = 1.0
    log_ratio = length + np.log(-np.expm1(-length))  # ln(D/B)
    u = length / (math.sqrt(2.0 * math.pi) + np.sqrt(0.5 * length))
    x, y = np.empty_like(u), np.empty_like(u)
    for _ in range(5):  # the fifth changes the thirteenth digit
        normal.mills(np.minimum(u, normal.FARTHEST), x, y)
        rest = 1.0 - u * x
        error = np.log(u) + 0.5 * u * u + _LOG_SQRT_2PI - np.log(rest) - log_ratio
        u -= error / (1.0 / u + x / rest)
    v = -u / np.expm1(-length)
    v[0] = normal.DENSITY
    v0, v1, v2, v3 = v[0:-1:3], v[1::3], v[2::3], v[3::3]
    return (
        v0.copy(),
        -5.5 * v0 + 9.0 * v1 - 4.5 * v2 + v3,
        9.0 * v0 - 22.5 * v1 + 18.0 * v2 - 4.5 * v3,
        -4.5 * v0 + 13.5 * v1 - 13.5 * v2 + 4.5 * v3,
    )


@cache
def _table_rows() -> list[tuple[float, ...]]:
    return [tuple(row) for row in np.stack(_table(), 1).tolist()]
