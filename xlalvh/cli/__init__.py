"""The command line: ``xlalvh``, the same as ``python -m xlalvh``; a file a group of commands."""

from __future__ import annotations

import typer

from xlalvh.cli import (
    backtest,
    calc,
    claims,
    doctor,
    excel,
    history,
    paper,
    positions,
    quotes,
    refresh,
    regimes,
    run,
    serve,
    sweep,
    upgrade,
)

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(calc.app, name="calc")
app.add_typer(excel.app, name="excel")
app.add_typer(positions.app, name="positions")
app.add_typer(paper.app, name="paper")
app.add_typer(history.app, name="history")
app.add_typer(quotes.app, name="quotes")
app.command()(run.run)
app.command()(claims.claims)
app.command()(claims.measured)
app.command()(serve.serve)
app.command()(upgrade.upgrade)
app.command()(doctor.doctor)
app.command()(refresh.refresh)
app.command()(backtest.backtest)
app.command()(regimes.regimes)
app.command()(sweep.sweep)


def main() -> None:
    """Entry point."""
    app()


@app.callback()
def about() -> None:
    """SPX iron condors hedged with a 4/4/2 ladder of VIX calls, as spreadsheet formulas."""


@app.command()
def version() -> None:
    """Print the version."""
    from xlalvh import __version__

    typer.echo(__version__)
