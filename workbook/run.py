"""Fill the book, let an engine compute it, write it with what the engine computed."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from workbook.book import Values
from workbook.build import Built, build
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


def run_book(tables: MarketTables, out: Path, engine: str = "auto") -> Run:
    """Write `out`/alvh.xlsx (and alvh.ods with Calc), computed by the engine.

    Parameters
    ----------
    engine : str
        ``auto`` takes Calc where it is installed, else the embedded engine; ``calc``, ``embedded``, ``excel``.

    Raises
    ------
    EngineError
        Where that engine cannot be used here.
    """
    if engine == "excel":
        raise EngineError("the Excel engine comes with the Excel add-in, which is not built yet: use calc or embedded")
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{NAME}.xlsx"
    files = [path]
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / f"{NAME}.xlsx"
        if engine == "calc" or (engine == "auto" and _calc_is_here()):
            from xlalvh.hosts.calc import engine as calc
            from xlalvh.hosts.calc.locate import ProgramMissingError
            from xlalvh.hosts.calc.session import CalcError

            built = build(draft, tables, spell=calc.spell)
            files.append(out / f"{NAME}.ods")
            try:
                values = calc.evaluate(draft, built.formulas, files[-1])
            except (CalcError, ProgramMissingError, RuntimeError) as error:
                raise EngineError(f"Calc did not compute the book ({error}); use --engine embedded") from error
            engine = "calc"
        else:
            from xlalvh.hosts import embedded

            built = build(draft, tables)
            values = embedded.evaluate(draft, built.formulas)
            engine = "embedded"
    return Run(build(path, tables, values), values, engine, tuple(files))


def _calc_is_here() -> bool:
    from xlalvh.hosts.calc import engine as calc

    return calc.available()
