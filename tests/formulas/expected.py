"""What each formula's example must give, found without the package: plain arithmetic, normal distributions of the
standard library, Greeks by differentiation at 50 digits, a least-squares fit by MINPACK.

`EXPECTED` holds what `registry.call` must give: a value, or rows of tuples with their header. The examples' inputs are
read from the catalogue, so that an example may change without a new number here.
"""

from __future__ import annotations

import math
import platform
from collections.abc import Callable, Sequence
from importlib import metadata
from statistics import NormalDist
from typing import Any

import numpy as np
from scipy.optimize import least_squares

from tests.formulas import (
    expected_edge,
    expected_positions,
    expected_presets,
    expected_risk,
    expected_signals,
    expected_stored,
)
from tests.formulas.plain import N, black, distance, linear, serial, tenor_beta
from tests.numerics import oracle
from xlalvh.formulas import catalogue

NORMAL = NormalDist()
DEFAULT_TOLERANCE = 1e-9
# The probability of profit differentiates prices; a fit's parameters are known as far as its error is flat around them.
TOLERANCE = {"ALVH_CONDOR": 1e-6, "ALVH_ROLL": 1e-6, "ALVH_SMILE_FIT": 2e-5}

_FINDERS: dict[str, Callable[..., Any]] = {}


def tolerance(name: str) -> float:
    """Relative difference allowed, and absolute below 1."""
    return TOLERANCE.get(name, DEFAULT_TOLERANCE)


def differences(found: Any, expected: Any, allowed: float, where: str = "") -> list[str]:
    """Where two results differ, a sentence each; a truth value equals its number, a blank equals empty text."""
    if isinstance(expected, tuple):
        if not isinstance(found, tuple) or len(found) != len(expected):
            return [f"{where or 'result'}: {found!r} is no {len(expected)} items"]
        pairs = enumerate(zip(found, expected, strict=True), start=1)
        return [text for i, (f, e) in pairs for text in differences(f, e, allowed, f"{where}[{i}]")]
    if isinstance(expected, (int, float)) and isinstance(found, (int, float)):
        same = math.isclose(found, expected, rel_tol=allowed, abs_tol=allowed)
    else:
        same = (found or "") == (expected or "")
    return [] if same else [f"{where or 'result'}: {found!r} is not {expected!r}"]


