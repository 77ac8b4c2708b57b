"""What the macros of Excel reach in Python for paper trading: book what a workbook shows, mark what is open."""

from __future__ import annotations

from typing import Any

import xlwings

from xlalvh.hosts import paper
from xlalvh.hosts.excel.server import guarded, inward


@xlwings.func
@xlwings.arg("rows", "raw")
@xlwings.arg("about", "raw")
@xlwings.arg("date_1904", "raw")
@xlwings.ret("raw")
def book(rows: Any, about: Any, date_1904: bool) -> list[list[Any]]:
    """Book the areas of the sheet Paper: whether it was done, and what to tell, two cells of a row."""
    return guarded(lambda: paper.told(lambda: paper.book(inward(rows), inward(about), date_1904=bool(date_1904))))


@xlwings.func
@xlwings.ret("raw")
def mark() -> list[list[Any]]:
    """Mark the open positions: whether it was done, and what to tell, two cells of a row."""
    return guarded(lambda: paper.told(paper.mark))
