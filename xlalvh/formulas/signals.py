"""The Signals group: what series of prices and of breadth say. Series run from the oldest to the newest."""

from __future__ import annotations

from typing import Any

import numpy as np

from xlalvh.formulas.errors import not_available, num_error, value_error
from xlalvh.formulas.registry import Argument, Kind, formula
from xlalvh.formulas.vocabulary import HEADERS, one_of, whole
from xlalvh.strategy import signals

SIGNALS = "Signals"

PRICES = Argument("prices", Kind.VECTOR, "a price a day, the oldest first; blanks are left out", "any price or level")
SERIES = Argument("series", Kind.FLAG, "TRUE: one a day; FALSE or omitted: the last", optional=True, default=False)
_SPX = (4151.3, 4130.6, 4136.3, 4119.2, 4137.6, 4130.6, 4124.1, 4136.3, 4109.9, 4158.8)
_VIX = (16.05, 17.83, 17.19, 18.34, 16.98, 17.71, 16.94, 16.93, 17.03, 17.12)
_MACD = ("macd", "signal", "histogram")


def _periods(argument: str, value: int) -> Argument:
    return Argument(
        argument, Kind.SINGLE, f"whole number; {value} if omitted", "prices", low=1, optional=True, default=float(value)
    )


def _latest(values: np.ndarray, series: bool, name: str, needed: int) -> Any:
    """The last value, or one a row with what is missing as an error; `values` are one or more a row."""
    error = not_available(f"{name} has too few numbers, or they never move; give {needed} or more, up to the last day")
    rows = [[item if np.isfinite(item) else error for item in np.atleast_1d(row)] for row in values]
    if series:
        return rows
    known = np.flatnonzero(np.isfinite(np.atleast_2d(values.T)[0]))
    if known.size == 0:
        raise error
    return [rows[known[-1]]]


def _pair(first: np.ndarray, second: np.ndarray, names: str) -> None:
    if len(first) != len(second):
        raise value_error(f"{names} have {len(first)} and {len(second)} cells; give ranges of equal length")


@formula(
    category=SIGNALS,
    help="Relative strength index, Wilder's, begun with the simple mean.",
    arguments=(PRICES, _periods("period", 14), SERIES),
    result="0 to 100: the last day's, or one a day (#N/A before there are enough prices).",
    source="Wilder, New Concepts in Technical Trading Systems (1978); seeds: RSI of VIX, of SPY",
    example={"prices": _VIX, "period": 5.0},
)
def alvh_rsi(prices, period, series):
    count = whole(period, "period")
    rows = _latest(signals.rsi(prices, count), series, "prices", count + 1)
    return tuple(tuple(row) for row in rows) if series else rows[0][0]


@formula(
    category=SIGNALS,
    help="MACD: fast less slow exponential average, its signal line, and their difference.",
    arguments=(
        PRICES,
        _periods("fast", 12),
        _periods("slow", 26),
        _periods("signal", 9),
        SERIES,
        HEADERS,
    ),
    result="macd, signal, histogram in units of the price: the last day's, or a row a day.",
    source="Appel; averages begun with simple means; seeds: MACD of VIX, of SPX, of the term structure",
    example={"prices": _VIX, "fast": 3.0, "slow": 5.0, "signal": 3.0},
    columns=_MACD,
)
def alvh_macd(prices, fast, slow, signal, series):
    short, long, smooth = whole(fast, "fast"), whole(slow, "slow"), whole(signal, "signal")
    if short >= long:
        raise num_error(f"fast is {short} and slow {long}; fast must be the smaller")
    rows = signals.macd(prices, short, long, smooth)
    return _latest(rows, series, "prices", long + smooth - 1)


@formula(
    category=SIGNALS,
    help="Advance-decline line: the running sum of advances less declines.",
    arguments=(
        Argument("advances", Kind.VECTOR, "stocks that rose, a number a day, the oldest first", "stocks"),
        Argument("declines", Kind.VECTOR, "stocks that fell, likewise", "stocks"),
        SERIES,
    ),
    result="Stocks, from 0 before the first day: the last day's, or one a day (#N/A where a number is missing).",
    source="seeds: A/D line in four of five articles",
    example={"advances": (797.0, 460.0, 325.0, 900.0), "declines": (756.0, 1101.0, 1240.0, 640.0), "series": True},
    spills=True,
)
def alvh_ad_line(advances, declines, series):
    _pair(advances, declines, "advances and declines")
    rows = _latest(signals.ad_line(advances, declines), series, "advances and declines", 1)
    return tuple(tuple(row) for row in rows) if series else rows[0][0]


