"""``xlalvh excel``: the add-in of Excel."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="The Excel add-in.")


@app.command("build")
def build(
    out: Annotated[Path, typer.Option(help="Folder that the add-in is written to.")] = Path("out"),
) -> None:
    """Write the add-in file xlalvh.xlam. It has not run in a real Excel yet, and there is no installer for it."""
    from xlalvh.hosts.excel.package import ADDIN, build_addin

    out.mkdir(parents=True, exist_ok=True)
    build_addin(out / ADDIN)
    typer.echo(f"written: {out / ADDIN}")
