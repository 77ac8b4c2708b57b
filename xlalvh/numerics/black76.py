"""Black-76 price and Greeks of European options on a forward.

F. Black, "The pricing of commodity contracts", Journal of Financial Economics 3 (1976), 167-179. The second-order
Greeks follow E. G. Haug, The Complete Guide to Option Pricing Formulas, 2nd ed. (2007), chapter 2, with the forward
held fixed.

All arguments broadcast. `right` is +1 for a call and -1 for a put; forwards and strikes are in points, years in
units of 525,600 minutes, volatility and rate are decimals a year. Outside the domain (forward or strike not above
0, years or vol below 0) and where a Greek is unbounded (at the money at expiry), the result is NaN. Arrays give
arrays; where every argument is one number, so is the result.

Every option is priced as the one of its strike that is out of the money; one in the money is that and its intrinsic
value. With u = |ln(F/K)| / s, s = vol sqrt(years), z = u -+ s/2 and n the normal density, min(F,K) n(u - s/2) equals
max(F,K) n(u + s/2), so the premium is that product times R(u - s/2) - R(u + s/2), R being the Mills ratio: nothing
underflows before the premium does, and few digits cancel.
"""

from __future__ import annotations

import math
from math import erfc, exp, log1p, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xlalvh.numerics import blocks, normal
from xlalvh.numerics.blocks import Flat

Array = NDArray[np.float64]

SMALL = 0.02  # of s; below, the difference of two Mills ratios is taken from its series

_REACH = 1000.0  # u beyond this is as good as infinite


