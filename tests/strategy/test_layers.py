"""Contracts a layer by hand: who changes them, and by which signal."""

from __future__ import annotations

import math

import pytest

from xlalvh.strategy import rules
from xlalvh.strategy.layers import layer_weights
from xlalvh.strategy.regime import LABELS

NAN = math.nan
NOTHING = (NAN, NAN, NAN)
DEFAULTS = rules.settle(rules.LAYER_WEIGHTS)


def contracts(regime="flat", policy="steward", signals=NOTHING, **changed) -> list[float]:
    return [layer.contracts for layer in layer_weights(regime, policy, signals, {**DEFAULTS, **changed})]


@pytest.mark.parametrize("regime", LABELS)
@pytest.mark.parametrize("policy", ["steward", "promoter"])
def test_seeds_without_numbers_weigh_nothing(regime, policy) -> None:
    assert contracts(regime, policy, (90.0, 1.0, -500.0)) == [4.0, 4.0, 2.0]


@pytest.mark.parametrize("regime", LABELS)
def test_a_promoter_adds_only_in_backwardation_and_a_steward_never(regime) -> None:
    raised = [6.0, 6.0, 3.0] if "backwardation" in regime else [4.0, 4.0, 2.0]
    assert contracts(regime, "promoter", promoter_increase=0.5) == raised
    assert contracts(regime, "steward", promoter_increase=0.5) == [4.0, 4.0, 2.0]


@pytest.mark.parametrize(
    ("name", "signals", "factor"),
    [
        ("layer_rsi", (75.0, NAN, NAN), 1.1),
        ("layer_rsi", (25.0, NAN, NAN), 0.9),
        ("layer_rsi", (NAN, 1.0, -1.0), 1.0),
        ("layer_macd", (NAN, 0.3, NAN), 1.2),
        ("layer_macd", (NAN, -0.3, NAN), 0.8),
        ("layer_macd", (75.0, NAN, -1.0), 1.0),
        ("layer_ad_line", (NAN, NAN, -700.0), 1.2),
        ("layer_ad_line", (NAN, NAN, 700.0), 0.8),
        ("layer_ad_line", (75.0, 0.3, NAN), 1.0),
    ],
)
def test_a_weight_of_a_fifth(name, signals, factor) -> None:
    assert contracts(signals=signals, **{name: 0.2}) == pytest.approx([4.0 * factor, 4.0 * factor, 2.0 * factor])


def test_contracts_are_never_negative() -> None:
    assert contracts(signals=(0.0, NAN, NAN), layer_rsi=5.0) == [0.0, 0.0, 0.0]
