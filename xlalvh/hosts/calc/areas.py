"""The named areas of an open document: read and written. Calc's own Python runs this file."""

from __future__ import annotations

from typing import Any

COUNT = "refresh_count"


class AreaError(Exception):
    """A document that cannot take the areas; nothing was written, and the message says what to do."""


def has_market(document: Any) -> bool:
    """Whether a document is a book of ours, with a place for quotes."""
    return document.supportsService("com.sun.star.sheet.SpreadsheetDocument") and document.NamedRanges.hasByName(COUNT)


def read(document: Any, names: Any) -> dict[str, Any]:
    """The rows of each area, "" for an empty cell."""
    return {name: _rows(_cells(document, name).getDataArray()) for name in names}


def counted(document: Any, areas: dict[str, Any]) -> dict[str, Any]:
    """The areas of a refresh, with the counter raised by one."""
    number = _cells(document, COUNT).getCellByPosition(0, 0).getValue()
    return {**areas, COUNT: [[number + 1.0]]}


def write(document: Any, areas: dict[str, Any]) -> None:
    """Write the rows of each area, None as an empty cell; a text stays a text.

    Calc's undo is emptied, as a macro empties Excel's: it would put values back but not empty cells again (seen in
    7.4), so that quotes of two times stood side by side. To go back, write what `read` gave before.

    Raises
    ------
    AreaError
        Where an area is missing or of another size, or a password protects its sheet.
    """
    targets = [(_cells(document, name), _rows(rows)) for name, rows in areas.items()]
    for (cells, rows), name in zip(targets, areas):  # noqa: B905 (LibreOffice 7.4 has a Python 3.8 on Windows)
        if (cells.Rows.Count, cells.Columns.Count) != (len(rows), len(rows[0])):
            raise AreaError(f"the area {name} has another size in this book; bring it up with xlalvh upgrade")
    sheets = {cells.Spreadsheet.Name: cells.Spreadsheet for cells, _ in targets}
    document.IsUndoEnabled = False
    document.addActionLock()
    locked = []
    try:
        for sheet in sheets.values():
            if sheet.isProtected():
                sheet.unprotect("")
                if sheet.isProtected():
                    raise AreaError(f"a password protects the sheet {sheet.Name}; take the password away")
                locked.append(sheet)
        for cells, rows in targets:
            cells.setDataArray(rows)
    finally:
        for sheet in locked:
            sheet.protect("")
        document.removeActionLock()
        document.IsUndoEnabled = True


def _cells(document: Any, name: str) -> Any:
    names = document.NamedRanges
    cells = names.getByName(name).getReferredCells() if names.hasByName(name) else None
    if cells is None:
        raise AreaError(f"this book has no area {name}; bring it up with xlalvh upgrade")
    return cells


def _rows(rows: Any) -> tuple[tuple[Any, ...], ...]:
    """Rows as `setDataArray` takes them: it knows no truth values, and None would be #N/A."""
    return tuple(tuple(_cell(cell) for cell in row) for row in rows)


def _cell(cell: Any) -> Any:
    if cell is None or cell == "":
        return ""
    return cell if isinstance(cell, str) else float(cell)
