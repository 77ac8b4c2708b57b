"""What the examples of signals, playbook, hedge sizes and capital must give, found apart, as in `expected`."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from tests.formulas.plain import black, linear, tenor_beta

FINDERS: dict[str, Callable[..., Any]] = {}


def _finds(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        FINDERS.update(dict.fromkeys(names, function))
        return function

    return register


# Signals


@_finds("ALVH_RSI")
def _rsi(prices, period):
    """Wilder's own words: the last average times (period - 1), plus today's, over period; 100 - 100 / (1 + RS)."""
    n = int(period)
    moves = [b - a for a, b in pairwise(prices)]
    up, down = (sum(max(sign * m, 0.0) for m in moves[:n]) / n for sign in (1.0, -1.0))
    for m in moves[n:]:
        up, down = (up * (n - 1) + max(m, 0.0)) / n, (down * (n - 1) + max(-m, 0.0)) / n
    return 100.0 - 100.0 / (1.0 + up / down)


def _average(values: Sequence[float], n: float) -> list[float]:
    """Exponential averages from the n-th value on."""
    k, count = 2.0 / (n + 1.0), int(n)
    found = [sum(values[:count]) / count]
    for v in values[count:]:
        found.append(v * k + found[-1] * (1.0 - k))
    return found


@_finds("ALVH_MACD")
def _macd(prices, fast, slow, signal):
    long = _average(prices, slow)
    line = [a - b for a, b in zip(_average(prices, fast)[-len(long) :], long, strict=True)]
    smooth = _average(line, signal)
    return ("macd", "signal", "histogram"), (line[-1], smooth[-1], line[-1] - smooth[-1])


@_finds("ALVH_AD_LINE")
def _ad_line(advances, declines, series):
    assert series
    return tuple((sum(advances[: i + 1]) - sum(declines[: i + 1]),) for i in range(len(advances)))


@_finds("ALVH_DIVERGENCE")
def _divergence(prices, indicator, window):
    assert len(prices) == window
    assert max(prices) == prices[-1]
    return "bearish" if indicator[-1] < max(indicator) else "none"


@_finds("ALVH_CORRELATION")
def _correlation(prices, other, changes, other_changes):
    assert (changes, other_changes) == ("returns", "points")
    return statistics.correlation([b / a - 1.0 for a, b in pairwise(prices)], [b - a for a, b in pairwise(other)])


@_finds("ALVH_BETA")
def _beta_of_returns(asset, market):
    asset, market = ([b / a - 1.0 for a, b in pairwise(p)] for p in (asset, market))
    return statistics.linear_regression(market, asset).slope


@_finds("ALVH_PERCENTILE")
def _percentile(value, history):
    return sum((v < value) + 0.5 * (v == value) for v in history) / len(history)


# Regime in series, playbook, layers


@_finds("ALVH_REGIME_SERIES")
def _regime_series(vix, futures, days, rules, hysteresis):
    """6.1 % is contango; 1.8 % is within half a point of its lower cut; 2.9 % is contango anyway."""
    slopes = [linear(f, d, 60.0) / linear(f, d, 30.0) - 1.0 for f, d in zip(futures, days, strict=True)]
    assert (rules[2], hysteresis) == (0.02, 0.005)
    assert [round(s, 3) for s in slopes] == [0.061, 0.018, 0.029]
    return ("slope", "regime"), *((s, "contango") for s in slopes)


@_finds("ALVH_PLAYBOOK")
def _playbook(regime, rsi, slope_change, rules, expiry_days, event_days):
    """Contango article: in backwardation that deepens with RSI of VIX over 70, monetise; 15-20 delta; 25-30 %."""
    assert (regime, rsi > 70.0, slope_change < 0.0, expiry_days > 7.0, event_days > 3.0) == (
        "backwardation",
        *[True] * 4,
    )
    assert rules == (7, 3, 70, 0.0, 0.0, 0.30, 0.45, 0.16, 0.15, 0.20, 0.25, 0.30, 0.0)
    header = ("action", "delta_low", "delta_high", "hedge_weight_low", "hedge_weight_high", "monetise_share", "rule")
    fired = "backwardation, RSI above 70, slope change below 0: sell or roll part of the hedge"
    inputs = "regime backwardation; rsi 74; slope_change -0.012; expiry_days 24; event_days 9; divergence not given"
    return (*header, "inputs"), ("monetise", 0.15, 0.20, 0.25, 0.30, 0.0, fired, inputs)


@_finds("ALVH_LAYER_WEIGHTS")
def _layer_weights(regime, policy, signals, rules):
    assert (regime, policy) == ("backwardation", "promoter")
    added = rules[1] * (signals[0] - 50.0) / 50.0 + rules[2] + rules[3]  # MACD above 0, breadth falling
    header = ("layer", "contracts", "base_contracts", "policy_share", "signal_share")
    layers = (("front", 4.0), ("mid", 4.0), ("back", 2.0))
    return header, *((name, n * (1.0 + rules[0] + added), n, rules[0], added) for name, n in layers)


# The other sizes of the hedge


@_finds("ALVH_HEDGE_NOTIONAL")
def _hedge_notional(basis, weight, condor_dollars, unit_dollars):
    """0.275 x 4,200,000 / 21,100 = 54.74 units of ten contracts."""
    assert (basis, weight, condor_dollars, unit_dollars) == ("notional", 0.275, 4_200_000.0, 21_100.0)
    warning = (
        "asks for 54.7 units, above 12; notional of VIX futures says nothing of what they gain: "
        "compare the coverage and the cost"
    )
    header = ("basis", "units", "contracts", "hedge_dollars", "warning")
    return header, ("notional", 1_155_000.0 / 21_100.0, 547.0, 547.0 * 2_110.0, warning)


@_finds("ALVH_CAPM_RATIO")
def _capm_ratio(wing_loss, move, deltas, futures, betas, quantities):
    """SPX falls by `move`, the future rises by beta times it, each leg gains delta times that."""
    legs = zip(quantities, deltas, futures, betas, strict=True)
    return wing_loss / sum(n * 100.0 * d * (f * (1.0 - b * move) - f) for n, d, f, b in legs)


@_finds("ALVH_TILT")
def _tilt(percentiles, weights):
    """Half the band from 0.6 to 1.2 is 0.3; 0.9 is the target."""
    names = ("P/E", "P/CF", "quick ratio", "REER", "rate differential", "credit spread", "GDP", "CPI", "PPI")
    rows = [(n, p, w, 0.3 * w * (p - 0.5) / 0.5) for n, p, w in zip(names, percentiles, weights, strict=True)]
    header = ("input", "percentile", "weight", "coverage")
    return header, *rows, ("coverage", "", sum(weights), 0.9 + sum(row[3] for row in rows))


@_finds("ALVH_EQUITY_HEDGE")
def _equity_hedge(position_value, beta, move, future, delta, future_beta, correlation, names):
    """The variance of an equal mix, summed stock by stock over the whole matrix of correlations."""
    n = int(names)
    sigma = np.full((n, n), correlation)
    np.fill_diagonal(sigma, 1.0)
    left = math.sqrt(sigma.sum()) / n
    rows = []
    for level, share, fall in ((correlation, left, move), (1.0, 1.0, move / left)):
        calls = position_value * beta * fall / (100.0 * delta * future * -future_beta * fall)
        rows.append((level, share, fall, position_value * beta * fall, calls, math.ceil(calls)))
    return ("correlation", "risk_left", "spx_move", "loss_dollars", "contracts", "whole_contracts"), *rows


# Capital


@_finds("ALVH_IRR")
def _irr(amounts, dates):
    """Microsoft's own example for XIRR, 0.373362535, to the digits it prints; then Newton on the definition."""
    rate = 0.373362535
    for _ in range(5):
        years = [(day - dates[0]) / 365.0 for day in dates]
        worth = sum(a / (1.0 + rate) ** t for a, t in zip(amounts, years, strict=True))
        slope = sum(-t * a / (1.0 + rate) ** (t + 1.0) for a, t in zip(amounts, years, strict=True))
        rate -= worth / slope
    assert abs(rate - 0.373362535) < 5e-9
    return rate


