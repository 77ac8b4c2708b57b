"""Build the workbook: every sheet from the catalogue, the rules and a snapshot's tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workbook.book import Book, Inputs, Values
from workbook.sheets import backtest, condor, dashboard, functions, ladder, market, paper, rules, sizing
from xlalvh.hosts.excel import package
from xlalvh.market.tables import MarketTables

_BUTTONS = {"Dashboard": "H1", "Market": "K1"}  # where the macro workbook has the button of the refresh


@dataclass(frozen=True)
class Built:
    """What was written: the file, its formula cells, and the areas that names stand for."""

    path: Path
    formulas: tuple[tuple[str, str], ...]  # (sheet, cell)
    names: dict[str, tuple[str, str]]  # name to (sheet, area)


def plain(name: str) -> str:
    """Excel's spelling of our functions in a file: as they are."""
    return name


def build(
    path: Path,
    tables: MarketTables,
    values: Values | None = None,
    spell: Callable[[str], str] = plain,
    inputs: Inputs | None = None,
) -> Built:
    """Write the workbook.

    Parameters
    ----------
    path : Path
        An .xlsx file, or an .xlsm file, which gets the VBA of our functions; replaced.
    tables : MarketTables
    values : mapping, optional
        What an engine computed for each formula cell, to be cached in the file.
    spell : callable
        How the host that is to open the file spells the name of one of our functions; with `package.linked` the file
        gets the link to the add-in that these names need.
    inputs : mapping, optional
        What a trader typed, by (sheet, cell) of this layout; other inputs get their defaults.
    """
    book = Book(path, values or {}, spell, inputs)
    front = dashboard.place(book)
    for sheet in (market, condor, ladder, sizing, backtest, paper, rules, functions):
        sheet.write(book, tables)
    dashboard.write(book, front, tables)
    front.worksheet.activate()
    macros = path.suffix == ".xlsm"
    if macros:
        book.add_macros(package.project)
        for name, cell in _BUTTONS.items():
            book.button(name, cell, "Refresh quotes", "AlvhRefresh")
    book.close()
    if macros:
        package.complete(path)
    if spell is package.linked:
        package.link(path)
    return Built(path, tuple(book.formulas), dict(book.names))
