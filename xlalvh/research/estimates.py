"""Weighted means over simulated paths, ratios of them, and their standard errors by influence functions.

The influence of a path on an estimate is its first-order effect times the number of paths; the variance of an estimate
from several independent samples is the sum over them of mean squared influence over paths (F. Hampel, 1974).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from xlalvh.numerics.arrays import Array, Mask


@dataclass(frozen=True)
class Estimate:
    """A figure, and the influence of each path of each sample on it; a sample is known by its place."""

    value: float
    influence: tuple[Array | None, ...]

    @property
    def error(self) -> float:
        """Standard error."""
        return math.sqrt(
            sum(float(np.mean(np.square(part))) / len(part) for part in self.influence if part is not None)
        )

    def __sub__(self, other: Estimate) -> Estimate:
        return Estimate(self.value - other.value, _combine(self, other, 1.0, -1.0))

    def __truediv__(self, other: Estimate) -> Estimate:
        ratio = self.value / other.value
        return Estimate(ratio, _combine(self, other, 1.0 / other.value, -ratio / other.value))

    def inflated(self, factor: float) -> Estimate:
        """The same figure with its standard error times `factor`."""
        return Estimate(self.value, tuple(None if part is None else part * factor for part in self.influence))


def mean(values: Array, weights: Array, place: int, samples: int, where: Mask | None = None) -> Estimate:
    """Weighted mean over the paths of sample `place` of `samples`, or over those `where` it is true.

    `values` has an element for each path that counts, `weights` one for every path.
    """
    everything = np.ones(len(weights), dtype=bool) if where is None else where
    share = np.where(everything, weights, 0.0)
    total = float(share.mean())
    spread = np.zeros(len(weights))
    spread[everything] = values
    value = float(np.mean(share * spread)) / total
    influence: list[Array | None] = [None] * samples
    influence[place] = share * (spread - value) / total
    return Estimate(value, tuple(influence))


def shortfall(values: Array, weights: Array, share: float) -> float:
    """Weighted mean of the lowest `share` of values (expected shortfall)."""
    order = np.argsort(values, kind="stable")
    mass = np.cumsum(weights[order])
    tail = share * mass[-1]
    part = np.minimum(mass, tail) - np.minimum(mass - weights[order], tail)
    return float(part @ values[order]) / tail


def _combine(a: Estimate, b: Estimate, x: float, y: float) -> tuple[Array | None, ...]:
    both: list[Array | None] = []
    for p, q in zip(a.influence, b.influence, strict=True):
        parts = [part * factor for part, factor in ((p, x), (q, y)) if part is not None]
        both.append(sum(parts[1:], parts[0]) if parts else None)
    return tuple(both)
