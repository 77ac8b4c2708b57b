"""``xlalvh upgrade``: a closed book brought up to the present template."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xlalvh.cli.failure import fail
from xlalvh.cli.run import Engine


def upgrade(
    book: Annotated[Path, typer.Argument(help="The workbook, .xlsx or .xlsm, closed in every program.")],
    out: Annotated[
        Path | None, typer.Option(help="Where the new book goes. Default: in the place of the old, which is kept.")
    ] = None,
    engine: Annotated[
        Engine, typer.Option(help="auto takes Calc where it is installed, else the embedded engine.")
    ] = Engine.AUTO,
) -> None:
    """Bring a workbook of an older template up to the present one; inputs, quotes, names and your own sheets stay."""
    from workbook.reading import NoMarketError
    from workbook.run import EngineError
    from workbook.upgrade import UpgradeError
    from workbook.upgrade import upgrade as bring_up
    from xlalvh.hosts.block import TooLargeError
    from xlalvh.hosts.excel.opc import PackageError

    try:
        done = bring_up(book, out, engine.value)
    except (UpgradeError, PackageError, NoMarketError, EngineError, TooLargeError) as error:
        fail(str(error))
    for note in done.notes:
        typer.echo(note)
    if done.changed:
        typer.echo(f"written: {done.path}" + (f"; as it was: {done.kept}" if done.kept is not None else ""))
