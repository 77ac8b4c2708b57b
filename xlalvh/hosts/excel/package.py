"""The add-in file, and what makes a workbook whole that uses our functions: project, wizard help, link to the add-in.

Equal catalogues give equal bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import os
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

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
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_DEFINED_NAMES = "{8193D73E-4604-4355-AFF4-8A2333D13BE4}"
_WORKBOOK, _TYPES = "xl/workbook.xml", "[Content_Types].xml"
_RELATIONS, _WORKBOOK_RELATIONS = "_rels/.rels", "xl/_rels/workbook.xml.rels"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RIBBON = "customUI/customUI14.xml"
_RIBBON_TYPE = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
_LINK = "xl/externalLinks/externalLink1.xml"
_LINK_RELATIONS = "xl/externalLinks/_rels/externalLink1.xml.rels"
_LINK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"
_IN_XLSTART = "http://schemas.microsoft.com/office/2006/relationships/xlExternalLinkPath/xlStartup"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


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
    _rewrite(path, {_RELATIONS: _with_ribbon}, {_RIBBON: _ribbon()})


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
    _rewrite(path, {_WORKBOOK: add_help, _TYPES: _as_addin})


def complete(path: Path) -> None:
    """Give the function wizard its help in a workbook that XlsxWriter wrote with our project."""
    _rewrite(path, {_WORKBOOK: add_help})


def linked(name: str) -> str:
    """How Excel itself writes a function of an add-in in a file: that of the first external link."""
    return f"[1]!{name}"


def link(path: Path) -> None:
    """Give a workbook whose formulas are spelled by `linked` its link to the add-in in Excel's start folder."""
    names = "".join(f"<definedName name={quoteattr(name)}/>" for name in catalogue)
    book = (
        f'{_HEAD}<externalLink xmlns="{_MAIN}"><externalBook xmlns:r="{_OFFICE}" r:id="rId1">'
        f"<definedNames>{names}</definedNames></externalBook></externalLink>"
    )
    relations = (
        f'{_HEAD}<Relationships xmlns="{_RELATIONSHIPS}">'
        f'<Relationship Id="rId1" Type="{_IN_XLSTART}" Target="{ADDIN}" TargetMode="External"/></Relationships>'
    )
    reference = '<externalReferences><externalReference r:id="rIdAddIn"/></externalReferences>'
    relation = f'<Relationship Id="rIdAddIn" Type="{_OFFICE}/externalLink" Target="{_LINK.removeprefix("xl/")}"/>'
    kind = f'<Override PartName="/{_LINK}" ContentType="{_LINK_TYPE}"/>'
    _rewrite(
        path,
        {
            _WORKBOOK: lambda text: _after(text, "</sheets>", reference),
            _WORKBOOK_RELATIONS: lambda text: _after(text, "</Relationships>", relation, before=True),
            _TYPES: lambda text: _after(text, "</Types>", kind, before=True),
        },
        {_LINK: book, _LINK_RELATIONS: relations},
    )


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


def _ribbon() -> str:
    return resources.files("xlalvh.hosts.excel").joinpath("ribbon.xml").read_text("utf-8")


def _with_ribbon(relations: str) -> str:
    relation = f'<Relationship Id="rIdRibbon" Type="{_RIBBON_TYPE}" Target="{_RIBBON}"/>'
    return _after(relations, "</Relationships>", relation, before=True)


def _after(text: str, mark: str, addition: str, *, before: bool = False) -> str:
    if text.count(mark) != 1:
        raise ValueError(f"a part has {text.count(mark)} times {mark}; one was expected")
    return text.replace(mark, addition + mark if before else mark + addition)


def _rewrite(path: Path, changes: dict[str, Callable[[str], str]], added: dict[str, str] | None = None) -> None:
    """The file with some parts changed and some added, the others and all dates as they are."""
    draft = path.with_name(path.name + ".part")
    with ZipFile(path) as old, ZipFile(draft, "w", ZIP_DEFLATED) as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename in changes:
                data = changes[item.filename](data.decode("utf-8")).encode("utf-8")
            new.writestr(item, data, ZIP_DEFLATED)
        for name, text in (added or {}).items():
            new.writestr(ZipInfo(name), text, ZIP_DEFLATED)
    os.replace(draft, path)
