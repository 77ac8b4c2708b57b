"""``xlalvh sweep``: the backtest over a grid, and whether its best point is more than luck."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xlalvh.cli.failure import fail

if TYPE_CHECKING:
    from xlalvh.research.sweep import Outcome, Verdict

_SHOWN = 10


def sweep(
    spec: Annotated[Path, typer.Argument(help="A TOML file: from, to, folds, and [grid] with a list for each name.")],
    scheduler: Annotated[str, typer.Option(help="Address of a Dask scheduler, as tcp://host:8786.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="The file that keeps the results; one in the data directory if omitted.")
    ] = None,
    history: Annotated[
        Path | None,
        typer.Option(help="A history file, or a folder of the providers' files; that of history update if omitted."),
    ] = None,
) -> None:
    """Backtest every combination of a grid, on all cores or on a Dask cluster.

    What was computed before is not computed again. The best point is judged twice: by its Sharpe ratio deflated for how
    many were tried, and by a walk-forward choice.
    """
    from xlalvh.cli.backtest import _bar, _history
    from xlalvh.research import sweep as engine
    from xlalvh.research.history import HistoryError
    from xlalvh.research.sweep_spec import SweepError, read

    try:
        wanted = read(spec)
        file = out or engine.default_file(spec)
        with _bar(quiet=as_json) as bar:
            outcomes = engine.sweep(
                _history(history), wanted, file, scheduler=scheduler, progress=lambda i, n: bar("points", i, n)
            )
        verdict = engine.judge(outcomes)
    except (SweepError, HistoryError, ValueError, OSError) as error:
        fail(str(error), as_json=as_json)
    if as_json:
        typer.echo(json.dumps(_data(outcomes, verdict, file), indent=1, allow_nan=False))
    else:
        _print(outcomes, verdict, file)


def _data(outcomes: list[Outcome], verdict: Verdict, file: Path) -> dict[str, Any]:
    return {
        "file": str(file),
        "points": [{"point": o.point, "sharpe_a_day": o.sharpe, "mean_a_day": o.moments().mean} for o in outcomes],
        "best": verdict.best.point,
        "sharpe_a_year": verdict.sharpe,
        "luck_of_the_best_a_year": verdict.luck,
        "deflated_sharpe": None if verdict.deflated != verdict.deflated else verdict.deflated,
        "trials": verdict.trials,
        "walk_forward": [step._asdict() for step in verdict.steps],
        "walk_forward_sharpe_a_year": verdict.walked,
        "verdict": verdict.said,
    }


def _print(outcomes: list[Outcome], verdict: Verdict, file: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    from xlalvh.research.measures import SESSIONS

    console = Console()
    table = Table(title=f"The best of {len(outcomes)} points, in hindsight", title_justify="left", box=None)
    table.add_column("point")
    table.add_column("Sharpe a year", justify="right")
    table.add_column("profit a year", justify="right")
    for one in sorted(outcomes, key=lambda o: -o.sharpe)[:_SHOWN]:
        mean = one.moments().mean * SESSIONS
        table.add_row(_said(one.point), f"{one.sharpe * SESSIONS**0.5:.2f}", f"{mean:.1%} of the capital")
    console.print(table)
    console.print(
        f"luck: the best of {verdict.trials} points without skill would have {verdict.luck:.2f}; deflated Sharpe ratio "
        f"{verdict.deflated:.1%} (Bailey and López de Prado 2014)",
        soft_wrap=True,
    )
    for step in verdict.steps:
        console.print(
            f"walk-forward, fold {step.fold}: {_said(step.point)}: {step.before:.2f} before, {step.then:.2f} then",
            soft_wrap=True,
        )
    console.print(f"walk-forward Sharpe ratio a year: {verdict.walked:.2f}. Verdict: {verdict.said}", soft_wrap=True)
    console.print(f"results: {file}", soft_wrap=True)


def _said(point: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in point.items())
