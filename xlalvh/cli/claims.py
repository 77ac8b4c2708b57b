"""``xlalvh claims`` and ``xlalvh measured``: what the articles claim, and what Rules call measured, on history."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xlalvh.cli.failure import fail

if TYPE_CHECKING:
    from xlalvh.research.claims.report import Row
    from xlalvh.research.claims.world import World
    from xlalvh.research.measured import Figure

_History = Annotated[
    Path | None,
    typer.Option(
        "--history", help="A history file, or a folder of the providers' files; that of history update if omitted."
    ),
]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def claims(
    ids: Annotated[list[str] | None, typer.Argument(help="Claims by name; all of them if omitted.")] = None,
    history: _History = None,
    as_json: _Json = False,
) -> None:
    """Measure the articles' claims: estimate, 95 % interval, sample, verdict.

    A full run is stored, and the sheet Claims shows it.
    """
    from xlalvh.research import results
    from xlalvh.research.claims import report

    world = _world(history, as_json)
    try:
        wanted = report.chosen(ids or ())
    except report.UnknownClaimError as error:
        fail(str(error), as_json=as_json)
    rows = report.table(wanted, world, lambda claim: typer.echo(f"measuring {claim.id}", err=True))
    found = report.results(rows, world, dt.date.today())
    if not ids:
        try:
            typer.echo(f"stored: {results.save(found)}", err=True)
        except results.ResultsError as error:
            fail(str(error), as_json=as_json)
    if as_json:
        typer.echo(results.as_json(found), nl=False)
    else:
        for row in rows:
            typer.echo(_told(row))


def measured(history: _History = None, as_json: _Json = False) -> None:
    """Measure again what Rules call measured: tenor betas, betas to SPX, VIX's path, volatility's elasticity."""
    from xlalvh.research import measured as figures
    from xlalvh.research.tenor_beta import TooShortError

    world = _world(history, as_json)
    try:
        found = figures.measure(world.history)
    except TooShortError as error:
        fail(str(error), as_json=as_json)
    if as_json:
        typer.echo(json.dumps([_plain(figure) for figure in found], indent=1))
        return
    for figure in found:
        typer.echo(f"{figure.name}: {figure.found.estimate:.3f}, standard error {figure.found.error:.3f}")
        if figure.rule is not None:
            within = "within" if figure.agrees else "OUTSIDE"
            typer.echo(f"  Rules have {figure.rule:g}: {within} two standard errors")
        typer.echo(f"  {figure.method}; {figure.sample}")


def _world(folder: Path | None, as_json: bool) -> World:
    from xlalvh.research.assemble import assemble
    from xlalvh.research.claims.world import World
    from xlalvh.research.history import NAME, HistoryError, load

    try:
        if folder is None or folder.is_file():
            return World(load(folder))
        made = folder / NAME
        return World(load(made) if made.is_file() else assemble(folder)[0], folder)
    except HistoryError as error:
        fail(str(error), as_json=as_json)


def _told(row: Row) -> str:
    lines = [f"{row.id}: {row.verdict}", f'  "{row.quote}" ({row.article} article, {row.date})']
    if row.estimate is not None:
        between = "" if row.low is None or row.high is None else f", 95 % {row.low:.3f} to {row.high:.3f}"
        lines += [
            f"  says {row.says}; measured {row.estimate:.3f}{between} ({row.unit}, {row.data} data)",
            f"  {row.method}",
            f"  {row.sample}; n = {row.episodes}" + (f"; {row.note}" if row.note else ""),
        ]
    else:
        lines.append(f"  {row.method}")
    return "\n".join(lines)


def _plain(figure: Figure) -> dict[str, object]:
    found = figure.found
    return {
        "name": figure.name,
        "rule": figure.rule,
        "agrees": figure.agrees,
        "estimate": found.estimate,
        "standard_error": found.error,
        "low": found.low,
        "high": found.high,
        "method": figure.method,
        "sample": figure.sample,
    }
