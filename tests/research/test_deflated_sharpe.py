"""The deflated Sharpe ratio against its paper's worked example, and against luck."""

from __future__ import annotations

import math

import numpy as np
import pytest

from xlalvh.research.deflated_sharpe import deflated, expected_best, variance


def test_the_papers_worked_example() -> None:
    """Five years of daily returns, Sharpe ratio 2.5 a year, skew -3, kurtosis 10, the trials' variance 1/2 a year."""
    spread, sharpe = 0.5 / 250.0, 2.5 / math.sqrt(250.0)
    assert expected_best(spread, 100) == pytest.approx(0.1132, abs=5e-5)
    assert deflated(sharpe, 1250, -3.0, 10.0, spread, 100) == pytest.approx(0.9004, abs=5e-5)
    assert deflated(sharpe, 1250, -3.0, 10.0, spread, 46) == pytest.approx(0.9505, abs=5e-5)


def test_the_best_of_many_without_skill() -> None:
    """4,000 times the best of 50 strategies that are noise: its mean, and how often it would pass at 95 %."""
    random = np.random.default_rng(20140730)
    days, trials, runs = 500, 50, 4000
    found = random.standard_normal((runs, trials)) / math.sqrt(days)  # Sharpe ratios of normal returns, mean 0
    best = found.max(axis=1)
    assert expected_best(1.0 / days, trials) == pytest.approx(best.mean(), rel=0.02)
    passed = [
        deflated(float(b), days, 0.0, 3.0, variance(row.tolist()), trials) > 0.95
        for b, row in zip(best, found, strict=True)
    ]
    naive = [deflated(float(b), days, 0.0, 3.0, 0.0, 1) > 0.95 for b in best]
    assert np.mean(passed) < 0.05
    assert np.mean(naive) > 0.9


def test_one_trial_and_what_has_no_error() -> None:
    assert expected_best(1.0, 1) == 0.0
    assert deflated(0.0, 100, 0.0, 3.0, 0.0, 1) == 0.5
    assert math.isnan(deflated(0.1, 1, 0.0, 3.0, 0.0, 1))
    assert math.isnan(deflated(1.0, 100, 5.0, 3.0, 0.0, 1))
    assert variance([1.0]) == 0.0
    assert variance([1.0, 3.0]) == 2.0