class Greeks(NamedTuple):
    """Price and Greeks a unit of the underlying, arrays of one shape, or numbers."""

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

    >>> round(price(1, 19.0, 19.0, 0.75, 0.28, 0.10), 4)
    1.7011
    """
    return _evaluate(right, forward, strike, years, vol, rate, 1)[0]


def greeks(
    right: ArrayLike, forward: ArrayLike, strike: ArrayLike, years: ArrayLike, vol: ArrayLike, rate: ArrayLike = 0.0
) -> Greeks:
    """Price and the eight Greeks in one pass; units as in `Greeks`."""
    return Greeks(*_evaluate(right, forward, strike, years, vol, rate, 9))


def _evaluate(
    right: ArrayLike,
    forward: ArrayLike,
    strike: ArrayLike,
    years: ArrayLike,
    vol: ArrayLike,
    rate: ArrayLike,
    rows: int,
) -> tuple[Array, ...]:
    """The first `rows` fields of `Greeks`: one row, or all."""
    given = (right, forward, strike, years, vol, rate)
    if blocks.all_numbers(*given):
        return _one(rows, *given)  # type: ignore[arg-type, return-value]
    shape, flat = blocks.flatten(*given)
    count = math.prod(shape)
    if 0 < count <= blocks.FEW:
        few = np.array([_one(rows, *option) for option in blocks.one_by_one(flat, count)])
        return tuple(column.reshape(shape) for column in few.T)
    found = np.empty((rows, count))
    with np.errstate(all="ignore"):
        for block in blocks.slices(count):
            w, f, k, t, v, r = (blocks.part(x, block) for x in flat)
            _block(w, f, k, t, v, r, [row[block] for row in found])
    return tuple(row.reshape(shape) for row in found)


def _block(w: Flat, f: Flat, k: Flat, t: Flat, v: Flat, r: Flat, out: list[Array]) -> None:
    """One block: the price into the first array of `out`, the Greeks into the others where it has them."""
    value = out[0]
    s, root, z1, z2, mass, gap, first, second, x, y = blocks.workspace(10, len(value))

    np.subtract(k, f, out=gap)
    np.minimum(f, k, out=y)
    np.abs(gap, out=x)
    np.divide(x, y, out=x)
    np.log1p(x, out=x)  # |ln(F/K)|, with all its digits near the money too
    np.sqrt(t, out=root)
    np.multiply(v, root, out=s)
    np.divide(x, s, out=x)
    np.minimum(x, _REACH, out=x)  # u
    least = float(s.min())
    if not least > 0.0:
        x[(s == 0.0) & (gap == 0.0)] = 0.0
    np.multiply(s, 0.5, out=y)
    np.copysign(y, gap, out=y)
    np.subtract(x, y, out=z1)  # -d1 of a call or d1 of a put, whichever is out of the money
    np.add(x, y, out=z2)  # the same of d2
    np.multiply(z1, z1, out=mass)
    np.multiply(mass, -0.5, out=mass)
    np.exp(mass, out=mass)
    np.multiply(mass, f, out=mass)
    np.multiply(mass, normal.DENSITY, out=mass)  # F n(d1) = K n(d2)
    small = np.flatnonzero(s < SMALL) if least < SMALL else None
    if small is not None:
        narrow = mass[small] * normal.mills_difference(x[small], 0.5 * s[small])

    _tail(z1, f, mass, first, x, y)
    _tail(z2, k, mass, second, x, y)
    np.subtract(first, second, out=value)
    np.abs(value, out=value)
    if small is not None:
        value[small] = narrow
    np.multiply(w, gap, out=x)
    np.negative(x, out=x)
    np.maximum(x, 0.0, out=x)
    np.add(value, x, out=value)
    np.multiply(r, t, out=x)
    np.negative(x, out=x)
    np.exp(x, out=x)
    np.multiply(value, x, out=value)
    if len(out) > 1:
        rest = Greeks(*out)
        np.multiply(mass, x, out=mass)
        np.divide(first, f, out=first)
        np.subtract(np.not_equal(np.greater(w, 0.0), gap >= 0.0), first, out=first)
        np.abs(first, out=first)  # N(d1) of a call, N(-d1) of a put
        np.multiply(first, x, out=first)
        np.multiply(first, w, out=rest.delta)
        np.multiply(z1, z2, out=first)  # d1 d2
        np.copysign(1.0, gap, out=y)
        np.multiply(z2, y, out=z2)  # -d2
        _rest(f, t, v, r, root, mass, z2, first, rest, (x, y))
        if not least > 0.0:
            _at_rest(f, v, r, root, mass, rest)

    if not _in_domain(f, k, t, v):
        good = (np.minimum(f, k) > 0.0) & (np.minimum(t, v) >= 0.0) & np.isfinite(f) & np.isfinite(k)
        bad = np.broadcast_to(~(good & np.isfinite(t) & np.isfinite(v)), value.shape)
        for row in out:
            row[bad] = np.nan
    for row in out:
        if not np.isfinite(row.sum()):
            row[np.isinf(row)] = np.nan


def _tail(z: Array, level: Flat, mass: Array, out: Array, x: Array, y: Array) -> None:
    """`level` times N(-z), where `mass` is `level` times n(z)."""
    np.abs(z, out=x)
    np.minimum(x, normal.FARTHEST, out=x)
    normal.mills(x, out, y)
    np.multiply(out, mass, out=out)
    np.copysign(out, z, out=out)
    np.multiply(np.signbit(z), level, out=x)
    np.add(out, x, out=out)


def _rest(
    f: Flat, t: Flat, v: Flat, r: Flat, root: Array, mass: Array, minus_d2: Array, d1_d2: Array, g: Greeks,
    spare: tuple[Array, Array],
) -> None:  # fmt: skip
    """The Greeks beyond delta; `mass` is F n(d1), discounted."""
    x, y = spare
    np.multiply(mass, root, out=g.vega)
    np.multiply(g.vega, d1_d2, out=g.volga)
    np.divide(g.volga, v, out=g.volga)
    np.multiply(f, v, out=x)
    np.divide(mass, x, out=x)
    np.multiply(x, minus_d2, out=g.vanna)
    np.multiply(x, 1.0, out=g.gamma)
    np.multiply(f, root, out=y)
    np.divide(g.gamma, y, out=g.gamma)

    np.divide(v, root, out=y)
    np.multiply(y, mass, out=y)
    np.multiply(y, -0.5, out=y)
    np.multiply(r, g.price, out=g.theta)
    np.add(g.theta, y, out=g.theta)

    np.multiply(f, t, out=x)
    np.divide(minus_d2, x, out=x)
    np.multiply(x, mass, out=x)
    np.multiply(x, -0.5, out=x)
    np.multiply(r, g.delta, out=g.charm)
    np.add(g.charm, x, out=g.charm)

    np.multiply(g.price, t, out=g.rho)
    if not mass.min() > 0.0:  # the option is certain: every term with its density is 0 whatever it is divided by
        certain = mass == 0.0
        for row in (g.gamma, g.vega, g.vanna, g.volga):
            row[certain] = 0.0
        np.copyto(g.theta, np.multiply(r, g.price, out=x), where=certain)
        np.copyto(g.charm, np.multiply(r, g.delta, out=x), where=certain)
    np.multiply(g.vega, 0.01, out=g.vega)
    np.multiply(g.theta, 1.0 / 365.0, out=g.theta)
    np.multiply(g.rho, 0.01, out=g.rho)
    np.subtract(0.0, g.rho, out=g.rho)
    np.multiply(g.vanna, 0.01, out=g.vanna)
    np.multiply(g.volga, 0.0001, out=g.volga)
    np.multiply(g.charm, 1.0 / 365.0, out=g.charm)


def _at_rest(f: Flat, v: Flat, r: Flat, root: Array, mass: Array, g: Greeks) -> None:
    """At the money without volatility: the limits of vol to 0."""
    here = (np.broadcast_to(v, mass.shape) == 0.0) & (mass > 0.0)
    if here.any():
        vanna, theta, charm = 0.005 * mass * root / f, np.multiply(r, g.price) / 365.0, np.multiply(r, g.delta) / 365.0
        for row, limit in ((g.vanna, vanna), (g.volga, np.zeros_like(mass)), (g.theta, theta), (g.charm, charm)):
            np.copyto(row, limit, where=here)


def _in_domain(f: Flat, k: Flat, t: Flat, v: Flat) -> bool:
    return (
        blocks.within(f, 0.0, open_below=True)
        and blocks.within(k, 0.0, open_below=True)
        and blocks.within(t, 0.0, open_below=False)
        and blocks.within(v, 0.0, open_below=False)
    )


def _one(rows: int, w: float, f: float, k: float, t: float, v: float, r: float) -> tuple[float, ...]:
    """One option, in plain arithmetic: no array costs its making."""
    try:
        return _plainly(rows, w, f, k, t, v, r)
    except (OverflowError, ZeroDivisionError):
        return (math.nan,) * rows


def _plainly(rows: int, w: float, f: float, k: float, t: float, v: float, r: float) -> tuple[float, ...]:
    if not (f > 0.0 and k > 0.0 and t >= 0.0 and v >= 0.0 and f + k + t + v < math.inf):
        return (math.nan,) * rows
    gap = f - k
    low, high, call_otm = (f, k, True) if gap <= 0.0 else (k, f, False)
    root = sqrt(t)
    s = v * root
    discount = exp(-r * t)
    u = min(log1p(abs(gap) / low) / s, _REACH) if s > 0.0 else (_REACH if gap else 0.0)
    near, far = u - 0.5 * s, u + 0.5 * s
    mass = low * normal.DENSITY * exp(-0.5 * near * near)
    near_tail, far_tail = 0.5 * erfc(near * normal.SQRT_HALF), 0.5 * erfc(far * normal.SQRT_HALF)
    value = low * near_tail - high * far_tail if s >= SMALL else mass * normal.mills_difference(u, 0.5 * s)
    value = discount * (max(value, 0.0) + max(w * gap, 0.0))
    if rows == 1:
        return (value,)
    mass *= discount
    otm_delta = near_tail if call_otm else far_tail
    delta = w * discount * (otm_delta if (w > 0.0) == call_otm else 1.0 - otm_delta)
    d2 = -far if call_otm else near
    theta, charm, rho = r * value, r * delta, 0.0 - 0.01 * t * value
    if mass == 0.0:
        return value, delta, 0.0, 0.0, theta / 365.0, rho, 0.0, 0.0, charm / 365.0
    vega = mass * root
    if s == 0.0:  # at the money: the limits, where there are any
        still = v == 0.0
        theta, charm = (theta / 365.0, charm / 365.0) if still else (math.nan, math.nan)
        vanna = 0.005 * vega / f if still else 0.0
        return value, delta, math.nan, 0.01 * vega, theta, rho, vanna, 0.0, charm
    rate_of_mass = mass / (f * v)
    return (
        value,
        delta,
        rate_of_mass / (f * root),
        0.01 * vega,
        (theta - 0.5 * mass * v / root) / 365.0,
        rho,
        -0.01 * rate_of_mass * d2,
        0.0001 * vega * near * far / v,
        (charm + 0.5 * mass * d2 / (f * t)) / 365.0,
    )
