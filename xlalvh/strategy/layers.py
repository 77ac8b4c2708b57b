"""Contracts a layer by regime and temperament: the seeds' stewards and promoters."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from xlalvh.strategy.ladder import ALLOCATION, LAYERS
from xlalvh.strategy.regime import LABELS

STEWARD, PROMOTER = "steward", "promoter"
POLICIES = (STEWARD, PROMOTER)


class LayerWeight(NamedTuple):
    """Contracts of one layer in one unit, and what they come from."""

    layer: str
    contracts: float  # a unit; multiply by units and round then
    base_contracts: float
    policy_share: float  # added for the policy
    signal_share: float  # added for the signals


def layer_weights(
    regime: str,
    policy: str,
    signals: Sequence[float],
    rules: Mapping[str, float],
    allocation: Sequence[float] = ALLOCATION,
) -> list[LayerWeight]:
    """Contracts of front, mid and back layer a unit: base x (1 + policy share + signal share), not below 0.

    A steward keeps the same contracts in every regime; a promoter adds `promoter_increase` in backwardation. `signals`
    are RSI of VIX (0 to 100), MACD's histogram of VIX, and the advance-decline line's change: NaN adds nothing.
    """
    rsi, macd, breadth = signals
    stressed = regime in LABELS[:2]
    policy_share = rules["promoter_increase"] if policy == PROMOTER and stressed else 0.0
    shares = (
        rules["layer_rsi"] * (rsi - 50.0) / 50.0,
        rules["layer_macd"] * np.sign(macd),
        -rules["layer_ad_line"] * np.sign(breadth),
    )
    signal_share = float(sum(share for share in shares if np.isfinite(share)))
    factor = max(0.0, 1.0 + policy_share + signal_share)
    return [
        LayerWeight(layer, base * factor, base, policy_share, signal_share)
        for layer, base in zip(LAYERS, allocation, strict=True)
    ]
