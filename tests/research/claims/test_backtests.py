"""The whole book's measures on accounts that are made by hand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from xlalvh.research.backtest import CONDOR, JUDGED, PUTS
from xlalvh.research.claims import backtests
from xlalvh.research.claims.world import HEDGED

N = 2600
DAYS = np.busday_offset(np.datetime64("2012-01-02"), np.arange(N + 1), roll="forward")


class _Result:
    """Daily shares by variant; the same in every scenario but for `twist`."""

    def __init__(self, shares, twist=None):
        self._shares, self._twist = shares, twist or {}
        self.day, self.settings = DAYS, SimpleNamespace(capital=100_000.0)

    def shares(self, scenario, variant):
        return self._shares[variant] * self._twist.get((scenario, variant), 1.0)

    def measures(self, scenario, variant):
        total = np.cumsum(self.shares(scenario, variant))
        return SimpleNamespace(drawdown=float((total - np.maximum.accumulate(total)).min()))


def _world(spx, result):
    return SimpleNamespace(backtest=result, priced=SimpleNamespace(spx=spx))


@pytest.fixture
def falls():
    """Thirteen falls of SPX by a tenth and more, each 200 days from the next; the condor loses in them."""
    spx, alone = np.full(N + 1, 100.0), np.full(N, 0.001)
    for i in range(13):
        a = 200 * i + 10
        spx[a : a + 31] = np.linspace(100.0, 88.0, 31)
        spx[a + 31 : a + 61] = np.linspace(88.0, 100.0, 30)
        alone[a : a + 30] = -0.02
    spx += np.arange(N + 1) * 1e-6
    return spx, alone


def test_a_hedge_that_takes_off_a_share_of_the_losses(falls) -> None:
    spx, alone = falls
    hedged = np.where(alone < 0, 0.62 * alone, alone)
    world = _world(spx, _Result({CONDOR: alone, HEDGED: hedged, PUTS: alone}))
    cut = backtests.drawdowns_cut(world)
    assert cut.estimate == pytest.approx(0.38, abs=0.01)
    assert cut.episodes == 13
    assert 0.35 <= cut.low <= cut.high <= 0.40
    assert backtests.deep_drawdowns(world).estimate == 1.0  # 30 days of 2 %
    assert backtests.smoother(world).estimate < 1.0
    assert backtests.smoother_below(world).high < 1.0
    assert backtests.losses_offset(world).estimate == 0.0


def test_drag_is_in_its_units(falls) -> None:
    spx, alone = falls
    world = _world(spx, _Result({CONDOR: alone, HEDGED: alone - 0.0001, PUTS: alone - 0.0002}))
    assert backtests.drag_a_year(world).estimate == pytest.approx(0.0001 * 252)
    assert backtests.drag_a_week(world).estimate == pytest.approx(5.0)
    assert backtests.drag_over_puts(world).estimate == pytest.approx(-0.0001 * 252)


def test_a_ladder_worth_two_and_a_half_times_the_puts(falls) -> None:
    spx, alone = falls
    noise = np.random.default_rng(1).normal(0, 0.002, N)
    ladder, puts = 0.0025 + noise, 0.001 + noise
    world = _world(spx, _Result({CONDOR: alone, HEDGED: alone + ladder, PUTS: alone + puts}))
    found = backtests.against_puts(world)
    assert found.estimate == pytest.approx(2.5, rel=0.15)


def test_other_prices_stand_beside(falls) -> None:
    spx, alone = falls
    twist = {(JUDGED[1].name, HEDGED): 3.0}
    world = _world(spx, _Result({CONDOR: alone, HEDGED: alone * 0.5, PUTS: alone}, twist))
    found = backtests.smoother(world)
    assert found.estimate == pytest.approx(0.5)
    assert found.others == pytest.approx((1.5, 0.5, 0.5, 0.5))
