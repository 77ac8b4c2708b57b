"""``xlalvh positions``: brokers' files of positions, looked at and imported; what is kept."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xlalvh.cli.failure import fail

if TYPE_CHECKING:
    from xlalvh.market.positions.ledger import Account
    from xlalvh.market.positions.legs import Leg
    from xlalvh.market.positions.reading import Reading

app = typer.Typer(help="Positions from brokers' files.", no_args_is_help=True)

_Files = Annotated[list[Path], typer.Argument(help="CSV files of Interactive Brokers, Schwab or tastytrade.")]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def preview(files: _Files, as_json: _Json = False) -> None:
    """Print what an import would take of each file, row by row, and which columns it does not use. Keeps nothing."""
    readings = _read(files, as_json=as_json)
    if as_json:
        typer.echo(json.dumps([_data(file, reading) for file, reading in readings], indent=2))
        return
    for file, reading in readings:
        typer.echo(f"{file}: {reading.broker}, {reading.layout}; account {_accounts(reading)}")
        for row in reading.rows:
            what = _words(row.leg) if row.leg is not None else f"{row.text}  [{row.reason}]" if row.reason else row.text
            typer.echo(f"{row.line:>5}  {row.outcome.value:<16}  {what}")
        typer.echo(f"       {_counts(reading)}")
        typer.echo(f"       columns not used: {', '.join(reading.unused) or 'none'}")


@app.command("import")
def take(
    files: _Files,
    account: Annotated[
        str | None, typer.Option(help="Whose positions they are, for files that name no account.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Keep the positions of brokers' files, in place of what their accounts had."""
    from xlalvh.market.positions.ledger import Ledger
    from xlalvh.market.positions.reading import PositionError

    readings = [(file.name, reading) for file, reading in _read(files, as_json=as_json)]
    try:
        kept, replaced = Ledger().keep(readings, dt.datetime.now(dt.UTC), account)
    except (PositionError, OSError) as error:
        fail(str(error), as_json=as_json)
    if as_json:
        typer.echo(json.dumps({"kept": [*map(_kept, kept)], "replaced": [*map(_kept, replaced)]}, indent=2))
        return
    for one in kept:
        typer.echo(f"kept: {_title(one)}")
        for text in one.not_understood:
            typer.echo(f"      NOT UNDERSTOOD, not in the book: {text}")
    for one in replaced:
        typer.echo(f"replaced: {_title(one)}")
    typer.echo("xlalvh positions restore puts back what stood before; refresh or recalculate an open book to see them")


@app.command("list")
def show(as_json: _Json = False) -> None:
    """Print the kept positions, account by account."""
    from xlalvh.market.positions.ledger import Ledger
    from xlalvh.market.positions.reading import PositionError

    try:
        accounts = Ledger().accounts()
    except (PositionError, OSError) as error:
        fail(str(error), as_json=as_json)
    _print(accounts, as_json=as_json)


@app.command()
def restore(as_json: _Json = False) -> None:
    """Put back what stood before the last import; a second time undoes that."""
    from xlalvh.market.positions.ledger import Ledger
    from xlalvh.market.positions.reading import PositionError

    try:
        accounts = Ledger().restore()
    except (PositionError, OSError) as error:
        fail(str(error), as_json=as_json)
    _print(accounts, as_json=as_json)


def _read(files: Sequence[Path], *, as_json: bool) -> list[tuple[Path, Reading]]:
    from xlalvh.market.positions.files import read_positions
    from xlalvh.market.positions.reading import PositionError

    try:
        return [(file, read_positions(file)) for file in files]
    except PositionError as error:
        fail(str(error), as_json=as_json)


def _print(accounts: Sequence[Account], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([*map(_kept, accounts)], indent=2))
        return
    if not accounts:
        typer.echo("no positions are kept")
    for one in accounts:
        typer.echo(_title(one))
        for held in one.legs:
            typer.echo(f"    {_words(held.leg())}")
        for text in one.not_understood:
            typer.echo(f"    NOT UNDERSTOOD, not in the book: {text}")


def _words(leg: Leg) -> str:
    root, expiry, right, strike = leg.contract
    entry = "no entry price" if leg.entry is None else f"at {leg.entry:g}"
    group = f"  ({leg.group})" if leg.group else ""
    return f"{leg.quantity:+g} {root} {expiry} {strike:g} {right} {entry}{group}"


def _title(one: Account) -> str:
    return (
        f"{one.broker} {one.account or '(no account named)'}: {len(one.legs)} legs of {one.file}, imported "
        f"{one.imported:%Y-%m-%d %H:%M} UTC"
    )


def _accounts(reading: Reading) -> str:
    return ", ".join(name or "not named" for name in reading.accounts)


def _counts(reading: Reading) -> str:
    from xlalvh.market.positions.reading import Outcome

    return ", ".join(f"{len(reading.of(outcome))} {outcome.value}" for outcome in Outcome)


def _leg(leg: Leg) -> dict[str, Any]:
    root, expiry, right, strike = leg.contract
    return {
        "root": root,
        "expiry": expiry.isoformat(),
        "right": right,
        "strike": strike,
        "quantity": leg.quantity,
        "entry_points": leg.entry,
        "group": leg.group,
    }


def _data(file: Path, reading: Reading) -> dict[str, Any]:
    from xlalvh.market.positions.reading import Outcome

    return {
        "file": str(file),
        "broker": reading.broker,
        "layout": reading.layout,
        "accounts": reading.accounts,
        "counts": {outcome.value: len(reading.of(outcome)) for outcome in Outcome},
        "unused_columns": list(reading.unused),
        "rows": [
            {
                "line": row.line,
                "outcome": row.outcome.value,
                "text": row.text,
                "reason": row.reason,
                "account": row.account,
                "leg": _leg(row.leg) if row.leg is not None else None,
            }
            for row in reading.rows
        ],
    }


def _kept(one: Account) -> dict[str, Any]:
    return {
        "broker": one.broker,
        "account": one.account,
        "file": one.file,
        "imported": one.imported.isoformat(),
        "legs": [_leg(held.leg()) for held in one.legs],
        "not_understood": list(one.not_understood),
    }
