"""Measures worked by hand, and against plain sums on random profits."""

from __future__ import annotations

import datetime as dt
import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlalvh.research import measures

DAYS = np.array(["2020-01-30", "2020-01-31", "2020-02-03", "2020-02-04", "2020-03-02"], dtype="M8[D]")
PROFIT = np.array([0.0, 1000.0, 400.0, 1400.0, 900.0])  # dollars; capital 10,000


def test_by_hand() -> None:
    """Shares .10 -.06 .10 -.05: mean .0225, the highest so far .10 .10 .14 .14, below it 0 -.06 0 -.05."""
    shares = measures.daily(PROFIT, 10_000.0)
    assert shares == pytest.approx([0.10, -0.06, 0.10, -0.05])
    found = measures.measure(DAYS, shares)
    assert found.profit == pytest.approx(0.0225 * 252)
    assert found.volatility == pytest.approx(statistics.stdev([0.10, -0.06, 0.10, -0.05]) * math.sqrt(252))
    assert found.sharpe == pytest.approx(found.profit / found.volatility)
    assert found.sortino == pytest.approx(0.0225 / math.sqrt((0.06**2 + 0.05**2) / 4) * math.sqrt(252))
    assert found.drawdown == pytest.approx(-0.06)
    assert found.growth == pytest.approx(1.09 ** (252 / 4) - 1.0)
    months, earned = measures.monthly(DAYS, shares)
    assert months.astype(str).tolist() == ["2020-01", "2020-02", "2020-03"]
    assert earned == pytest.approx([0.10, 0.04, -0.05])
    assert found.worst_month == pytest.approx(-0.05)


def test_capital_lost_on_the_way_is_lost() -> None:
    shares = np.array([-0.4, -0.7, 2.0, 0.1])
    found = measures.measure(DAYS, shares)
    assert found.growth == -1.0
    assert found.drawdown == pytest.approx(-1.1)


def test_crises_within_the_days_and_without() -> None:
    assert measures.in_crisis(DAYS, PROFIT, dt.date(2020, 1, 31), dt.date(2020, 2, 4)) == pytest.approx(400.0)
    assert measures.in_crisis(DAYS, PROFIT, dt.date(2020, 1, 31), dt.date(2020, 3, 23)) is None
    assert measures.in_crisis(DAYS, PROFIT, dt.date(2019, 1, 31), dt.date(2020, 2, 4)) is None


def test_crises_are_highs_and_lows_of_spx(real_history) -> None:
    """No close of SPX between both is above the first or below the last; but 2010 begins where the data do."""
    for name, first, last in measures.CRISES:
        low, high = real_history.at(first), real_history.at(last)
        inside = real_history.spx[low : high + 1]
        assert inside.min() == inside[-1], name
        assert name == "2010" or inside.max() == inside[0], name


@given(st.lists(st.floats(-0.5, 0.5), min_size=3, max_size=60))
def test_standard_error_against_the_plain_double_sum(values: list[float]) -> None:
    x = np.array(values)
    n, lags = len(x), min(measures.LAGS, len(x) - 1)
    e = x - x.mean()
    total = sum(
        max(0.0, 1.0 - abs(i - j) / (lags + 1)) * e[i] * e[j] for i in range(n) for j in range(n) if abs(i - j) <= lags
    )
    assert measures.standard_error(x) == pytest.approx(math.sqrt(max(total, 0.0)) / n, abs=1e-9)
