"""Medians, spreads and ratios as Markdown tables."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Sequence

Times = dict[str, "list[float] | str"]  # by peer: seconds, one a round; or why there are none


def duration(seconds: float) -> str:
    """Three digits with a unit.

    >>> duration(0.00012345), duration(1.5e-8), duration(2.0)
    ('123 µs', '15.0 ns', '2.00 s')
    """
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9)):
        if seconds >= size or unit == "ns":
            value = seconds / size
            return f"{value:.{0 if value >= 99.5 else 1 if value >= 9.95 else 2}f} {unit}"
    raise AssertionError


def times(found: Sequence[float]) -> str:
    """The median, and from the least to the most."""
    return f"{duration(statistics.median(found))} ({duration(min(found))} – {duration(max(found))})"


def ratio(found: Sequence[float], base: Sequence[float]) -> str:
    """Round by round, `found` over `base`: the median, and from the least to the most.

    >>> ratio([2.0, 3.0, 8.0], [1.0, 1.0, 2.0])
    '3.00 × (2.00 – 4.00)'
    """
    shares = sorted(x / y for x, y in zip(found, base, strict=True))
    return f"{_digits(statistics.median(shares))} × ({_digits(shares[0])} – {_digits(shares[-1])})"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table.

    >>> print(table(["a", "b"], [["1", "2"]]))
    | a | b |
    |---|---|
    | 1 | 2 |
    """
    rule = "|" + "---|" * len(head)
    return "\n".join([_line(head), rule, *map(_line, rows)])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def machine() -> str:
    """Processor, cores, system and load."""
    name = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            name = next(line.partition(":")[2].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{name}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}{load}"


def _digits(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
