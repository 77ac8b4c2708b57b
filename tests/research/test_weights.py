"""Weights reproduce what they are asked to, and change the law no more than they must."""

from __future__ import annotations

import numpy as np
import pytest

from xlalvh.research import weights


def test_a_normal_law_shifts_by_its_mean() -> None:
    """Of the normal law with another mean the density ratio is exp(m x), so that m is the multiplier."""
    x = np.random.default_rng(1).standard_normal((200_000, 1))
    found = weights.tilt(x, np.array([0.3]))
    assert found == pytest.approx([0.3], abs=0.01)
    mass = weights.apply(x, found)
    assert mass.mean() == pytest.approx(1.0)
    assert float(np.mean(mass * x[:, 0])) == pytest.approx(0.3, abs=1e-9)


def test_several_prices_at_once() -> None:
    x = np.exp(0.1 * np.random.default_rng(2).standard_normal(20_000))
    features = np.column_stack([x, np.maximum(x - 1.0, 0.0), np.maximum(0.9 - x, 0.0)])
    targets = np.array([1.0, 0.045, 0.012])
    mass = weights.apply(features, weights.tilt(features, targets))
    assert (features * mass[:, None]).mean(axis=0) == pytest.approx(targets, rel=1e-8)


def test_what_no_weights_reach_is_said() -> None:
    x = np.random.default_rng(3).random((1000, 1))
    with pytest.raises(ValueError, match="no weights"):
        weights.tilt(x, np.array([1.5]))
    with pytest.raises(ValueError, match="does not vary"):
        weights.tilt(np.ones((10, 1)), np.array([1.0]))
