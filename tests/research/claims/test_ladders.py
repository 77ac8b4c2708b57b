"""The ladder's measures on a market whose prices are known."""

from __future__ import annotations

import numpy as np
import pytest

from xlalvh.numerics import black76
from xlalvh.research.claims import condors, ladders
from xlalvh.research.claims.world import World
from xlalvh.strategy.condor import SIDES


@pytest.fixture(scope="module")
def market(history):
    return condors.past(World(history))


def _day(market, text):
    return int(np.flatnonzero(market.history.day == np.datetime64(text))[0])


def test_a_unit_is_ten_calls_in_three_layers_at_listed_strikes(market) -> None:
    held = ladders.buy(market, np.array([_day(market, "2017-05-15")]))
    assert ladders.QUANTITY.sum() == 10
    expiries = market.history.vx_expiry[held.contract[0]]
    assert sorted(set(map(str, expiries))) == ["2017-06-21", "2017-07-19", "2017-08-16"]
    assert (np.diff(held.strike[0][:4]) >= 0).all()  # falling deltas, rising strikes
    assert (held.strike % 1.0 == 0.0).all()
    assert 300 < held.cost[0] < 5000


def test_prices_are_black_on_the_calls_own_future(market) -> None:
    day = _day(market, "2017-05-15")
    held = ladders.buy(market, np.array([day]))
    contract, strike = held.contract[0, 0], held.strike[0, 0]
    future = market.history.vx_settle[day, contract]
    years = (market.history.vx_settles_at[contract] - market.history.close_at[day]) / np.timedelta64(1, "m") / 525_600
    vol = market.vix_vol_at(np.array([day]), np.array([strike]), np.array([contract]))[0]
    assert held.price[0, 0] == pytest.approx(
        float(black76.price(1.0, future, strike, years, vol, market.history.rate[day]))
    )


def test_settled_calls_pay_the_final_settlement(market) -> None:
    """The crash of 2020: the March contract settled at 69.76 (the exchange's list)."""
    start, end = _day(market, "2020-02-19"), _day(market, "2020-03-23")
    held = ladders.buy(market, np.array([start]))
    paid = ladders.prices(market, held, np.array([end]))[0]
    front = market.history.vx_expiry[held.contract[0]] == np.datetime64("2020-03-18")
    assert front.sum() == 4
    assert paid[front] == pytest.approx(69.76 - held.strike[0][front])
    assert ladders.gains(market, held, np.array([start]))[0] == pytest.approx(0.0, abs=1e-6)


def test_a_condor_by_rules_has_its_wings_and_a_credit(market) -> None:
    sold = condors.sell_condors(market, np.array([_day(market, "2017-05-15"), _day(market, "2022-06-10")]))
    assert np.diff(sold.strike, axis=1)[:, [0, 2]].tolist() == [[50.0, 50.0], [50.0, 50.0]]
    assert ((sold.credit > 0) & (sold.credit < 50)).all()
    assert (sold.theta > 0).all()
    assert (sold.vega < 0).all()
    assert SIDES.tolist() == [1.0, -1.0, -1.0, 1.0]


def test_dearer_volatility_makes_a_dearer_ladder(market, history) -> None:
    dear = condors.past(World(history), vix_vol=1.2)
    day = np.array([_day(market, "2017-05-15")])
    assert ladders.buy(dear, day).cost[0] > ladders.buy(market, day).cost[0]


def test_dollars_are_told_with_their_sign() -> None:
    assert (condors.dollars(-1234.6), condors.dollars(5.0)) == ("-$1,235", "$5")
