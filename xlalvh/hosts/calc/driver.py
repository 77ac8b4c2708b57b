"""Does in Calc what the session says: JSON lines in, JSON lines out. Calc's own Python runs this file.

A command is ``[name, argument, ...]``; the answer ``{"ok": value}`` or ``{"failed": text}``. Documents go by number.
An error cell is ``{"error": code}``.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import uno
from areas import counted  # type: ignore[import-not-found]
from areas import write as write_areas
from com.sun.star.beans import PropertyValue

_CODES = {503: "#NUM!", 519: "#VALUE!", 521: "#NULL!", 524: "#REF!", 525: "#NAME?", 532: "#DIV/0!", 32767: "#N/A"}
_FILTERS = {".ods": "calc8", ".pdf": "calc_pdf_Export"}
_CONNECT_FOR = 90.0  # seconds
_MACROS = 4  # com.sun.star.document.MacroExecMode.ALWAYS_EXECUTE_NO_WARN


class Driver:
    """The commands; each public method is one."""

    def __init__(self, pipe: str) -> None:
        self._context = _connect(pipe)
        manager = self._context.ServiceManager
        self._manager = manager
        self._desktop = manager.createInstanceWithContext("com.sun.star.frame.Desktop", self._context)
        self._books: dict[int, Any] = {}
        self._next = 1

    def open(self, path: str | None, macros: bool) -> int:
        """Open a file, or a new book, in a visible window."""
        url = uno.systemPathToFileUrl(path) if path else "private:factory/scalc"
        options = [_property("MacroExecutionMode", _MACROS if macros else 0)]
        if url.endswith(".xlam"):  # which Calc reads and does not recognise
            options.append(_property("FilterName", "Calc MS Excel 2007 VBA XML"))
        book = self._desktop.loadComponentFromURL(url, "_blank", 0, tuple(options))
        if book is None:
            raise RuntimeError(f"Calc cannot open {path}")
        # The jobs of an opened document run after the call returns.
        self._manager.createInstanceWithContext("com.sun.star.awt.Toolkit", self._context).processEventsToIdle()
        self._books[self._next] = book
        self._next += 1
        return self._next - 1

    def close(self, book: int) -> None:
        self._books.pop(book).close(True)

    def sheets(self, book: int) -> list[str]:
        return list(self._books[book].Sheets.ElementNames)

    def read(self, book: int, sheet: str, area: str) -> list[list[Any]]:
        """Values as rows: numbers, text, "" for blanks, errors."""
        cells = self._cells(book, sheet, area)
        rows = [list(row) for row in cells.getDataArray()]
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if value is None:
                    code = cells.getCellByPosition(c, r).getError()
                    row[c] = {"error": _CODES.get(code, f"Err:{code}")}
        return rows

    def formulas(self, book: int, sheet: str, area: str) -> list[list[str]]:
        return [list(row) for row in self._cells(book, sheet, area).getFormulaArray()]

    def write(self, book: int, sheet: str, cell: str, value: Any) -> None:
        """A number, text or a blank; text that begins with "=" is a formula."""
        target = self._cells(book, sheet, cell).getCellByPosition(0, 0)
        if value is None:
            target.setFormula("")
        elif isinstance(value, str) and value.startswith("="):
            target.setFormula(value)
        elif isinstance(value, str):
            target.setString(value)
        else:
            target.setValue(float(value))

    def write_formulas(self, book: int, sheet: str, area: str, rows: list[list[str]]) -> None:
        self._cells(book, sheet, area).setFormulaArray(tuple(map(tuple, rows)))

    def write_array(self, book: int, sheet: str, area: str, formula: str) -> None:
        self._cells(book, sheet, area).setArrayFormula(formula)

    def add_sheet(self, book: int, name: str) -> None:
        sheets = self._books[book].Sheets
        sheets.insertNewByName(name, sheets.getCount())

    def refresh(self, book: int, areas: dict[str, Any]) -> None:
        """Named areas, and the counter."""
        document = self._books[book]
        write_areas(document, counted(document, areas))

    def date_1904(self, book: int) -> bool:
        return bool(self._books[book].NullDate.Year == 1904)

    def menu(self, book: int, entry: str) -> None:
        """An entry of the menu, with the book's window in front."""
        frame = self._books[book].CurrentController.Frame
        frame.activate()
        helper = self._manager.createInstanceWithContext("com.sun.star.frame.DispatchHelper", self._context)
        helper.executeDispatch(frame, f"org.xlalvh.menu:{entry}", "", 0, ())

    def undo(self, book: int) -> str:
        """The last step undone; its title."""
        manager = self._books[book].UndoManager
        title = manager.getCurrentUndoActionTitle()
        manager.undo()
        return str(title)

    def recalculate(self, book: int) -> float:
        """Recalculate every cell; the seconds that it took."""
        start = time.perf_counter()
        self._books[book].calculateAll()
        return time.perf_counter() - start

    def modified(self, book: int) -> bool:
        return bool(self._books[book].isModified())

    def store(self, book: int, path: str) -> None:
        """Write a copy in the format of the file's ending."""
        ending = path[path.rfind(".") :].lower()
        if ending not in _FILTERS:
            raise ValueError(f"{path} does not end in {' or '.join(_FILTERS)}")
        url = uno.systemPathToFileUrl(path)
        self._books[book].storeToURL(url, (_property("FilterName", _FILTERS[ending]), _property("Overwrite", True)))

    def function_help(self, name: str) -> dict[str, Any] | None:
        """What the function wizard shows."""
        described = self._manager.createInstanceWithContext("com.sun.star.sheet.FunctionDescriptions", self._context)
        if not described.hasByName(name):
            return None
        found = {p.Name: p.Value for p in described.getByName(name)}
        arguments = [
            {"name": a.Name, "help": a.Description, "optional": bool(a.IsOptional)} for a in found["Arguments"] or ()
        ]
        return {"help": found["Description"], "category": found["Category"], "arguments": arguments}

    def quit(self) -> None:
        for number in list(self._books):
            self.close(number)
        self._desktop.terminate()

    def _cells(self, book: int, sheet: str, area: str) -> Any:
        """An area of a sheet, or what a name of the book stands for."""
        names = self._books[book].NamedRanges
        if names.hasByName(area):
            return names.getByName(area).getReferredCells()
        return self._books[book].Sheets.getByName(sheet).getCellRangeByName(area)


def _property(name: str, value: Any) -> Any:
    return PropertyValue(Name=name, Value=value)


def _connect(pipe: str) -> Any:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    give_up = time.monotonic() + _CONNECT_FOR
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except uno.getClass("com.sun.star.connection.NoConnectException"):
            if time.monotonic() > give_up:
                raise
            time.sleep(0.05)


def main() -> None:
    """Answer until the input ends."""
    driver = Driver(sys.argv[1])
    print(json.dumps({"ok": None}), flush=True)
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        try:
            answer = {"ok": getattr(driver, name)(*arguments)}
        except Exception as error:
            answer = {"failed": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)
        if name == "quit":
            return


if __name__ == "__main__":
    main()
