"""Weights that make simulated paths reproduce prices: the least change of the law, by relative entropy.

M. Avellaneda and others, "Weighted Monte Carlo", International Journal of Theoretical and Applied Finance 4 (2001).
"""

from __future__ import annotations

import numpy as np

from xlalvh.numerics.arrays import Array

_ROUNDS, _CLOSE = 100, 1e-10


def tilt(features: Array, targets: Array) -> Array:
    """The multipliers whose weights exp(features @ multipliers) give each feature its target as weighted mean.

    Parameters
    ----------
    features : ndarray of (paths, k)
    targets : ndarray of k

    Raises
    ------
    ValueError
        Where no weights of these paths reach the targets.

    Notes
    -----
    The dual ln mean exp((features - targets) @ x) is convex; Newton's steps are halved until it falls.
    """
    gaps = features - targets
    scale = np.sqrt(np.mean(np.square(gaps), axis=0))
    if not (np.isfinite(scale) & (scale > 0.0)).all():
        raise ValueError("a price to be reproduced does not vary over the paths")
    gaps = gaps / scale
    found = np.zeros(gaps.shape[1])
    value, weights = _dual(gaps, found)
    for _ in range(_ROUNDS):
        gradient = gaps.T @ weights
        if np.abs(gradient).max() < _CLOSE:
            return found / scale
        curvature = (gaps * weights[:, None]).T @ gaps - np.outer(gradient, gradient)
        step = np.linalg.lstsq(curvature, -gradient, rcond=1e-12)[0]
        size = 1.0
        while size > 1e-6:
            after, moved = _dual(gaps, found + size * step)
            if after < value:
                break
            size *= 0.5
        else:
            if np.abs(gradient).max() < 1e-6:  # as near as rounding lets it come
                return found / scale
            break
        found, value, weights = found + size * step, after, moved
    raise ValueError("no weights of these paths reproduce the prices: the smile is too far from what VIX announces")


def apply(features: Array, multipliers: Array) -> Array:
    """Weights of mean 1, a path each."""
    power = features @ multipliers
    weights = np.exp(power - power.max())
    return weights / weights.mean()


def _dual(gaps: Array, x: Array) -> tuple[float, Array]:
    power = gaps @ x
    top = float(power.max())
    with np.errstate(over="ignore", invalid="ignore"):
        raw = np.exp(power - top)
        total = float(raw.sum())
    return top + float(np.log(total / len(raw))), raw / total
