"""The Paper group: what the ledger of paper trades holds. The ledger is imported on use, as the store is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlalvh.formulas import stored
from xlalvh.formulas.errors import not_available
from xlalvh.formulas.registry import Argument, Kind, formula
from xlalvh.formulas.vocabulary import one_of, whole

if TYPE_CHECKING:
    from xlalvh.research.paper.ledger import Ledger

PAPER = "Paper"

_ACCOUNTS = ("market", "replay", "sample")
_ROWS = 40.0
# As the fields of `reports.Position`, `reports.Execution` and `reports.Day`.
_POSITIONS = (
    *("trade", "strategy", "root", "expiry", "right", "strike (points)", "contracts (+ long)", "entry (points)"),
    *("mark (points)", "mark from", "value (dollars)", "P&L before costs (dollars)"),
)
_TRADES = (
    *("entry", "quotes of (New York)", "trade", "strategy", "what", "contract", "contracts (+ bought)"),
    *("price (points)", "price from", "costs (dollars)", "source"),
)
_PNL = (
    *("day of the quotes", "cash (dollars)", "marks (dollars)", "costs to date (dollars)"),
    *("P&L, costs included (dollars)", "change (dollars)"),
)
_EMPTY = {"positions": "no open position", "trades": "nothing booked yet", "pnl": "nothing booked yet"}
_read: dict[tuple[Any, ...], tuple[tuple[Any, ...], ...]] = {}  # by file, its stamp, account and table


@formula(
    category=PAPER,
    help="The ledger of paper trades: open positions, trades, profit by day, or whether it balances.",
    arguments=(
        Argument("table", Kind.TEXT, "positions, trades (the last first), pnl (by day) or balance"),
        Argument(
            "account",
            Kind.TEXT,
            "market (if omitted), replay (old quotes at their own time) or sample",
            optional=True,
            default="market",
        ),
        Argument(
            "rows",
            Kind.SINGLE,
            "rows below the header, blank where there is nothing; 40 if omitted; not for balance",
            "rows",
            low=1,
            high=10_000,
            optional=True,
            default=_ROWS,
        ),
        stored.REFRESH,
    ),
    result="A header and so many rows; prices in points, the rest in dollars; days as text (year-month-day).",
    source="the ledger of paper trades",
    example={"table": "balance", "account": "sample"},
    spills=True,
)
def alvh_paper(table, account, rows, refresh):
    kind = one_of(table, tuple(_TABLES), "table")
    name = one_of(account, _ACCOUNTS, "account")
    header, *found = _table(kind, name)
    if kind == "balance":
        return (header, *found)
    size, width = whole(rows, "rows"), len(header)
    if not found:
        found = [("", _EMPTY[kind], *[""] * (width - 2))]
    if len(found) > size:  # a table that is cut says so
        kept = found[-size:] if kind == "pnl" else found[: size - 1]
        more = f"and {len(found) - size + 1} more: xlalvh paper show"
        found = kept if kind == "pnl" else [*kept, ("", more, *[""] * (width - 2))]
    return (header, *found, *[("",) * width] * (size - len(found)))


def _table(kind: str, account: str) -> tuple[tuple[Any, ...], ...]:
    """A table as it was read, until the ledger changes."""
    from xlalvh.research.paper.contracts import PaperError
    from xlalvh.research.paper.ledger import Ledger

    try:
        ledger = Ledger()
        key = (str(ledger.file.path), *ledger.file.stamp(), account, kind)
        if kind == "balance" or key not in _read:  # what is due follows the clock
            _read.clear() if len(_read) > 50 else None
            _read[key] = tuple(_TABLES[kind](ledger, account))
        return _read[key]
    except (PaperError, OSError) as error:
        raise not_available(str(error)) from error


def _positions(ledger: Ledger, account: str) -> list[tuple[Any, ...]]:
    from xlalvh.research.paper import reports

    return [
        _POSITIONS,
        *((p.trade, p.strategy, p.root, p.expiry.isoformat(), *p[4:]) for p in reports.positions(ledger, account)),
    ]


def _trades(ledger: Ledger, account: str) -> list[tuple[Any, ...]]:
    from xlalvh.research.paper import reports

    return [
        _TRADES,
        *((e.entry, f"{e.time:%Y-%m-%d %H:%M}", *e[2:]) for e in reports.executions(ledger, account)),
    ]


def _pnl(ledger: Ledger, account: str) -> list[tuple[Any, ...]]:
    from xlalvh.research.paper import reports

    return [
        _PNL,
        *((d.date.isoformat(), *d[1:]) for d in reports.days(ledger, account)),
    ]


def _balance(ledger: Ledger, account: str) -> list[tuple[Any, ...]]:
    from xlalvh.research.paper import reports

    b = reports.balance(ledger, account)
    balances = "yes" if b.balances else f"NO: {b.faults[0]}"
    return [
        ("item", "value"),
        ("ledger balances", balances if b.entries else "nothing booked yet"),
        ("last entry, quotes of (New York)", f"{b.last:%Y-%m-%d %H:%M}" if b.last else "none"),
        ("entries", b.entries),
        ("open positions", b.open_positions),
        ("cash (dollars)", b.cash_dollars),
        ("open positions at their marks (dollars)", b.marks_dollars),
        ("profit to date, costs included (dollars)", b.pnl_dollars),
        ("costs to date (dollars)", b.costs_dollars),
        ("positions whose mark is no mid", b.model_marks),
        ("settled, value to be entered", ", ".join(b.unsettled) or "none"),
    ]


_TABLES = {"positions": _positions, "trades": _trades, "pnl": _pnl, "balance": _balance}
