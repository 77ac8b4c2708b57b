"""Ranges to arrays and back: formulas on arrays against the kernel, on nested tuples against the conversion alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.benchmarks import worker
from tests.benchmarks.report import Times
from xlalvh.formulas import registry
from xlalvh.numerics import black76, implied_vol

COUNTS = (1, 100, 10_000, 1_000_000)
ROUNDS = 7
SECONDS = 0.05
TASKS = {"ALVH_PRICE": "Price", "ALVH_GREEKS": "Price and eight Greeks", "ALVH_IV": "Implied volatility"}

KERNEL, ARRAYS = "kernel", "formula, arrays"
CONVERSION, TUPLES = "conversion alone", "formula, tuples"


def measure() -> dict[tuple[str, int], Times]:
    """Seconds by formula and count, then by way, one a round.

    The options are puts of one forward: a text and single cells beside a column of strikes and one of volatilities or
    prices. The conversion alone makes arrays of these two columns, and nested tuples, which hosts take, of the results.
    """
    draw = np.random.default_rng(20231118)
    strikes, vols = draw.uniform(3000.0, 5500.0, COUNTS[-1]), draw.uniform(0.1, 0.5, COUNTS[-1])
    found: dict[tuple[str, int], Times] = {}
    calls = {(name, count): _ways(name, strikes[:count], vols[:count]) for name in TASKS for count in COUNTS}
    for number in range(ROUNDS):
        for (name, count), ways in calls.items():
            if count == COUNTS[-1] and number > 1:
                continue
            into = found.setdefault((name, count), {})
            for way, call in ways.items():
                into.setdefault(way, []).append(worker.timed(call, SECONDS))
    return found


def _ways(name: str, strike: np.ndarray, vol: np.ndarray) -> dict[str, Callable[[], Any]]:
    formula = registry.catalogue[name]
    forward, years, rate = 4200.0, 0.5, 0.05
    price = black76.price(-1.0, forward, strike, years, vol, rate)
    if name == "ALVH_IV":
        first, second, order = price, strike, ("P", None, forward, None, years, rate)
        kernel: Callable[[], Any] = lambda: implied_vol.implied_vol(-1.0, price, forward, strike, years, rate)  # noqa: E731
        results = vol.reshape(1, -1)
    else:
        first, second, order = strike, vol, ("P", forward, None, years, None, rate)
        value = black76.price if name == "ALVH_PRICE" else black76.greeks
        kernel = lambda: value(-1.0, forward, strike, years, vol, rate)  # noqa: E731
        results = np.stack(kernel()) if name == "ALVH_GREEKS" else price.reshape(1, -1)
    columns = [tuple((x,) for x in array.tolist()) for array in (first, second)]

    def filled(pair: Any) -> list[Any]:
        given = iter(pair)
        return [next(given) if x is None else x for x in order]

    arrays, tuples = filled((first, second)), filled(columns)
    if name == "ALVH_GREEKS":
        arrays.append(False)  # a table with its header row is no array
    return {
        KERNEL: kernel,
        ARRAYS: lambda: formula(*arrays),
        CONVERSION: lambda: (np.array(columns[0]), np.array(columns[1]), tuple(zip(*results.tolist(), strict=True))),
        TUPLES: lambda: registry.call(name, tuples),
    }
