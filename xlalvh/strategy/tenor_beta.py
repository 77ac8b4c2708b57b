"""How far a VIX future moves per point of spot VIX, by its time to settlement."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from xlalvh.numerics.arrays import Array, ArrayLike


def tenor_beta(years: ArrayLike, params: Sequence[float]) -> Array:
    """beta(T) = c + A exp(-kappa T), points of the future per point of spot VIX.

    `params` are c, A and kappa; the defaults in `rules` are fitted to daily changes of VX contracts 2013-2026.
    """
    c, a, kappa = params
    return c + a * np.exp(-kappa * np.asarray(years, dtype=float))
