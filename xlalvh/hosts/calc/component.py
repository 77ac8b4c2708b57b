"""The add-in inside Calc: every formula of ``alvh.json`` as a method that asks the helper.

Calc's own Python runs this file, with the standard library and ``uno`` only. No error leaves a method: Calc shows a
NaN with a payload as a real error, in a cell and in an array.
"""

from __future__ import annotations

import functools
import json
import os
import struct
from collections.abc import Callable
from typing import Any

import uno
import unohelper
from com.sun.star.lang import Locale, XLocalizable, XServiceInfo, XServiceName
from com.sun.star.sheet import LocalizedName, XAddIn, XCompatibilityNames
from com.sun.star.table import CellAddress
from com.sun.star.uno import RuntimeException
from xlalvh_client import Client  # type: ignore[import-not-found]

_PAYLOADS = {"#NUM!": 503, "#VALUE!": 519, "#N/A": 32767}
_CODES = {503: "#NUM!", 519: "#VALUE!", 521: "#NULL!", 524: "#REF!", 525: "#NAME?", 532: "#DIV/0!", 32767: "#N/A"}
_ERRORS = {code: struct.unpack("<d", struct.pack("<Q", 0x7FF8 << 48 | n))[0] for code, n in _PAYLOADS.items()}
_OOXML = 3  # com.sun.star.sheet.AddressConvention.XL_OOX
_EMPTY = uno.Enum("com.sun.star.table.CellContentType", "EMPTY")

with open(os.path.join(os.path.dirname(__file__), "alvh.json"), encoding="utf-8") as _file:
    _TABLE = json.load(_file)
_FUNCTIONS: dict[str, Any] = _TABLE["functions"]
_CLIENT = Client(_TABLE["command"], lambda code: _ERRORS.get(code, _ERRORS["#VALUE!"]))


def _plain(name: str) -> Callable[..., Any]:
    """A method whose arguments are values alone."""
    ask = _CLIENT.ask

    def method(self: Any, *args: Any) -> Any:
        try:
            return _result(ask([name, args, False]))
        except Exception:
            return ((_ERRORS["#N/A"],),)

    return method


def _with_document(name: str, is_reference: list[bool]) -> Callable[..., Any]:
    """A method that needs the calling document, which comes last."""

    def method(self: Any, *args: Any) -> Any:
        try:
            *values, document = args
            given = [_look_into(a, document) if is_reference[i] else a for i, a in enumerate(values)]
            return _result(_CLIENT.ask([name, given, document.NullDate.Year == 1904]))
        except Exception:
            return ((_ERRORS["#N/A"],),)

    return method


def _result(answer: Any) -> Any:
    return tuple(map(tuple, answer)) if type(answer) is list else ((answer,),)


def _look_into(cells: Any, document: Any) -> Any:
    """The formula of a cell and the value of each reference in it; None for more than one cell."""
    place = cells.getRangeAddress()
    if (place.StartColumn, place.StartRow) != (place.EndColumn, place.EndRow):
        return None
    sheet = document.Sheets.getByIndex(place.Sheet)
    formula = _in_excel_words(sheet.getCellByPosition(place.StartColumn, place.StartRow), document)
    references = _CLIENT.ask([formula]) if formula else []
    return {"formula": formula, "values": [[text, _resolve(text, sheet, document)] for text in references]}


def _in_excel_words(cell: Any, document: Any) -> str:
    """The formula text of a cell as an Excel file holds it; empty where there is none."""
    text = cell.getFormula()
    if text.startswith("{"):
        cell = cell.Spreadsheet.createCursorByRange(cell)
        cell.collapseToCurrentArray()
        tokens = cell.getArrayTokens()
    elif text.startswith("="):
        tokens = cell.getTokens()
    else:
        return ""
    parser = document.createInstance("com.sun.star.sheet.FormulaParser")
    parser.CompileEnglish = True
    parser.FormulaConvention = _OOXML
    place = cell.getRangeAddress()
    return "=" + parser.printFormula(tokens, CellAddress(place.Sheet, place.StartColumn, place.StartRow))