@_finds("ALVH_WACC")
def _wacc(equity, debt, cost_of_equity, cost_of_debt, tax):
    """80 % at 11.2 % and 20 % at 6 % less a quarter: 8.96 + 0.9 = 9.86 %."""
    assert (equity / (equity + debt), cost_of_equity, cost_of_debt, tax) == (0.8, 0.112, 0.06, 0.25)
    return 0.0986


@_finds("ALVH_CAPM")
def _capm(risk_free, beta, market_return):
    """4 % and 1.2 times a premium of 6 %."""
    assert (risk_free, beta, market_return) == (0.04, 1.2, 0.10)
    return 0.112


@_finds("ALVH_DRIP")
def _drip(position_value, dividend_yield, growth, horizon, payments):
    rows = []
    for year in range(1, int(horizon) + 1):
        quarters = int(payments) * year
        price = position_value * (1.0 + growth) ** year
        paid = sum(position_value * (1.0 + growth) ** (q / payments) for q in range(1, quarters + 1))
        taken = paid * dividend_yield / payments
        rows.append((year, price, taken, price + taken, price * (1.0 + dividend_yield / payments) ** quarters))
    header = (
        "year",
        "price_only_dollars",
        "dividends_taken_dollars",
        "total_taken_dollars",
        "total_reinvested_dollars",
    )
    return header, *rows


@_finds("ALVH_HEDGE_DRAG")
def _hedge_drag(paid, received, days, capital):
    """1,500 of 250,000 in 91 days: 0.6 % times 365 / 91."""
    assert (paid - received, days, capital) == (1_500.0, 91.0, 250_000.0)
    return 0.006 * 365.0 / 91.0


@_finds("ALVH_CARRY")
def _carry(ladder, vix, futures, days, passed, rate):
    curve_days, curve = (0.0, *days), (vix, *futures)
    rows = []
    for layer, contracts, strike, *_, years, future, vol in ladder:
        left = years - passed / 365.0
        slid = future + linear(curve, curve_days, left * 365.0) - linear(curve, curve_days, years * 365.0)
        options = ((future, years), (future, left), (slid, left))
        now, decayed, then = (black(1.0, f, strike, t, vol, rate) * 100.0 * contracts for f, t in options)
        rows.append((layer, decayed - now, then - decayed, then - now))
    header = ("layer", "theta_dollars", "roll_down_dollars", "carry_dollars")
    return header, *rows, ("total", *(sum(row[i] for row in rows) for i in (1, 2, 3)))


@_finds("ALVH_BREAK_EVEN_VIX")
def _break_even_vix(ladder, vix, cost, rate):
    """Bisection on the ladder's value, option by option."""

    def gain(rise: float) -> float:
        return sum(
            100.0 * n * (black(1.0, f + tenor_beta(t) * rise, k, t, v, rate) - black(1.0, f, k, t, v, rate))
            for _, n, k, *_, t, f, v in ladder
        )

    low, high = 0.0, 200.0
    for _ in range(100):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if gain(middle) > cost else (middle, high)
    return low
