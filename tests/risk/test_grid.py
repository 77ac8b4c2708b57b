"""The grid: its axes, its zero, and the response of a ladder that the Ladder group gives by other means."""

from __future__ import annotations

import numpy as np
import pytest

from tests.risk.books import BOOK, MARKET
from tests.risk.test_shocks import recalculated
from xlalvh.risk.grid import pnl_grid
from xlalvh.risk.shocks import Market
from xlalvh.strategy import ladder, rules

SPX, VIX = np.array([-0.1, 0.0, 0.04]), np.array([-4.0, 0.0, 5.0, 20.0])


def test_rows_are_spx_and_columns_vix_to_the_cent_against_quantlib() -> None:
    found = pnl_grid(BOOK, MARKET, SPX, VIX, 5.0)
    expected = np.array([[recalculated(s, v, 5.0).sum() for v in VIX] for s in SPX])
    assert found == pytest.approx(expected, abs=0.01)


def test_no_shock_is_zero() -> None:
    assert pnl_grid(BOOK, MARKET, SPX, VIX)[1, 1] == pytest.approx(0.0, abs=1e-6)


def test_without_elasticity_single_rungs_answer_as_the_ladder_does() -> None:
    """ALVH_LADDER_RESPONSE keeps volatilities; so does a grid whose elasticity is 0, where an expiry has one rung."""
    rungs = ladder.build(
        1.0, [0.10, 0.18, 0.26], [20.1, 21.7, 22.5], [lambda k, v=v: np.full(np.shape(k), v) for v in (0.8, 0.7, 0.62)],
        rules.beta_params(), ((0.4,), (0.3,), (0.25,)), rate=0.05,
    )  # fmt: skip
    book = BOOK.take(BOOK.underlying == "VIX")._replace(
        quantity=np.array([r.contracts for r in rungs]), strike=np.array([r.strike for r in rungs])
    )
    still = Market(17.0, {**rules.settle(rules.SHOCK), "vix_vol_elasticity": 0.0})
    expected = ladder.respond(rungs, 17.0, (17.0 + VIX).tolist(), 10.0, 0.05, rules.beta_params())
    assert pnl_grid(book, still, np.zeros(1), VIX, 10.0)[0] == pytest.approx([r.total for r in expected], abs=1e-6)
