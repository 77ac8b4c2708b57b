"""The double-entry ledger of paper trades: positions derive from fills, and every entry's postings sum to 0 cents.

Four ledgers: ``cash``, ``costs``, ``gains`` (credits are negative), and ``position``, one a contract of a trade,
carried at its last mark. A fill moves cash into a position, a fee moves cash into costs, a mark moves gains into a
position. So cash + positions = -(gains + costs), which is the profit, to the cent. Accounts are kept apart: ``market``
for quotes of now, ``replay`` for old ones booked at their own time, ``sample`` for the sample's, no market data.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from xlalvh.market.calendar import to_new_york
from xlalvh.research.paper.contracts import Contract, PaperError, from_symbol
from xlalvh.research.paper.file import LedgerError, LedgerFile

ACCOUNTS = ("market", "replay", "sample")
KINDS = ("book", "mark", "close", "adjust", "roll", "expire")


class Fill(NamedTuple):
    """Contracts of a trade that changed hands."""

    trade: int | str  # the trade's number, or the strategy of a trade that the same entry opens
    contract: Contract
    quantity: int  # + bought, - sold
    cents: int  # a contract
    how: str  # bid, ask, or what it settled at
    fee: int = 0  # cents in all
    mark: int | None = None  # cents a contract that the rest of the position is carried at; the last mark if omitted


class Mark(NamedTuple):
    """What a contract of a trade is carried at."""

    trade: int
    contract: Contract
    cents: int  # a contract
    how: str  # mid, model, or why it stays at its last one


class Held(NamedTuple):
    """An open position."""

    trade: int
    strategy: str
    contract: Contract
    quantity: int
    cost: int  # cents paid for it in all, fees left out; negative: received
    mark: int  # cents a contract
    how: str  # where the mark comes from


class Trade(NamedTuple):
    """One booking of a strategy."""

    number: int
    strategy: str
    legs: str  # its contracts and quantities as booked
    opened: dt.datetime  # market time; aware, UTC


@dataclass
class State:
    """What an account holds."""

    account: str
    last: dt.datetime | None = None  # market time of the last entry; aware, UTC
    entries: int = 0
    cash: int = 0
    costs: int = 0
    gains: int = 0
    trades: dict[int, Trade] = field(default_factory=dict)
    held: dict[tuple[int, Contract], Held] = field(default_factory=dict)

    @property
    def value(self) -> int:
        """Cents that the open positions are carried at."""
        return sum(h.quantity * h.mark for h in self.held.values())

    def of(self, trade: int) -> list[Held]:
        """The open positions of a trade."""
        return [h for h in self.held.values() if h.trade == trade]


Moves = Iterable[Fill | Mark]


class Written(NamedTuple):
    """An entry that was made."""

    entry: int
    trades: dict[str, int]  # opened by it, by strategy
    state: State  # after it


class Ledger:
    """The ledger in a file; the default one in the data directory.

    Raises
    ------
    LedgerError
        By every method, as `LedgerFile` says; and where an entry would not balance.
    """

    def __init__(self, path: Path | None = None, clock: Callable[[], dt.datetime] | None = None) -> None:
        self.file = LedgerFile(path)
        self.clock = clock or (lambda: dt.datetime.now(dt.UTC))

    def enter(
        self,
        account: str,
        kind: str,
        at: dt.datetime,
        source: str,
        decide: Callable[[State], tuple[Moves, str]],
    ) -> Written | None:
        """Make one entry.

        Parameters
        ----------
        account, kind : str
            One of `ACCOUNTS`, one of `KINDS`.
        at : datetime
            Market time, aware.
        source : str
            Whose quotes.
        decide : callable
            Gets the account's state, which no other process changes meanwhile, and gives the moves and a note. Without
            moves nothing is written. What it raises is passed on, and nothing is written.

        Raises
        ------
        PaperError
            Where `at` lies before the account's last entry.
        """
        with self.file.writing() as db:
            state = _state(db, account)
            if state.last is not None and at < state.last:
                raise PaperError(
                    f"the quotes are of {_say(at)}, but the {account} ledger has entries of {_say(state.last)} "
                    "already; give later quotes"
                )
            found, note = decide(state)
            moves = list(found)
            if not moves:
                return None
            written = self.clock().astimezone(dt.UTC).isoformat()
            row = (account, kind, at.astimezone(dt.UTC).isoformat(), written, source, note)
            entry = _insert(db, "entry (account, kind, at, written, source, note)", row)
            trades = _open_trades(db, entry, account, moves)
            _post(db, entry, state, moves, trades)
            after = _state(db, account)
            wrong = _faults(db, after, entry)
            if wrong:
                raise LedgerError(f"nothing was booked, for the ledger would not balance: {wrong[0]}")
            return Written(entry, trades, after)

    def state(self, account: str) -> State:
        """What an account holds now."""
        with self.file.reading() as db:
            return _state(db, account) if db is not None else State(account)

    def accounts(self) -> list[str]:
        """The accounts that have entries."""
        with self.file.reading() as db:
            if db is None:
                return []
            return [a for (a,) in db.execute("SELECT DISTINCT account FROM entry ORDER BY account")]

    def faults(self) -> list[str]:
        """What does not balance, a sentence each: every entry, and every account's positions against its fills."""
        with self.file.reading() as db:
            if db is None:
                return []
            found = [
                f"entry {entry} is off by {off} cents"
                for entry, off in db.execute(
                    "SELECT entry.id, coalesce(sum(cents), 0) AS off FROM entry LEFT JOIN posting ON entry = entry.id "
                    "GROUP BY entry.id HAVING off <> 0"
                )
            ]
            for (account,) in db.execute("SELECT DISTINCT account FROM entry").fetchall():
                found += _faults(db, _state(db, account))
            return found


