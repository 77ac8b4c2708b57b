"""Calc as the engine that computes a workbook."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from openpyxl.utils import coordinate_to_tuple, get_column_letter

from xlalvh.formulas import CellError
from xlalvh.hosts.calc import locate
from xlalvh.hosts.calc.idl import programmatic
from xlalvh.hosts.calc.session import CalcSession

Cells = dict[tuple[str, str], Any]  # (sheet, cell) to float, str or an error's text

spell = programmatic


def available() -> bool:
    """Whether everything is here that evaluating with Calc takes."""
    try:
        locate.soffice(), locate.unopkg(), locate.unoidl_write(), locate.type_libraries(), locate.calc_python()
    except locate.ProgramMissingError:
        return False
    return True


def evaluate(path: Path, wanted: Iterable[tuple[str, str]], ods: Path, pdf: Path | None = None) -> Cells:
    """Values of the `wanted` (sheet, cell) pairs of an .xlsx file with programmatic names.

    Parameters
    ----------
    ods : Path
        Calc's own copy of the book is written here; its formulas bind when Calc opens it.
    pdf : Path, optional
        Every sheet is printed to this file.
    """
    sheets: dict[str, list[str]] = defaultdict(list)
    for sheet, cell in wanted:
        sheets[sheet].append(cell)
    values: Cells = {}
    with CalcSession() as session:
        book = session.open(path)
        book.recalculate()
        for sheet, cells in sheets.items():
            places = [coordinate_to_tuple(cell) for cell in cells]
            bottom, right = (max(part) for part in zip(*places, strict=True))
            rows = book.read(sheet, f"A1:{get_column_letter(right)}{bottom}")
            for cell, (row, column) in zip(cells, places, strict=True):
                item = rows[row - 1][column - 1]
                values[sheet, cell] = item.code if isinstance(item, CellError) else item
        book.store_ods(ods)
        if pdf is not None:
            book.export_pdf(pdf)
        book.close()
    return values
