"""The three shapes of a volatility."""

from __future__ import annotations

import math

import numpy as np
import pytest

from xlalvh.numerics.smile import Smile
from xlalvh.strategy import volatility


def test_flat() -> None:
    assert volatility.flat(0.2)(np.array([1.0, 2.0])).tolist() == [0.2, 0.2]


def test_between_is_linear_and_level_outside() -> None:
    """4000 lies a quarter of the way from 3900 (0.22) to 4300 (0.14): 0.20."""
    vol_at = volatility.between(np.array([4300.0, 3900.0]), np.array([0.14, 0.22]))
    assert vol_at(np.array([4000.0, 3900.0, 4300.0, 3000.0, 5000.0])) == pytest.approx([0.20, 0.22, 0.14, 0.22, 0.14])


def test_on_smile_by_hand() -> None:
    """SVI with rho 0 and m 0 at ln(K/F) = 0.3, sigma 0.4: sqrt(0.09 + 0.16) = 0.5; w = 0.01 + 0.1 x 0.5 = 0.06."""
    vol_at = volatility.on_smile(Smile(0.01, 0.1, 0.0, 0.0, 0.4), 100.0, 0.25)
    assert float(vol_at(np.array([100.0 * math.exp(0.3)]))[0]) == pytest.approx(math.sqrt(0.06 / 0.25))