def due(state: State, now: dt.datetime) -> list[tuple[str, dt.date]]:
    """Root and expiry of the open positions that have settled."""
    found = {(h.contract.root, h.contract.expiry) for h in state.held.values() if h.contract.settlement <= now}
    return sorted(found, key=lambda key: (key[1], key[0]))


def _state(db: sqlite3.Connection, account: str) -> State:
    """An account from its fills, marks and postings."""
    state = State(account)
    last, state.entries = db.execute("SELECT max(at), count(*) FROM entry WHERE account = ?", (account,)).fetchone()
    state.last = dt.datetime.fromisoformat(last) if last else None
    sums = dict(
        db.execute(
            "SELECT ledger, sum(cents) FROM posting JOIN entry ON entry = entry.id WHERE account = ? "
            "AND ledger <> 'position' GROUP BY ledger",
            (account,),
        )
    )
    state.cash, state.costs, state.gains = (sums.get(name, 0) for name in ("cash", "costs", "gains"))
    for number, strategy, legs, at in db.execute(
        "SELECT trade.id, strategy, legs, at FROM trade JOIN entry ON entry = entry.id WHERE trade.account = ? "
        "ORDER BY trade.id",
        (account,),
    ):
        state.trades[number] = Trade(number, strategy, legs, dt.datetime.fromisoformat(at))
    marks: dict[tuple[int, str], tuple[int, str]] = {}
    for trade, contract, cents, how in db.execute(
        "SELECT mark.trade, contract, cents, how FROM mark JOIN entry ON entry = entry.id WHERE account = ? "
        "ORDER BY entry.id",
        (account,),
    ):
        marks[trade, contract] = cents, how
    quantity: dict[tuple[int, str], int] = defaultdict(int)
    cost: dict[tuple[int, str], int] = defaultdict(int)
    for trade, contract, count, cents in db.execute(
        "SELECT fill.trade, contract, quantity, cents FROM fill JOIN entry ON entry = entry.id WHERE account = ? "
        "ORDER BY fill.id",
        (account,),
    ):
        key = trade, contract
        before = quantity[key]
        quantity[key] += count
        if before * count >= 0:
            cost[key] += count * cents
        elif quantity[key] * before > 0:  # a part is closed: the rest keeps its share of what was paid
            cost[key] = round(cost[key] * quantity[key] / before)
        else:
            cost[key] = quantity[key] * cents
    for (trade, symbol), count in quantity.items():
        if count:
            contract = from_symbol(symbol)
            mark, how = marks[trade, symbol]
            state.held[trade, contract] = Held(
                trade, state.trades[trade].strategy, contract, count, cost[trade, symbol], mark, how
            )
    return state


