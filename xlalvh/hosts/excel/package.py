"""The add-in file, and what makes a workbook whole that uses our functions: project, wizard help, link to the add-in.

Equal catalogues give equal bytes.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter

import xlalvh
from xlalvh.formulas import catalogue
from xlalvh.hosts.declared import argument_help
from xlalvh.hosts.excel import wrappers
from xlalvh.hosts.excel.opc import Package, Relationship
from xlalvh.hosts.excel.vba_project import vba_project
from xlalvh.hosts.excel.windows import ADDIN as ADDIN

PROJECT = "xlalvh"
_CREATED = dt.datetime(2026, 1, 1)
_ADDIN_TYPE = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
_OWN_GROUPS = 19  # categories of functions that Excel has by itself, one of them hidden
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_DEFINED_NAMES = "{8193D73E-4604-4355-AFF4-8A2333D13BE4}"
_WORKBOOK = "xl/workbook.xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RIBBON = "customUI/customUI14.xml"
_RIBBON_TYPE = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
_LINK = "xl/externalLinks/externalLink1.xml"
_LINK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"
_IN_XLSTART = "http://schemas.microsoft.com/office/2006/relationships/xlExternalLinkPath/xlStartup"


def project(sheets: tuple[str, ...], *, addin: bool = False) -> bytes:
    """The ``vbaProject.bin`` of a file whose sheets have these code names."""
    return vba_project(PROJECT, wrappers.modules(sheets, addin=addin))


def build_addin(path: Path) -> None:
    """Write the add-in: functions for every book, the tab of the ribbon, no visible sheet.

    Parameters
    ----------
    path : Path
        A file that ends in ``.xlam``, replaced.
    """
    rows = [(f"xlalvh {xlalvh.__version__}: SPX iron condors hedged with a ladder of VIX calls",)]
    write_addin(path, project(("Sheet1",), addin=True), "xlalvh", rows)
    addin = Package(path)
    addin.write(_RIBBON, _ribbon())
    addin.set_relationships("", (*addin.relationships(), Relationship("rIdRibbon", _RIBBON_TYPE, _RIBBON)))
    addin.save(path)


def write_addin(path: Path, project: bytes, sheet: str, rows: Sequence[Sequence[str]]) -> None:
    """Write an add-in with wizard help for our functions: a VBA project and one sheet, whose code name is Sheet1."""
    book = xlsxwriter.Workbook(str(path), {"calc_on_load": False})
    book.set_properties({"title": f"xlalvh {xlalvh.__version__}", "created": _CREATED})
    book.set_calc_mode("auto", 191029)
    book.calc_on_load = False
    worksheet = book.add_worksheet(sheet)
    for i, row in enumerate(rows):
        worksheet.write_row(i, 0, row)
    book.add_vba_project(io.BytesIO(project), True)
    book.set_vba_name("ThisWorkbook")
    worksheet.set_vba_name("Sheet1")
    book.close()
    _add_help(path, _ADDIN_TYPE)


def complete(path: Path) -> None:
    """Give the function wizard its help in a workbook that XlsxWriter wrote with our project."""
    _add_help(path)


def linked(name: str) -> str:
    """How Excel itself writes a function of an add-in in a file: that of the first external link."""
    return f"[1]!{name}"


def link(path: Path) -> None:
    """Give a workbook whose formulas are spelled by `linked` its link to the add-in in Excel's start folder."""
    book = Package(path)
    names = "".join(f"<definedName name={quoteattr(name)}/>" for name in catalogue)
    link = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<externalLink xmlns="{_MAIN}"><externalBook xmlns:r="{_OFFICE}" r:id="rId1">'
        f"<definedNames>{names}</definedNames></externalBook></externalLink>"
    )
    book.write(_LINK, link.encode(), _LINK_TYPE)
    book.set_relationships(_LINK, (Relationship("rId1", _IN_XLSTART, ADDIN, external=True),))
    ways = (*book.relationships(_WORKBOOK), Relationship("rIdAddIn", f"{_OFFICE}/externalLink", _LINK))
    book.set_relationships(_WORKBOOK, ways)
    reference = '<externalReferences><externalReference r:id="rIdAddIn"/></externalReferences>'
    book.write(_WORKBOOK, _after(book.read(_WORKBOOK).decode(), "</sheets>", reference).encode())
    book.save(path)


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


def _add_help(path: Path, content_type: str = "") -> None:
    book = Package(path)
    book.write(_WORKBOOK, add_help(book.read(_WORKBOOK).decode()).encode(), content_type)
    book.save(path)


def _ribbon() -> bytes:
    return resources.files("xlalvh.hosts.excel").joinpath("ribbon.xml").read_bytes()


def _after(text: str, mark: str, addition: str, *, before: bool = False) -> str:
    if text.count(mark) != 1:
        raise ValueError(f"a part has {text.count(mark)} times {mark}; one was expected")
    return text.replace(mark, addition + mark if before else mark + addition)
