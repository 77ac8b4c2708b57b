"""The gain of VIX calls at a move of SPX by hand, and to first order against repricing."""

from __future__ import annotations

import math

import pytest

from xlalvh.numerics import black76
from xlalvh.strategy.capm import capm_ratio, gain_at_move


def test_by_hand() -> None:
    """A future at 20 with beta -3 rises by 15 % = 3 points as SPX falls by 5 %; 0.5 delta gains 1.5 points, $150."""
    assert gain_at_move(0.05, [0.5], [20.0], [-3.0]) == pytest.approx(150.0)
    assert gain_at_move(-0.05, [0.5, 0.2], [20.0, 20.0], [-3.0, -3.0], [1.0, -1.0]) == pytest.approx(90.0)
    assert capm_ratio(600.0, 150.0) == 4.0


def test_small_moves_against_repricing() -> None:
    strike, years, vol, move, beta = 22.0, 0.1, 0.8, 0.001, -3.4
    call = black76.greeks(1.0, 20.0, strike, years, vol, 0.0)
    repriced = black76.price(1.0, 20.0 * (1.0 - beta * move), strike, years, vol, 0.0) - call.price
    assert gain_at_move(move, [float(call.delta)], [20.0], [beta]) == pytest.approx(100.0 * float(repriced), rel=0.02)


def test_nothing_offsets_where_nothing_gains() -> None:
    assert math.isnan(capm_ratio(600.0, 0.0))
    assert math.isnan(capm_ratio(600.0, -5.0))
