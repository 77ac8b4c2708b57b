"""Implied volatility of European options under Black-76.

The price is reduced to that of the option out of the money at its strike, and its logarithm is matched: there one
Householder step of the fourth order (A. S. Householder, 1970) from a guess good to 9e-5 reaches the last digits.
P. Jaeckel, "Let's Be Rational", Wilmott 75 (2015), has the same normalisation and iteration. The guess is the
deviation of a normal law with the same price, read from a table of one variable, times a polynomial
(`tests/numerics/derive_guess.py`). What lies outside the guess's domain goes to a bracketed solver.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from xlalvh.numerics import blocks, normal
from xlalvh.numerics.arrays import Array, ArrayLike, Mask
from xlalvh.numerics.blocks import Flat

LOWEST = 0.001  # 0.1 % a year
HIGHEST = 10.0  # 1000 % a year
SMALL, SOON = 0.03, 0.0025  # of vol sqrt(years) and of years; below both, a difference of two Mills ratios tells
# too little of a volatility and is taken from its series
_END_TOLERANCE = 1e-9

_WIDEST, _FARTHEST = 1.6, 4.0  # the guess's domain in vol sqrt(years) and |ln(F/K)|
_FACTOR = np.array(
    [
        [0.041773372, -0.00035260382, 5.7248587e-06, -8.081416e-08],
        [0.0033088461, -4.3930113e-05, 5.7560073e-08, 2.0066564e-08],
        [0.00066197987, -2.0224437e-05, 7.1165315e-07, -1.7285746e-08],
    ]
)
_CELLS, _TOP = 2048, 26.5  # of the table: no ratio of two numbers in double precision lies beyond
_LOG_SQRT_2PI = 0.9189385332046727
_TINY = 1e-200
_ROUNDING = 2.0**-52

# Constants of the passes over arrays: NumPy takes an array of no dimension sooner than a number.
_ZERO, _ONE, _THREE, _HALF, _QUARTER, _SIXTH = map(np.array, (0.0, 1.0, 3.0, 0.5, 0.25, 1.0 / 6.0))
_CELLS_IN_ONE, _SHIFT = np.array(_CELLS / _TOP), np.array(normal.SHIFT)


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
    if blocks.all_numbers(given):
        return _one(*given)  # type: ignore[arg-type, return-value] # numbers, as was just seen
    shape, flat = blocks.flatten(*given)
    count = math.prod(shape)
    if 0 < count <= blocks.FEW:
        return np.array([_one(*option) for option in blocks.one_by_one(flat, count)]).reshape(shape)
    found = blocks.rows(1, count)
    with np.errstate(all="ignore"):
        for block, (vol,) in blocks.cut(flat, found):
            _block(block, vol)
    return blocks.shaped(found, shape)[0]


class _Room:
    """Rows to compute a block in, and what finds the tails."""

    def __init__(self, count: int, rows: blocks.Rows) -> None:
        self.rows = tuple(rows(10, count))
        self.cell = np.empty(count, np.intp)
        self.tails = normal.Tails(count, rows)
        # Powers of a squared and what is linear in them; a product with a lone column would round otherwise.
        self.matrices = rows(4, blocks.whole_lines(count)), rows(3, blocks.whole_lines(count))
        self.matrices[0].fill(1.0)
        self.powers, self.factors = (tuple(matrix[:, :count]) for matrix in self.matrices)


def _block(option: list[Flat], vol: Array) -> None:
    w, p, f, k, t, r = option
    room = blocks.room(_Room, len(vol))
    a, distance, value, low, share, s, x, near, far, y = room.rows

    np.subtract(k, f, distance)
    np.minimum(f, k, out=low)
    positive = np.minimum.reduce(low) > 0.0
    np.multiply(r, t, value)
    np.expm1(value, value)
    np.multiply(value, p, value)
    np.multiply(w, distance, x)
    np.minimum(x, _ZERO, out=x)
    np.add(x, p, x)
    np.add(value, x, value)  # time value, undiscounted; no more of it is rounded off than must be
    np.multiply(p, _ROUNDING, x)
    blurred = value <= x  # at intrinsic, or where only a rounding is left
    np.absolute(distance, distance)
    np.divide(distance, low, distance)
    np.add(distance, _TINY, distance)
    np.log1p(distance, a)  # |ln(F/K)|
    np.divide(value, low, share)

    _guess(a, distance, share, s, (x, y, near), room)
    slow = blocks.places(~((s < _WIDEST) & (a < _FARTHEST)))
    if slow is not None:
        solved = _where_slow(a[slow], value[slow], low[slow])
        s[slow] = 1.0

    # The Householder step on ln(price) in s = vol sqrt(years).
    np.divide(_ONE, s, y)
    np.multiply(a, y, a)  # u
    np.multiply(a, y, y)  # u / s
    np.multiply(s, _HALF, x)
    np.add(a, _SHIFT, near)
    np.add(near, x, far)
    np.subtract(near, x, near)
    small = blocks.places((s < SMALL) & np.less(t, SOON))
    room.tails.replace(near, low, np.negative)
    room.tails.replace(far)
    np.subtract(near, far, far)
    if small is not None:
        far[small] = normal.mills_difference(a[small], x[small])
    _householder(s, x, a, y, far, share, low, near)
    if slow is not None:
        s[slow] = solved

    np.sqrt(t, x)
    np.divide(s, x, vol)
    if not (np.minimum.reduce(vol) >= LOWEST and np.maximum.reduce(vol) <= HIGHEST):
        _within_range(vol)
    if blurred.any():
        vol[blurred] = np.nan
    if not positive:
        vol[~(np.minimum(f, k) > 0.0)] = np.nan


def _where_slow(a: Array, value: Array, low: Array) -> Array:
    """s outside the guess's domain; NaN where the price is at its bound, or something is no number or infinite."""
    good = (value > 0.0) & (value < low) & (a < np.inf)
    found = np.full_like(a, np.nan)
    a, value, low = a[good], value[good], low[good]
    middle = low * np.exp(0.5 * a)
    found[good] = _bracketed(a, value / middle, (low - value) / middle)
    return found


