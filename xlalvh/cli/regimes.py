"""``xlalvh regimes``: sessions by regime and year, from a history of VX futures."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from xlalvh.cli.failure import fail


def regimes(
    futures: Annotated[Path, typer.Argument(help="VX settlements: a folder of contracts, or a table of all days.")],
    vix: Annotated[
        Path | None, typer.Option(help="VIX closes (Cboe's VIX_History.csv): the curve's near end on some days.")
    ] = None,
    first: Annotated[str, typer.Option("--from", help="First day, such as 2010-05-24.")] = "2004-03-26",
    last: Annotated[str, typer.Option("--to", help="Last day, such as 2021-06-11.")] = "2040-12-31",
) -> None:
    """Count the sessions of each regime by year, at the cuts that Rules starts with.

    The last columns are the changes of the label with hysteresis, and the sessions whose curve does not reach from 30
    to 60 days.
    """
    from rich.console import Console
    from rich.table import Table

    from xlalvh.market.providers.cboe_index import read_index_history
    from xlalvh.market.providers.vx_futures import read_curves
    from xlalvh.market.quotes import QuoteError
    from xlalvh.research.regimes import regimes as counted
    from xlalvh.strategy.regime import LABELS
    from xlalvh.strategy.rules import default, regime_cuts

    try:
        curves = read_curves(futures, _day(first, "--from"), _day(last, "--to"))
        closes = read_index_history(vix) if vix is not None else None
    except QuoteError as error:
        fail(str(error))
    if not curves:
        fail(f"{futures.name} has no session from {first} to {last}; give other days")
    spot = dict(zip(closes.dates.tolist(), closes.close.tolist(), strict=True)) if closes is not None else {}
    found = counted(curves, spot, regime_cuts(), default("regime_hysteresis"))
    table = Table(title="sessions by regime (slope of 60- over 30-day VIX futures)")
    for title in ("year", *LABELS, "changes", "no slope"):
        table.add_column(title, justify="right")
    for row in found.years:
        table.add_row(str(row.year), *map(str, row.counts), str(row.changes), str(row.without))
    totals = [sum(row.counts[i] for row in found.years) for i in range(len(LABELS))]
    whole = sum(totals)
    table.add_section()
    changes, without = sum(row.changes for row in found.years), sum(row.without for row in found.years)
    table.add_row("all", *map(str, totals), str(changes), str(without))
    if whole:
        table.add_row("share", *(f"{100 * total / whole:.0f} %" for total in totals), "", "")
    Console().print(table)


def _day(text: str, option: str) -> dt.date:
    from xlalvh.market.quotes import QuoteError

    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise QuoteError(f"{option} is {text!r}; give a day such as 2010-05-24") from None
