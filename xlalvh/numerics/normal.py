"""The normal law's tail over its density: the Mills ratio R(z) = N(-z) / n(z), in place on arrays, without SciPy.

R is smooth and falls like 1/z, where the tail itself underflows: a price that is a difference of two tails times their
common density keeps its digits down to 1e-300. For z of at least -1 one rational function of degrees 10 and 11 in
t = z + 1 gives R to 9e-17; all its coefficients are positive, so that evaluating it loses nothing.
`tests/numerics/derive_mills.py` derives the coefficients.

Of a block of numbers the even powers of t are written into the rows of a matrix; one small matrix product makes the
even and the odd parts of numerator and denominator of them, in a fraction of the time of Horner's scheme, which goes
twice through memory a coefficient.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from xlalvh.numerics import blocks
from xlalvh.numerics.arrays import Array, ArrayLike

Value = Any  # a float or an Array

DENSITY = 0.3989422804014327  # n(0)
SQRT_HALF = 0.7071067811865476
SHIFT = 1.0  # -SHIFT is the least z of the rational function
FARTHEST = 40.0  # the density beyond is 0 in double precision

_CHUNK = 5_000  # numbers whose powers stay in the cache beside all else

_UPPER = (
    3.477051811703695,
    5.221468716929335,
    4.208024256914582,
    2.2776277648082424,
    0.896657039111079,
    0.2651196010227891,
    0.05931667838579381,
    0.009914574636884596,
    0.0011904453257199253,
    9.374218783880435e-05,
    3.7628867190682906e-06,
)
_LOWER = (
    1.0,
    2.789294222187905,
    3.6579228279595353,
    2.9850589672878987,
    1.6895715910241489,
    0.6991052884232175,
    0.21679540723827448,
    0.05068252767570924,
    0.008821634402270897,
    0.0011004660243372057,
    8.997930112223243e-05,
    3.762886719057668e-06,
)
_EVEN = 6  # powers of t: 1, t^2 to t^10
# By even powers of t: even parts of numerator and denominator; their odd parts over t; and what the logarithm of the
# density, -(t - 1)^2 / 2 - ln sqrt(2 pi), has beside t.
_PRODUCTS = np.zeros((5, _EVEN))
for _row, _coefficients in zip(_PRODUCTS, (_UPPER[::2], _LOWER[::2], _UPPER[1::2], _LOWER[1::2]), strict=False):
    _row[: len(_coefficients)] = _coefficients
_PRODUCTS[4, :2] = math.log(DENSITY) - 0.5, -0.5
_RATIO = _PRODUCTS[:4]


class Tails:
    """Mills ratios of `count` numbers of at least -`SHIFT`, and their densities where wanted."""

    def __init__(self, count: int, rows: blocks.Rows = blocks.rows) -> None:
        room = rows(_EVEN + len(_PRODUCTS), blocks.whole_lines(min(count, _CHUNK)))
        self._chunks = [(part, _Ratios(room, part.stop - part.start)) for part in blocks.slices(count, _CHUNK)]

    def replace(self, t: Array, out: Array | None = None, of_log: np.ufunc = np.exp) -> None:
        """R(z) in place of t = z + `SHIFT`; into `out` the function `of_log` of ln n(z), n(z) itself unless told."""
        for part, ratios in self._chunks:
            ratios.replace(t[part], None if out is None else out[part], of_log)


class _Ratios:
    """Rows to compute in, of which `size` columns are wanted: even powers and what is linear in them."""

    def __init__(self, room: Array, size: int) -> None:
        wide = room[:, : blocks.whole_lines(size)]  # a product with a lone column would round otherwise
        wide[:_EVEN].fill(1.0)
        self._matrices = wide[:_EVEN], wide[_EVEN:-1], wide[_EVEN:]
        self._powers = tuple(row[:size] for row in wide[1:_EVEN])
        self._parts = tuple(row[:size] for row in wide[_EVEN:])

    def replace(self, t: Array, out: Array | None, of_log: np.ufunc) -> None:
        upper, lower, odd_upper, odd_lower, log_density = self._parts
        powers, four, five = self._matrices
        t2, t4, t6, t8, t10 = self._powers
        np.multiply(t, t, t2)
        np.multiply(t2, t2, t4)
        np.multiply(t4, t2, t6)
        np.multiply(t4, t4, t8)
        np.multiply(t4, t6, t10)
        if out is None:
            np.matmul(_RATIO, powers, four)
        else:
            np.matmul(_PRODUCTS, powers, five)
            np.add(log_density, t, log_density)
            of_log(log_density, out)
        np.multiply(odd_upper, t, odd_upper)
        np.add(upper, odd_upper, upper)
        np.multiply(odd_lower, t, odd_lower)
        np.add(lower, odd_lower, lower)
        np.divide(upper, lower, t)


def cdf(z: ArrayLike) -> Array:
    """N(z), in the shape of `z`; NaN stays."""
    given = np.asarray(z, dtype=float)
    beyond = np.minimum(np.abs(given), FARTHEST)
    lower = DENSITY * np.exp(-0.5 * beyond * beyond) * mills_of(beyond)
    found: Array = np.where(given > 0.0, 1.0 - lower, np.where(given == 0.0, 0.5, lower))
    return found


def quantile(p: ArrayLike) -> Array:
    """z with N(z) = p, by the standard library's algorithm AS 241 (M. J. Wichura, 1988); NaN outside (0, 1)."""
    from statistics import NormalDist  # costs more than all else here

    given = np.asarray(p, dtype=float)
    inverse = NormalDist().inv_cdf
    flat = [inverse(x) if 0.0 < x < 1.0 else math.nan for x in given.ravel().tolist()]
    return np.array(flat).reshape(given.shape)


def mills_difference(u: Value, q: Value) -> Value:
    """R(u - q) - R(u + q) for small q >= 0 and u >= 0, which the difference of two values of R would blur.

    Taylor's series about u: R' = u R - 1 and R(n+1) = u R(n) + n R(n-1), to the seventh derivative; below q = 0.015
    the rest is under 1e-17 of the sum.
    """
    before = mills_of(u)
    here = u * before - 1.0
    total, power = -here, 1.0
    for n in range(1, 7):
        before, here = here, u * here + n * before
        power = power * (q / (n + 1))
        if n % 2 == 0:  # `here` is the (n + 1)-th derivative; the even ones cancel
            total = total - here * power
    return 2.0 * q * total


def mills_of(z: Value) -> Value:
    """R of one number, or of an array of numbers of at least -`SHIFT`."""
    if isinstance(z, float) and z < -SHIFT:
        return math.exp(0.5 * z * z) / DENSITY - mills_of(-z)
    if isinstance(z, np.ndarray) and z.ndim:
        found = z.reshape(-1) + SHIFT
        Tails(found.size).replace(found)
        return found.reshape(z.shape)
    return mills_by_horner(z)


def mills_by_horner(z: Value) -> Value:
    """R of one number, or of an array for which no rows are made, of at least -`SHIFT`."""
    t = z + SHIFT
    upper, lower = _UPPER[-1], _LOWER[-1]
    for coefficient in _UPPER[-2::-1]:
        upper = upper * t + coefficient
    for coefficient in _LOWER[-2::-1]:
        lower = lower * t + coefficient
    return upper / lower