@formula(
    category=SIGNALS,
    help="Divergence: the last price is a new extreme of the window, and the indicator does not confirm it.",
    arguments=(
        PRICES,
        Argument("indicator", Kind.VECTOR, "RSI, MACD or advance-decline line, one a price", "any"),
        _periods("window", 20),
    ),
    result="bearish (new high, indicator below its own), bullish (new low, indicator above its own) or none. On prices "
    "of VIX, bearish means calmer.",
    source="seeds: edge and SPY articles name divergences, not how to find them; this definition is the product's",
    example={
        "prices": (4109.9, 4124.1, 4136.3, 4130.6, 4158.8),
        "indicator": (2100.0, 2600.0, 2900.0, 2500.0, 2700.0),
        "window": 5.0,
    },
)
def alvh_divergence(prices, indicator, window):
    _pair(prices, indicator, "prices and indicator")
    count = whole(window, "window")
    if count < 3:
        raise num_error(f"window is {count}; give 3 or more")
    try:
        return signals.divergence(prices, indicator, count)
    except ValueError as error:
        raise not_available(f"{error}; give a longer series") from error


def _number(value: float) -> float:
    if not np.isfinite(value):
        raise not_available("the two series have fewer than three changes in common, or one of them never moves")
    return value


_KINDS = f'"{signals.POINTS}" (differences), "{signals.RETURNS}" (simple) or "{signals.LOGS}"'
_CHANGES = Argument(
    "changes", Kind.TEXT, f"of the first: {_KINDS}; returns if omitted", optional=True, default=signals.RETURNS
)
_OTHER_CHANGES = Argument("other_changes", Kind.TEXT, "of the second; as changes if omitted", optional=True)


def _kinds(changes: str, other_changes: str | None) -> tuple[str, str]:
    other = changes if other_changes is None else other_changes
    return one_of(changes, signals.CHANGES, "changes"), one_of(other, signals.CHANGES, "other_changes")


@formula(
    category=SIGNALS,
    help="Correlation of the changes of two series of levels.",
    arguments=(
        Argument("prices", Kind.VECTOR, "levels, the oldest first", "any level"),
        Argument("other", Kind.VECTOR, "levels of the same days", "any level"),
        _CHANGES,
        _OTHER_CHANGES,
    ),
    result="-1 to 1. Days on which either is missing are left out.",
    source="Pearson; seed: correlation article, -0.85 of what it does not say; SPX returns and VIX points give -0.79",
    example={"prices": _SPX, "other": _VIX, "changes": "returns", "other_changes": "points"},
)
def alvh_correlation(prices, other, changes, other_changes):
    _pair(prices, other, "prices and other")
    return _number(signals.correlation(prices, other, *_kinds(changes, other_changes)))


@formula(
    category=SIGNALS,
    help="Beta: how far an asset's changes go per change of the market, least squares with intercept.",
    arguments=(
        Argument("asset", Kind.VECTOR, "levels, the oldest first; one contract, not a chain of them", "any level"),
        Argument("market", Kind.VECTOR, "levels of the same days", "any level"),
        _CHANGES,
        _OTHER_CHANGES,
    ),
    result="Ratio. Days on which either is missing are left out.",
    source="Sharpe (1964); seeds: CAPM beta",
    example={"asset": _VIX, "market": _SPX},
)
def alvh_beta(asset, market, changes, other_changes):
    _pair(asset, market, "asset and market")
    return _number(signals.beta(asset, market, *_kinds(changes, other_changes)))


@formula(
    category=SIGNALS,
    help="Where a value lies in its history: the share below it, equals counted half.",
    arguments=(
        Argument("value", Kind.NUMBER, "the value to place", "as history"),
        Argument("history", Kind.VECTOR, "past values, in any order; blanks are left out", "any"),
    ),
    result="0 to 1.",
    source="percentile rank, mean method",
    example={"value": 17.0, "history": _VIX},
    paired=True,
)
def alvh_percentile(value, history):
    if not np.isfinite(history).any():
        raise not_available("history has no number; give past values")
    return signals.percentile(value, history)
