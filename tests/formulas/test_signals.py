"""The last value or the whole series, and what is said of bad series."""

from __future__ import annotations

import pytest

from xlalvh.formulas import (
    alvh_ad_line,
    alvh_beta,
    alvh_correlation,
    alvh_divergence,
    alvh_macd,
    alvh_percentile,
    alvh_rsi,
)

PRICES = (10.0, 11.0, 12.0, 10.0, 13.0, 12.5, 14.0)


def test_the_last_of_a_series_is_what_the_formula_gives() -> None:
    series = alvh_rsi(PRICES, 2, True)
    assert len(series) == len(PRICES)
    assert series[0][0].code == series[1][0].code == "#N/A"
    assert series[-1][0] == alvh_rsi(PRICES, 2)
    assert alvh_macd(PRICES, 2, 3, 2, True)[-1] == alvh_macd(PRICES, 2, 3, 2)[-1]
    assert len(alvh_macd(PRICES, 2, 3, 2, True, False)) == len(PRICES)
    assert alvh_ad_line((5, 2), (1, 4), True)[-1][0] == alvh_ad_line((5, 2), (1, 4)) == 2.0


def test_blanks_below_the_series_do_not_hide_its_last_value() -> None:
    assert alvh_rsi((*PRICES, None, ""), 2) == alvh_rsi(PRICES, 2)
    assert alvh_macd((*PRICES, None), 2, 3, 2) == alvh_macd(PRICES, 2, 3, 2)


@pytest.mark.parametrize("period", [0, 2.5, 1e9])
def test_periods_are_counts(period) -> None:
    found = alvh_rsi(PRICES, period)
    assert found.code == "#NUM!"
    assert "period" in found.message


def test_what_is_too_short() -> None:
    assert "15 or more" in alvh_rsi(PRICES).message
    assert "34 or more" in alvh_macd(PRICES).message
    assert alvh_rsi((5.0,) * 30).code == "#N/A"
    assert "window needs 20" in alvh_divergence(PRICES, PRICES).message
    assert alvh_correlation((1.0, 2.0), (2.0, 1.0)).code == "#N/A"
    assert alvh_percentile(1.0, (None, "x")).code == "#N/A"


def test_what_does_not_fit() -> None:
    assert "fast must be the smaller" in alvh_macd(PRICES, 5, 3).message
    assert alvh_ad_line((1.0, 2.0), (1.0,)).code == "#VALUE!"
    assert alvh_divergence(PRICES, PRICES[:-1]).code == "#VALUE!"
    assert alvh_divergence(PRICES, PRICES, 2).code == "#NUM!"
    assert alvh_beta(PRICES, PRICES[:-1]).code == "#VALUE!"
    assert "points, returns, logs" in alvh_correlation(PRICES, PRICES, "levels").message
    assert "other_changes is 'x'" in alvh_correlation(PRICES, PRICES, "logs", "x").message


def test_the_second_changes_as_the_first_unless_told() -> None:
    other = (5.0, 4.0, 4.5, 4.2, 4.1, 4.4, 3.9)
    assert alvh_correlation(PRICES, other, "points") == alvh_correlation(PRICES, other, "points", "Points")
    assert alvh_beta(PRICES, other, "points") != alvh_beta(PRICES, other, "points", "logs")


def test_percentiles_of_several_values() -> None:
    assert alvh_percentile((0.0, 2.5), (1.0, 2.0, 3.0, 4.0)) == (0.0, 0.5)
