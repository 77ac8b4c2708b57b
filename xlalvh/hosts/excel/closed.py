"""The refreshed areas written into a closed Excel file: one sheet's part changes, every other keeps its bytes.

What depends on the quotes was computed from the old ones, here and on other sheets. So the sheet asks for a full
calculation on load (``sheetCalcPr``, which stands in its own part), its own results are taken out, and its banner says
so until that calculation; the other sheets' banners still name the time of the quotes that their numbers come from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree
from openpyxl.utils import get_column_letter, range_boundaries

from xlalvh.hosts.block import COUNT, Area, Cell
from xlalvh.hosts.excel.opc import Package, PackageError

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # what XML cannot hold
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # Excel reads _x0041_ as an A
BANNER = "refresh_banner"
_WAITS = " - not yet calculated with these quotes: the other sheets show those before"


class _Place(NamedTuple):
    """A rectangle of cells, from 1, ends included."""

    sheet: str
    left: int
    top: int
    right: int
    bottom: int


class ClosedBook:
    """A closed .xlsx or .xlsm file with areas to refresh.

    Parameters
    ----------
    path : Path

    Raises
    ------
    PackageError
        Where it is no readable Excel file.
    """

    def __init__(self, path: Path) -> None:
        self.package = Package(path)
        self._book = next((r.target for r in self.package.relationships() if r.kind == "officeDocument"), "")
        root = _parse(self.package, self._book)
        settings = root.find(f"{_MAIN}workbookPr")
        self.date_1904 = settings is not None and settings.get("date1904", "0") in ("1", "true")
        self._sheets = {s.get("name"): s.get(_ID) for s in root.iter(f"{_MAIN}sheet")}
        self._names = {
            d.get("name"): d.text or "" for d in root.iter(f"{_MAIN}definedName") if d.get("localSheetId") is None
        }

    def write(self, areas: Mapping[str, Area]) -> None:
        """Put the areas in and count the refresh; `package.save` then writes the file.

        Raises
        ------
        PackageError
            Where the book lacks one of the areas, has one of another size or with a formula in it; nothing is changed.
        """
        places = {name: self._place(name) for name in (*areas, COUNT, BANNER)}
        sheets = {place.sheet for place in places.values()}
        if len(sheets) != 1:
            raise PackageError(f"{self.package.path} has the refreshed cells on several sheets: {_UPGRADE}")
        part = self._part(sheets.pop())
        sheet = _Sheet(_parse(self.package, part), self.package.path)
        for name, rows in areas.items():
            place = places[name]
            if (place.bottom - place.top + 1, place.right - place.left + 1) != (len(rows), len(rows[0])):
                raise PackageError(f"{self.package.path}: the area {name} has another size here: {_UPGRADE}")
            for i, row in enumerate(rows):
                for j, value in enumerate(row):
                    sheet.put(place.top + i, place.left + j, value)
        count = places[COUNT]
        sheet.put(count.top, count.left, sheet.number(count.top, count.left) + 1.0)
        banner = places[BANNER]
        sheet.forget_results(
            get_column_letter(banner.left) + str(banner.top), f"{areas['market_banner'][0][0]}{_WAITS}"
        )
        self.package.write(part, sheet.text())

    def _place(self, name: str) -> _Place:
        title, _, area = self._names.get(name, "").rpartition("!")
        if not title:
            raise PackageError(f"{self.package.path} has no area {name}: {_UPGRADE}")
        try:
            return _Place(title.strip("'").replace("''", "'"), *range_boundaries(area))
        except (TypeError, ValueError):
            raise PackageError(f"{self.package.path}: the name {name} stands for no cells: {_UPGRADE}") from None

    def _part(self, title: str) -> str:
        wanted = self._sheets.get(title)
        for relationship in self.package.relationships(self._book):
            if relationship.id == wanted and relationship.kind == "worksheet":
                return relationship.target
        raise PackageError(f"{self.package.path} has no sheet {title}: {_UPGRADE}")


_UPGRADE = "bring it up with xlalvh upgrade, then refresh it"


class _Sheet:
    """A sheet's part; cells are named by row and column from 1."""

    def __init__(self, root: Any, path: Path) -> None:
        self._root, self._path = root, path
        self._data = root.find(f"{_MAIN}sheetData")
        if self._data is None:
            raise PackageError(f"{path} is damaged: the Market sheet has no cells; take a copy that opens")
        self._rows = {int(row.get("r")): row for row in self._data}
        self._cells = {n: {c.get("r"): c for c in row} for n, row in self._rows.items()}
        self._widths = [
            (int(col.get("min")), int(col.get("max")), col.get("style")) for col in root.iter(f"{_MAIN}col")
        ]
        self._grown: set[int] = set()

    def number(self, row: int, col: int) -> float:
        """The number that stands in a cell; 0 for anything else."""
        cell = self._cells.get(row, {}).get(_address(row, col))
        value = cell.find(f"{_MAIN}v") if cell is not None and cell.get("t", "n") == "n" else None
        return float(value.text) if value is not None and value.text else 0.0

    def put(self, row: int, col: int, value: Cell) -> None:
        """A value in place of the one that is there; the format stays. A text is never read as a formula."""
        address = _address(row, col)
        cell = self._cells.get(row, {}).get(address)
        if cell is None:
            if value is None:
                return
            cell = self._new(row, col, address)
        if cell.find(f"{_MAIN}f") is not None:
            raise PackageError(f"{self._path}: {address} on Market holds a formula where a quote is to stand: clear it")
        for child in list(cell):
            cell.remove(child)
        cell.attrib.pop("t", None)
        if isinstance(value, bool):
            cell.set("t", "b")
            etree.SubElement(cell, f"{_MAIN}v").text = str(int(value))
        elif isinstance(value, str):
            cell.set("t", "inlineStr")
            text = etree.SubElement(etree.SubElement(cell, f"{_MAIN}is"), f"{_MAIN}t")
            text.set(_SPACE, "preserve")
            text.text = _ESCAPE.sub("_x005F_", _NOT_TEXT.sub(" ", value))
        elif value is not None:
            etree.SubElement(cell, f"{_MAIN}v").text = repr(value)

    def forget_results(self, banner: str, line: str) -> None:
        """Take out what formulas gave, put `line` where they show the banner, and have all calculated on load."""
        for cells in self._cells.values():
            for address, cell in cells.items():
                formula = cell.find(f"{_MAIN}f")
                if formula is None:
                    continue
                for value in cell.findall(f"{_MAIN}v"):
                    cell.remove(value)
                cell.attrib.pop("t", None)
                if address == banner or formula.text == BANNER:
                    cell.set("t", "str")
                    etree.SubElement(cell, f"{_MAIN}v").text = _NOT_TEXT.sub(" ", line)
        calculation = self._root.find(f"{_MAIN}sheetCalcPr")
        if calculation is None:
            calculation = etree.Element(f"{_MAIN}sheetCalcPr")
            self._data.addnext(calculation)
        calculation.set("fullCalcOnLoad", "1")

    def text(self) -> bytes:
        """The part, rows and cells in their order."""
        for n in self._grown:
            row = self._rows[n]
            row[:] = sorted(row, key=lambda cell: range_boundaries(cell.get("r"))[0])
            row.attrib.pop("spans", None)
        self._data[:] = [self._rows[n] for n in sorted(self._rows)]
        dimension = self._root.find(f"{_MAIN}dimension")
        if dimension is not None and self._grown:
            left, top, right, bottom = range_boundaries(dimension.get("ref"))
            columns = [range_boundaries(row[-1].get("r"))[0] for n in self._grown for row in [self._rows[n]]]
            corner = _address(max(bottom, *self._grown, 1), max(right, *columns, 1))
            dimension.set("ref", f"{_address(top, left)}:{corner}")
        return etree.tostring(self._root, xml_declaration=True, encoding="UTF-8", standalone=True)

    def _new(self, row: int, col: int, address: str) -> Any:
        line = self._rows.get(row)
        if line is None:
            line = self._rows[row] = etree.Element(f"{_MAIN}row", {"r": str(row)})
            self._data.append(line)
            self._cells[row] = {}
        cell = self._cells[row][address] = etree.SubElement(line, f"{_MAIN}c", {"r": address})
        style = line.get("s") if line.get("customFormat") in ("1", "true") else None
        style = style or next((s for first, last, s in self._widths if first <= col <= last), None)
        if style is not None:
            cell.set("s", style)
        self._grown.add(row)
        return cell


def _address(row: int, col: int) -> str:
    return f"{get_column_letter(col)}{row}"


def _parse(package: Package, part: str) -> Any:
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        return etree.fromstring(package.read(part), parser)
    except etree.XMLSyntaxError as error:
        raise PackageError(f"{package.path} is damaged in {part} ({error}); take a copy that opens") from error
