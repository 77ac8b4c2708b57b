"""The slope by hand, and the five labels at and around their cuts."""

from __future__ import annotations

import collections
import csv
import datetime as dt
import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from xlalvh.market import calendar
from xlalvh.strategy import regime, rules

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


# Hysteresis


def test_a_label_stays_within_half_a_point_of_its_cuts() -> None:
    slopes = np.array([0.030, 0.019, 0.016, 0.0149, 0.021, 0.0249, 0.0251, math.nan, 0.0151])
    c, f = "contango", "flat"
    assert regime.classify_series(slopes, CUTS, 0.005) == [c, c, c, f, f, f, c, None, c]
    assert regime.classify_series(slopes, CUTS, 0.0) == [c, f, f, f, c, c, c, None, f]


def test_a_jump_is_classified_afresh() -> None:
    slopes = np.array([0.09, -0.079, -0.084, -0.0851])
    back, deep = "backwardation", "deep backwardation"
    assert regime.classify_series(slopes, CUTS, 0.005) == ["steep contango", back, back, deep]


@pytest.fixture(scope="module")
def history(data: Path) -> dict[dt.date, float]:
    """The slope of every day of the real curve, 2010-05-24 to 2021-06-11; days by the expiries of our calendar."""
    with (data / "indices" / "cboe_VIX_History.csv").open() as file:
        vix = {dt.datetime.strptime(r["DATE"], "%m/%d/%Y").date(): float(r["CLOSE"]) for r in csv.DictReader(file)}
    slopes = {}
    with (data / "vx_futures" / "vixcentral_F1-F12_2010-2021.csv").open() as file:
        for row in csv.DictReader(file):
            day, first = dt.date.fromisoformat(row["Date"]), int(float(row["First Month"])) - 1
            start = 12 * (day.year + (first + 1 < day.month)) + first
            prices = np.array([float(row[f"F{i}"] or 0.0) for i in range(1, 13)])
            expiries = [calendar.vix_expiry(m // 12, m % 12 + 1) for m in range(start, start + 12)]
            days = np.array([float((expiry - day).days) for expiry in expiries])
            slopes[day] = regime.slope(vix.get(day), prices, days)
    return slopes


@pytest.fixture(scope="module")
def labels(history) -> dict[dt.date, str | None]:
    found = regime.classify_series(np.array(list(history.values())), CUTS, rules.default("regime_hysteresis"))
    return dict(zip(history, found, strict=True))


def test_days_by_regime_by_year(labels) -> None:
    """What the definition gave when it was chosen: about 2 / 7 / 15 / 50 / 26 % of days."""
    table = collections.defaultdict(collections.Counter)
    for day, label in labels.items():
        table[day.year][label] += 1
    days = {year: [counts[label] for label in regime.LABELS] for year, counts in table.items()}
    total = np.array(list(days.values())).sum(axis=0)
    assert np.allclose(total / total.sum(), [0.02, 0.07, 0.15, 0.50, 0.26], atol=0.005)
    assert total.sum() == len(labels) - 2  # VIX is missing on 2014-04-18 and 2019-04-19, both holidays
    quiet, calm = days[2017], days[2012]
    assert sum(quiet[3:]) >= 0.9 * sum(quiet)
    assert sum(calm[3:]) >= 0.9 * sum(calm)
    assert days[2017][:2] == days[2013][:2] == [0, 0]
    assert [year for year, counts in days.items() if counts[0]] == [2011, 2015, 2018, 2020]
    assert max(days, key=lambda year: days[year][0]) == 2020


def test_known_days(labels) -> None:
    spring = [day for day in labels if dt.date(2020, 3, 12) <= day <= dt.date(2020, 3, 19)]
    assert len(spring) == 6
    for day in (dt.date(2018, 2, 5), *spring):
        assert labels[day] == "deep backwardation"
    assert labels[dt.date(2020, 3, 20)] in ("backwardation", "deep backwardation")


def test_label_changes_a_year(history) -> None:
    slopes = np.array([slope for slope in history.values() if math.isfinite(slope)])
    years = len(slopes) / 252.0
    counts = [
        sum(a != b for a, b in pairwise(found)) / years
        for found in (regime.classify_series(slopes, CUTS, width) for width in (0.005, 0.0))
    ]
    assert counts[0] == pytest.approx(30.0, abs=2.5)
    assert counts[1] > 45.0
