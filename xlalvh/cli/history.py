"""``xlalvh history``: the local history, and how far prices of the past can be modelled from it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xlalvh.cli.failure import fail

if TYPE_CHECKING:
    from xlalvh.research.calibrate import Cell, ModelError

app = typer.Typer(help="The local history of SPX, the VIX family, VX futures and the short rate.", no_args_is_help=True)

_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def update(
    from_folder: Annotated[
        Path | None, typer.Option(help="Take in files of the providers from this folder instead of asking them.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Bring the history up to date, and print what it lacks and what is odd in it."""
    import dataclasses

    from xlalvh.market import settings
    from xlalvh.research import fetch
    from xlalvh.research.history import HistoryError

    def tell(line: str) -> None:
        typer.echo(line, err=as_json)

    try:
        report = fetch.update(settings.load(), tell, dt.datetime.now(dt.UTC), from_folder)
    except (HistoryError, settings.SettingsError, OSError) as error:
        fail(" ".join(str(error).split()), as_json=as_json)
    if as_json:
        typer.echo(_json(dataclasses.asdict(report)))
    else:
        for line in report.lines():
            typer.echo(line)


@app.command()
def show(as_json: _Json = False) -> None:
    """Print what the history holds: each series' first and last day, and its last level."""
    import numpy as np

    from xlalvh.research.history import LEVELS, HistoryError, default_path, load

    try:
        history = load()
    except HistoryError as error:
        fail(str(error), as_json=as_json)
    found: dict[str, dict[str, Any]] = {}
    for name in (*LEVELS, "rate"):
        values = getattr(history, name)
        known = np.nonzero(np.isfinite(values))[0]
        if len(known):
            first, last = (str(history.day[i]) for i in (known[0], known[-1]))
            found[name] = {"first": first, "last": last, "days": len(known), "level": float(values[known[-1]])}
    priced = np.nonzero(np.isfinite(history.vx_settle).any(axis=1))[0]
    if len(priced):
        first, last = (str(history.day[i]) for i in (priced[0], priced[-1]))
        front = float(history.curve(int(priced[-1])).settles[0])
        found["vx"] = {"first": first, "last": last, "days": len(priced), "level": front}
    if as_json:
        typer.echo(_json({"file": str(default_path()), "contracts": len(history.vx_expiry), "series": found}))
        return
    typer.echo(f"{default_path()}: {len(history):,} days, {len(history.vx_expiry)} monthly VX contracts")
    for name, row in found.items():
        typer.echo(f"{name:>6}  {row['first']}  {row['last']}  {row['days']:>6,} days  last {row['level']:.6g}")


@app.command()
def model(
    folder: Annotated[Path, typer.Argument(help="A folder with Cboe quote tables of SPX and VIX options.")],
    as_json: _Json = False,
) -> None:
    """Fit the pricing model of the past to quote tables, and print its errors on dates left out of the fit."""
    import dataclasses

    from xlalvh.research.calibrate import model_error
    from xlalvh.research.history import HistoryError, load

    try:
        error = model_error(folder, load())
    except (HistoryError, OSError) as failure:
        fail(" ".join(str(failure).split()), as_json=as_json)
    if as_json:
        typer.echo(_json(dataclasses.asdict(error)))
    else:
        for line in _lines(error):
            typer.echo(line)


def _lines(error: ModelError) -> list[str]:
    """The errors as a table; volatilities in points of a percent."""
    found = ["volatility, model less market, in vol points: mean and standard deviation over dates left out"]
    for name, cells, dates in (("SPX", error.spx, error.spx_dates), ("VIX", error.vix, error.vix_dates)):
        found.append(f"{name} options, {len(dates)} dates {dates[0]} to {dates[-1]}")
        found += [_line(cell) for cell in cells]
    for name, credit in (("the model", error.credit), ("a flat smile", error.flat_credit)):
        found.append(
            f"condor credit by {name}: {credit.mean:+.1%} ± {credit.deviation:.1%} of the real one "
            f"({credit.least:+.0%} to {credit.most:+.0%}, {credit.dates} dates)"
        )
    for name, shape in (("SPX", error.spx_shape), ("VIX", error.vix_shape)):
        rows = " ".join(str(tuple(round(value, 3) for value in row)) for row in shape.coefficients)
        level = tuple(round(value, 3) for value in shape.level)
        found.append(f"fitted constants, {name}: {rows}, level {level}")
    return found


def _line(cell: Cell) -> str:
    flat = (
        f"   flat smile {100 * cell.flat_mean:+6.2f} ± {100 * cell.flat_deviation:.2f}" if _is(cell.flat_mean) else ""
    )
    spread = f" ± {100 * cell.deviation:.2f}" if _is(cell.deviation) else "       "
    tenor = f"{cell.days[0]}-{cell.days[1]} days"
    return (
        f"  {cell.moneyness:<14} {tenor:<13} {cell.dates:>2} dates   market {100 * cell.market:6.2f}   "
        f"model {100 * cell.mean:+6.2f}{spread}{flat}"
    )


def _is(value: float) -> bool:
    return value == value


def _json(found: dict[str, Any]) -> str:
    """JSON in which dates are text and what is not known is null."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [plain(inner) for inner in value]
        if isinstance(value, float) and not _is(value):
            return None
        return value.isoformat() if isinstance(value, dt.date) else value

    return json.dumps(plain(found))
