"""A job of Calc's ``onDocumentOpened``: formulas of Excel files get bound to the add-in.

An Excel file holds plain names (``ALVH_PRICE``), which Calc does not connect with an add-in while it loads; it shows
the file's values until an input changes, and ``#NAME?`` from then on. Entered anew, the same text is connected.
A file that was refreshed while closed holds new quotes and results of the old ones, which Calc shows as they are: there
everything is computed. Calc's own Python runs this file.
"""

from __future__ import annotations

import re
from typing import Any

import unohelper
from com.sun.star.lang import XServiceInfo
from com.sun.star.task import XJob

_UNBOUND = re.compile(r"(?<![\w.])ALVH_\w+\s*\(", re.IGNORECASE)
_FORMULA = 16  # com.sun.star.sheet.CellFlags.FORMULA
_COUNTED = "refresh_count"  # refreshes, on Market
_SHOWN = "refresh_shown"  # the same on the Dashboard, as it was computed


def bind(document: Any) -> int:
    """Enter again every formula that holds an unbound name, and compute everything where results are older than quotes.

    The document counts as unmodified if it did before.

    Returns
    -------
    int
        Cells entered.
    """
    modified = document.isModified()
    behind = _number(document, _COUNTED) != _number(document, _SHOWN)
    document.addActionLock()
    try:
        return sum(_bind_sheet(document.Sheets.getByIndex(i)) for i in range(document.Sheets.getCount()))
    finally:
        document.removeActionLock()
        if behind:
            document.calculateAll()
        document.setModified(modified)


def _number(document: Any, name: str) -> Any:
    """What a named cell holds; None where there is none."""
    names = document.NamedRanges
    cells = names.getByName(name).getReferredCells() if names.hasByName(name) else None
    return None if cells is None else cells.getDataArray()[0][0]


def _bind_sheet(sheet: Any) -> int:
    found = sheet.queryContentCells(_FORMULA)
    blocks = [found.getByIndex(i) for i in range(found.getCount())]
    tasks = [(block, texts) for block in blocks for texts in [block.getFormulaArray()] if _any_unbound(texts)]
    protected = bool(tasks) and sheet.isProtected()
    if protected:
        sheet.unprotect("")
        if sheet.isProtected():  # by a password, which is the owner's
            return 0
    try:
        return sum(_bind_block(sheet, block, texts) for block, texts in tasks)
    finally:
        if protected:
            sheet.protect("")


def _bind_block(sheet: Any, block: Any, texts: Any) -> int:
    if not any(text.startswith("{") for row in texts for text in row):
        block.setFormulaArray(texts)
        return sum(bool(_UNBOUND.search(text)) for row in texts for text in row)
    # An array formula can be entered only whole, so single cells go in runs down each column.
    count = 0
    for column in range(len(texts[0])):
        run: list[int] = []
        for row in range(len(texts) + 1):
            text = texts[row][column] if row < len(texts) else ""
            unbound = _UNBOUND.search(text)
            if unbound and not text.startswith("{"):
                run.append(row)
                continue
            if run:
                part = block.getCellRangeByPosition(column, run[0], column, run[-1])
                part.setFormulaArray(tuple((texts[r][column],) for r in run))
                count += len(run)
                run = []
            if unbound:
                count += _bind_array(sheet, block.getCellByPosition(column, row))
    return count


def _bind_array(sheet: Any, cell: Any) -> int:
    text = cell.getFormula()
    if not _UNBOUND.search(text):  # bound with an earlier cell of the same array
        return 0
    area = sheet.createCursorByRange(cell)
    area.collapseToCurrentArray()
    area.setArrayFormula(text[1:-1])
    return 1


def _any_unbound(texts: Any) -> bool:
    return any(_UNBOUND.search(text) for row in texts for text in row)


class Binding(unohelper.Base, XJob, XServiceInfo):  # type: ignore[misc]
    """The job."""

    def __init__(self, context: Any) -> None:
        self._context = context

    def execute(self, arguments: Any) -> None:
        """Bind the spreadsheet that was opened; other documents pass."""
        given = {item.Name: item.Value for item in arguments}
        environment = {item.Name: item.Value for item in given.get("Environment", ())}
        model = environment.get("Model")
        if model is not None and model.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
            bind(model)

    def getImplementationName(self) -> str:
        return _IMPLEMENTATION

    def supportsService(self, name: str) -> bool:
        return name in _SERVICES

    def getSupportedServiceNames(self) -> tuple[str, ...]:
        return _SERVICES


_IMPLEMENTATION = "org.xlalvh.Binding.Python"
_SERVICES = ("com.sun.star.task.Job", "org.xlalvh.Binding")

g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 (the loader looks for this name)
g_ImplementationHelper.addImplementation(Binding, _IMPLEMENTATION, _SERVICES)
