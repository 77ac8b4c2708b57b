"""What a trader's own formulas read of our sheets, and where it stands in another version of the template.

A cell is found again by the name that it has or lies in, else by the texts beside and above it. What cannot be found
again for certain is a problem to report: a formula must never read another figure than it did.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.sax.saxutils import escape, unescape

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter, quote_sheetname

from workbook.contents import Area, Contents, address, area

_FORMULA = re.compile(
    r"(?P<start><(?:\w+:)?(?P<tag>f|formula|formula1|formula2|calculatedColumnFormula|totalsRowFormula)\b(?P<more>[^>]*)>)"
    r"(?P<text>[^<]+)(?=</)"
)
_CELL = re.compile(r'<(?:\w+:)?c\b[^>]*?\br="([A-Z]+\d+)"')
_SOURCE = re.compile(r'<(?:\w+:)?worksheetSource\b[^>]*\bref="(?P<ref>[^"]+)"[^>]*\bsheet="(?P<sheet>[^"]+)"')
_SHARED = re.compile(r'\bref="([^"]+)"')
_ABSOLUTE = re.compile(r"^\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?$")
_MANY = 20_000  # cells of a range that are looked at one by one

# What tells a cell apart: the text to the left and how far it is off, the text above and, where there is none to the
# left, how far that is off; whether it is a formula.
_Sign = tuple[str, int, str, int, bool]


class Place(NamedTuple):
    """Where a formula stands, for the report."""

    sheet: str  # or the part of the file
    cell: str = ""

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet


@dataclass
class Findings:
    """What the formulas of a trader's sheets read."""

    read: set[Area] = field(default_factory=set)  # of our sheets, in the old layout
    moved: list[str] = field(default_factory=list)  # formulas that were changed to read the same figure
    problems: list[str] = field(default_factory=list)  # formulas that would read another figure, or none
    doubts: list[str] = field(default_factory=list)  # formulas whose references only the program can tell


class Atlas:
    """The old and the new layout side by side.

    Parameters
    ----------
    old, new : Contents
        Our sheets, as the book has them and as the builder makes them now.
    """

    def __init__(self, old: Contents, new: Contents) -> None:
        self.old, self.new = old, new
        common = [name for name in old.names if name in new.names and old.names[name].sheet in old.sheets]
        self._areas = sorted(common, key=lambda name: (old.names[name].size, name))
        self._keys = {place: key for key, place in reversed(old.inputs().items())}
        self._new_inputs = new.inputs()
        self._signs: dict[str, dict[_Sign, list[tuple[int, int]]]] = {}

    def find(self, asked: Area) -> Area | None:
        """Where the figures of an area of the old layout stand now; None where that is not certain."""
        for name in self._areas:
            if self.old.names[name] == asked:
                return self.new.names[name]
        if asked.size > _MANY:
            return None
        found = [self._cell(asked.sheet, row, col) for row, col in asked.places()]
        first = found[0]
        if first is None:
            return None
        moved = Area(first.sheet, first.left, first.top, first.left + asked.right - asked.left, 0)
        moved = moved._replace(bottom=first.top + asked.bottom - asked.top)
        places = [(cell.sheet, cell.top, cell.left) if cell is not None else None for cell in found]
        return moved if places == [(moved.sheet, *place) for place in moved.places()] else None

    def name_of(self, asked: Area) -> str:
        """A name that stands for just this area, in both layouts."""
        return next((name for name in self._areas if self.old.names[name] == asked), "")

    def _cell(self, sheet: str, row: int, col: int) -> Area | None:
        key = self._keys.get((sheet, address(row, col)))
        if key is not None:
            return area("{}!{}".format(*self._new_inputs[key])) if key in self._new_inputs else None
        for name in self._areas:
            old, new = self.old.names[name], self.new.names[name]
            if old.sheet == sheet and old.left <= col <= old.right and old.top <= row <= old.bottom:
                return self._within(name, old, new, row, col)
        if sheet not in self.new.sheets:
            return None
        sign = self._sign(self.old, sheet, row, col)
        if self._sign(self.new, sheet, row, col) == sign:
            return _one(sheet, row, col)
        places = self._signed(sheet).get(sign, [])
        return _one(sheet, *places[0]) if len(places) == 1 and (sign[0] or sign[2]) else None

    def _within(self, name: str, old: Area, new: Area, row: int, col: int) -> Area | None:
        """A cell of a named area: the row by what the row is called, the column where its header is the same."""
        label, labels = self.old.labels(name)[row - old.top], self.new.labels(name)
        right = new.left + col - old.left
        if label not in labels or right > new.right:
            return None
        there = _one(new.sheet, new.top + labels.index(label), right)
        if old.left == old.right:
            return there
        mine, theirs = _above(self.old, old.sheet, row, col)[0], _above(self.new, new.sheet, there.top, right)[0]
        return there if mine == theirs else None

    def _signed(self, sheet: str) -> dict[_Sign, list[tuple[int, int]]]:
        """Cells of the new sheet by what tells them apart."""
        if sheet not in self._signs:
            found: dict[_Sign, list[tuple[int, int]]] = {}
            self._signs[sheet] = found
            for row, col in self.new.sheets[sheet]:
                found.setdefault(self._sign(self.new, sheet, row, col), []).append((row, col))
        return self._signs[sheet]

    @staticmethod
    def _sign(book: Contents, sheet: str, row: int, col: int) -> _Sign:
        beside = next(((t, col - c) for c in range(col - 1, 0, -1) if (t := _label(book, sheet, row, c))), ("", 0))
        text, far = _above(book, sheet, row, col)
        is_formula = bool(book.cell(sheet, row, col).formula)
        return (*beside, text, 0 if beside[0] else far, is_formula)


