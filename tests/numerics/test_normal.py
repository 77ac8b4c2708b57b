"""The Mills ratio, the normal law and its quantile against 50 digits; the derivation gives the coefficients in use."""

from __future__ import annotations

import math

import mpmath as mp
import numpy as np
import pytest

from tests.numerics import derive_mills
from xlalvh.numerics import normal

POINTS = np.concatenate([np.linspace(-normal.SHIFT, 6.0, 281), np.linspace(6.0, normal.FARTHEST, 100)])


def mills(z: float) -> mp.mpf:
    with mp.workdps(50):
        return derive_mills.mills(mp.mpf(z))


@pytest.mark.parametrize("count", [1, 7, len(POINTS)])
def test_mills_ratios_and_densities_to_the_last_digits(count) -> None:
    for points in np.array_split(POINTS, len(POINTS) // count):
        ratios, densities = points + normal.SHIFT, np.empty_like(points)
        normal.Tails(len(points)).replace(ratios, densities)
        plain = points + normal.SHIFT
        normal.Tails(len(points)).replace(plain)
        assert np.array_equal(plain, ratios)
        assert np.array_equal(normal.mills_of(points), ratios)
        for z, ratio, density in zip(points.tolist(), ratios, densities, strict=True):
            exact = mills(z)
            assert abs(ratio - exact) <= 1.2e-15 * exact
            assert abs(normal.mills_of(z) - exact) <= 1.2e-15 * exact
            assert density == pytest.approx(float(mp.npdf(z)), rel=1e-15 * max(1.0, z * z), abs=1e-307)


def test_many_mills_ratios_are_as_a_few_wherever_they_stand() -> None:
    z = np.random.default_rng(5).uniform(-1.0, 9.0, 11_003)
    together, alone = z + normal.SHIFT, z + normal.SHIFT
    normal.Tails(len(z)).replace(together)
    for part in np.array_split(np.arange(len(z)), 1700):
        few = alone[part]
        normal.Tails(len(few)).replace(few)
        alone[part] = few
    assert np.array_equal(together, alone)


def test_mills_ratio_of_negative_numbers() -> None:
    for z in np.linspace(-8.0, 0.0, 200).tolist():
        assert abs(normal.mills_of(z) - mills(z)) <= 1e-14 * mills(z)


@pytest.mark.parametrize("u", [0.0, 0.01, 0.3, 1.0, 2.0, 6.0, 10.0, 20.0, 37.0])
@pytest.mark.parametrize("q", [1e-12, 1e-8, 1e-5, 1e-3, 0.0149])
def test_difference_of_mills_ratios_keeps_its_digits(u, q) -> None:
    with mp.workdps(60):
        exact = mills(mp.mpf(u) - mp.mpf(q)) - mills(mp.mpf(u) + mp.mpf(q))
    for found in (normal.mills_difference(u, q), float(normal.mills_difference(np.array([u]), np.array([q]))[0])):
        assert abs(found - exact) <= 1e-15 * max(1.0, u * u) * exact


def test_normal_law_and_its_quantile() -> None:
    for z in np.linspace(-37.0, 9.0, 400):
        assert float(normal.cdf(z)) == pytest.approx(float(mp.ncdf(z)), rel=3e-13)
    for p in (1e-300, 1e-12, 0.02, 0.5, 0.7, 1.0 - 1e-12):
        assert float(normal.cdf(normal.quantile(p))) == pytest.approx(p, rel=1e-12)
    assert np.isnan(normal.quantile([0.0, 1.0, -0.1, math.nan])).all()
    assert math.isnan(float(normal.cdf(math.nan)))
    assert normal.cdf([[0.0, math.inf], [-math.inf, 1.0]]).shape == (2, 2)


def test_the_coefficients_are_those_of_the_derivation() -> None:
    with mp.workdps(50):
        upper, lower, error = derive_mills.fit()
    assert error < 1e-16
    assert tuple(map(float, upper)) == normal._UPPER
    assert tuple(map(float, lower)) == normal._LOWER
