"""Presets of the 4/4/2 against what their sources say."""

from __future__ import annotations

import pytest

from xlalvh.strategy.presets import BAND, EXPOSURE, PER_TEN_CONDORS, PREMIUM, PRESETS, SEEDS, Preset


def test_seeds_have_four_four_two_rungs() -> None:
    """SPEC 2: rung deltas .50 .40 .30 .20 | .45 .35 .25 .15 | .40 .25, a contract each."""
    assert SEEDS.deltas == ((0.50, 0.40, 0.30, 0.20), (0.45, 0.35, 0.25, 0.15), (0.40, 0.25))
    assert SEEDS.weights == (4.0, 4.0, 2.0)
    assert tuple(len(layer) for layer in SEEDS.deltas) == SEEDS.weights


@pytest.mark.parametrize(
    ("name", "sizing", "weights"),
    [
        ("seeds", BAND, (4, 4, 2)),
        ("30/110/220 days", PER_TEN_CONDORS, (4, 4, 2)),
        ("30-45/60-90/120+ days", BAND, (4, 4, 2)),
        ("40/40/20 of exposure", EXPOSURE, (0.4, 0.4, 0.2)),
        ("4/4/2 % of maximum loss", PREMIUM, (0.04, 0.04, 0.02)),
    ],
)
def test_presets_are_those_of_the_sources(name: str, sizing: str, weights: tuple[float, ...]) -> None:
    preset = next(p for p in PRESETS if p.name == name)
    assert (preset.sizing, preset.weights) == (sizing, weights)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda p: p.name)
def test_presets_fit_the_ladder_sheet(preset: Preset) -> None:
    """Three layers of at most four rungs, tenors ascending."""
    assert len(preset.deltas) == len(preset.weights) == len(preset.tenor_days) == 3
    assert all(1 <= len(layer) <= 4 for layer in preset.deltas)
    assert list(preset.tenor_days) == sorted(preset.tenor_days)
