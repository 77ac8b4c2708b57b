"""What the examples of the Risk and Adjusting groups must give, found without the package, as in `expected`."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from statistics import NormalDist
from typing import Any

import numpy as np
from scipy.optimize import brentq

from tests.numerics import oracle

N = NormalDist().cdf
Row = tuple[Any, ...]


def _black(right: str, forward: float, strike: float, years: float, vol: float, rate: float) -> float:
    sign = {"C": 1.0, "P": -1.0}[right]
    if years <= 0.0:
        return max(sign * (forward - strike), 0.0)
    s = vol * math.sqrt(years)
    d1 = math.log(forward / strike) / s + 0.5 * s
    return math.exp(-rate * years) * sign * (forward * N(sign * d1) - strike * N(sign * (d1 - s)))


def _worth(row: Row) -> float:
    _, quantity, right, strike, years, forward, vol, rate = row
    return 100.0 * quantity * _black(right, forward, strike, years, vol, rate)


def _beta(years: float) -> float:
    return 0.146 + 0.582 * math.exp(-5.75 * years)


def _gain(
    book: tuple[Row, ...], row: Row, spx: float, points: float, vix: float, days: float, future: Any = None
) -> float:
    """One leg after the move: the option whose d2 was what the leg's d2 is then, its volatility grown."""
    name, quantity, right, strike, years, forward, vol, rate = row
    left = years - days / 365.0
    if name == "SPX":
        moved = forward * (1.0 + spx)
        ratio = (vix + points) / vix
        share = (ratio - 1.0 if ratio >= 1.0 else 1.0 - 1.0 / ratio) * (30.0 / (365.0 * years)) ** 0.4
        growth = 1.0 + share if share >= 0.0 else 1.0 / (1.0 - share)
    else:
        moved = forward + (_beta(years) * points if future is None else future(365.0 * years))
        growth = (moved / forward) ** 0.8
    if left <= 1e-12:
        return 100.0 * quantity * _black(right, moved, strike, 0.0, vol, rate) - _worth(row)
    strikes, vols = zip(*sorted((r[3], r[6]) for r in book if (r[0], r[4]) == (name, years)), strict=True)

    def before(k: float) -> float:
        return float(np.interp(k, strikes, vols))

    def d2(f: float, k: float, t: float, v: float) -> float:
        return math.log(f / k) / (v * math.sqrt(t)) - 0.5 * v * math.sqrt(t)

    def gap(log_strike: float) -> float:
        k = math.exp(log_strike)
        return d2(forward, k, years, before(k)) - d2(moved, strike, left, growth * before(k))

    place = math.exp(brentq(gap, math.log(forward) - 8.0, math.log(forward) + 8.0, xtol=1e-15, rtol=1e-15))
    return 100.0 * quantity * _black(right, moved, strike, left, growth * before(place), rate) - _worth(row)


def _pnl_grid(book, spx_shocks, vix_shocks, days, vix):
    return tuple(tuple(sum(_gain(book, row, s, p, vix, days) for row in book) for p in vix_shocks) for s in spx_shocks)


def _breakevens(book, cost, vix):
    """Roots by SciPy between the points of a scan."""
    start, years = book[0][5], book[0][4]
    paid = cost - sum(_worth(row) for row in book)

    def level(x: float) -> float:
        return vix * math.exp((-4.0 if x < 0.0 else -3.5) * x)

    rows: list[Row] = []
    for at, days in (("today", 0.0), ("expiry", 365.0 * years)):

        def profit(x: float, days: float = days) -> float:
            return sum(_gain(book, row, math.expm1(x), level(x) - vix, vix, days) for row in book) - paid

        scan = np.linspace(math.log(0.6), math.log(1.25), 120)
        values = [profit(x) for x in scan]
        steps = zip(pairwise(scan), pairwise(values), strict=True)
        roots = [brentq(profit, *ends, xtol=1e-15, rtol=1e-15) for ends, (a, b) in steps if a * b < 0.0]
        shown = [("", ""), *((start * math.exp(x), level(x)) for x in roots), ("", "")]
        sign = values[0] > 0.0
        for i, ((from_points, from_vix), (to_points, to_vix)) in enumerate(pairwise(shown)):
            outcome = "profit" if sign == (i % 2 == 0) else "loss"
            rows.append((at, outcome, from_points, to_points, from_vix, to_vix))
    return ("at", "outcome", "from_points", "to_points", "from_vix", "to_vix"), *rows


