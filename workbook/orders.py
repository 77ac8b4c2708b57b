"""The order for paper trading that a book shows: a closed one's, or that of the book which quotes make."""

from __future__ import annotations

import tempfile
from pathlib import Path

from workbook.book import cells_of
from workbook.contents import Contents
from workbook.run import run_book
from xlalvh.hosts import paper
from xlalvh.hosts.excel.opc import PackageError
from xlalvh.market.tables import MarketTables
from xlalvh.research.paper.order import Order, read

_SHEET = "Paper"


def of_book(path: Path) -> Order:
    """What a closed .xlsx or .xlsm shows.

    Raises
    ------
    PackageError
        For a file that is no book of ours, or one of an earlier version.
    PaperError
        Where the book shows nothing to book, saying why.
    """
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        raise PackageError(f"{path} is no Excel workbook; give one that ends in .xlsx or .xlsm")
    if not path.is_file():
        raise PackageError(f"{path} does not exist; check its name")
    found = Contents(path, (_SHEET,))
    rows, about = found.rows(paper.ORDER), found.rows(paper.ABOUT)
    if not rows or not about:
        raise PackageError(f"{path} has no sheet {_SHEET}; bring it up with xlalvh upgrade")
    return read(paper.order(rows, about))


def of_tables(tables: MarketTables) -> Order:
    """What the workbook shows for these quotes, at the default rules.

    Raises
    ------
    PaperError
        Where it shows nothing to book, saying why.
    """
    with tempfile.TemporaryDirectory() as folder:
        done = run_book(tables, Path(folder), "embedded")
    areas = []
    for name in (paper.ORDER, paper.ABOUT):
        sheet, area = done.built.names[name]
        values = [done.values[sheet, cell] for cell in cells_of(area)]
        width = len(paper.LEG) if name == paper.ORDER else 1
        areas.append([values[i : i + width] for i in range(0, len(values), width)])
    return read(paper.order(*areas))
