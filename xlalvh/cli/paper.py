"""``xlalvh paper``: book, mark, close, adjust, roll and expire paper trades; what the ledger holds; its export."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xlalvh.cli.failure import fail

if TYPE_CHECKING:
    from xlalvh.research.paper.contracts import Contract
    from xlalvh.research.paper.ledger import Ledger, Written
    from xlalvh.research.paper.order import Order
    from xlalvh.research.paper.prices import Prices

app = typer.Typer(help="Paper trading: a ledger of trades that were never made, at real quotes.", no_args_is_help=True)


class Account(StrEnum):
    """Which ledger: of quotes of now, of old quotes at their own time, of the sample."""

    MARKET = "market"
    REPLAY = "replay"
    SAMPLE = "sample"


class Wing(StrEnum):
    """A side of a condor."""

    PUT = "put"
    CALL = "call"


_Book = Annotated[Path | None, typer.Argument(help="A closed .xlsx or .xlsm workbook whose condor and ladder count.")]
_Quotes = Annotated[Path | None, typer.Option(help="SPX quote table (Cboe CSV). Default: the last stored quotes.")]
_Vix = Annotated[Path | None, typer.Option(help="VIX quote table (Cboe CSV).")]
_Futures = Annotated[Path | None, typer.Option(help="VX settlement file, curve, or a folder of contracts.")]
_AsOf = Annotated[str | None, typer.Option(help="Market time of --quotes, New York, for files that have none.")]
_Replay = Annotated[bool, typer.Option("--replay", help="Old quotes, at their own time, in a ledger of their own.")]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_Account = Annotated[Account, typer.Option(help="Which ledger.")]
_Trade = Annotated[int, typer.Argument(help="The trade's number, see xlalvh paper show.")]


@app.command()
def book(
    workbook: _Book = None,
    order: Annotated[Path | None, typer.Option(help="An order as JSON; - reads standard input.")] = None,
    quotes: _Quotes = None,
    vix_quotes: _Vix = None,
    futures: _Futures = None,
    asof: _AsOf = None,
    only: Annotated[str | None, typer.Option(help="condor or ladder: book that one alone.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Also where the same position is open.")] = False,
    replay: _Replay = False,
    as_json: _Json = False,
) -> None:
    """Book the condor and the ladder: sold at the bid, bought at the ask.

    They are those of BOOK as it shows them, else those that the workbook would show for the quotes given, else for the
    last stored quotes (the sample where none are stored, in a ledger of its own).
    """
    from xlalvh.research.paper import desk

    with _told(as_json):
        found = _order(workbook, order, (quotes, vix_quotes, futures, asof))
        found = found.only(only) if only else found
        written = desk.book(_ledger(), found, again=again, replay=replay)
        _done(written, as_json, f"booked in the {written.state.account} ledger", _numbers(written))


@app.command()
def mark(
    quotes: _Quotes = None,
    vix_quotes: _Vix = None,
    futures: _Futures = None,
    asof: _AsOf = None,
    replay: _Replay = False,
    as_json: _Json = False,
) -> None:
    """Carry the open positions at the mids of the quotes given, else of the last stored ones."""
    from xlalvh.research.paper import desk

    with _told(as_json):
        prices = _prices(quotes, vix_quotes, futures, asof)
        account = _account_of(prices, replay)
        marked = desk.mark(_ledger(), prices, account)
        by = ", ".join(f"{count} at {how}" for how, count in sorted(marked.by.items())) or "nothing is open"
        if marked.written is None:
            said = f"the {account} ledger is unchanged: {by}"
            typer.echo(json.dumps({"entry": None, "account": account, "marks": marked.by}) if as_json else said)
        else:
            _done(marked.written, as_json, f"marked in the {account} ledger: {by}", {"marks": marked.by})


@app.command()
def close(
    trade: _Trade,
    wing: Annotated[Wing | None, typer.Option(help="Its puts or its calls alone: leg out of a wing.")] = None,
    leg: Annotated[list[str] | None, typer.Option(help="A contract, as SPXW230707P04000000; may be repeated.")] = None,
    quotes: _Quotes = None,
    vix_quotes: _Vix = None,
    asof: _AsOf = None,
    replay: _Replay = False,
    as_json: _Json = False,
) -> None:
    """Close a trade, a wing of it, or single contracts, at bid or ask."""
    from xlalvh.research.paper import desk
    from xlalvh.research.paper.contracts import from_symbol

    with _told(as_json):
        prices = _prices(quotes, vix_quotes, None, asof)
        right = {None: "", Wing.PUT: "P", Wing.CALL: "C"}[wing]
        contracts = [from_symbol(text) for text in leg or []]
        written = desk.close(_ledger(), prices, _account_of(prices, replay), trade, contracts, right)
        _done(written, as_json, f"trade {trade}: closed" + (" in part" if written.state.of(trade) else ""), {})


@app.command()
def adjust(
    trade: _Trade,
    legs: Annotated[list[str], typer.Argument(help="Contracts to add, as 4xVIX230621C00021000 -8xVIX230621C00030000.")],
    quotes: _Quotes = None,
    vix_quotes: _Vix = None,
    asof: _AsOf = None,
    replay: _Replay = False,
    as_json: _Json = False,
) -> None:
    """Add contracts to an open trade at bid or ask, such as a VIX call spread for a tested wing.

    Write -- before legs that are sold: xlalvh paper adjust 1 -- 4xVIX230621C00021000 -8xVIX230621C00030000
    """
    from xlalvh.research.paper import desk

    with _told(as_json):
        prices = _prices(quotes, vix_quotes, None, asof)
        written = desk.adjust(_ledger(), prices, _account_of(prices, replay), trade, [_leg(text) for text in legs])
        _done(written, as_json, f"trade {trade}: adjusted", {})


@app.command()
def roll(
    trade: _Trade,
    workbook: _Book = None,
    quotes: _Quotes = None,
    vix_quotes: _Vix = None,
    futures: _Futures = None,
    asof: _AsOf = None,
    replay: _Replay = False,
    as_json: _Json = False,
) -> None:
    """Close a trade and open the one of its kind that the workbook shows now, in one entry."""
    from xlalvh.research.paper import desk

    with _told(as_json):
        order = _order(workbook, None, (quotes, vix_quotes, futures, asof))
        prices = _prices(quotes, vix_quotes, futures, asof)
        written = desk.roll(_ledger(), prices, trade, order, replay=replay)
        _done(written, as_json, f"trade {trade}: rolled", _numbers(written))


@app.command()
def expire(
    settlement: Annotated[
        list[str] | None, typer.Argument(help="What it settled at, as SPXW:2023-07-07=4398.95; VIX:2023-06-21=13.2")
    ] = None,
    account: _Account = Account.MARKET,
    as_json: _Json = False,
) -> None:
    """Settle what has expired, in cash.

    SPXW takes the close of SPX from the stored history where you give none. VIX and a.m. SPX settle at an opening
    value that the exchange publishes (VRO, SET): give it. No value is ever guessed.
    """
    from xlalvh.research.paper import desk
    from xlalvh.research.paper.ledger import due

    with _told(as_json):
        ledger = _ledger()
        state = ledger.state(account.value)
        given = dict(_settlement(text) for text in settlement or [])
        own = desk.closes([key for key in due(state, ledger.clock()) if key not in given])
        entries = desk.expire(ledger, account.value, given, "given") + desk.expire(
            ledger, account.value, own, "stored history of SPX"
        )
        left = [f"{root}:{expiry}" for root, expiry in due(ledger.state(account.value), ledger.clock())]
        if as_json:
            typer.echo(json.dumps({"entries": [w.entry for w in entries], "unsettled": left}))
            return
        for written in entries:
            typer.echo(f"settled: entry {written.entry}")
        typer.echo(
            f"still open and settled: {', '.join(left)}; give each, as {left[0]}=VALUE" if left else "no more is due"
        )


@app.command()
def show(
    account: Annotated[Account | None, typer.Option(help="One ledger alone.")] = None, as_json: _Json = False
) -> None:
    """Print the open positions, the profit by day, and whether the ledger balances."""
    from xlalvh.research.paper import reports

    with _told(as_json):
        ledger = _ledger()
        names = [account.value] if account is not None else ledger.accounts()
        found = {
            name: {
                "balance": reports.balance(ledger, name)._asdict(),
                "positions": [p._asdict() for p in reports.positions(ledger, name)],
                "days": [d._asdict() for d in reports.days(ledger, name)],
            }
            for name in names
        }
        if as_json:
            typer.echo(json.dumps({"ledger": str(ledger.file.path), "accounts": found}, indent=2, default=str))
        elif not found:
            typer.echo("the ledger is empty: book a position with xlalvh paper book")
        for name in () if as_json else names:
            _print(reports.balance(ledger, name), reports.positions(ledger, name), reports.days(ledger, name))


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="The CSV file to write.")], account: _Account = Account.MARKET
) -> None:
    """Write every fill of a ledger to a CSV file."""
    from xlalvh.research.paper import reports

    with _told(False):
        typer.echo(f"written: {file} ({reports.export(_ledger(), account.value, file)} fills)")


@contextmanager
def _told(as_json: bool) -> Iterator[None]:
    """Failures as messages."""
    from workbook.run import EngineError
    from xlalvh.hosts.excel.opc import PackageError
    from xlalvh.market.quotes import QuoteError
    from xlalvh.research.paper.contracts import PaperError

    try:
        yield
    except (PaperError, QuoteError, EngineError, PackageError) as error:
        fail(" ".join(str(error).split()), as_json=as_json)


def _ledger() -> Ledger:
    from xlalvh.research.paper.ledger import Ledger

    return Ledger()


def _order(
    workbook: Path | None, file: Path | None, files: tuple[Path | None, Path | None, Path | None, str | None]
) -> Order:
    """The order of a JSON file, of a closed book, or of the book that the quotes make."""
    from workbook import orders
    from xlalvh.cli.run import tables
    from xlalvh.research.paper import order
    from xlalvh.research.paper.contracts import PaperError

    if sum(x is not None for x in (workbook, file, files[0])) > 1:
        raise PaperError("give a BOOK, --order or --quotes, not two of them")
    if file is not None:
        try:
            return order.read(sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes())
        except OSError as error:
            raise PaperError(f"{file} cannot be read ({error.strerror or error})") from error
    if workbook is not None:
        return orders.of_book(workbook)
    return orders.of_tables(tables(*files))


def _prices(quotes: Path | None, vix_quotes: Path | None, futures: Path | None, asof: str | None) -> Prices:
    from xlalvh.cli.run import snapshot
    from xlalvh.research.paper.prices import Prices

    return Prices(snapshot(quotes, vix_quotes, futures, asof))


def _account_of(prices: Prices, replay: bool) -> str:
    if prices.snapshot.sample:
        return "sample"
    return "replay" if replay else "market"


def _leg(text: str) -> tuple[int, Contract]:
    from xlalvh.research.paper.contracts import PaperError, from_symbol

    count, mark, symbol = text.partition("x")
    if not mark or not count.lstrip("+-").isdecimal() or int(count) == 0:
        raise PaperError(f"{text!r} is no leg; write contracts, x and the symbol, as 4xVIX230621C00021000")
    return int(count), from_symbol(symbol)


def _settlement(text: str) -> tuple[tuple[str, dt.date], float]:
    from xlalvh.research.paper.contracts import PaperError

    try:
        key, value = text.split("=")
        root, day = key.split(":")
        return (root.upper(), dt.date.fromisoformat(day)), float(value)
    except ValueError:
        raise PaperError(f"{text!r} is no settlement; write it as VIX:2023-06-21=13.2") from None


def _numbers(written: Written) -> dict[str, Any]:
    return {"trades": written.trades}


def _done(written: Written, as_json: bool, said: str, more: dict[str, Any]) -> None:
    """Say what was entered, and what the account is worth."""
    state = written.state
    profit = (state.cash + state.value) / 100.0
    if as_json:
        typer.echo(json.dumps({"entry": written.entry, "account": state.account, "pnl_dollars": profit, **more}))
        return
    trades = ", ".join(f"{strategy} is trade {number}" for strategy, number in written.trades.items())
    typer.echo(f"entry {written.entry}: {said}" + (f"; {trades}" if trades else ""))
    typer.echo(f"profit to date ${profit:,.2f}, costs included; the ledger balances")
    if state.account == "sample":
        typer.echo("SAMPLE: these are a model's numbers, not market data")


def _print(balance: Any, positions: list[Any], days: list[Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    title = f"Paper ledger: {balance.account}" + (" (SAMPLE, not market data)" if balance.account == "sample" else "")
    table = Table(title=title, title_justify="left", box=None)
    for name in ("trade", "contract", "contracts", "entry (points)", "mark (points)", "mark from", "P&L ($)"):
        table.add_column(
            name, justify="left" if name in ("trade", "contract", "mark from") else "right", no_wrap=name == "contract"
        )
    for p in positions:
        contract = f"{p.root} {p.expiry} {p.strike:g} {p.right}"
        cells = (
            f"{p.contracts:+d}",
            f"{p.entry_points:.4g}",
            f"{p.mark_points:.4g}",
            p.mark_from,
            f"{p.pnl_dollars:,.2f}",
        )
        table.add_row(f"{p.trade} {p.strategy}", contract, *cells)
    console.print(table)
    for d in days[-10:]:
        console.print(f"{d.date}  P&L ${d.pnl_dollars:>12,.2f}   change ${d.change_dollars:>12,.2f}")
    console.print(
        f"cash ${balance.cash_dollars:,.2f} + marks ${balance.marks_dollars:,.2f} = P&L ${balance.pnl_dollars:,.2f}, "
        f"costs ${balance.costs_dollars:,.2f} included; ledger balances: {'yes' if balance.balances else 'NO'}",
        soft_wrap=True,
    )
    for fault in balance.faults:
        console.print(f"fault: {fault}")
    if balance.unsettled:
        console.print(f"settled, to be entered with xlalvh paper expire: {', '.join(balance.unsettled)}")
