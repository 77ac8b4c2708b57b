"""Black-76 at 50 digits, written apart from the package, and its derivatives by numerical differentiation."""

from __future__ import annotations

import mpmath as mp

DIGITS = 50


def black(right: float, forward: float, strike: float, years: float, vol: float, rate: float = 0.0) -> mp.mpf:
    """Premium for right +1 or -1; every argument is taken as the exact binary number it is."""
    with mp.workdps(DIGITS):
        return _black(*(mp.mpf(x) for x in (right, forward, strike, years, vol, rate)))


def greeks(
    right: float, forward: float, strike: float, years: float, vol: float, rate: float = 0.0
) -> dict[str, float]:
    """The eight Greeks in the units of SPEC 1, each a numerical derivative of `black`."""
    with mp.workdps(DIGITS):

        def d(df: int = 0, dt: int = 0, dv: int = 0, dr: int = 0) -> mp.mpf:
            start = tuple(mp.mpf(x) for x in (forward, years, vol, rate))
            return mp.diff(lambda f, t, v, r: _black(right, f, mp.mpf(strike), t, v, r), start, (df, dt, dv, dr))

        found = {
            "delta": d(df=1),
            "gamma": d(df=2),
            "vega": d(dv=1) / 100,
            "theta": -d(dt=1) / 365,
            "rho": d(dr=1) / 100,
            "vanna": d(df=1, dv=1) / 100,
            "volga": d(dv=2) / 10_000,
            "charm": -d(df=1, dt=1) / 365,
        }
        return {name: float(value) for name, value in found.items()}


def _black(w: float, f: mp.mpf, k: mp.mpf, t: mp.mpf, v: mp.mpf, r: mp.mpf) -> mp.mpf:
    """At the caller's precision: differentiation raises it."""
    s = v * mp.sqrt(t)
    if s == 0:
        return mp.exp(-r * t) * max(w * (f - k), mp.mpf(0))
    d1 = mp.log(f / k) / s + s / 2
    return mp.exp(-r * t) * w * (f * mp.ncdf(w * d1) - k * mp.ncdf(w * (d1 - s)))
