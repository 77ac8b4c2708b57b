"""``xlalvh run``: quotes from files, a workbook out of them."""

from __future__ import annotations

import datetime as dt
import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from xlalvh.cli.failure import fail

if TYPE_CHECKING:
    from xlalvh.market.quotes import ChainSnapshot, IndexHistory, Snapshot
    from xlalvh.market.tables import MarketTables


class Engine(StrEnum):
    """What recalculates the book."""

    AUTO = "auto"
    EXCEL = "excel"
    CALC = "calc"
    EMBEDDED = "embedded"


def run(
    quotes: Annotated[
        Path | None, typer.Option(help="SPX quote table (Cboe CSV). Default: the last stored quotes, else the sample.")
    ] = None,
    vix_quotes: Annotated[Path | None, typer.Option(help="VIX quote table (Cboe CSV).")] = None,
    futures: Annotated[Path | None, typer.Option(help="VX settlement file, curve, or a folder of contracts.")] = None,
    asof: Annotated[
        str | None,
        typer.Option(help="Market time of --quotes, New York, such as 2025-01-29T16:15, for files that have none."),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder that the workbook is written to.")] = Path("out"),
    engine: Annotated[
        Engine, typer.Option(help="auto takes Calc where it is installed, else the embedded engine.")
    ] = Engine.AUTO,
    as_json: Annotated[bool, typer.Option("--json", help="Print the dashboard as JSON.")] = False,
) -> None:
    """Read quotes, fill the workbook, recalculate it, write it, and print its dashboard."""
    from workbook.report import Report
    from workbook.run import EngineError, run_book
    from xlalvh.hosts.block import TooLargeError
    from xlalvh.market.quotes import QuoteError

    try:
        filled = tables(quotes, vix_quotes, futures, asof)
        done = run_book(filled, out, engine.value)
    except (QuoteError, EngineError, TooLargeError) as error:
        fail(str(error), as_json=as_json)
    if done.note:
        typer.echo(f"xlalvh: {done.note}", err=True)
    report = Report(done.built, done.values, filled, done.engine, dt.datetime.now(dt.UTC))
    if as_json:
        typer.echo(
            json.dumps({**report.data(), "files": [str(path) for path in done.files]}, indent=2, allow_nan=False)
        )
        return
    console = Console()
    console.print(report.text())
    for path in done.files:
        console.print(f"written: {path}")


def tables(quotes: Path | None, vix_quotes: Path | None, futures: Path | None, asof: str | None) -> MarketTables:
    """The Market tables of `snapshot`, with what is stored of the indices' past."""
    from xlalvh.market import histories
    from xlalvh.market.calendar import last_settled
    from xlalvh.market.store import Store
    from xlalvh.market.tables import tabulate

    found = snapshot(quotes, vix_quotes, futures, asof)
    if quotes is None:
        return tabulate(found, histories.of_store(Store()))
    return tabulate(found, _past(futures, last_settled(found.spx.market_time)))


def snapshot(quotes: Path | None, vix_quotes: Path | None, futures: Path | None, asof: str | None) -> Snapshot:
    """The quotes of files; without an SPX file the last stored ones, or the sample where none are."""
    from xlalvh.market.calendar import last_settled
    from xlalvh.market.providers.cboe_quote_table import read_quote_table
    from xlalvh.market.providers.sample import sample_snapshot
    from xlalvh.market.providers.vx_futures import read_futures
    from xlalvh.market.quotes import QuoteError
    from xlalvh.market.snapshot import combine
    from xlalvh.market.store import Store

    if quotes is None:
        given = [
            name for name, path in (("--vix-quotes", vix_quotes), ("--futures", futures), ("--asof", asof)) if path
        ]
        if given:
            raise QuoteError(f"{given[0]} needs --quotes: market data are never mixed with stored quotes or the sample")
        return Store().latest() or sample_snapshot()
    spx = read_quote_table(quotes, _moment(asof) if asof else None)
    vix = _vix(vix_quotes, asof) if vix_quotes is not None else None
    curve = read_futures(futures, last_settled(spx.market_time)) if futures is not None else None
    return combine(spx, vix, curve)


def _past(futures: Path | None, day: dt.date) -> dict[str, IndexHistory]:
    """The stored histories; of the futures' slope that of the files given, where they hold several days."""
    from xlalvh.market import histories
    from xlalvh.market.providers.vx_futures import read_curves
    from xlalvh.market.quotes import QuoteError
    from xlalvh.market.store import Store

    try:
        found = histories.of_store(Store())
    except QuoteError:  # no data directory: quotes from files need none
        found = {}
    if futures is not None:
        curves = read_curves(futures, day - dt.timedelta(days=2 * histories.SESSIONS), day)
        if len(curves) > 1:
            found.update(histories.constant_maturities(curves, found.get("VIX")))
    return found


def _vix(path: Path, asof: str | None) -> ChainSnapshot:
    """The VIX chain at its own time; `asof` counts only where the file has none."""
    from xlalvh.market.providers.cboe_quote_table import read_quote_table
    from xlalvh.market.quotes import QuoteError

    try:
        return read_quote_table(path)
    except QuoteError:
        if asof is None:
            raise
        return read_quote_table(path, _moment(asof))


def _moment(text: str) -> dt.datetime:
    """An ISO date and time; without a zone it is New York's."""
    from xlalvh.market.quotes import QuoteError

    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        raise QuoteError(f"--asof is {text!r}; give an ISO date and time such as 2025-01-29T16:15") from None
