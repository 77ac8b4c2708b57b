"""Coverage by hand; whole units against a search of every possibility."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlalvh.strategy import sizing


def test_coverage_by_hand() -> None:
    """Ladder +178 dollars a VIX point against a condor of -1650: 178 / 1650 = 0.10788."""
    assert float(sizing.coverage(178.0, -1650.0)) == pytest.approx(0.107879, abs=1e-6)
    assert float(sizing.coverage(-178.0, 1650.0)) == pytest.approx(0.107879, abs=1e-6)  # the mirrored position
    assert float(sizing.coverage(0.0, -1650.0)) == 0.0


def test_same_signs_hedge_nothing() -> None:
    assert np.isnan(sizing.coverage([178.0, -178.0, 178.0], [1650.0, -1650.0, 0.0])).all()


def test_units_by_hand() -> None:
    """178 / 1650 a unit: 6 units cover 0.647, 11 cover 1.187; nearest to 0.9 are 8 (0.863); 9 would be 0.971."""
    found = sizing.hedge_units(-1650.0, 178.0, 0.9, 0.6, 1.2)
    assert (found.units, found.least_growth) == (8, 1.0)


def test_where_no_unit_fits_the_condor_must_grow_by_hand() -> None:
    """One unit covers 200 / 100 = 2.0, the band ends at 1.2: a condor 2.0 / 1.2 = 1.667 times as large takes one."""
    found = sizing.hedge_units(-100.0, 200.0, 0.9, 0.6, 1.2)
    assert found.units is None
    assert found.least_growth == pytest.approx(5.0 / 3.0)


def test_of_two_units_equally_near_the_smaller() -> None:
    """0.25 a unit, target 0.875: 3 and 4 units miss by 0.125 each."""
    assert sizing.hedge_units(-100.0, 25.0, 0.875, 0.5, 1.5).units == 3


def test_ends_of_the_band_count() -> None:
    assert sizing.hedge_units(-100.0, 60.0, 0.6, 0.6, 0.6).units == 1
    assert sizing.hedge_units(-100.0, 40.0, 1.2, 1.2, 1.2).units == 3


def test_a_band_without_an_end_still_has_its_nearest() -> None:
    assert sizing.hedge_units(-100.0, 1.0, 0.9, -1e308, 1e308).units == 90


@pytest.mark.parametrize(
    ("target", "low", "high", "told"),
    [(1e300, 0.5, 1e308, "target is 1e"), (0.0, 0.0, 0.0, "above 0"), (-1e308, -1e308, -1e307, "above 0")],
)
def test_bands_that_mean_no_count_are_refused(target: float, low: float, high: float, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        sizing.hedge_units(-1000.0, 1.0, target, low, high)


bands = st.tuples(st.floats(0.05, 2.0), st.floats(0.05, 2.0), st.floats(0.0, 1.0)).map(
    lambda b: (min(b[:2]), min(b[:2]) + b[2] * abs(b[0] - b[1]), max(b[:2]))
)


@settings(max_examples=500, deadline=None)
@given(st.floats(0.004, 5.0), st.floats(10.0, 1e5), st.booleans(), bands)
def test_units_lie_in_the_band_nearest_to_the_target_and_growth_is_the_least(one, vega, short, band) -> None:
    low, target, high = band
    vega = -vega if short else vega
    found = sizing.hedge_units(vega, -vega * one, target, low, high)
    slack = 1e-9
    fitting = [n for n in range(1, 600) if low - slack <= n * one <= high + slack]
    if found.units is not None:
        assert found.units in fitting
        assert found.least_growth == 1.0
        assert abs(found.units * one - target) <= min(abs(n * one - target) for n in fitting) + 2 * slack
        return
    assert all(not low + slack <= n * one <= high - slack for n in fitting)

    def fits(growth: float, grace: float) -> bool:
        return any(low - grace <= n * one / growth <= high + grace for n in range(1, 600))

    assert found.least_growth > 1.0 - slack
    assert fits(found.least_growth, slack)
    for growth in np.linspace(1.0, found.least_growth * (1.0 - 1e-6), 50):
        assert growth < 1.0 or not fits(float(growth), -slack)


def test_a_tiny_unit_is_answered_at_once() -> None:
    found = sizing.hedge_units(-1e9, 1.0, 0.9, 0.6, 1.2)
    assert found.units == 900_000_000


@pytest.mark.parametrize(
    ("vega", "exposure"),
    [
        (-100.0, -5.0),
        (0.0, 5.0),
        (-100.0, 0.0),
        (-1e300, 1e-300),
        (-1e-300, 1e300),
        (math.nan, 1.0),
    ],
)
def test_what_cannot_be_sized_is_refused(vega, exposure) -> None:
    with pytest.raises(ValueError, match="unit_vol_exposure"):
        sizing.hedge_units(vega, exposure, 0.9, 0.6, 1.2)