def _above(book: Contents, sheet: str, row: int, col: int) -> tuple[str, int]:
    """The nearest text above a cell, and how many rows it is off."""
    return next(((t, row - r) for r in range(row - 1, 0, -1) if (t := _label(book, sheet, r, col))), ("", 0))


def _label(book: Contents, sheet: str, row: int, col: int) -> str:
    cell = book.cell(sheet, row, col)
    return cell.value if isinstance(cell.value, str) and not cell.formula and not cell.open else ""


def follow(text: str, place: Place, atlas: Atlas, gone: Mapping[str, Area], found: Findings) -> str:
    """A formula that reads the same figures in the new layout; what it reads goes into `found`.

    Parameters
    ----------
    text : str
        With its "=".
    place : Place
        Where it stands.
    atlas : Atlas
    gone : mapping
        Names of the old layout that the new one lacks, with their areas.
    found : Findings
        Added to.
    """
    tokens = Tokenizer(text)
    for token in tokens.items:
        if token.type == Token.FUNC and token.value.upper() in ("INDIRECT(", "OFFSET("):
            found.doubts.append(f"check {place}: what its {token.value[:-1]} reads is not known before it is computed")
        if token.type != Token.OPERAND or token.subtype != Token.RANGE:
            continue
        name = next((n for n in gone if n.lower() == token.value.lower()), "")
        known = next((n for n in atlas.old.names if n.lower() == token.value.lower()), "")
        if name:
            found.read.add(gone[name])
            found.problems.append(f"{place} reads the name {name}, which the present template does not have")
        elif known:
            found.read.add(atlas.old.names[known])
        elif "!" in token.value:
            token.value = _follow_cells(token.value, place, atlas, found)
        elif place.sheet in atlas.old.sheets and area(f"x!{token.value}") is not None:  # typed into a sheet of ours
            full = f"{quote_sheetname(place.sheet)}!{token.value}"
            followed = _follow_cells(full, place, atlas, found)
            token.value = token.value if followed == full else followed
    changed = tokens.render()
    if changed != text:
        found.moved.append(f"{place} read {text}, now {changed}")
        return changed
    return text


