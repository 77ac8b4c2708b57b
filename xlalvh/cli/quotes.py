"""``xlalvh quotes``: what the store holds, its export and its pruning."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from xlalvh.cli.failure import fail

app = typer.Typer(help="The stored quotes.", no_args_is_help=True)


@app.command("list")
def show() -> None:
    """Print the stored snapshots, the oldest first: number, market time, fetch time (New York), source."""
    from xlalvh.market.calendar import to_new_york
    from xlalvh.market.quotes import QuoteError
    from xlalvh.market.store import Store

    try:
        for entry in Store().entries():
            times = (f"{to_new_york(moment):%Y-%m-%d %H:%M}" for moment in (entry.market_time, entry.fetched))
            typer.echo(f"{entry.number:>7}  {'  '.join(times)}  {entry.source}")
    except QuoteError as error:
        fail(str(error))


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="The file to write: .csv, or .parquet (extra `parquet`).")],
) -> None:
    """Write every stored option quote, a row each, to a file."""
    from xlalvh.market.export import export_quotes
    from xlalvh.market.quotes import QuoteError
    from xlalvh.market.store import Store

    try:
        typer.echo(f"written: {file} ({export_quotes(Store(), file):,} quotes)")
    except QuoteError as error:
        fail(str(error))


@app.command()
def prune(
    days: Annotated[float, typer.Option(min=0.0, help="Snapshots fetched longer ago are deleted; the last stays.")] = 5,
) -> None:
    """Delete old snapshots from the store."""
    from xlalvh.market.quotes import QuoteError
    from xlalvh.market.store import Store

    try:
        store = Store()
        typer.echo(f"deleted: {store.prune(dt.timedelta(days=days))} snapshots")
        if store.set_aside is not None:
            typer.echo(f"the store was damaged: it is kept as {store.set_aside}, what was whole is taken over")
    except QuoteError as error:
        fail(str(error))
