"""c + A exp(-kappa T) by hand and against what the contracts did."""

from __future__ import annotations

import math

import numpy as np
import pytest

from xlalvh.strategy.tenor_beta import tenor_beta

DAILY = (0.146, 0.582, 5.75)


def test_by_hand() -> None:
    """0.1 years: exp(-0.575) = 0.562705; 0.146 + 0.582 x 0.562705 = 0.473494. At 0: 0.728. Far out: 0.146."""
    found = tenor_beta([0.1, 0.0, 50.0], DAILY)
    assert found == pytest.approx([0.473494, 0.728, 0.146], abs=1e-6)
    assert float(tenor_beta(0.5, (0.2, 0.4, 2.0))) == pytest.approx(0.2 + 0.4 * math.exp(-1.0))


def test_defaults_describe_the_contracts_of_2013_to_2026() -> None:
    """Measured by contract: .61 / .42 / .30 at 19 / 52 / 85 days, standard errors .03 / .02 / .02."""
    found = tenor_beta(np.array([19.0, 52.0, 85.0]) / 365.0, DAILY)
    assert np.all(np.abs(found - [0.61, 0.42, 0.30]) < 2.0 * np.array([0.03, 0.02, 0.02]))


def test_it_falls_with_time() -> None:
    assert (np.diff(tenor_beta(np.linspace(0.0, 2.0, 100), DAILY)) < 0.0).all()
