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

Arrays are worked on in place, a block at a time. Signs are moved as bits: of two cases an option is in, neither is
looked for, and no product with 0 or 1 is needed.
"""

import math
from math import erfc, exp, inf, isfinite, log1p, nan, sqrt
from typing import Any, NamedTuple

import numpy as np

from xlalvh.numerics import blocks, normal
from xlalvh.numerics.arrays import Array, ArrayLike, Integers, Places
from xlalvh.numerics.blocks import Flat
from xlalvh.numerics.normal import DENSITY, SQRT_HALF

_new = tuple.__new__  # sooner than by the fields one by one, and of one option that tells

SMALL = 0.004  # of s; below, the difference of two Mills ratios is taken from its series

_NARROW = 0.02  # the same of a difference of two values of erfc
_TINY = 1e-8  # of s; below, an option is certain unless it is at the money
_REACH = 1000.0  # u beyond this is as good as infinite

# Constants of the passes over arrays: NumPy takes an array of no dimension sooner than a number.
_HALF, _DAY, _SHIFT = map(np.array, (0.5, 1.0 / 365.0, normal.SHIFT))
_PERCENT, _MINUS_PERCENT, _PERCENT_SQUARED = np.array(0.01), np.array(-0.01), np.array(0.0001)
_SIGN, _ALL_BUT_SIGN = np.array(-(2**63)), np.array(63)  # the bit of a number's sign, and how many there are beside


class MainGreeks(NamedTuple):
    """Price and the five Greeks that are quoted, a unit of the underlying, arrays of one shape, or numbers."""

    price: Array  # points
    delta: Array  # dV/dF, discounted
    gamma: Array  # d2V/dF2
    vega: Array  # dV/dsigma x 0.01
    theta: Array  # -dV/dT / 365
    rho: Array  # -T V x 0.01


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
    found: Array = _evaluate(1, right, forward, strike, years, vol, rate)[0]
    return found


def main_greeks(
    right: ArrayLike, forward: ArrayLike, strike: ArrayLike, years: ArrayLike, vol: ArrayLike, rate: ArrayLike = 0.0
) -> MainGreeks:
    """Price and five Greeks in one pass; units as in `MainGreeks`."""
    return _new(MainGreeks, _evaluate(6, right, forward, strike, years, vol, rate))


def greeks(
    right: ArrayLike, forward: ArrayLike, strike: ArrayLike, years: ArrayLike, vol: ArrayLike, rate: ArrayLike = 0.0
) -> Greeks:
    """Price and all eight Greeks in one pass; units as in `Greeks`."""
    return _new(Greeks, _evaluate(9, right, forward, strike, years, vol, rate))


def greeks_table(
    right: ArrayLike, forward: ArrayLike, strike: ArrayLike, years: ArrayLike, vol: ArrayLike, rate: ArrayLike = 0.0
) -> Array | tuple[float, ...]:
    """What `greeks` gives, as the rows of one array; of one option, as numbers."""
    return _evaluate(9, right, forward, strike, years, vol, rate)


def _evaluate(rows: int, *given: ArrayLike) -> Any:
    """The first `rows` fields of `Greeks`, 1, 6 or all 9, as the rows of one array; of one option, as numbers."""
    if blocks.all_numbers(given):
        return _one(rows, *given)  # type: ignore[arg-type] # numbers, as was just seen
    shape, flat = blocks.flatten(*given)
    count = math.prod(shape)
    if 0 < count <= blocks.FEW:
        few = np.array([_one(rows, *option) for option in blocks.one_by_one(flat, count)])
        return blocks.shaped(few.T, shape)
    found = blocks.rows(rows, count)
    with np.errstate(all="ignore"):
        for block, results in blocks.cut(flat, found):
            _block(block, results)
    return blocks.shaped(found, shape)


class _Room:
    """Rows to compute a block in beside those of the result, and what finds the tails."""

    def __init__(self, count: int, rows: blocks.Rows) -> None:
        self.rows = tuple(rows(9, count))
        self.tails = normal.Tails(count, rows)


def _block(option: list[Flat], out: list[Array]) -> None:
    """One block: the price into the first array of `out`, the Greeks into the others where it has them."""
    w, f, k, t, v, r = option
    value = out[0]
    room = blocks.room(_Room, len(value))
    s, root, discount, x, *others = room.rows
    t1, density, mass, t2, side = out[1:6] if len(out) > 1 else others  # the less memory, the more of it is near
    t1_bits, side_bits, x_bits, value_bits, discount_bits = map(_bits, (t1, side, x, value, discount))

    np.sqrt(t, root)
    np.multiply(r, t, discount)
    np.negative(discount, discount)
    np.exp(discount, discount)
    np.multiply(v, root, s)
    least, most = np.minimum.reduce(s), np.maximum.reduce(s)
    odd = np.flatnonzero(~(s > _TINY)) if not least > _TINY else None
    if odd is not None:
        was = s[odd]
        s[odd] = _TINY
    np.divide(k, f, x)
    np.subtract(k, f, value)
    lowest = np.minimum.reduce(f) if isinstance(f, np.ndarray) else f
    np.log(x, x)
    np.bitwise_and(x_bits, _SIGN, side_bits)  # 0 where the call is out of the money
    np.absolute(x, x)
    np.divide(x, s, x)  # u
    small = np.flatnonzero(s < SMALL) if not least >= SMALL else None
    if small is not None:
        low, high = (blocks.part(y, small) for y in (f, k))
        x[small] = np.log1p(np.abs(high - low) / np.minimum(low, high)) / s[small]
        narrow = normal.mills_difference(np.minimum(x[small], _REACH), 0.5 * s[small])
    np.multiply(s, _HALF, t1)
    np.bitwise_xor(t1_bits, side_bits, t1_bits)
    np.add(x, _SHIFT, x)
    np.add(x, t1, t2)
    np.subtract(x, t1, t1)  # 1 - d1 of a call or 1 + d1 of a put, whichever is out of the money; t2 is the same of d2
    far = np.flatnonzero(np.minimum(t1, t2) < 0.0) if not most <= 2.0 * normal.SHIFT else None
    if len(out) > 6:
        vanna, volga = out[6:8]
        np.subtract(t2, _SHIFT, vanna)
        np.subtract(t1, _SHIFT, volga)
        np.multiply(volga, vanna, volga)  # d1 d2
        np.bitwise_xor(_bits(vanna), side_bits, _bits(vanna))  # -d2

    room.tails.replace(t1, density)
    room.tails.replace(t2)
    np.multiply(density, discount, density)
    np.multiply(density, f, mass)  # F n(d1) = K n(d2), discounted
    np.subtract(t1, t2, t2)
    np.absolute(t2, t2)
    if small is not None:
        t2[small] = narrow
    np.multiply(t2, mass, t2)
    np.multiply(w, discount, discount)
    np.multiply(value, discount, value)  # below 0 in the money
    np.right_shift(value_bits, _ALL_BUT_SIGN, x_bits)  # all bits set in the money, none out of it
    np.bitwise_and(value_bits, x_bits, value_bits)
    np.subtract(t2, value, value)
    if len(out) > 1:
        np.multiply(t1, density, t1)
        np.bitwise_xor(t1_bits, side_bits, t1_bits)
        np.bitwise_and(discount_bits, x_bits, discount_bits)
        np.add(t1, discount, t1)
    if len(out) > 6:
        _second_order(v, r, s, root, x, Greeks(*out))
    if len(out) > 1:
        _main(f, t, v, r, s, root, x, MainGreeks(*out[:6]))

    if not (lowest > 0.0 and _in_order(w, out)):
        _mend(option, out)
    if odd is not None:
        _settle(odd, was, option, out)
    if far is not None:
        _singly(far, option, out)


def _bits(row: Array) -> Integers:
    """The integers that the bits of numbers are."""
    return row.view(np.int64)


def _main(f: Flat, t: Flat, v: Flat, r: Flat, s: Array, root: Array, x: Array, g: MainGreeks) -> None:
    """The Greeks beyond delta, where `g.gamma` is n(d1) and `g.vega` F n(d1), discounted."""
    np.multiply(g.vega, root, g.vega)
    np.multiply(g.vega, _PERCENT, g.vega)
    np.multiply(f, v, x)
    np.multiply(x, root, s)
    np.divide(g.gamma, s, g.gamma)
    np.multiply(x, x, x)
    np.multiply(x, g.gamma, x)
    np.multiply(x, _HALF, x)  # by Black's equation what time takes from the value, undiscounted
    np.multiply(r, g.price, g.theta)
    np.subtract(g.theta, x, g.theta)
    np.multiply(g.theta, _DAY, g.theta)
    np.multiply(g.price, t, g.rho)
    np.multiply(g.rho, _MINUS_PERCENT, g.rho)


def _second_order(v: Flat, r: Flat, s: Array, root: Array, x: Array, g: Greeks) -> None:
    """Vanna, volga and charm, where they are -d2, d1 d2 and nothing, and gamma and vega as in `_main`.

    Nothing is divided by vol or years, of which one may be 0.
    """
    np.multiply(g.vanna, g.gamma, g.vanna)
    np.divide(g.vanna, s, g.vanna)
    np.multiply(g.vanna, v, x)
    np.multiply(x, v, x)
    np.divide(x, s, x)
    np.multiply(x, _HALF, x)
    np.multiply(r, g.delta, g.charm)
    np.subtract(g.charm, x, g.charm)
    np.multiply(g.charm, _DAY, g.charm)
    np.multiply(g.vanna, root, g.vanna)
    np.multiply(g.vanna, _PERCENT, g.vanna)
    np.multiply(root, root, x)
    np.multiply(x, g.vega, x)
    np.multiply(g.volga, x, g.volga)
    np.divide(g.volga, s, g.volga)
    np.multiply(g.volga, _PERCENT_SQUARED, g.volga)


def _in_order(w: Flat, out: list[Array]) -> bool:
    """Whether nothing is out of its domain or infinite that is not settled otherwise.

    What goes into the other results goes into one of these, gamma into theta: two rows multiplied out cost one pass,
    and a factor that is infinite or NaN spoils the sum. So does one that overflows.
    """
    value, *rest = out
    pairs = [(value, w if isinstance(w, np.ndarray) else value)]
    if rest:
        delta, _, _, theta, rho, *second = rest
        pairs = [(delta, pairs[0][1]), (theta, rho), *((row, row) for row in second)]
    return (isinstance(w, np.ndarray) or isfinite(w)) and all(isfinite(np.dot(row, other)) for row, other in pairs)


def _mend(option: list[Flat], out: list[Array]) -> None:
    """NaN where an argument is out of its domain; one by one what else is infinite or NaN."""
    w, f, k, *_ = option
    bad = ~((np.minimum(f, k) > 0.0) & (np.maximum(f, k) < inf) & np.isfinite(w))
    lost = np.zeros(len(out[0]), dtype=bool)
    for row in out:
        lost |= ~np.isfinite(row)
        row[np.broadcast_to(bad, lost.shape)] = nan
    _singly(np.flatnonzero(lost & ~bad), option, out)


def _settle(odd: Places, was: Array, option: list[Flat], out: list[Array]) -> None:
    """What is almost or quite without variance, at the places `odd`, where s `was` that; NaN is none."""
    _, f, k, _, v, _ = (blocks.part(x, odd) for x in option)
    certain = (was == 0.0) & np.greater_equal(v, 0.0) & np.not_equal(f, k)  # and computed as such
    bad = ~(was >= 0.0)
    for row in out:
        row[odd[bad]] = np.nan
    _singly(odd[~(bad | certain)], option, out)


def _singly(places: Places, option: list[Flat], out: list[Array]) -> None:
    """Options that are seldom met, one by one."""
    flat = [blocks.part(x, places) for x in option]
    for place, one in zip(places.tolist(), blocks.one_by_one(flat, len(places)), strict=True):
        for row, found in zip(out, _one(len(out), *one), strict=True):
            row[place] = found


def _one(rows: int, w: float, f: float, k: float, t: float, v: float, r: float) -> tuple[float, ...]:
    """One option, in plain arithmetic: no array costs its making."""
    try:
        if not (f > 0.0 and k > 0.0 and t >= 0.0 and v >= 0.0 and f + k + t + v < inf and w > -inf):
            return (nan,) * rows
        gap = f - k
        call_otm = gap <= 0.0
        low, high = (f, k) if call_otm else (k, f)
        root = sqrt(t)
        s = v * root
        discount = exp(-r * t)
        u = log1p(abs(gap) / low) / s if s > 0.0 else _REACH if gap else 0.0
        if u > _REACH:
            u = _REACH
        near, far = u - 0.5 * s, u + 0.5 * s
        mass = low * DENSITY * exp(-0.5 * near * near)
        near_tail, far_tail = 0.5 * erfc(near * SQRT_HALF), 0.5 * erfc(far * SQRT_HALF)
        value = low * near_tail - high * far_tail if s >= _NARROW else mass * normal.mills_difference(u, 0.5 * s)
        if value < 0.0:
            value = 0.0
        if w * gap > 0.0:
            value += w * gap
        value *= discount
        if rows == 1:
            return (value,)
        mass *= discount
        otm_delta = near_tail if call_otm else far_tail
        delta = w * discount * (otm_delta if (w > 0.0) == call_otm else 1.0 - otm_delta)
        d2 = -far if call_otm else near
        theta, charm, rho = r * value, r * delta, 0.0 - 0.01 * t * value
        if mass == 0.0:
            return (value, delta, 0.0, 0.0, theta / 365.0, rho, 0.0, 0.0, charm / 365.0)[:rows]
        vega = mass * root
        if s == 0.0:  # at the money: the limits, where there are any
            still = v == 0.0
            theta, charm = (theta / 365.0, charm / 365.0) if still else (nan, nan)
            vanna = 0.005 * vega / f if still else 0.0
            return (value, delta, nan, 0.01 * vega, theta, rho, vanna, 0.0, charm)[:rows]
        rate_of_mass = mass / (f * v)
        main = (
            value,
            delta,
            rate_of_mass / (f * root),
            0.01 * vega,
            (theta - 0.5 * mass * v / root) / 365.0,
            rho,
        )
        if rows == 6:
            return main
        return (
            *main,
            -0.01 * rate_of_mass * d2,
            0.0001 * vega * near * far / v,
            (charm + 0.5 * mass * d2 / (f * t)) / 365.0,
        )
    except (OverflowError, ZeroDivisionError):
        return (nan,) * rows