def _finds(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        _FINDERS.update(dict.fromkeys(names, function))
        return function

    return register


def _sign(right: str) -> float:
    return {"C": 1.0, "P": -1.0}[right]


def _strike(sign: float, delta: float, forward: float, years: float, vol: float, rate: float) -> float:
    s = vol * math.sqrt(years)
    return forward * math.exp(-sign * NORMAL.inv_cdf(delta * math.exp(rate * years)) * s + 0.5 * s * s)


def _nearest(strike: float, step: float) -> float:
    return round(strike / step) * step


# Pricing


@_finds("ALVH_PRICE")
def _price(right, forward, strike, years, vol, rate):
    return black(_sign(right), forward, strike, years, vol, rate)


_GREEKS = ("delta", "gamma", "vega", "theta", "rho", "vanna", "volga", "charm")


@_finds("ALVH_GREEKS")
def _all_greeks(right, forward, strike, years, vol, rate):
    option = (_sign(right), forward, strike, years, vol, rate)
    greeks = oracle.greeks(*option)
    return ("price", *_GREEKS), (black(*option), *(greeks[name] for name in _GREEKS))


for _name in ("delta", "gamma", "vega", "theta", "rho"):
    _finds(f"ALVH_{_name.upper()}")(
        lambda right, forward, strike, years, vol, rate, name=_name: oracle.greeks(
            _sign(right), forward, strike, years, vol, rate
        )[name]
    )


@_finds("ALVH_IV")
def _implied_vol(right, price, forward, strike, years, rate):
    low, high = 0.001, 10.0
    for _ in range(200):
        middle = 0.5 * (low + high)
        below = black(_sign(right), forward, strike, years, middle, rate) < price
        low, high = (middle, high) if below else (low, middle)
    return low


@_finds("ALVH_FORWARD")
def _forward(spot, years, rate, dividend_yield):
    return spot * math.exp((rate - dividend_yield) * years)


@_finds("ALVH_PROB_ITM")
def _prob_itm(right, forward, strike, years, vol):
    return N(_sign(right) * (distance(forward, strike, years, vol) - vol * math.sqrt(years)))


@_finds("ALVH_PROB_TOUCH")
def _prob_touch(right, forward, strike, years, vol):
    """Reflection: N(w d2) + (F/K) N(w d1) for a strike not yet reached."""
    d1, sign = distance(forward, strike, years, vol), _sign(right)
    assert sign * (strike - forward) > 0.0
    return N(sign * (d1 - vol * math.sqrt(years))) + forward / strike * N(sign * d1)


@_finds("ALVH_EXPECTED_MOVE")
def _expected_move(forward, years, vol):
    return forward * vol * math.sqrt(years)


@_finds("ALVH_IMPLIED_FORWARD")
def _implied_forward(strikes, call_bid, call_ask, put_bid, put_ask, years, rate):
    """Strikes within 5 % of 4200, where call and put cost nearly the same; all five agree within their spreads."""
    total = weights = 0.0
    for k, cb, ca, pb, pa in zip(strikes, call_bid, call_ask, put_bid, put_ask, strict=True):
        if abs(k / 4200.0 - 1.0) <= 0.05:
            spread = (ca - pb) - (cb - pa)
            total += (k + math.exp(rate * years) * 0.5 * (cb + ca - pb - pa)) / spread**2
            weights += 1.0 / spread**2
    return total / weights


@_finds("ALVH_PARITY")
def _parity(strikes, call_bid, call_ask, put_bid, put_ask, forward, years, rate):
    rows = []
    for k, cb, ca, pb, pa in zip(strikes, call_bid, call_ask, put_bid, put_ask, strict=True):
        fair = math.exp(-rate * years) * (forward - k)
        rows.append((k, cb - pa - fair, fair - (ca - pb)))
    return ("strike", "conversion_points", "reversal_points"), *rows


@_finds("ALVH_STRIKE")
def _strike_of_delta(right, delta, forward, years, vol, rate, step):
    return _nearest(_strike(_sign(right), delta, forward, years, vol, rate), step)


@_finds("ALVH_SMILE_FIT")
def _smile_fit(strikes, vols, forward, years):
    """Levenberg and Marquardt's method from a rough start; six points have one best slice."""
    y, v = np.log(np.array(strikes) / forward), np.array(vols)

    def misses(p: np.ndarray) -> np.ndarray:
        a, b, rho, m, sigma = p
        w = a + b * (rho * (y - m) + np.sqrt((y - m) ** 2 + sigma**2))
        return np.sqrt(np.maximum(w, 1e-12) / years) - v

    start, scale = [0.0, 0.04, -0.2, 0.05, 0.06], [1e-3, 1e-2, 1.0, 0.1, 0.1]
    best = least_squares(misses, start, method="lm", x_scale=scale, ftol=1e-15, xtol=1e-15, gtol=1e-15, max_nfev=20_000)
    error = math.sqrt(float(np.mean(best.fun**2)))
    header = ("a", "b", "rho", "m", "sigma", "fit_error", "arbitrage_free", "scale")
    bumps = tuple(f"bump_{i}" for i in range(1, 7))
    return (*header, *bumps), (*map(float, best.x), error, True, 1.0, *(0.0 for _ in bumps))


@_finds("ALVH_SMILE_VOL")
def _smile_vol(smile, strike, forward, years):
    a, b, rho, m, sigma = smile[:5]
    z = math.log(strike / forward) - m
    return math.sqrt((a + b * (rho * z + math.hypot(z, sigma))) / years)


def _strip_variance(chain: Sequence[Sequence[float]], years: float, rate: float) -> float:
    """The white paper's steps; every strike of the example has bids on both sides."""
    growth = math.exp(rate * years)
    rows = [(k, (cb + ca) / 2, (pb + pa) / 2) for k, cb, ca, pb, pa in chain]
    k0, call, put = min(rows, key=lambda r: abs(r[1] - r[2]))
    forward = k0 + growth * (call - put)
    centre = max(k for k, _, _ in rows if k <= forward)
    total = 0.0
    for i, (k, call, put) in enumerate(rows):
        below, above = rows[max(i - 1, 0)][0], rows[min(i + 1, len(rows) - 1)][0]
        width = (above - below) / (2 if 0 < i < len(rows) - 1 else 1)
        quote = put if k < centre else call if k > centre else (call + put) / 2
        total += width / k**2 * growth * quote
    return 2 / years * total - (forward / centre - 1) ** 2 / years


@_finds("ALVH_VIX_INDEX")
def _vix_index(near_chain, near_years, near_rate, next_chain, next_years, next_rate):
    month, year = 43_200.0, 525_600.0
    t1, t2 = near_years * year, next_years * year
    near = near_years * _strip_variance(near_chain, near_years, near_rate) * (t2 - month) / (t2 - t1)
    following = next_years * _strip_variance(next_chain, next_years, next_rate) * (month - t1) / (t2 - t1)
    return 100.0 * math.sqrt((near + following) * year / month)


# Condor

_LEGS = (("P", 1.0), ("P", -1.0), ("C", -1.0), ("C", 1.0))


@_finds("ALVH_CONDOR_STRIKES")
def _condor_strikes(forward, years, vol, put_delta, call_delta, wing_width, rate, step):
    put = _nearest(_strike(-1.0, put_delta, forward, years, vol, rate), step)
    call = _nearest(_strike(1.0, call_delta, forward, years, vol, rate), step)
    return ((_nearest(put - wing_width, step), put, call, _nearest(call + wing_width, step)),)


@_finds("ALVH_CONDOR")
def _condor(strikes, forward, years, vols, rate, contracts):
    options = [
        (_sign(right), forward, k, years, v, rate) for (right, _), k, v in zip(_LEGS, strikes, vols, strict=True)
    ]
    sides = [side for _, side in _LEGS]
    credit = -sum(side * black(*option) for side, option in zip(sides, options, strict=True))
    dollars = 100.0 * contracts
    wide = max(strikes[1] - strikes[0], strikes[3] - strikes[2])
    low, high = strikes[1] - credit, strikes[2] + credit
    greeks = [oracle.greeks(*option) for option in options]
    sums = [dollars * sum(s * g[name] for s, g in zip(sides, greeks, strict=True)) for name in _GREEKS[:5]]

    def above(level: float, i: int) -> float:
        """-dC/dK with the volatility linear between leg i and the next."""
        slope = (vols[i + 1] - vols[i]) / (strikes[i + 1] - strikes[i])
        vol = vols[i] + slope * (level - strikes[i])
        d1 = distance(forward, level, years, vol)
        return N(d1 - vol * math.sqrt(years)) - forward * math.sqrt(years) * NORMAL.pdf(d1) * slope

    header = (
        "credit_points",
        "credit_dollars",
        "max_profit_dollars",
        "max_loss_dollars",
        "break_even_low",
        "break_even_high",
        "probability_of_profit",
        "expected_value_dollars",
        "delta_dollars",
        "gamma_dollars",
        "vega_dollars",
        "theta_dollars",
        "rho_dollars",
        "margin_dollars",
        "return_on_risk",
    )
    money = (credit, credit * dollars, credit * dollars, (wide - credit) * dollars, low, high)
    chances = (above(low, 0) - above(high, 2), 0.0)
    return header, (*money, *chances, *sums, wide * dollars, credit / (wide - credit))


@_finds("ALVH_SECOND_ENGINE")
def _second_engine(strikes, forward, years, vols, tested, rate, contracts):
    """The side that is not tested; its options are out of the money in the example, so all their value is extrinsic."""
    short, long = (2, 3) if tested == "P" else (1, 0)
    options = [(_sign(_LEGS[i][0]), forward, strikes[i], years, vols[i], rate) for i in (short, long)]
    assert all(sign * (forward - k) < 0.0 for sign, _, k, *_ in options)
    spread = black(*options[0]) - black(*options[1])
    theta = oracle.greeks(*options[1])["theta"] - oracle.greeks(*options[0])["theta"]
    dollars = 100.0 * contracts
    return (
        ("untested_side", "spread_points", "extrinsic_points", "extrinsic_dollars", "theta_dollars"),
        ("call" if tested == "P" else "put", spread, spread, spread * dollars, theta * dollars),
    )


@_finds("ALVH_ROLL")
def _roll(strikes, forward, years, vols, new_strikes, new_forward, new_years, new_vols, rate, contracts):
    """Each condor as the expectation of ALVH_CONDOR has it."""
    both = []
    for k, f, t, v in ((strikes, forward, years, vols), (new_strikes, new_forward, new_years, new_vols)):
        header, row = _condor(k, f, t, v, rate, contracts)
        found = dict(zip(header, row, strict=True))
        names = ("credit_points", "credit_dollars", *(f"{g}_dollars" for g in ("delta", "gamma", "vega", "theta")))
        both.append((365.0 * t, *(found[n] for n in (*names, "max_loss_dollars", "probability_of_profit"))))
    header = (
        "position",
        "days",
        "value_points",
        "value_dollars",
        "delta_dollars",
        "gamma_dollars",
        "vega_dollars",
        "theta_dollars",
        "max_loss_dollars",
        "probability_of_profit",
    )
    now, later = both
    return header, ("now", *now), ("rolled", *later), ("change", *(b - a for a, b in zip(now, later, strict=True)))


@_finds("ALVH_BOOK")
def _book(underlying, quantity, right, strike, years, forward, vol, rate):
    rows = []
    for name, count, r, k, t, f, v in zip(underlying, quantity, right, strike, years, forward, vol, strict=True):
        option = (_sign(r), f, k, t, v, rate)
        greeks, price = oracle.greeks(*option), black(*option)
        rows.append((name, count, price, 100 * count * price, *(100 * count * greeks[g] for g in _GREEKS[:5])))
    header = ("underlying", "quantity", "price_points", "value_dollars", *(f"{g}_dollars" for g in _GREEKS[:5]))
    totals = [
        (f"{name} total", "", "", *(sum(row[i] for row in rows if row[0] == name) for i in range(3, 9)))
        for name in dict.fromkeys(underlying)
    ]
    value, theta, rho = (sum(row[i] for row in rows) for i in (3, 7, 8))
    return header, *rows, *totals, ("Total", "", "", value, "", "", "", theta, rho)


# Ladder


@_finds("ALVH_LADDER")
def _ladder(units, years, futures, vols, deltas, allocation, rate, step):
    rows = []
    for i, layer in enumerate(("front", "mid", "back")):
        wanted = [d for d in deltas[i] if d is not None]
        contracts = units * allocation[i] / len(wanted)
        for delta in wanted:
            strike = _nearest(_strike(1.0, delta, futures[i], years[i], vols[i], rate), step)
            option = (1.0, futures[i], strike, years[i], vols[i], rate)
            greeks, premium, beta = oracle.greeks(*option), black(*option), tenor_beta(years[i])
            rows.append(
                (
                    layer,
                    contracts,
                    strike,
                    premium,
                    100 * contracts * premium,
                    greeks["delta"],
                    100 * contracts * greeks["vega"],
                    100 * contracts * greeks["theta"],
                    beta,
                    100 * contracts * greeks["delta"] * beta,
                    years[i],
                    futures[i],
                    vols[i],
                )
            )
    header = (
        "layer",
        "contracts",
        "strike",
        "premium_points",
        "cost_dollars",
        "delta",
        "vega_dollars",
        "theta_dollars",
        "tenor_beta",
        "vol_exposure_dollars",
        "years",
        "future",
        "vol",
    )
    return header, *rows


@_finds("ALVH_LADDER_RESPONSE")
def _ladder_response(ladder, vix_from, vix_to, days, rate):
    answers = []
    for level in vix_to:
        profit = dict.fromkeys(("front", "mid", "back"), 0.0)
        for row in ladder:
            layer, contracts, strike, years, future, vol = (row[i] for i in (0, 1, 2, 10, 11, 12))
            moved = future + tenor_beta(years) * (level - vix_from)
            later = black(1.0, moved, strike, years - days / 365.0, vol, rate)
            profit[layer] += 100.0 * contracts * (later - black(1.0, future, strike, years, vol, rate))
        answers.append((level, *profit.values(), sum(profit.values())))
    return ("vix", "front", "mid", "back", "total"), *answers


@_finds("ALVH_TENOR_BETA")
def _tenor_beta(years):
    return tenor_beta(years)


# Sizing


@_finds("ALVH_COVERAGE")
def _coverage(vol_exposure, condor_vega):
    return -vol_exposure / condor_vega


@_finds("ALVH_TENOR_VEGA")
def _tenor_vega(vega, days, exponent):
    return vega * math.exp(exponent * math.log(30.0 / days))


@_finds("ALVH_HEDGE_UNITS")
def _hedge_units(condor_vega, unit_vol_exposure, target, low, high):
    one = -unit_vol_exposure / condor_vega
    return min((n for n in range(1, 1000) if low <= n * one <= high), key=lambda n: abs(n * one - target))


# Regime


@_finds("ALVH_REGIME")
def _regime(futures, days, rules=(-0.08, -0.02, 0.02, 0.08), **_):
    slope = linear(futures, days, 60.0) / linear(futures, days, 30.0) - 1.0
    labels = ("deep backwardation", "backwardation", "flat", "contango", "steep contango")
    return labels[sum(slope > cut for cut in rules)]


@_finds("ALVH_CONTANGO")
def _contango(near, far):
    return (far - near) / near


@_finds("ALVH_ROLL_YIELD")
def _roll_yield(near, far, near_days, far_days):
    return -math.log(far / near) / ((far_days - near_days) / 365.0)


@_finds("ALVH_CONSTANT_MATURITY")
def _constant_maturity(futures, days, target, **_):
    return linear(futures, days, target)


@_finds("ALVH_BASIS")
def _basis(vix, future):
    return future - vix


# Time: 2023-06-16 is a third Friday; 2023-07-21 less 30 days is 2023-06-21.


@_finds("ALVH_SPX_EXPIRY")
def _spx_expiry(year, month):
    assert (year, month) == (2023, 6)
    return serial(2023, 6, 16)


@_finds("ALVH_VIX_EXPIRY")
def _vix_expiry(year, month):
    assert (year, month) == (2023, 6)
    return serial(2023, 6, 21)


@_finds("ALVH_YEARS")
def _years(expiry, root, now):
    """Both in summer time: whole minutes from now to 16:00 of the day."""
    assert root == "SPXW"
    return round((expiry + 16.0 / 24.0 - now) * 1440.0) / 525_600.0


@_finds("ALVH_NEXT_EVENT")
def _next_event(kind, day):
    """The meeting of 27 and 28 January 2026, from the day of the sample."""
    assert (kind, day) == ("FOMC", serial(2026, 1, 14))
    return serial(2026, 1, 28)


# Help


@_finds("ALVH_VERSION")
def _version():
    numpy, scipy = metadata.version("numpy"), metadata.version("scipy")
    return f"xlalvh {metadata.version('xlalvh')}, Python {platform.python_version()}, NumPy {numpy}, SciPy {scipy}"


EXPECTED: dict[str, Any] = {
    name: finder(**catalogue[name].example)
    for name, finder in {
        **_FINDERS,
        **expected_signals.FINDERS,
        **expected_risk.FINDERS,
        **expected_positions.FINDERS,
        **expected_presets.FINDERS,
        **expected_edge.FINDERS,
        **expected_stored.FINDERS,
    }.items()
    if name in catalogue
}
