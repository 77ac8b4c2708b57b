"""The add-in file, and what makes a workbook with macros whole: the project and the help of the function wizard.

Equal catalogues give equal bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import os
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter

import xlalvh
from xlalvh.formulas import catalogue
from xlalvh.hosts.declared import argument_help
from xlalvh.hosts.excel import wrappers
from xlalvh.hosts.excel.vba_project import vba_project
from xlalvh.hosts.excel.windows import ADDIN as ADDIN

PROJECT = "xlalvh"
_CREATED = dt.datetime(2026, 1, 1)
_ADDIN_TYPE = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
_BOOK_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_OWN_GROUPS = 19  # categories of functions that Excel has by itself, one of them hidden
_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_DEFINED_NAMES = "{8193D73E-4604-4355-AFF4-8A2333D13BE4}"
_WORKBOOK, _TYPES = "xl/workbook.xml", "[Content_Types].xml"


def project(sheets: tuple[str, ...], *, addin: bool = False) -> bytes:
    """The ``vbaProject.bin`` of a file whose sheets have these code names."""
    return vba_project(PROJECT, wrappers.modules(sheets, addin=addin))


def build_addin(path: Path) -> None:
    """Write the add-in: functions for every book, no visible sheet.

    Parameters
    ----------
    path : Path
        A file that ends in ``.xlam``, replaced.
    """
    book = xlsxwriter.Workbook(str(path), {"calc_on_load": False})
    book.set_properties({"title": f"xlalvh {xlalvh.__version__}", "created": _CREATED})
    book.set_calc_mode("auto", 191029)
    book.calc_on_load = False
    sheet = book.add_worksheet("xlalvh")
    sheet.write_string("A1", f"xlalvh {xlalvh.__version__}: SPX iron condors hedged with a ladder of VIX calls")
    book.add_vba_project(io.BytesIO(project(("Sheet1",), addin=True)), True)
    book.set_vba_name("ThisWorkbook")
    sheet.set_vba_name("Sheet1")
    book.close()
    _rewrite(path, {_WORKBOOK: add_help, _TYPES: _as_addin})


def complete(path: Path) -> None:
    """Give the function wizard its help in a workbook that XlsxWriter wrote with our project."""
    _rewrite(path, {_WORKBOOK: add_help})


def add_help(workbook: str) -> str:
    """``workbook.xml`` with the categories of the functions and a description of every argument."""
    names = "".join(f"<functionGroup name={quoteattr(name)}/>" for name in wrappers.groups())
    groups = f'<functionGroups builtInGroupCount="{_OWN_GROUPS}">{names}</functionGroups>'
    described = "".join(
        f"<x14:definedName name={quoteattr(entry.name)}><x14:argumentDescriptions count={quoteattr(str(len(texts)))}>"
        + "".join(
            f'<x14:argumentDescription index="{i}">{escape(text)}</x14:argumentDescription>'
            for i, text in enumerate(texts)
        )
        + "</x14:argumentDescriptions></x14:definedName>"
        for entry in catalogue.values()
        if (texts := [argument_help(a) for a in entry.arguments])
    )
    extension = (
        f'<extLst><ext uri="{_DEFINED_NAMES}" xmlns:x14="{_X14}">'
        f"<x14:definedNames>{described}</x14:definedNames></ext></extLst>"
    )
    return _after(_after(workbook, "</sheets>", groups), "</workbook>", extension, before=True)


def _as_addin(types: str) -> str:
    if _BOOK_TYPE not in types:
        raise ValueError(f"the content types lack {_BOOK_TYPE}")
    return types.replace(_BOOK_TYPE, _ADDIN_TYPE)


def _after(text: str, mark: str, addition: str, *, before: bool = False) -> str:
    if text.count(mark) != 1:
        raise ValueError(f"workbook.xml has {text.count(mark)} times {mark}; one was expected")
    return text.replace(mark, addition + mark if before else mark + addition)


def _rewrite(path: Path, changes: dict[str, Callable[[str], str]]) -> None:
    """The file with some parts changed, the others and all dates as they are."""
    draft = path.with_name(path.name + ".part")
    with ZipFile(path) as old, ZipFile(draft, "w", ZIP_DEFLATED) as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename in changes:
                data = changes[item.filename](data.decode("utf-8")).encode("utf-8")
            new.writestr(item, data, ZIP_DEFLATED)
    os.replace(draft, path)
