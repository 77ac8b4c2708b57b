"""What the ledger says: open positions, trades, profit by day, and whether it balances; and the same as a file."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import NamedTuple

from xlalvh.market.calendar import to_new_york
from xlalvh.research.paper.contracts import PaperError, dollars, from_symbol, points
from xlalvh.research.paper.ledger import Ledger, due


class Position(NamedTuple):
    """An open position; prices in points a unit, the rest in dollars for all its contracts."""

    trade: int
    strategy: str
    root: str
    expiry: dt.date
    right: str
    strike: float
    contracts: int
    entry_points: float
    mark_points: float
    mark_from: str
    value_dollars: float
    pnl_dollars: float  # against the entry, costs left out


class Execution(NamedTuple):
    """One fill: bought at the ask, sold at the bid, or settled in cash."""

    entry: int
    time: dt.datetime  # market time, New York wall time
    trade: int
    strategy: str
    what: str  # book, close, adjust, roll, expire
    contract: str
    contracts: int  # + bought, - sold
    price_points: float
    price_from: str
    costs_dollars: float
    source: str


class Day(NamedTuple):
    """An account at the end of a day of entries, dollars."""

    date: dt.date  # New York
    cash_dollars: float
    marks_dollars: float
    costs_dollars: float  # to date
    pnl_dollars: float  # cash and marks
    change_dollars: float  # since the last day of entries


def positions(ledger: Ledger, account: str) -> list[Position]:
    """The open positions by trade, expiry and strike."""
    held = sorted(ledger.state(account).held.values(), key=lambda h: (h.trade, h.contract.expiry, h.contract))
    return [
        Position(
            h.trade,
            h.strategy,
            h.contract.root,
            h.contract.expiry,
            h.contract.right,
            h.contract.strike,
            h.quantity,
            points(h.cost) / h.quantity,
            points(h.mark),
            h.how,
            dollars(h.quantity * h.mark),
            dollars(h.quantity * h.mark - h.cost),
        )
        for h in held
    ]


def executions(ledger: Ledger, account: str) -> list[Execution]:
    """Every fill, the last one first."""
    with ledger.file.reading() as db:
        rows = [] if db is None else db.execute(_FILLS, (account,)).fetchall()
    return [
        Execution(
            entry,
            to_new_york(dt.datetime.fromisoformat(at)),
            trade,
            strategy,
            kind,
            str(from_symbol(symbol)),
            count,
            points(cents),
            how,
            dollars(fee),
            source,
        )
        for entry, at, trade, strategy, kind, symbol, count, cents, how, fee, source in rows
    ]


_FILLS = (
    "SELECT entry.id, at, fill.trade, strategy, kind, contract, quantity, cents, how, fee, source FROM fill "
    "JOIN entry ON fill.entry = entry.id JOIN trade ON fill.trade = trade.id WHERE entry.account = ? "
    "ORDER BY fill.id DESC"
)


def days(ledger: Ledger, account: str) -> list[Day]:
    """The account day by day, the oldest first; a day is that of the quotes in New York."""
    with ledger.file.reading() as db:
        rows = [] if db is None else db.execute(_POSTED, (account,)).fetchall()
    sums = {"cash": 0, "position": 0, "costs": 0, "gains": 0}
    found: dict[dt.date, tuple[int, int, int]] = {}
    for at, name, cents in rows:
        if name is not None:
            sums[name] += cents
        found[to_new_york(dt.datetime.fromisoformat(at)).date()] = sums["cash"], sums["position"], sums["costs"]
    before, result = 0, []
    for day, (cash, marks, costs) in found.items():
        profit = cash + marks
        result.append(Day(day, *map(dollars, (cash, marks, costs, profit, profit - before))))
        before = profit
    return result


_POSTED = (
    "SELECT at, ledger, sum(cents) FROM entry LEFT JOIN posting ON entry = entry.id WHERE account = ? "
    "GROUP BY entry.id, ledger ORDER BY entry.id"
)


class Balance(NamedTuple):
    """An account in one line, dollars."""

    account: str
    balances: bool
    faults: tuple[str, ...]
    entries: int
    last: dt.datetime | None  # market time of the last entry, New York wall time
    open_positions: int
    cash_dollars: float
    marks_dollars: float
    pnl_dollars: float  # cash and marks
    costs_dollars: float
    unsettled: tuple[str, ...]  # open though settled: what paper expire needs a value for
    model_marks: int  # open positions whose mark is no mid


def balance(ledger: Ledger, account: str) -> Balance:
    """Whether the whole ledger balances, and what the account is worth at its last marks."""
    state, faults = ledger.state(account), tuple(ledger.faults())
    settled = [f"{root}:{expiry}" for root, expiry in due(state, ledger.clock())]
    return Balance(
        account,
        not faults,
        faults,
        state.entries,
        to_new_york(state.last) if state.last is not None else None,
        len(state.held),
        dollars(state.cash),
        dollars(state.value),
        dollars(state.cash + state.value),
        dollars(state.costs),
        tuple(settled),
        sum(not h.how.startswith("mid") for h in state.held.values()),
    )


def export(ledger: Ledger, account: str, file: Path) -> int:
    """Write every fill of an account, the oldest first, to a CSV file; how many.

    Raises
    ------
    PaperError
        Where the file cannot be written.
    """
    rows = executions(ledger, account)[::-1]
    try:
        with file.open("w", encoding="utf-8", newline="") as target:
            writer = csv.writer(target)
            writer.writerow(["account", *Execution._fields])
            writer.writerows([account, *row] for row in rows)
    except OSError as error:
        raise PaperError(f"{file} cannot be written ({error.strerror or error}); name another file") from error
    return len(rows)
