"""The normal law's tail over its density: the Mills ratio R(z) = N(-z) / n(z), in place on arrays, without SciPy.

R is smooth and falls like 1/z, where the tail itself underflows: a price that is a difference of two tails times their
common density keeps its digits down to 1e-300. For z of at least 0 one rational function of degrees 9 and 10 gives R
to 7e-17; all its coefficients are positive, so that evaluating it loses nothing. `tests/numerics/derive_mills.py`
derives the coefficients.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Value = Any  # a float or an Array

DENSITY = 0.3989422804014327  # n(0)
SQRT_HALF = 0.7071067811865476
FARTHEST = 40.0  # the density beyond is 0 in double precision

_UPPER = (
    1.2533141373155001,
    1.9506259445705976,
    1.501112867067393,
    0.7338802039722542,
    0.24877736622719548,
    0.06040088692267503,
    0.010503323289406324,
    0.0012659605825720186,
    9.672182661872956e-05,
    3.6226674865449527e-06,
)
_LOWER = (
    1.0,
    2.354258885877238,
    2.576141597830413,
    1.729847368903133,
    0.7917856012925306,
    0.25908723639040315,
    0.06165960249943677,
    0.010600045107800427,
    0.0012695832501967137,
    9.672182661734529e-05,
    3.6226674865511564e-06,
)


def mills(z: Array, out: Array, spare: Array) -> None:
    """R(z) into `out` for 0 <= z <= `FARTHEST`; `spare` is overwritten, and neither may be `z`."""
    _polynomial(_UPPER, z, out)
    _polynomial(_LOWER, z, spare)
    np.divide(out, spare, out=out)


def mills_of_any(z: Array, out: Array, spare: tuple[Array, Array]) -> None:
    """R(z) into `out` for any z: R(-z) = 1 / n(z) - R(z)."""
    x, y = spare
    np.abs(z, out=x)
    np.minimum(x, FARTHEST, out=x)
    mills(x, out, y)
    np.copysign(out, z, out=out)
    np.minimum(z, 0.0, out=x)
    np.multiply(x, x, out=x)
    np.multiply(x, 0.5, out=x)
    np.exp(x, out=x)
    np.multiply(x, 1.0 / DENSITY, out=x)
    np.multiply(x, np.signbit(z), out=x)
    np.add(out, x, out=out)


def cdf(z: ArrayLike) -> Array:
    """N(z), in the shape of `z`; NaN stays."""
    given = np.asarray(z, dtype=float)
    beyond = np.minimum(np.abs(given), FARTHEST)
    lower = DENSITY * np.exp(-0.5 * beyond * beyond) * mills_of(beyond)
    found: Array = np.where(given > 0.0, 1.0 - lower, lower)
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

    Taylor's series about u: R' = u R - 1 and R(n+1) = u R(n) + n R(n-1), to the seventh derivative; below q = 0.01
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
    """R of one number, or of an array of numbers of at least 0."""
    if isinstance(z, np.ndarray):
        out, spare = np.empty_like(z), np.empty_like(z)
        mills(np.minimum(z, 1000.0), out, spare)
        return out
    if z < 0.0:
        return math.exp(0.5 * z * z) / DENSITY - mills_of(-z)
    upper, lower = _UPPER[-1], _LOWER[-1]
    for coefficient in _UPPER[-2::-1]:
        upper = upper * z + coefficient
    for coefficient in _LOWER[-2::-1]:
        lower = lower * z + coefficient
    return upper / lower


def _polynomial(coefficients: tuple[float, ...], z: Array, out: Array) -> None:
    np.multiply(z, coefficients[-1], out=out)
    for coefficient in coefficients[-2:0:-1]:
        np.add(out, coefficient, out=out)
        np.multiply(out, z, out=out)
    np.add(out, coefficients[0], out=out)
