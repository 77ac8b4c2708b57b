"""Where in the coverage band to sit, from valuation, liquidity and macro inputs. The seeds give them no weights."""

from collections.abc import Sequence
from typing import NamedTuple

INPUTS = ("P/E", "P/CF", "quick ratio", "REER", "rate differential", "credit spread", "GDP", "CPI", "PPI")


class Tilted(NamedTuple):
    """One input and what it adds to the coverage; the last row is the coverage itself."""

    input: str
    percentile: float
    weight: float
    coverage: float


def tilt(
    percentiles: Sequence[float], weights: Sequence[float], target: float, low: float, high: float
) -> list[Tilted]:
    """What each input adds to the target coverage, and the coverage kept within the band.

    Each adds weight x (2 x percentile - 1) x half the band's width: a weight of 1 moves the target by half the band as
    the input goes from the median of its history to its highest. An input with weight 0 adds 0 even where its
    percentile is missing (NaN); with another weight its row and the coverage are NaN.
    """
    half = 0.5 * (high - low)
    rows = [
        Tilted(name, place, weight, weight * (2.0 * place - 1.0) * half if weight else 0.0)
        for name, place, weight in zip(INPUTS, percentiles, weights, strict=True)
    ]
    wanted = target + sum(row.coverage for row in rows)
    kept = wanted if wanted != wanted else min(max(wanted, low), high)
    return [*rows, Tilted("coverage", float("nan"), sum(weights), kept)]