def _faults(db: sqlite3.Connection, state: State, entry: int | None = None) -> list[str]:
    """What of an account does not balance; with `entry`, that entry's postings too."""
    found = []
    if entry is not None:
        off = db.execute("SELECT coalesce(sum(cents), 0) FROM posting WHERE entry = ?", (entry,)).fetchone()[0]
        if off:
            found.append(f"entry {entry} is off by {off} cents")
    carried = {
        (trade, contract): cents
        for trade, contract, cents in db.execute(
            "SELECT trade, contract, sum(cents) FROM posting JOIN entry ON entry = entry.id WHERE account = ? "
            "AND ledger = 'position' GROUP BY trade, contract",
            (state.account,),
        )
    }
    worth = {(h.trade, h.contract.symbol): h.quantity * h.mark for h in state.held.values()}
    found += [
        f"trade {key[0]}, {key[1]}: carried at {carried.get(key, 0)} cents, worth {worth.get(key, 0)} by its fills"
        for key in carried.keys() | worth.keys()
        if carried.get(key, 0) != worth.get(key, 0)
    ]
    if state.cash + state.value != -(state.gains + state.costs):
        found.append(f"{state.account}: cash and positions differ from the profit")
    return found


def _open_trades(db: sqlite3.Connection, entry: int, account: str, moves: Sequence[Fill | Mark]) -> dict[str, int]:
    """Number the trades that the moves open."""
    legs: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for move in moves:
        if isinstance(move, Fill) and isinstance(move.trade, str):
            legs[move.trade][move.contract.symbol] += move.quantity
    columns = "trade (entry, account, strategy, legs)"
    return {
        strategy: _insert(db, columns, (entry, account, strategy, json.dumps(found, sort_keys=True)))
        for strategy, found in legs.items()
    }


def _post(
    db: sqlite3.Connection, entry: int, state: State, moves: Sequence[Fill | Mark], trades: dict[str, int]
) -> None:
    """Write the fills and marks of an entry, and the postings that they make."""
    quantity = {key: held.quantity for key, held in state.held.items()}
    marked = {key: (held.mark, held.how) for key, held in state.held.items()}
    postings: dict[tuple[str, int | None, str | None], int] = defaultdict(int)

    def carry(key: tuple[int, Contract], at: tuple[int, str], bought: int = 0, paid: int = 0) -> None:
        """Carry a position at a mark, so many contracts having been bought for `paid` cents just now."""
        trade, contract = key
        held = quantity.get(key, 0)
        change = (held + bought) * at[0] - held * marked.get(key, (0, ""))[0]
        postings["position", trade, contract.symbol] += change
        postings["gains", None, None] -= change - paid
        quantity[key], marked[key] = held + bought, at
        _insert(db, "mark (entry, trade, contract, cents, how)", (entry, trade, contract.symbol, *at))

    for move in moves:
        number = trades[move.trade] if isinstance(move.trade, str) else move.trade
        key = number, move.contract
        if isinstance(move, Mark):
            if not quantity.get(key):
                raise LedgerError(f"trade {number} holds no {move.contract}: it cannot be marked")
            carry(key, (move.cents, move.how))
            continue
        row = (entry, number, move.contract.symbol, move.quantity, move.cents, move.fee, move.how)
        _insert(db, "fill (entry, trade, contract, quantity, cents, fee, how)", row)
        paid = move.quantity * move.cents
        postings["cash", None, None] -= paid + move.fee
        postings["costs", None, None] += move.fee
        last = marked.get(key, (move.cents, move.how)) if quantity.get(key) else (move.cents, move.how)
        carry(key, (move.mark, "mid") if move.mark is not None else last, move.quantity, paid)
    for (ledger, trade, symbol), cents in postings.items():
        if cents:
            _insert(db, "posting (entry, ledger, trade, contract, cents)", (entry, ledger, trade, symbol, cents))


def _insert(db: sqlite3.Connection, into: str, row: Sequence[object]) -> int:
    marks = ", ".join("?" * len(row))
    return int(db.execute(f"INSERT INTO {into} VALUES ({marks})", row).lastrowid or 0)


def _say(when: dt.datetime) -> str:
    return f"{to_new_york(when):%Y-%m-%d %H:%M} New York"
