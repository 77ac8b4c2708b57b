"""``xlalvh excel``: the add-in of Excel."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xlalvh.cli.failure import fail

app = typer.Typer(no_args_is_help=True, help="The Excel add-in.")


@app.command("build")
def build(
    out: Annotated[Path, typer.Option(help="Folder that the files are written to.")] = Path("out"),
    stock: Annotated[
        bool, typer.Option("--stock", help="Write only the add-in with xlwings' own wrappers (on Windows).")
    ] = False,
) -> None:
    """Write the add-in xlalvh.xlam, and the workbook in both ways of naming its functions without macros of its own."""
    from workbook.build import build
    from workbook.run import run_book
    from xlalvh.hosts.excel import package
    from xlalvh.hosts.excel import stock as stocks
    from xlalvh.market.providers.sample import sample_snapshot
    from xlalvh.market.tables import tabulate

    out.mkdir(parents=True, exist_ok=True)
    if stock:
        try:
            stocks.build_addin(out / stocks.ADDIN)
        except stocks.NeedsWindowsError as error:
            fail(str(error))
        typer.echo(f"written: {out / stocks.ADDIN}")
        return
    package.build_addin(out / package.ADDIN)
    tables = tabulate(sample_snapshot())
    run = run_book(tables, out, "embedded")
    linked = build(out / "alvh-linked.xlsx", tables, run.values, package.linked)
    for path in (out / package.ADDIN, *run.files, linked.path):
        typer.echo(f"written: {path}")
