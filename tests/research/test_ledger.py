"""Accounts close: what was paid and received, and what is left, are the profit of each option day by day."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from xlalvh.research import trades
from xlalvh.research.history import History
from xlalvh.research.ledger import Account, Lots, account, join, lots
from xlalvh.research.past import SPX, VIX, Past, carried
from xlalvh.strategy.layers import PROMOTER
from xlalvh.strategy.presets import PRESETS, SEEDS
from xlalvh.strategy.rules import DEFAULTS


@pytest.fixture(scope="module")
def past(real_history: History) -> Past:
    return Past(carried(real_history.between(dt.date(2019, 7, 1), dt.date(2020, 6, 30)))[0])


def explained(book: Lots, past: Past, costs: np.ndarray) -> np.ndarray:
    """Profit by day in cents from each lot's change of price, less the costs: no cash account is kept."""
    days = len(past.history)
    total = np.zeros(days)
    for k in range(len(book.strike)):
        if book.opened[k] >= days:
            continue
        last = min(book.closed[k], days - 1)
        settles = bool(book.settles[k]) and book.closed[k] < days
        day = np.arange(book.opened[k], last + 1)
        quoted = day[:-1] if settles else day
        n = np.full(len(quoted), 1)
        if book.underlying[k] == SPX:
            expiry = np.full(len(quoted), book.expiry[k])
            price = past.spx(quoted, n * book.right[k], n * book.strike[k], expiry).price
        else:
            price = past.vix(quoted, n * book.right[k], n * book.strike[k], n * book.contract[k]).price
        if settles:
            vix = book.underlying[k] == VIX
            level = past.history.vx_final[book.contract[k]] if vix else past.history.spx[last]
            price = np.append(price, max(book.right[k] * (level - book.strike[k]), 0.0))
        cents = np.round(price * 100.0 * 100.0)
        total[day[1:]] += book.quantity[k] * np.diff(cents)
    return np.cumsum(total) - costs


def books(past: Past) -> dict[str, Lots]:
    plan = trades.Plan(past, DEFAULTS)
    sold = trades.condors(plan)
    legs = trades.condor_lots(plan, sold)
    hedges = {preset.name: trades.ladder_lots(plan, sold, preset) for preset in PRESETS}
    hedges["promoter"] = trades.ladder_lots(plan, sold, SEEDS, PROMOTER)
    hedges["puts"] = trades.put_lots(plan, sold, SEEDS)
    found = {name: join((legs, hedge)) for name, hedge in hedges.items()}
    return {"condor": legs, "legging out": trades.legged_out(plan, sold), **found}


def test_cash_and_marks_are_the_profit_to_the_cent_on_every_day(past: Past) -> None:
    for name, book in books(past).items():
        found = account(book, past, DEFAULTS)
        assert (found.profit == explained(book, past, found.costs)).all(), name
        assert (np.diff(found.costs) >= 0).all()
        assert found.profit[0] == 0  # nothing is filled on the day of the first decision


def test_one_call_by_hand(past: Past) -> None:
    """Two calls bought on day 10, sold on day 12: the marks between, and both trades with half-spread and $1.50."""
    contract = int(np.flatnonzero(past.history.vx_expiry == np.datetime64("2019-09-18"))[0])
    one = lots(
        underlying=VIX, right=1.0, strike=18.0, expiry=np.datetime64("2019-09-18"), contract=contract, quantity=2.0,
        opened=10, closed=12, settles=False,
    )  # fmt: skip
    price = [
        round(100 * float(past.vix(np.array([d]), np.ones(1), np.array([18.0]), np.array([contract])).price[0]), 2)
        for d in (10, 11, 12)
    ]
    found = account(one, past, DEFAULTS)
    cost = 2 * (5.0 + 1.5)  # dollars: a nickel before penny ticks, VIX below 40
    assert found.cash[10] / 100 == pytest.approx(-2 * price[0] - cost)
    assert (found.marks[10:13] / 100).tolist() == pytest.approx([2 * price[0], 2 * price[1], 0.0])
    assert found.profit[-1] / 100 == pytest.approx(2 * (price[2] - price[0]) - 2 * cost)
    assert found.premium[-1] / 100 == pytest.approx(2 * price[0] + cost)
    assert found.costs[-1] / 100 == pytest.approx(2 * cost)


def test_settlement_pays_and_costs_nothing(past: Past) -> None:
    """A VIX call settles at the final settlement of its future, 69.76 on 2020-03-18; an SPX put at the close."""
    h = past.history
    contract = int(np.flatnonzero(h.vx_expiry == np.datetime64("2020-03-18"))[0])
    end = h.at(dt.date(2020, 3, 18))
    call = lots(
        underlying=VIX, right=1.0, strike=30.0, expiry=np.datetime64("2020-03-18"), contract=contract, quantity=3.0,
        opened=end - 5, closed=end, settles=True,
    )  # fmt: skip
    found = account(call, past, DEFAULTS)
    assert (found.cash[end] - found.cash[end - 1]) / 100 == pytest.approx(3 * 100 * (h.vx_final[contract] - 30.0))
    assert found.costs[end] == found.costs[end - 5] > 0
    assert found.costs[-1] / 100 == pytest.approx(3 * (3 * 5.0 + 1.5))  # VIX above 40: three times the half-spread
    friday = h.at(dt.date(2020, 3, 20))
    put = lots(
        underlying=SPX, right=-1.0, strike=2500.0, expiry=np.datetime64("2020-03-20"), contract=-1, quantity=-1.0,
        opened=friday - 5, closed=friday, settles=True,
    )  # fmt: skip
    paid = account(put, past, DEFAULTS)
    assert (paid.cash[friday] - paid.cash[friday - 1]) / 100 == pytest.approx(-100 * (2500.0 - h.spx[friday]), abs=0.01)


def test_nothing_held_is_nothing(past: Past) -> None:
    none = lots(
        underlying=VIX, right=1.0, strike=18.0, expiry=np.datetime64("2020-09-16"), contract=0, quantity=1.0,
        opened=len(past.history), closed=len(past.history) + 1, settles=True,
    )  # fmt: skip
    found = account(none, past, DEFAULTS)
    assert isinstance(found + found, Account)
    assert not any(column.any() for column in found)
