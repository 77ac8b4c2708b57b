"""The slope by hand, and the five labels at and around their cuts."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from xlalvh.strategy import regime

CUTS = (-0.08, -0.02, 0.02, 0.08)


@pytest.mark.parametrize(
    ("slope", "label"),
    [
        (-0.30, "deep backwardation"),
        (-0.0801, "deep backwardation"),
        (-0.08, "backwardation"),
        (-0.05, "backwardation"),
        (-0.0201, "backwardation"),
        (-0.02, "flat"),
        (0.0, "flat"),
        (0.02, "flat"),
        (0.0201, "contango"),
        (0.05, "contango"),
        (0.08, "contango"),
        (0.0801, "steep contango"),
        (0.5, "steep contango"),
    ],
)
def test_labels(slope, label) -> None:
    assert regime.classify(slope, CUTS) == label


def test_slope_by_hand() -> None:
    """Futures 18.2, 19.6, 20.4 at 19, 54, 82 days. CM30 = 18.2 + 11/35 x 1.4 = 18.64.
    CM60 = 19.6 + 6/28 x 0.8 = 19.7714. Slope 19.7714 / 18.64 - 1 = 6.07 %: contango.
    """
    found = regime.slope(17.0, np.array([18.2, 19.6, 20.4]), np.array([19.0, 54.0, 82.0]))
    assert found == pytest.approx(19.771428571 / 18.64 - 1.0, abs=1e-9)
    assert regime.classify(found, CUTS) == "contango"


def test_spot_stands_in_for_day_0_only_where_the_first_future_lies_beyond_30_days() -> None:
    """First future at 40 days: CM30 = 30 + 30/40 x (25 - 30) = 26.25; CM60 = 25 - 20/30 x 1 = 24.3333: -7.30 %."""
    found = regime.slope(30.0, np.array([25.0, 24.0]), np.array([40.0, 70.0]))
    assert found == pytest.approx((25.0 - 20.0 / 30.0) / 26.25 - 1.0)
    near = np.array([25.0, 24.0]), np.array([29.0, 70.0])
    assert regime.slope(30.0, *near) == regime.slope(99.0, *near)


def test_a_curve_that_ends_before_60_days_has_no_slope() -> None:
    assert math.isnan(regime.slope(17.0, np.array([18.0, 19.0]), np.array([20.0, 55.0])))
    assert math.isnan(regime.slope(17.0, np.array([]), np.array([])))


def test_16_march_2020_was_deep_backwardation() -> None:
    """VX settlements of that day: 72.625 / 59.15 / 44.875 / 38.95, due 18 March, 15 April, 20 May, 17 June."""
    found = regime.slope(82.69, np.array([72.625, 59.15, 44.875, 38.95]), np.array([2.0, 30.0, 65.0, 93.0]))
    assert regime.classify(found, CUTS) == "deep backwardation"


def test_february_2018_before_and_after_the_spike(data: Path) -> None:
    """Monthlies due 17 January, 14 February, 21 March and 18 April; F1 to F3 as they were on both days."""
    with (data / "vx_futures" / "vixcentral_F1-F12_2010-2021.csv").open() as file:
        curves = {row["Date"]: np.array([float(row[f]) for f in ("F1", "F2", "F3")]) for row in csv.DictReader(file)}
    before = regime.slope(9.82, curves["2018-01-10"], np.array([7.0, 35.0, 70.0]))
    after = regime.slope(37.32, curves["2018-02-05"], np.array([9.0, 44.0, 72.0]))
    assert regime.classify(before, CUTS) == "contango"
    assert regime.classify(after, CUTS) == "deep backwardation"
