"""How a command fails."""

from __future__ import annotations

import json
from typing import NoReturn

import typer


def fail(message: str, *, as_json: bool = False) -> NoReturn:
    """End with exit code 1 and the message on standard error, on standard output too as JSON where that was asked."""
    if as_json:
        typer.echo(json.dumps({"error": message}))
    typer.echo(f"xlalvh: {message}", err=True)
    raise typer.Exit(1)
