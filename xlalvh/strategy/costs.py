"""What a trade costs beside its mid price: half-spreads by delta, wider in stress, and commissions."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from xlalvh.numerics.arrays import Array, ArrayLike

MONTHLY, WEEKLY, NICKEL = "cost_vix_monthly", "cost_vix_weekly", "cost_vix_nickel"


def stress(vix: ArrayLike, rules: Mapping[str, float]) -> Array:
    """How many times as wide half-spreads are at a level of VIX (points)."""
    return np.where(np.asarray(vix, dtype=float) > rules["cost_stress_vix"], rules["cost_stress"], 1.0)


def spx_half_spread(delta: ArrayLike, vix: ArrayLike, rules: Mapping[str, float]) -> Array:
    """Points an SPX option, by the magnitude of its delta and VIX (points); `rules` are those of COSTS."""
    magnitude = np.abs(np.asarray(delta, dtype=float))
    calm = np.where(
        magnitude < rules["cost_far_delta"],
        rules["cost_spx_far"],
        np.where(magnitude > rules["cost_near_delta"], rules["cost_spx_near"], rules["cost_spx_mid"]),
    )
    return calm * stress(vix, rules)


def vix_half_spread(vix: ArrayLike, rules: Mapping[str, float], kind: str = MONTHLY) -> Array:
    """Points a VIX option, by VIX (points); `kind` is the rule of its expiry."""
    return rules[kind] * stress(vix, rules)