def _resolve(reference: str, sheet: Any, document: Any) -> Any:
    """What a reference or a name stands for: a value or rows of values, ``#NAME?`` where nothing is found."""
    for names in (sheet.NamedRanges, document.NamedRanges):
        if names.hasByName(reference):
            cells = names.getByName(reference).getReferredCells()
            return _constant(names.getByName(reference).getContent()) if cells is None else _values(cells)
    name, _, area = reference.rpartition("!")
    if name:
        sheet = document.Sheets.getByName(name.strip("'").replace("''", "'"))
    try:
        return _values(sheet.getCellRangeByName(area))
    except RuntimeException:
        return {"error": "#NAME?"}


def _constant(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text[1:-1] if text.startswith('"') else {"error": "#NAME?"}


def _values(cells: Any) -> Any:
    rows = [
        [_value(cells, row, column, value) for column, value in enumerate(line)]
        for row, line in enumerate(cells.getDataArray())
    ]
    return rows[0][0] if len(rows) == len(rows[0]) == 1 else rows


def _value(cells: Any, row: int, column: int, value: Any) -> Any:
    if value is None:
        code = cells.getCellByPosition(column, row).getError()
        return {"error": _CODES.get(code, "#VALUE!")}
    if value == "" and cells.getCellByPosition(column, row).getType() == _EMPTY:
        return None
    return value


class _AddIn:
    """What Calc asks of every add-in: names, help, the service."""

    def __init__(self, context: Any) -> None:
        self._locale = Locale("en", "US", "")

    def getProgrammaticFuntionName(self, display: str) -> str:
        return display if display in _FUNCTIONS else ""

    def getDisplayFunctionName(self, name: str) -> str:
        return name if name in _FUNCTIONS else ""

    def getFunctionDescription(self, name: str) -> str:
        entry = _FUNCTIONS.get(name)
        return f"{entry['category']}: {entry['help']}" if entry else ""

    def getDisplayArgumentName(self, name: str, position: int) -> str:
        return self._argument(name, position)["name"]

    def getArgumentDescription(self, name: str, position: int) -> str:
        return self._argument(name, position)["help"]

    def getProgrammaticCategoryName(self, name: str) -> str:
        return "Add-In"

    def getDisplayCategoryName(self, name: str) -> str:
        return "Add-In"

    def getCompatibilityNames(self, name: str) -> tuple[Any, ...]:
        return (LocalizedName(Locale("en", "US", ""), name),)

    def getLocale(self) -> Any:
        return self._locale

    def setLocale(self, locale: Any) -> None:
        self._locale = locale

    def getServiceName(self) -> str:
        return _TABLE["service"]

    def getImplementationName(self) -> str:
        return _IMPLEMENTATION

    def supportsService(self, name: str) -> bool:
        return name in _SERVICES

    def getSupportedServiceNames(self) -> tuple[str, ...]:
        return _SERVICES

    @staticmethod
    def _argument(name: str, position: int) -> dict[str, str]:
        arguments = _FUNCTIONS[name]["arguments"] if name in _FUNCTIONS else []
        return arguments[position] if position < len(arguments) else {"name": "", "help": ""}


def _method(name: str, entry: Any) -> Callable[..., Any]:
    if entry["document"]:
        return _with_document(name, [a["reference"] for a in entry["arguments"]])
    return _plain(name)


_IMPLEMENTATION = _TABLE["service"] + ".Python"
_SERVICES = ("com.sun.star.sheet.AddIn", _TABLE["service"])


@functools.lru_cache(maxsize=None)  # noqa: UP033 (LibreOffice 7.4 has a Python 3.8 on Windows)
def _add_in_class() -> Any:
    # The interface's definition comes with this package, so it is unknown while the package is being registered.
    bases = (
        unohelper.Base,
        _AddIn,
        uno.getClass(_TABLE["interface"]),
        XAddIn,
        XCompatibilityNames,
        XLocalizable,
        XServiceName,
        XServiceInfo,
    )
    return type("Alvh", bases, {name: _method(name, entry) for name, entry in _FUNCTIONS.items()})


def _create(context: Any, *args: Any) -> Any:
    return _add_in_class()(context)


g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 (the loader looks for this name)
g_ImplementationHelper.addImplementation(_create, _IMPLEMENTATION, _SERVICES)