def _within_range(vol: Array) -> None:
    """NaN outside the range; a price of either end comes back with a last digit astray."""
    inside = np.minimum(np.maximum(vol, LOWEST), HIGHEST)
    vol[...] = np.where(np.abs(vol - inside) <= _END_TOLERANCE * inside, inside, np.nan)


def _guess(a: Array, distance: Array, share: Array, s: Array, spare: tuple[Array, Array, Array], room: _Room) -> None:
    """s = vol sqrt(years) to 9e-5 of itself, from the price and |F-K|, both in units of the lesser of F and K."""
    x, y, z = spare
    np.divide(distance, share, x)
    np.log1p(x, x)
    np.add(x, _ONE, x)
    np.sqrt(x, x)
    np.subtract(x, _ONE, x)
    np.multiply(x, _CELLS_IN_ONE, x)
    np.floor(x, y)
    room.cell[...] = y
    np.subtract(x, y, x)
    level, slope = _table()
    slope.take(room.cell, out=y, mode="clip")
    np.multiply(y, x, y)
    level.take(room.cell, out=z, mode="clip")
    np.add(y, z, y)
    np.multiply(y, distance, y)
    np.add(share, distance, s)
    np.multiply(s, a, s)
    np.divide(s, y, s)  # of the normal law

    _, b, b2, b3 = room.powers
    np.multiply(a, a, b)
    np.multiply(b, b, b2)
    np.multiply(b2, b, b3)
    np.matmul(_FACTOR, *room.matrices)
    first, second, third = room.factors
    np.multiply(s, s, x)
    np.multiply(third, x, third)
    np.add(third, second, third)
    np.multiply(third, x, third)
    np.add(third, first, third)
    np.multiply(third, x, third)
    np.multiply(third, s, third)
    np.add(s, third, s)