def _follow_cells(text: str, place: Place, atlas: Atlas, found: Findings) -> str:
    sheet, _, cells = text.rpartition("!")
    plain = sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
    if plain not in atlas.old.sheets:
        spanned = [title for title in re.split("[:]", plain) if title in atlas.old.sheets] if ":" in plain else []
        if spanned:
            found.problems.append(f"{place} reads {text}, across several sheets; name the cells one by one")
        return text
    asked = area(text)
    if asked is None:
        found.problems.append(f"{place} reads {text}; read the cells that you need by their names or addresses")
        return text
    found.read.add(asked)
    now = atlas.find(asked)
    if now is None:
        found.problems.append(f"{place} reads {text}, which cannot be found again in the present template")
        return text
    return text if now == asked else written(now, cells)


def written(now: Area, cells: str) -> str:
    """An area as the old reference had it: with or without dollars."""
    corners = ((now.left, now.top), (now.right, now.bottom))
    words = []
    for old, (col, row) in zip((cells.split(":") * 2)[:2], corners, strict=True):
        column_fixed, row_fixed = old.startswith("$"), "$" in old[1:]
        words.append(f"{'$' * column_fixed}{get_column_letter(col)}{'$' * row_fixed}{row}")
    return f"{quote_sheetname(now.sheet)}!{words[0] if now.size == 1 and ':' not in cells else ':'.join(words)}"


def follow_part(xml: str, title: str, change: Callable[[str, Place], str], found: Findings) -> str:
    """A part of the file with every formula in it followed; equal where none reads a cell that moved.

    Parameters
    ----------
    xml : str
    title : str
        Of the sheet, or the part's name.
    change : callable
        What gives a formula, with its "=", as it must be now.
    found : Findings
        Added to.
    """
    cells = [(match.start(), match[1]) for match in _CELL.finditer(xml)]

    def followed(match: re.Match[str]) -> str:
        text = unescape(match["text"], {"&quot;": '"', "&apos;": "'"})
        cell = next((c for at, c in reversed(cells) if at < match.start()), "") if match["tag"] == "f" else ""
        place = Place(title, cell)
        now = change("=" + text, place)
        if now == "=" + text:
            area_of = _SHARED.search(match["more"]) if 't="shared"' in match["more"] else None
            if area_of is not None:
                _check_shared(now, now, cell, area_of[1], title, change, found)
            return match[0]
        shared = _SHARED.search(match["more"]) if 't="shared"' in match["more"] else None
        if shared is not None:
            _check_shared("=" + text, now, cell, shared[1], title, change, found)
        elif match["tag"] != "f" and not all(_ABSOLUTE.match(ref) for ref in _addresses("=" + text)):
            found.problems.append(f"{place} has a rule ({text}) that reads cells which moved; give their names instead")
        return match["start"] + escape(now[1:])

    return _FORMULA.sub(followed, xml)


def _check_shared(
    old: str, now: str, origin: str, cells: str, title: str, change: Callable[[str, Place], str], found: Findings
) -> None:
    """A formula that is written once for several cells must follow in all of them as in the first."""
    covered = area(f"x!{cells}")
    if covered is None or not any("!" in ref for ref in _operands(old)):
        return
    for row, col in covered.places():
        there = address(row, col)
        if there != origin:
            meant = Translator(old, origin).translate_formula(there)
            if change(meant, Place(title, there)) != Translator(now, origin).translate_formula(there):
                found.problems.append(f"{title}!{there} reads cells that moved apart; give their names instead")


def pivot_sources(xml: str) -> Iterator[str]:
    """Areas that a pivot table's cache is made from, as references."""
    for match in _SOURCE.finditer(xml):
        yield f"{quote_sheetname(unescape(match['sheet']))}!{match['ref']}"


def _operands(text: str) -> list[str]:
    return [t.value for t in Tokenizer(text).items if t.type == Token.OPERAND and t.subtype == Token.RANGE]


def _addresses(text: str) -> list[str]:
    return [value.rpartition("!")[2] for value in _operands(text) if "!" in value]


def _one(sheet: str, row: int, col: int) -> Area:
    return Area(sheet, col, row, col, row)
