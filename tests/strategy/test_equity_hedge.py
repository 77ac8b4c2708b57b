"""Diversification against simulated stocks; the calls by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from xlalvh.strategy.equity_hedge import equity_hedge, risk_left


@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.8])
def test_risk_left_against_simulated_stocks(correlation) -> None:
    rng = np.random.default_rng(11)
    common, own = rng.normal(size=(40_000, 1)), rng.normal(size=(40_000, 25))
    stocks = math.sqrt(correlation) * common + math.sqrt(1.0 - correlation) * own
    assert risk_left(correlation, 25.0) == pytest.approx(stocks.mean(axis=1).std(), rel=0.02)


def test_nothing_is_diversified_at_a_correlation_of_one_or_in_one_stock() -> None:
    assert risk_left(1.0, 500.0) == pytest.approx(1.0)
    assert risk_left(0.2, 1.0) == 1.0
    assert math.isnan(risk_left(-0.9, 10.0))


def test_calls_by_hand() -> None:
    """$400,000 fall by 5 %: $20,000. A call of 0.5 delta on 20 at beta -4 gains 0.5 x 20 x 20 % = 2 points, $200."""
    now, one = equity_hedge(400_000.0, 1.0, 0.05, 20.0, 0.5, -4.0, 0.25, 1e9)
    assert now.loss_dollars == pytest.approx(20_000.0)
    assert (now.contracts, now.whole_contracts) == (pytest.approx(100.0), 100.0)
    assert now.risk_left == pytest.approx(0.5)
    # Half of the risk was diversified away: the loss doubles, and what the calls gain with it.
    assert one.loss_dollars == pytest.approx(40_000.0)
    assert one.spx_move == pytest.approx(0.10)
    assert one.contracts == pytest.approx(now.contracts)


def test_part_of_a_contract_is_rounded_up() -> None:
    assert equity_hedge(400_001.0, 1.0, 0.05, 20.0, 0.5, -4.0, 1.0, 500.0)[0].whole_contracts == 101.0
