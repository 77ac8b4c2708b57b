"""The Mills ratio, the normal law and its quantile against 50 digits; the derivation gives the coefficients in use."""

from __future__ import annotations

import math

import mpmath as mp
import numpy as np
import pytest

from tests.numerics import derive_mills
from xlalvh.numerics import normal

POINTS = np.concatenate([np.linspace(0.0, 6.0, 241), np.linspace(6.0, normal.FARTHEST, 100)])


def mills(z: float) -> mp.mpf:
    with mp.workdps(50):
        return derive_mills.mills(mp.mpf(z))


def test_mills_ratio_to_the_last_digits() -> None:
    out, spare = np.empty_like(POINTS), np.empty_like(POINTS)
    normal.mills(POINTS, out, spare)
    for z, found in zip(POINTS, out, strict=True):
        exact = mills(z)
        assert abs(found - exact) <= 1.2e-15 * exact
        assert abs(normal.mills_of(float(z)) - exact) <= 1.2e-15 * exact


def test_mills_ratio_of_negative_numbers() -> None:
    z = -POINTS[POINTS < 8.0]
    out = np.empty_like(z)
    normal.mills_of_any(z, out, (np.empty_like(z), np.empty_like(z)))
    for x, found in zip(z, out, strict=True):
        assert abs(found - mills(x)) <= 1e-14 * mills(x)
        assert abs(normal.mills_of(float(x)) - mills(x)) <= 1e-14 * mills(x)


@pytest.mark.parametrize("u", [0.0, 0.01, 0.3, 1.0, 2.0, 6.0, 10.0, 20.0, 37.0])
@pytest.mark.parametrize("q", [1e-12, 1e-8, 1e-5, 1e-3, 0.0099])
def test_difference_of_mills_ratios_keeps_its_digits(u, q) -> None:
    with mp.workdps(60):
        exact = mills(mp.mpf(u) - mp.mpf(q)) - mills(mp.mpf(u) + mp.mpf(q))
    for found in (normal.mills_difference(u, q), float(normal.mills_difference(np.array([u]), np.array([q]))[0])):
        assert abs(found - exact) <= 6e-16 * max(1.0, u * u) * exact


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
