"""A user's Excel file, read and never written: where it lies, how its formulas name our functions, what they show."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import NamedTuple
from urllib.parse import unquote
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from openpyxl.utils import range_boundaries

from workbook.template import PROPERTY
from xlalvh import __version__
from xlalvh.doctor.check import Checks, Finding, fault, not_applicable, ok, warning
from xlalvh.doctor.windows import is_onedrive
from xlalvh.formulas import catalogue
from xlalvh.hosts.excel.windows import ADDIN, zone_of

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What stands before a name: [1]! a linked file, _xludf. a name that Excel did not know, ORG.XLALVH.ALVH. Calc's.
_CALL = re.compile(r"(?<![\w.])(?:\[(?P<link>\d+)\]!|(?P<prefix>(?:\w+\.)+))?(?P<name>ALVH_\w+)\s*\(", re.IGNORECASE)
_TEXT = re.compile(r'"[^"]*"')
_SHOWN = 3  # cells named in a message
_BIND = "open it with the add-in and choose Bind formulas on the tab ALVH"


class Cell(NamedTuple):
    """A cell with a formula."""

    sheet: str
    place: str
    formula: str
    shows: str
    in_table: bool


class Call(NamedTuple):
    """One of our functions in a formula."""

    cell: Cell
    name: str
    prefix: str
    target: str  # of the link, where there is one


class BookError(ValueError):
    """A file that cannot be read; the message says what to do."""


@dataclass(frozen=True)
class Book:
    """What the checks look at."""

    cells: tuple[Cell, ...]
    links: tuple[str, ...]  # targets of external links, in the order of their numbers
    stamp: str
    manual: bool
    macros: bool

    def calls(self) -> Iterator[Call]:
        """Every use of our functions."""
        for cell in self.cells:
            for found in _CALL.finditer(_TEXT.sub('""', cell.formula)):
                number = int(found["link"] or 0)
                target = self.links[number - 1] if 0 < number <= len(self.links) else ""
                yield Call(cell, found["name"].upper(), found["prefix"] or "", target if number else "")


def checks(path: Path) -> Checks:
    """Every link of one book.

    Parameters
    ----------
    path : Path
        An ``.xlsx``, ``.xlsm`` or ``.xlam`` file.
    """
    label = path.name
    if path.suffix.lower() == ".ods":
        return {label: lambda: not_applicable("a book of Calc; only Excel's are looked into")}
    try:
        book = read(path)
    except BookError as error:
        reason = str(error)
        return {label: lambda: fault(reason, "give a whole .xlsx or .xlsm file without a password")}
    return {
        f"{label}: mark of the web": lambda: mark(path),
        f"{label}: place": lambda: place(path),
        f"{label}: template": lambda: template(book),
        f"{label}: names of functions": lambda: names(book),
        f"{label}: copied sheets": lambda: copied(book),
        f"{label}: other links": lambda: links(book),
        f"{label}: tables": lambda: tables(book),
        f"{label}: unknown names": lambda: shown(book),
        f"{label}: calculation": lambda: calculation(book),
    }


def read(path: Path) -> Book:
    """Read a book.

    Raises
    ------
    BookError
        Where it is missing, encrypted, damaged or no Excel file.
    """
    try:
        with path.open("rb") as file:
            if file.read(8) == _COMPOUND:
                raise BookError("it is encrypted, or of Excel 97-2003")
        with ZipFile(path) as archive:
            return _read(archive)
    except OSError as error:
        raise BookError(f"it cannot be read ({error.strerror or error})") from None
    except (BadZipFile, KeyError, ElementTree.ParseError, RuntimeError, EOFError) as error:
        raise BookError(f"it is no Excel file, or damaged ({error})") from None


def mark(path: Path) -> Finding:
    """Excel opens a file from the internet in Protected View and blocks its macros."""
    if zone_of(path):
        return fault("marked as from the internet, so formulas and macros do not run",
                     "close it; right-click the file, Properties, Unblock")  # fmt: skip
    return ok("none")


def place(path: Path) -> Finding:
    """OneDrive."""
    if is_onedrive(path.absolute()):
        return warning("in OneDrive, where Excel names books by web addresses and AutoSave saves as you type",
                       "keep the books that you trade from in a folder outside OneDrive")  # fmt: skip
    return ok("not in OneDrive")


def template(book: Book) -> Finding:
    """The version of the template that a book was made from."""
    if not book.stamp:
        return not_applicable("no template of xlalvh, or one from before templates had a version")
    version = book.stamp.partition(" ")[0]
    if version != __version__:
        return warning(f"made from the template of version {version}; this is {__version__}",
                       "bring it up to date; what you typed stays: xlalvh upgrade BOOK")  # fmt: skip
    return ok(f"version {version}")


def names(book: Book) -> Finding:
    """Names that no program resolves, and functions that this version lacks."""
    calls = list(book.calls())
    if not calls:
        return not_applicable("no formula uses xlalvh")
    wrong: dict[str, list[Cell]] = defaultdict(list)
    for call in calls:
        if call.prefix:
            wrong[f"{call.prefix}{call.name}"].append(call.cell)
        elif call.name not in catalogue:
            wrong[f"{call.name}, which this version does not have,"].append(call.cell)
    if wrong:
        texts = [f"{name} in {_listed(cells)}" for name, cells in wrong.items()]
        remedy = f"{_BIND}; a book that Calc saved as .xlsx is better made anew"
        return fault("; ".join(texts[:_SHOWN]) + (f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""),
                     remedy)  # fmt: skip
    linked = sum(bool(call.target) for call in calls)
    own = "the book's own functions" if book.macros else "the add-in's, by plain names"
    return ok(f"{len(calls) - linked} calls of {own}, {linked} through links")


def copied(book: Book) -> Finding:
    """A sheet copied to another book goes on calling the functions of the book it came from."""
    calls = [call for call in book.calls() if call.target and not _is_addin(call.target)]
    if calls:
        files = ", ".join(sorted({_file(call.target) for call in calls}))
        return fault(f"formulas call the functions of {files}: {_listed([call.cell for call in calls])}",
                     f"with the add-in installed: {_BIND}; or Data, Edit Links, Change Source to {ADDIN}")  # fmt: skip
    return ok("no formula calls another book's functions")


def links(book: Book) -> Finding:
    """Links to other files, whose values may be old."""
    others = sorted({_file(target) for target in book.links if not _is_addin(target)})
    if others:
        return warning(
            f"links to {', '.join(others)}", "Data, Edit Links shows their state; break what you do not need"
        )
    return ok("none")


def tables(book: Book) -> Finding:
    """Excel lets no formula spill inside a table."""
    hit = [
        call.cell
        for call in book.calls()
        if call.cell.in_table and (entry := catalogue.get(call.name)) is not None and entry.spills
    ]
    if hit:
        return fault(f"formulas that give several cells stand inside a table: {_listed(hit)}",
                     "move them beside the table, or Table Design, Convert to Range")  # fmt: skip
    return ok("no formula spills inside one")


def shown(book: Book) -> Finding:
    """Cells of ours that show that Excel did not know the name."""
    hit = [call.cell for call in book.calls() if call.cell.shows == "#NAME?"]
    if hit:
        return fault(f"#NAME? in {_listed(hit)}", f"see whether the add-in is loaded; then {_BIND}")
    return ok("no cell shows #NAME?")


def calculation(book: Book) -> Finding:
    """Manual calculation shows old figures."""
    if book.manual:
        return warning("manual: figures are those of the last F9", "Formulas, Calculation Options, Automatic")
    return ok("automatic")


def _read(archive: ZipFile) -> Book:
    parts = set(archive.namelist())
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    related = _related(archive, "xl/workbook.xml")
    cells: list[Cell] = []
    for sheet in workbook.iter(f"{_MAIN}sheet"):
        part = related[sheet.attrib[_RELATION]]
        if part in parts and "/worksheets/" in part:
            cells += _cells(archive, part, sheet.attrib["name"])
    links = []
    for link in workbook.iter(f"{_MAIN}externalReference"):
        part = related[link.attrib[_RELATION]]
        links.append(next(iter(_related(archive, part).values()), ""))
    stamp = ""
    if "docProps/custom.xml" in parts:
        for item in ElementTree.fromstring(archive.read("docProps/custom.xml")):
            if item.get("name") == PROPERTY:
                stamp = "".join(item.itertext())
    calculation = workbook.find(f"{_MAIN}calcPr")
    manual = calculation is not None and calculation.get("calcMode") == "manual"
    return Book(tuple(cells), tuple(links), stamp, manual, "xl/vbaProject.bin" in parts)


def _cells(archive: ZipFile, part: str, sheet: str) -> Iterator[Cell]:
    areas = [
        range_boundaries(ElementTree.fromstring(archive.read(target)).attrib["ref"])
        for target in _related(archive, part).values()
        if "/tables/" in target
    ]
    with archive.open(part) as stream:
        for _, cell in ElementTree.iterparse(stream):
            if cell.tag != f"{_MAIN}c":
                continue
            formula = cell.find(f"{_MAIN}f")
            if formula is not None and formula.text:
                place = cell.attrib["r"]
                left, top, _, _ = range_boundaries(place)
                inside = any(x0 <= left <= x1 and y0 <= top <= y1 for x0, y0, x1, y1 in areas)
                shows = cell.findtext(f"{_MAIN}v", "")
                yield Cell(sheet, place, formula.text, shows, inside)
            cell.clear()


def _related(archive: ZipFile, part: str) -> dict[str, str]:
    """Targets of a part's relationships by id: names of parts, or what the file says of something outside."""
    folder, name = posixpath.split(part)
    try:
        root = ElementTree.fromstring(archive.read(f"{folder}/_rels/{name}.rels"))
    except KeyError:
        return {}
    return {
        item.attrib["Id"]: item.attrib["Target"]
        if item.get("TargetMode") == "External"
        else posixpath.normpath(posixpath.join(folder, item.attrib["Target"])).lstrip("/")
        for item in root
    }


def _file(target: str) -> str:
    return PureWindowsPath(unquote(target)).name


def _is_addin(target: str) -> bool:
    return _file(target).lower() == ADDIN


def _listed(cells: list[Cell]) -> str:
    names = list(dict.fromkeys(f"{cell.sheet}!{cell.place}" for cell in cells))
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