def _stress(book, scenario, vix):
    """2018-02-02 to -05: SPX -4.10 %, VIX +20.01; monthlies 12, 47, 75, 103 days out +17.6, +13, +9.65, +5.675."""
    assert scenario == "2018-02-05"

    def future(days: float) -> float:
        return float(np.interp(days, (12.0, 47.0, 75.0, 103.0), (17.6, 13.0, 9.65, 5.675)))

    gains = [(row[0], _gain(book, row, -0.041, 20.01, vix, 3.0, future)) for row in book]
    spx, on_vix = (sum(g for name, g in gains if name == wanted) for wanted in ("SPX", "VIX"))
    moves = (3.0, -0.041, 20.01, "settlements")
    header = (
        "scenario",
        "period",
        "days",
        "spx_return",
        "vix_change_points",
        "futures_moved_by",
        "spx_dollars",
        "vix_dollars",
        "total_dollars",
    )
    return header, (scenario, "2018-02-02 to 2018-02-05", *moves, spx, on_vix, spx + on_vix)


def _margin(book):
    """Wings of 50 points: 10 x 100 x 50; the calls are paid in full."""
    premium = -sum(_worth(row) for row in book[:4])
    rows: list[Row] = [("SPX", 43.8, 50_000.0, premium, 50_000.0 - premium)]
    rows += [("VIX", 365.0 * row[4], 0.0, -_worth(row), _worth(row)) for row in book[4:]]
    header = ("underlying", "days", "requirement_dollars", "premium_dollars", "cash_dollars")
    return header, *rows, ("Total", "", *(sum(row[i] for row in rows) for i in (2, 3, 4)))


def _wing_status(delta, entry_delta, trigger, multiple, watch):
    """Tested from 0.32, watch from 0.24."""
    assert (delta, entry_delta, trigger, multiple, watch) == (-0.26, 0.16, 0.15, 2.0, 0.75)
    return "watch"


def _theta(right: str, forward: float, strike: float, years: float, vol: float, rate: float) -> float:
    return oracle.greeks({"C": 1.0, "P": -1.0}[right], forward, strike, years, vol, rate)["theta"]


def _spread_hedge(wing_loss, move, future, years, vol, long_delta, short_delta, ratio, future_beta, rate, step):
    """Strikes from the inverse of the delta; the future rises by 3.4 x 5 %; 100 dollars a point."""
    s = vol * math.sqrt(years)

    def strike(delta: float) -> float:
        exact = future * math.exp(-NormalDist().inv_cdf(delta * math.exp(rate * years)) * s + 0.5 * s * s)
        return round(exact / step) * step

    def price(f: float, k: float) -> float:
        return _black("C", f, k, years, vol, rate)

    long, short = strike(long_delta), strike(short_delta)
    delta = [math.exp(-rate * years) * N(math.log(future / k) / s + 0.5 * s) for k in (long, short)]
    rise = -future_beta * move * future
    bought = math.ceil(wing_loss / (100.0 * rise * (delta[0] - ratio * delta[1])))
    sold = math.floor(ratio * bought)
    cost = bought * price(future, long) - sold * price(future, short)
    gain = 100.0 * (bought * price(future + rise, long) - sold * price(future + rise, short) - cost)
    thetas = [_theta("C", future, k, years, vol, rate) for k in (long, short)]
    # At expiry the spread is worth bought x (F - long) - sold x (F - short) above both: solved for what it cost.
    loses_above = (bought * long - sold * short + cost) / (bought - sold)
    header = (
        "long_strike",
        "short_strike",
        "long_contracts",
        "short_contracts",
        "debit_points",
        "cost_dollars",
        "gain_dollars",
        "share_of_loss",
        "theta_dollars",
        "loses_above_points",
    )
    debit = price(future, long) - ratio * price(future, short)
    money = (debit, 100.0 * cost, gain, gain / wing_loss, 100.0 * (bought * thetas[0] - sold * thetas[1]))
    return header, (long, short, bought, -sold, *money, loses_above)


def _cash_press(slopes, vix, history, ladder, last_rebalance, now, rate, contango_cut, period):
    """Four slopes above 2 % at the end; 17 is the third of eight; 35.5 days and a period of 30."""
    assert (slopes, contango_cut, period) == ((0.01, 0.03, 0.045, 0.05, 0.061), 0.02, 30.0)
    assert sorted(history)[:4] == [16.1, 16.9, 17.0, 17.2]
    ((_, count, strike, premium, _, _, _, theta, _, _, years, future, _),) = ladder
    extrinsic = 100.0 * count * (premium - math.exp(-rate * years) * (future - strike))
    header = (
        "contango_sessions",
        "vix_percentile",
        "extrinsic_dollars",
        "theta_dollars",
        "days_since_rebalance",
        "rebalance",
    )
    return header, (4.0, 2.5 / 8.0, extrinsic, theta, 35.5, "due")


FINDERS: dict[str, Callable[..., Any]] = {
    "ALVH_PNL_GRID": _pnl_grid,
    "ALVH_BREAKEVENS": _breakevens,
    "ALVH_STRESS": _stress,
    "ALVH_MARGIN": _margin,
    "ALVH_WING_STATUS": _wing_status,
    "ALVH_SPREAD_HEDGE": _spread_hedge,
    "ALVH_CASH_PRESS": _cash_press,
}
