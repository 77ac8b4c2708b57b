"""Fill the book, let an engine compute it, write it with what the engine computed."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from workbook.book import Inputs, Values
from workbook.build import Built, build
from xlalvh.hosts import embedded
from xlalvh.hosts.calc import engine as calc
from xlalvh.hosts.calc.locate import ProgramMissingError
from xlalvh.hosts.calc.session import CalcError
from xlalvh.market.tables import MarketTables

NAME = "alvh"


class EngineError(RuntimeError):
    """The engine asked for is not here; the message says what to do."""


@dataclass(frozen=True)
class Run:
    """What a run computed and wrote."""

    built: Built
    values: Values
    engine: str
    files: tuple[Path, ...]
    note: str = ""  # why another engine was taken than could be expected


def run_book(tables: MarketTables, out: Path, engine: str = "auto", inputs: Inputs | None = None) -> Run:
    """Write `out`/alvh.xlsx (and alvh.ods with Calc), computed by the engine.

    Parameters
    ----------
    engine : str
        ``calc``, ``embedded``, ``excel``, or ``auto``: Calc where it is installed and works, else the embedded engine.
    inputs : mapping, optional
        What a trader typed, in place of the defaults.

    Raises
    ------
    EngineError
        Where the engine asked for cannot be used here.
    """
    if engine == "excel":
        raise EngineError("no command drives Excel yet: use calc or embedded")
    try:
        out.mkdir(parents=True, exist_ok=True)
        return _evaluated(tables, out, engine, inputs)
    except OSError as error:
        raise EngineError(f"{out} cannot be written to ({error}); name another folder with --out") from error


def _evaluated(tables: MarketTables, out: Path, engine: str, inputs: Inputs | None) -> Run:
    note = ""
    if engine == "calc" or (engine == "auto" and calc.available()):
        try:
            return _with_calc(tables, out, inputs)
        except (CalcError, ProgramMissingError, RuntimeError) as error:
            if engine == "calc":
                raise EngineError(f"Calc did not compute the book ({error}); use --engine embedded") from error
            note = f"Calc is installed but did not compute the book ({error}); the embedded engine did"
    return _embedded(tables, out, note, inputs)


def _with_calc(tables: MarketTables, out: Path, inputs: Inputs | None) -> Run:
    book, sheet = out / f"{NAME}.xlsx", out / f"{NAME}.ods"
    with tempfile.TemporaryDirectory() as folder:
        draft = build(Path(folder) / book.name, tables, spell=calc.spell, inputs=inputs)
        values = calc.evaluate(draft.path, draft.formulas, Path(folder) / sheet.name)
        built = build(book, tables, values, inputs=inputs)
        shutil.copyfile(Path(folder) / sheet.name, sheet)
    return Run(built, values, "calc", (book, sheet))


def _embedded(tables: MarketTables, out: Path, note: str, inputs: Inputs | None) -> Run:
    book = out / f"{NAME}.xlsx"
    with tempfile.TemporaryDirectory() as folder:
        draft = build(Path(folder) / book.name, tables, inputs=inputs)
        values = embedded.evaluate(draft.path, draft.formulas)
    (out / f"{NAME}.ods").unlink(missing_ok=True)  # of an earlier run with other quotes
    return Run(build(book, tables, values, inputs=inputs), values, "embedded", (book,), note)
