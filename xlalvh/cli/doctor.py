"""``xlalvh doctor``: what is wrong, and the remedy."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Annotated

import typer


def doctor(
    books: Annotated[list[Path] | None, typer.Argument(help="Excel files to look into; they are not changed.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON, for support.")] = False,
    excel: Annotated[
        bool, typer.Option("--excel", help="Also drive the Excel of this machine through every step (Windows).")
    ] = False,
) -> None:
    """Look at every link between a cell and its value. The exit code is 1 where a fault is found."""
    from xlalvh import __version__
    from xlalvh.doctor import books as files
    from xlalvh.doctor import calc, policies, program, windows
    from xlalvh.doctor.check import Checks, State, diagnose
    from xlalvh.hosts.excel.windows import this_machine

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # paths may hold letters that a terminal lacks
    machine = this_machine()
    groups: list[Checks] = [program.checks(), windows.checks(machine), calc.checks()]
    if machine is not None:
        groups.insert(2, policies.checks(machine))
    groups += [files.checks(path) for path in books or ()]
    if excel:
        from xlalvh.doctor.excel import checks as smoke_test

        groups.append(smoke_test(machine))
    found = []
    for checks in groups:
        for check in diagnose(checks):
            found.append(check)
            if not as_json:
                typer.echo(check.text())
    if as_json:
        typer.echo(json.dumps({"version": __version__, "checks": [check.data() for check in found]}, indent=2))
    if any(check.state is State.FAULT for check in found):
        raise typer.Exit(1)
