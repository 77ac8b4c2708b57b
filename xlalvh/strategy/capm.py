"""The seeds' "modified CAPM": VIX options against a move of SPX, through the beta of their future."""

from __future__ import annotations

import numpy as np

from xlalvh.numerics.arrays import ArrayLike
from xlalvh.strategy.book import MULTIPLIER


def gain_at_move(
    move: float, deltas: ArrayLike, futures: ArrayLike, betas: ArrayLike, quantities: ArrayLike = 1.0
) -> float:
    """Dollars that options on VIX futures gain as SPX falls: sum of quantity x 100 x delta x F x |beta| x |move|.

    Deltas are of the forward, futures in points, betas of the future's return on SPX's, `move` a decimal. To first
    order: a large move gains more through gamma, and less where the volatility falls back.
    """
    return float(
        np.sum(
            np.asarray(quantities, dtype=float)
            * MULTIPLIER
            * np.asarray(deltas, dtype=float)
            * np.asarray(futures, dtype=float)
            * np.abs(betas)
            * abs(move)
        )
    )


def capm_ratio(wing_loss: float, gain: float) -> float:
    """Packages that offset `wing_loss` dollars where one gains `gain` dollars. NaN where it gains nothing."""
    return wing_loss / gain if gain > 0.0 else float("nan")
