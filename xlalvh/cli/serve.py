"""``xlalvh serve``: the formulas for Excel on Mac and on the web."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from xlalvh.cli.failure import fail


def serve(
    host: Annotated[
        str, typer.Option(help="Name or address that Excel reaches this machine by; the default is for this one only.")
    ] = "localhost",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port.")] = 8644,
    certificate: Annotated[
        Path | None, typer.Option(help="Your certificate (PEM, with its chain). Default: a self-made one.")
    ] = None,
    key: Annotated[Path | None, typer.Option(help="Its private key (PEM).")] = None,
) -> None:
    """Serve the formulas as custom functions of xlwings Server over HTTPS. Needs the extra and a key of xlwings PRO."""
    from xlalvh.hosts.server import licence
    from xlalvh.market import extra

    try:
        held = licence.check()
        from xlalvh.hosts.server import run
    except licence.LicenceError as error:
        fail(str(error))
    except ModuleNotFoundError as error:
        fail(f"{error.name} is missing; install the extra in the checkout: {extra.command('.[serve]')}")
    try:
        sockets = run.listen(host, port)
        place = run.prepare(host, port, certificate, key, dt.datetime.now(dt.UTC))
    except run.PlaceError as error:
        fail(str(error))
    typer.echo(f"licence      {held}")
    typer.echo(f"address      {place.address}")
    typer.echo(f"token        {place.token_from}")
    typer.echo(f"certificate  {place.certificate}" + ("" if certificate else " (self-made: let this system trust it)"))
    typer.echo(f"manifest     {place.manifest}")
    if not place.loopback:
        typer.echo("xlalvh: other machines can reach this server; the token is all that keeps them out", err=True)
    run.serve(place, sockets)
