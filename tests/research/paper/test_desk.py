"""A paper trader's days against numbers by hand, and on real chains."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec
import numpy as np
import pytest

from tests.research.paper.desks import (
    CLOSE,
    CONDOR,
    JULY,
    JUNE,
    LADDER,
    SPX,
    VIX,
    desk,
    later,
    order,
    snapshot,
    spx,
    vix,
)
from xlalvh.market.providers.cboe_quote_table import read_quote_table
from xlalvh.market.providers.sample import sample_snapshot
from xlalvh.market.quotes import IndexHistory, Snapshot
from xlalvh.market.snapshot import combine
from xlalvh.market.store import Store
from xlalvh.research.paper import desk as trading
from xlalvh.research.paper import reports
from xlalvh.research.paper.contracts import PaperError
from xlalvh.research.paper.ledger import Ledger, due
from xlalvh.research.paper.prices import Prices

NEXT = CLOSE + dt.timedelta(days=4)
AFTER = dt.datetime(2023, 8, 1, tzinfo=dt.UTC)


def on(ledger: Ledger, now: dt.datetime) -> Ledger:
    """The same ledger at another time."""
    return Ledger(ledger.file.path, lambda: now)


def by_hand(moved: float = 0.0) -> tuple[float, float]:
    """Dollars received at bid and ask for condor and ladder, and what they are worth at mids moved by so much."""
    received = -sum(n * 100 * (SPX[k, r][1] if n > 0 else SPX[k, r][0]) for k, r, n in CONDOR)
    received -= sum(n * 100 * VIX[k, r][1] for k, r, n in LADDER)
    worth = sum(n * 100 * (sum(SPX[k, r]) / 2 + moved) for k, r, n in CONDOR)
    return received, worth + sum(n * 100 * sum(VIX[k, r]) / 2 for k, r, n in LADDER)


def test_a_booking_costs_the_half_spreads_and_the_fees(tmp_path: Path) -> None:
    written = trading.book(desk(tmp_path), order())
    assert written.trades == {"condor": 1, "ladder": 2}
    received, worth = by_hand()
    fees = 1.5 * (40 + 10)
    state = written.state
    assert state.cash == pytest.approx(100 * (received - fees))
    assert state.value == pytest.approx(100 * worth)
    assert state.costs == 7500
    assert state.cash + state.value == pytest.approx(100 * (received + worth - fees))


def test_marks_of_the_next_days_and_profit_by_day(tmp_path: Path) -> None:
    ledger = desk(tmp_path)
    trading.book(ledger, order())
    for i, moved in enumerate((0.3, -0.4)):
        quotes = later(snapshot(0.0), days=3 + i)
        marked = trading.mark(on(ledger, AFTER), Prices(moved_by(quotes, moved)), "market")
        assert marked.by == {"mid": 7}
    found = reports.days(ledger, "market")
    received, worth = by_hand()
    assert [d.date for d in found] == [dt.date(2023, 5, 19), dt.date(2023, 5, 22), dt.date(2023, 5, 23)]
    # The condor's legs cancel a move of all of them alike: the profit stays.
    assert [d.pnl_dollars for d in found] == pytest.approx([received + worth - 75.0] * 3)
    assert sum(d.change_dollars for d in found) == pytest.approx(found[-1].pnl_dollars)
    assert all(d.cash_dollars + d.marks_dollars == pytest.approx(d.pnl_dollars) for d in found)


def moved_by(quotes: Snapshot, moved: float) -> Snapshot:
    at = quotes.spx.market_time
    return snapshot(moved, at)


def test_the_same_quotes_mark_once_and_older_ones_are_refused(tmp_path: Path) -> None:
    ledger = desk(tmp_path)
    trading.book(ledger, order())
    assert trading.mark(ledger, Prices(snapshot()), "market").written is None
    quotes = Prices(later(snapshot(), days=3))
    assert trading.mark(on(ledger, AFTER), quotes, "market").written is not None
    assert trading.mark(on(ledger, AFTER), quotes, "market").written is None
    with pytest.raises(PaperError, match=r"of 2023-05-19 .* has entries of 2023-05-22 .* already"):
        trading.mark(on(ledger, AFTER), Prices(snapshot()), "market")


def test_legging_out_of_a_wing_and_closing_the_rest(tmp_path: Path) -> None:
    ledger = desk(tmp_path)
    trading.book(ledger, order())
    prices = Prices(later(snapshot(1.0), days=4))
    trading.close(ledger, prices, "market", 1, right="P")
    held = ledger.state("market").of(1)
    assert {h.contract for h in held} == {spx(4350.0, "C"), spx(4400.0, "C")}
    trading.close(ledger, prices, "market", 1, [spx(4350.0, "C")])
    written = trading.close(ledger, prices, "market", 1)
    assert written.state.of(1) == []
    bought_back_cost = -sum(n * 100 * ((SPX[k, r][0] if n > 0 else SPX[k, r][1]) + 1.0) for k, r, n in CONDOR)
    sold = -sum(n * 100 * (SPX[k, r][1] if n > 0 else SPX[k, r][0]) for k, r, n in CONDOR)
    paid = -sum(n * 100 * VIX[k, r][1] for k, r, n in LADDER)
    assert written.state.cash == pytest.approx(100 * (sold - bought_back_cost + paid - 1.5 * 90))
    with pytest.raises(PaperError, match=r"trade 1 is not open in the market ledger; open are: 2"):
        trading.close(ledger, prices, "market", 1)
    with pytest.raises(PaperError, match="holds no put"):
        trading.close(ledger, prices, "market", 2, right="P")


def test_adding_a_vix_call_spread(tmp_path: Path) -> None:
    ledger = desk(tmp_path)
    trading.book(ledger, order())
    before = ledger.state("market")
    prices = Prices(later(snapshot(), days=4))
    written = trading.adjust(ledger, prices, "market", 2, [(5, vix(22.0)), (-10, vix(26.0))])
    held = {h.contract.strike: h.quantity for h in written.state.of(2)}
    assert held == {19.0: 4, 22.0: 9, 26.0: -8}
    spent = 5 * 95 - 10 * 62 + 15 * 1.5
    assert written.state.cash - before.cash == pytest.approx(-100 * spent)
    with pytest.raises(PaperError, match="no ask"):
        trading.adjust(ledger, prices, "market", 2, [(1, vix(99.0))])


def test_rolling_closes_and_opens_in_one_entry(tmp_path: Path) -> None:
    ledger = desk(tmp_path)
    trading.book(ledger, order())
    then = on(ledger, NEXT + dt.timedelta(minutes=20))
    fresh = order(2, time=dt.datetime(2023, 5, 23, 16, 15))
    prices = Prices(snapshot(at=NEXT))
    with pytest.raises(PaperError, match="minutes apart from the one to close"):
        trading.roll(then, Prices(snapshot(at=NEXT - dt.timedelta(hours=3))), 1, fresh)
    written = trading.roll(then, prices, 1, fresh)
    assert written.trades == {"condor": 3}
    assert written.state.of(1) == []
    assert {h.contract.strike: h.quantity for h in written.state.of(3)} == {k: 2 * n for k, _, n in CONDOR}
    with pytest.raises(PaperError, match="nothing to roll"):
        trading.roll(then, prices, 3, fresh)
    assert ledger.faults() == []


def test_expiry_settles_in_cash_without_costs_and_guesses_nothing(tmp_path: Path) -> None:
    ledger = on(desk(tmp_path), AFTER)
    trading.book(ledger, order(), replay=True)
    assert due(ledger.state("replay"), AFTER) == [("VIX", JUNE), ("SPXW", JULY)]
    before = ledger.state("replay")
    trading.expire(ledger, "replay", {("SPXW", JULY): 4398.95}, "given")
    state = ledger.state("replay")
    # The short 4350 call is 48.95 in the money, ten of them; the other legs are worth nothing.
    assert state.cash - before.cash == -10 * 100 * 4895
    assert state.costs == before.costs
    assert {h.trade for h in state.held.values()} == {2}
    assert due(state, AFTER) == [("VIX", JUNE)]
    trading.expire(ledger, "replay", {("VIX", JUNE): 20.5}, "given")
    assert ledger.state("replay").held == {}
    assert ledger.state("replay").cash - state.cash == 4 * 150 * 100
    assert ledger.faults() == []


@pytest.mark.parametrize(
    ("settlements", "said"),
    [
        ({("SPXW", JUNE): 4400.0}, "holds no SPXW of 2023-06-21"),
        ({("SPXW", JULY): 439.895}, "cannot have settled at 439.895"),
        ({("VIX", JUNE): 1350.0}, "cannot have settled at 1350"),
        ({("VIX", JUNE): float("nan")}, "cannot have settled"),
    ],
)
def test_a_settlement_that_cannot_be_is_refused(tmp_path: Path, settlements, said: str) -> None:
    ledger = on(desk(tmp_path), AFTER)
    trading.book(ledger, order(), replay=True)
    with pytest.raises(PaperError, match=said):
        trading.expire(ledger, "replay", settlements, "given")
    with pytest.raises(PaperError, match="has not settled yet"):
        trading.expire(on(ledger, NEXT), "replay", {("VIX", JUNE): 13.5}, "given")


def test_closes_come_from_a_history_that_was_fetched_after_the_session(tmp_path: Path) -> None:
    days = np.array(["2023-07-06", "2023-07-07"], dtype="datetime64[D]")
    history = IndexHistory("SPX", days, np.array([4411.59, 4398.95]))
    keys = [("SPXW", JULY), ("XSP", JULY), ("SPX", JULY), ("VIX", JUNE)]
    for hour, found in ((20, {}), (21, {("SPXW", JULY): 4398.95, ("XSP", JULY): 439.895})):
        store = Store(tmp_path / f"{hour}.sqlite3", clock=lambda h=hour: dt.datetime(2023, 7, 7, h, tzinfo=dt.UTC))
        store.put_history(history, "cboe")
        assert trading.closes(keys, store) == pytest.approx(found)
    assert trading.closes(keys, Store(tmp_path / "none.sqlite3")) == {}


def test_the_same_position_is_booked_once_while_it_is_open(tmp_path: Path) -> None:
    ledger = desk(tmp_path)
    trading.book(ledger, order())
    with pytest.raises(PaperError, match="this condor is open already as trade 1"):
        trading.book(ledger, order())
    with pytest.raises(PaperError, match="this ladder is open already as trade 2"):
        trading.book(ledger, order().only("ladder"))
    fresh = msgspec.structs.replace(order(), spx_time=order().spx_time + dt.timedelta(minutes=3))
    with pytest.raises(PaperError, match="open already"):
        trading.book(ledger, fresh)  # quotes that were refreshed meanwhile make it no other position
    assert trading.book(ledger, order(), again=True).trades == {"condor": 3, "ladder": 4}
    trading.close(ledger, Prices(snapshot()), "market", 1)
    trading.close(ledger, Prices(snapshot()), "market", 3)
    assert trading.book(ledger, order().only("condor")).trades == {"condor": 5}


def test_a_leg_that_stands_twice_or_has_settled_is_refused(tmp_path: Path) -> None:
    ledger = on(desk(tmp_path), AFTER)
    twice = order()
    twice.legs.append(twice.legs[0])
    with pytest.raises(PaperError, match="stands twice"):
        trading.book(ledger, twice, replay=True)
    with pytest.raises(PaperError, match="had settled"):
        trading.book(ledger, order(time=dt.datetime(2023, 6, 21, 10, 0)), replay=True)


def test_one_that_cannot_be_booked_leaves_all_unbooked(tmp_path: Path) -> None:
    ledger = desk(tmp_path)
    broken = order()
    broken.legs[-1].ask = None
    with pytest.raises(PaperError, match="no ask"):
        trading.book(ledger, broken)
    assert ledger.accounts() == []


def test_vix_quotes_of_another_time_leave_the_last_mark(tmp_path: Path) -> None:
    ledger = desk(tmp_path)
    trading.book(ledger, order())
    quotes = Prices(snapshot(0.5, NEXT, vix_at=NEXT - dt.timedelta(hours=2)))
    marked = trading.mark(on(ledger, AFTER), quotes, "market")
    assert marked.by == {"mid": 4, "quotes of another time: last mark": 3}
    with pytest.raises(PaperError, match="of another time"):
        trading.close(ledger, quotes, "market", 2)


def test_the_samples_quotes_are_no_prices_for_the_market_ledger(tmp_path: Path) -> None:
    ledger = desk(tmp_path)
    trading.book(ledger, order())
    with pytest.raises(PaperError, match="sample ledger alone"):
        trading.mark(on(ledger, AFTER), Prices(sample_snapshot()), "market")


def test_real_chains_and_a_leg_without_a_quote_is_marked_by_the_model(tmp_path: Path, data: Path) -> None:
    """2023-05-19: every quoted contract is marked at its mid; without its quote, the model comes within a spread."""
    chain = read_quote_table(data / "spx_chains" / "SPX_2023-05-19_close.csv")
    real = combine(chain, None, None)
    prices, checked = Prices(real), 0
    for strike in (3800.0, 3950.0, 4100.0, 4300.0):
        contract = spx(strike, "P" if strike < 4190.0 else "C")
        quote = prices.quote(contract)
        if not np.isfinite(quote.mid):
            continue
        assert prices.mark(contract) == (pytest.approx(0.5 * (quote.bid + quote.ask)), "mid")
        assert prices.fill(contract, 1) == (quote.ask, "ask")
        assert prices.fill(contract, -1) == (quote.bid, "bid")
        assert prices._model(contract) == pytest.approx(quote.mid, abs=max(1.0, 1.5 * (quote.ask - quote.bid)))
        checked += 1
    assert checked >= 3
    unlisted = spx(4001.0)
    modelled = prices.mark(unlisted)
    assert modelled.how == "model"
    rows = chain.chain.at("SPXW", JULY)
    good = np.isfinite(rows.put.mid)
    assert modelled.price == pytest.approx(np.interp(4001.0, rows.strike[good], rows.put.mid[good]), abs=1.0)
    assert prices.mark(vix(20.0)).how == "no quote: last mark"


def test_reports_and_export(tmp_path: Path) -> None:
    ledger = desk(tmp_path)
    trading.book(ledger, order())
    trading.close(ledger, Prices(snapshot()), "market", 1, right="P")
    found = reports.positions(ledger, "market")
    assert [p.trade for p in found] == [1, 1, 2, 2, 2]
    first = found[0]
    assert (first.strike, first.contracts, first.entry_points, first.mark_points) == (4350.0, -10, 24.0, 24.25)
    assert first.pnl_dollars == pytest.approx(-250.0)
    balance = reports.balance(ledger, "market")
    assert balance.balances
    assert balance.pnl_dollars == pytest.approx(balance.cash_dollars + balance.marks_dollars)
    file = tmp_path / "fills.csv"
    assert reports.export(ledger, "market", file) == 9
    lines = file.read_text().splitlines()
    assert lines[0].startswith("account,entry,time,trade,strategy,what,contract,contracts,price_points")
    assert len(lines) == 10
    with pytest.raises(PaperError, match="cannot be written"):
        reports.export(ledger, "market", tmp_path / "no" / "fills.csv")
