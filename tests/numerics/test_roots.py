"""Roots of polynomials and sines, whose places are known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from xlalvh.numerics.roots import all_roots, rising_root


@pytest.mark.parametrize("places", [(), (0.3,), (-0.7, 0.2), (-0.9, -0.1, 0.4, 0.8)])
def test_every_root_of_a_polynomial(places) -> None:
    def function(x: np.ndarray) -> np.ndarray:
        return 1.0 + 0.0 * x if not places else np.prod([x - p for p in places], axis=0)

    assert all_roots(function, np.linspace(-1.0, 1.0, 51)) == pytest.approx(list(places), abs=1e-14)


def test_two_roots_within_one_step_are_seen_by_the_dip() -> None:
    found = all_roots(lambda x: (x - 0.501) * (x - 0.507), np.linspace(-1.0, 1.0, 51))
    assert found == pytest.approx([0.501, 0.507], abs=1e-9)


def test_a_root_on_the_grid_counts_once_at_its_ends_too() -> None:
    grid = np.linspace(0.0, 2.0 * math.pi, 101)
    exact = np.where(np.arange(101) % 50 == 0, 0.0, 1.0)
    found = all_roots(lambda x: np.sin(x) * np.where(np.isin(x, grid[exact == 0.0]), 0.0, 1.0), grid)
    assert found == pytest.approx([0.0, math.pi, 2.0 * math.pi], abs=1e-12)


def test_a_stretch_of_zeros_counts_by_its_ends() -> None:
    grid = np.linspace(-2.0, 2.0, 41)
    found = all_roots(lambda x: np.maximum(np.abs(x) - 1.0 - 1e-9, 0.0), grid)
    assert found == pytest.approx([-1.0, 1.0], abs=1e-12)


def test_rising_functions_element_by_element() -> None:
    wanted = np.array([0.1, 2.0, 8.0])
    assert rising_root(lambda x: x**3 - wanted, np.zeros(3), np.full(3, 10.0)) == pytest.approx(
        np.cbrt(wanted), abs=1e-15
    )
    assert rising_root(lambda x: x + 1.0, np.zeros(1), np.ones(1))[0] == pytest.approx(0.0, abs=1e-15)
