"""``xlalvh calc``: the add-in of LibreOffice Calc."""

from __future__ import annotations

import typer

from xlalvh.cli.failure import fail

app = typer.Typer(no_args_is_help=True, help="The LibreOffice Calc add-in.")


@app.command("install")
def install() -> None:
    """Install the add-in into LibreOffice: for this user, as root for all users."""
    from xlalvh.hosts.calc import package
    from xlalvh.hosts.calc.locate import ProgramMissingError

    try:
        package.install()
    except (ProgramMissingError, RuntimeError) as error:
        fail(str(error))
    typer.echo("installed; start LibreOffice again, then enter =ALVH_VERSION() in a cell")
