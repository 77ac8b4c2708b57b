"""``xlalvh backtest``: the condor and its hedges over the history, stored for the Backtest sheet."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xlalvh.cli.failure import fail

if TYPE_CHECKING:
    from xlalvh.research.backtest import Progress, Settings
    from xlalvh.research.history import History
    from xlalvh.research.results import Results

_DATE = ["%Y-%m-%d"]


def backtest(
    first: Annotated[
        dt.datetime | None, typer.Option("--from", formats=_DATE, help="First day; 2010-05-24 if omitted.")
    ] = None,
    last: Annotated[
        dt.datetime | None, typer.Option("--to", formats=_DATE, help="Last day; the history's if omitted.")
    ] = None,
    variant: Annotated[
        list[str] | None,
        typer.Option(help="A variant to run besides the condor alone; all if omitted. May be given again."),
    ] = None,
    rules: Annotated[Path | None, typer.Option(help="A workbook whose Rules and presets count.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write backtest.json and daily.csv to this folder too.")] = None,
    history: Annotated[
        Path | None,
        typer.Option(help="A history file, or a folder of the providers' files; that of history update if omitted."),
    ] = None,
) -> None:
    """Run the condor alone and with each hedge over the history, and store the results for the Backtest sheet."""
    from xlalvh.research import backtest as engine
    from xlalvh.research.backtest_tables import KIND, tabulate, write_daily
    from xlalvh.research.history import HistoryError
    from xlalvh.research.results import ResultsError, save
    from xlalvh.research.results import as_json as text

    try:
        settings = _settings(rules)
        days = _history(history).between(
            max(first.date() if first else engine.FIRST, engine.FIRST), last.date() if last else None
        )
        with _bar(quiet=as_json) as progress:
            result = engine.run(
                days, settings, variant or (), processes=min(len(engine.SCENARIOS), os.cpu_count() or 1),
                progress=progress,
            )  # fmt: skip
        found = tabulate(result, dt.date.today())
        stored = None if variant else save(found)
        if out is not None:
            save(found, out / f"{KIND}.json")
            write_daily(result, out / "daily.csv")
    except (HistoryError, ResultsError, ValueError, OSError) as error:
        fail(str(error), as_json=as_json)
    if as_json:
        typer.echo(text(found), nl=False)
    else:
        _print(found)
        if stored is None:
            typer.echo("not stored: the Backtest sheet shows runs of all variants")
        else:
            typer.echo(f"stored: {stored}; the Backtest sheet shows it after the next full recalculation")


def _settings(rules: Path | None) -> Settings:
    from workbook.reading_rules import read_rules
    from xlalvh.hosts.excel.opc import PackageError
    from xlalvh.research.backtest import Settings

    if rules is None:
        return Settings()
    if not rules.is_file():
        raise ValueError(f"{rules} does not exist: give --rules a workbook of xlalvh")
    try:
        return Settings(*read_rules(rules))
    except PackageError as error:
        raise ValueError(str(error)) from error


def _history(given: Path | None) -> History:
    """A file that `history update` wrote, or a folder: one with such a file, or with the providers' files."""
    from xlalvh.research.assemble import assemble
    from xlalvh.research.history import NAME, load

    if given is None or given.is_file():
        return load(given)
    return load(given / NAME) if (given / NAME).is_file() else assemble(given)[0]


@contextmanager
def _bar(*, quiet: bool) -> Iterator[Progress]:
    """A bar on standard error, which JSON on standard output does not disturb."""
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True, disable=quiet) as bar:
        task = bar.add_task("backtest", total=None)

        def show(name: str, done: int, total: int) -> None:
            bar.update(task, description=name, completed=done, total=total)

        yield show


def _print(found: Results) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    for line in (found.label, found.data, found.error):
        console.print(line)
    summary = found.tables["summary"]
    capital = found.tables["size"].rows[0][0]
    shown = Table(title=f"Shares of the capital of {capital:,.0f} dollars", box=None)
    for title in ("variant", "a year", "drawdown", "alone it", "to condor"):
        shown.add_column(title, justify="right" if title in ("a year", "drawdown") else "left", no_wrap=True)
    for row in summary.rows:
        cells = dict(zip(summary.columns, row, strict=True))
        shown.add_row(
            str(cells["variant"]),
            f"{cells['profit_a_year']:+.0%} ± {cells['standard_error']:.0%}",
            f"{cells['max_drawdown']:.0%}",
            str(cells["verdict"]),
            str(cells["against_condor"] or ""),
        )
    console.print(shown)