def _householder(s: Array, q: Array, u: Array, slope: Array, m: Array, share: Array, x: Array, y: Array) -> None:
    """One step, onto `s`, on f = ln m + ln n(u - q) - ln share, where q = s/2; all but `m` and `share` is overwritten.

    `slope` is u / s, `m` R(u - q) - R(u + q), and `x` -ln n(u - q). f' = 1 / m. With h = u^2 / s - s / 4 the second
    derivative of the price is h and the third h^2 - 3 (u/s)^2 - 1/4, in units of the first.
    """
    np.divide(_ONE, m, y)  # f'
    np.multiply(u, slope, u)
    np.multiply(q, _HALF, q)
    np.subtract(u, q, u)  # h
    np.subtract(u, y, u)  # f'' / f'
    np.multiply(share, y, q)
    np.log(q, q)
    np.add(x, q, x)  # -f
    np.multiply(x, m, x)  # Newton's step
    np.subtract(u, y, y)
    np.multiply(y, u, y)
    np.multiply(slope, slope, slope)
    np.multiply(slope, _THREE, slope)
    np.subtract(y, slope, y)
    np.subtract(y, _QUARTER, y)  # f''' / f'
    np.multiply(y, x, y)
    np.multiply(y, _SIXTH, y)
    np.add(y, u, y)
    np.multiply(y, x, y)
    np.add(y, _ONE, y)
    np.multiply(u, _HALF, u)
    np.multiply(u, x, u)
    np.add(u, _ONE, u)
    np.divide(u, y, u)
    np.multiply(u, x, u)
    np.add(s, u, s)


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


def _log_price(a: Array, s: Array, upper: Mask) -> tuple[Array, Array]:
    """Log of the price, or of what it lacks to its bound where `upper`; and the magnitude of its derivative in s."""
    u, q = a / s, 0.5 * s
    near, far = u - q, u + q
    log_density = -0.25 * (near * near + far * far) - _LOG_SQRT_2PI
    at_near, at_far = normal.mills_of(np.abs(near)), normal.mills_of(far)
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
    place = (math.sqrt(1.0 + math.log1p(distance / value)) - 1.0) * (_CELLS / _TOP)
    cell = int(place)
    level, slope = _table()
    s = (value + distance) / (level.item(cell) + (place - cell) * slope.item(cell))
    if distance > 0.0:
        s *= a / distance
    square, b = s * s, a * a
    first, second, third = (c[0] + b * (c[1] + b * (c[2] + b * c[3])) for c in _factor_rows())
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
def _table() -> tuple[Array, Array]:
    """Level and slope, by cells of x = sqrt(1 + l) - 1 with l = ln(1 + D/B), of v where s1 = (B + D) / v.

    B is the price, D the distance of forward and strike, s1 the normal deviation, all in one unit. With u = D / s1,
    D / B = u / (n(u) - u N(-u)) and v = u (1 + B/D); v runs from n(0) at the money like u far out.
    """
    x = np.arange(_CELLS + 1) * (_TOP / _CELLS)
    length = (x + 1.0) ** 2 - 1.0
    length[0] = 1.0
    log_ratio = length + np.log(-np.expm1(-length))  # ln(D/B)
    u = length / (math.sqrt(2.0 * math.pi) + np.sqrt(0.5 * length))
    for _ in range(3):  # the third leaves 1e-6, less than the table
        mills = normal.mills_by_horner(u)
        rest = 1.0 - u * mills
        error = np.log(u) + 0.5 * u * u + _LOG_SQRT_2PI - np.log(rest) - log_ratio
        u -= error / (1.0 / u + mills / rest)
    v = -u / np.expm1(-length)
    v[0] = normal.DENSITY
    return v[:-1].copy(), np.diff(v)


@cache
def _factor_rows() -> list[list[float]]:
    rows: list[list[float]] = _FACTOR.tolist()
    return rows
