"""A closed book of an older template brought up to the present one; what the trader put into it is kept.

Our sheets are built anew with his inputs and his quotes and computed; his own sheets stay, byte for byte unless a
formula there reads a cell of ours that moved. What cannot be kept for certain stops it, before anything is written.
"""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook import merging, package_parts, references, template
from workbook.book import Inputs, Typed
from workbook.build import Built, build
from workbook.contents import EXAMPLE, Area, Contents, Key, area
from workbook.reading import market
from workbook.references import Atlas, Findings, Place, follow, follow_part, pivot_sources
from workbook.run import run_book
from xlalvh import __version__
from xlalvh.hosts.excel import package as excel
from xlalvh.hosts.excel import wrappers
from xlalvh.hosts.excel.opc import Package, refuse_open, relationships_part
from xlalvh.hosts.excel.vba_reading import modules, procedures

_VBA = "xl/vbaProject.bin"
_KINDS = (".xlsx", ".xlsm")
# Procedures of ours in ThisWorkbook of earlier templates that the present one has no more. Whatever is in neither is
# the trader's, also under a name that became ours.
_EARLIER: frozenset[str] = frozenset()
_SHOWN = 20  # lines of one sort that a message lists
_ALIKE = 1e-9


class UpgradeError(ValueError):
    """A book that cannot be brought up, or not without losing something; the message says what to do."""


@dataclass(frozen=True)
class Upgrade:
    """What was done."""

    path: Path
    changed: bool  # whether a book was written: one of the present template needs none
    kept: Path | None = None  # where the book as it was stands now
    notes: tuple[str, ...] = ()  # what the trader should know, a line each


@dataclass(frozen=True)
class _Carried:
    """The trader's inputs in the new layout."""

    inputs: Inputs
    notes: tuple[str, ...]


def upgrade(path: Path, out: Path | None = None, engine: str = "auto") -> Upgrade:
    """Bring a book up to the present template.

    Parameters
    ----------
    path : Path
        An .xlsx or .xlsm of ours that no program has open.
    out : Path, optional
        Where the new book goes. Without it the new one takes the place of the old, which is kept beside it.
    engine : str
        What computes our sheets, as for a run.

    Raises
    ------
    UpgradeError
        Where the book is not ours, is newer, or holds something that would be lost or read wrongly.
    PackageError
        Where it cannot be read, or another program has it open.
    EngineError
        Where the engine asked for cannot be used here.
    """
    _check_names(path, out)
    refuse_open(path)
    book = Package(path)
    with tempfile.TemporaryDirectory() as folder:
        return _upgrade(book, out, engine, Path(folder))


def _upgrade(book: Package, out: Path | None, engine: str, folder: Path) -> Upgrade:
    path, stamp = book.path, package_parts.template_stamp(book)
    parts, defined = package_parts.sheet_parts(book), _defined(book)
    if "market_banner" not in {name for name, _ in defined}:
        raise UpgradeError(f"{path} is no workbook of xlalvh: it lacks the name market_banner")
    if template.version(stamp) > template.version(__version__):
        raise UpgradeError(f"{path} is of the newer template {stamp.split()[0]}; install that version of xlalvh")
    named = {where.sheet for _, text in defined if (where := area(text)) is not None}
    old = Contents(path, named & parts.keys())
    tables = market(old)
    plain = build(folder / f"plain{path.suffix.lower()}", tables)
    present = Package(plain.path)
    if stamp == package_parts.template_stamp(present):
        return Upgrade(path, False, notes=("the book is of the present template: nothing to do",))
    ours = _our_sheets(old, plain, list(package_parts.sheet_parts(present)), list(parts))
    old.sheets = {title: cells for title, cells in old.sheets.items() if title in ours}
    new = Contents(plain.path, list(package_parts.sheet_parts(present)))
    notes = [*_refuse_vba(book)] if _VBA in present else []
    atlas, found = Atlas(old, new), Findings()
    gone = {n: a for n, a in old.names.items() if n not in new.names and a.sheet in old.sheets}
    changes = _names(defined, new, atlas, gone, found)
    mine = {name: where for name, where in gone.items() if changes.get(name, "") is None}

    def change(text: str, place: Place) -> str:
        return follow(text, place, atlas, mine, found)

    carried = _carry(old, new, change)
    left = {parts[title] for title in ours}
    lost = [*_overwritten(old, new), *_unprotected(book, {title: parts[title] for title in sorted(ours)})]
    _follow_parts(book, left, change, atlas, found)
    if found.problems:
        raise UpgradeError(
            f"{path} was left as it is, for the present template moved what these formulas read. Change them in the "
            "book (read names where there are some), or keep it on the older version:\n" + _listed(found.problems)
        )
    run = run_book(tables, folder, engine, carried.inputs)
    made = run.files[0]
    if path.suffix.lower() == ".xlsm":
        made = build(folder / "made.xlsm", tables, run.values, inputs=carried.inputs).path
    notes += [run.note, *carried.notes, *_of_names(changes), *found.moved, *found.doubts]
    notes += lost
    differing = _differing(found, atlas, Contents(made, list(new.sheets)))
    if differing:
        notes.append("recomputed when the book opens, for your formulas read figures that changed: " + differing)
    merging.merge(book, Package(made), changes, recalculate=bool(differing or found.moved))
    if _VBA in book:
        book.write(_VBA, excel.project(merging.code_names(book)))
        for signature in book.relationships(_VBA):
            book.remove(signature.target)
        book.remove(relationships_part(_VBA))
    return _written(book, out, tuple(dict.fromkeys(note for note in notes if note)))


def _check_names(path: Path, out: Path | None) -> None:
    if path.suffix.lower() == ".ods":
        raise UpgradeError(
            f"{path} is a Calc book; only .xlsx and .xlsm are brought up. `xlalvh run` writes a new alvh.ods: copy "
            "your sheets and inputs there"
        )
    if path.suffix.lower() not in _KINDS:
        raise UpgradeError(f"{path} is neither .xlsx nor .xlsm; name a workbook of xlalvh")
    if out is not None:
        if out.suffix.lower() != path.suffix.lower():
            raise UpgradeError(f"--out {out} must end in {path.suffix}, as the book does")
        if out.exists():
            raise UpgradeError(f"--out {out} is there already; name another file, or delete it")


def _our_sheets(old: Contents, plain: Built, present: list[str], titles: list[str]) -> set[str]:
    """Sheets of the book that are ours; one that was renamed, or that has the name of a new one, is refused."""
    ours: set[str] = set()
    for name, (sheet, _) in plain.names.items():
        where = old.names.get(name)
        if where is not None and where.sheet not in present and where.sheet in titles:
            raise UpgradeError(f"{old.path}: the sheet {sheet} is called {where.sheet} there; give it back its name")
        if where is not None and where.sheet in titles:
            ours.add(where.sheet)
    for title in present:
        if title in titles and title not in ours:
            raise UpgradeError(f"{old.path}: your sheet {title} has the name of a sheet of the template; rename yours")
    return ours


# Inputs


def _carry(old: Contents, new: Contents, change: Any) -> _Carried:
    """What the trader typed, at its place in the new layout; what has no place there, and what differs, is said."""
    before, after = old.inputs(), new.inputs()
    inputs: dict[tuple[str, str], Typed] = {}
    notes, used = [], set()
    for key in sorted(after, key=lambda k: (k.row != "", k)):  # a cell's own name before an area's
        where = after[key]
        if key not in before or where in inputs:
            continue
        typed = old.typed(*before[key])
        if typed.formula:
            typed = Typed(typed.value, change(typed.formula, Place(*before[key])))
        inputs[where] = typed
        used.add(before[key])
        given = new.typed(*where).value
        if not _alike(typed.value, given) and given is not None and not key.name.startswith(EXAMPLE):
            notes.append(f"kept: {_called(key, where)} is {_shown(typed)}; the present template starts with {given}")
    for where in old.opened():
        typed = old.typed(*where)
        if where not in used and typed.value is not None:
            notes.append(f"no place any more for {where[0]}!{where[1]}, where you have {_shown(typed)}")
    return _Carried(inputs, tuple(notes))


def _called(key: Key, where: tuple[str, str]) -> str:
    return f"{key.name} ({where[0]}!{where[1]})"


def _shown(typed: Typed) -> str:
    return typed.formula or ("nothing" if typed.value is None else str(typed.value))


# Names, formulas, macros


def _defined(book: Package) -> list[tuple[str, str]]:
    """Every name of the whole book with its text."""
    root = package_parts.parsed(book, package_parts.WORKBOOK)
    path = f"{package_parts.main('definedNames')}/{package_parts.main('definedName')}"
    return [(e.get("name"), e.text or "") for e in root.iterfind(path) if e.get("localSheetId") is None]


def _names(
    defined: list[tuple[str, str]], new: Contents, atlas: Atlas, gone: dict[str, Area], found: Findings
) -> dict[str, str | None]:
    """New text for the names that the template does not define; None for one whose cells are no more."""
    present = {name.lower() for name in new.names}
    changes: dict[str, str | None] = {}
    for name, where in gone.items():
        now = atlas.find(where)
        if now is None:
            changes[name] = None
        elif now != where:
            changes[name] = references.written(now, "$A$1:$A$1" if now.size > 1 else "$A$1")
    lost = {name: gone[name] for name, text in changes.items() if text is None}
    for name, text in defined:
        if name.lower() in present:
            stands = area(text)
            if stands is None or stands.sheet not in atlas.old.sheets:
                found.problems.append(f"your name {name} ({text}) is one of the present template; rename yours")
        elif name not in gone and text:
            changed = follow("=" + text, Place(f"the name {name}"), atlas, lost, found)
            if changed != "=" + text:
                changes[name] = changed[1:]
    return changes


def _of_names(changes: dict[str, str | None]) -> Iterator[str]:
    for name, text in changes.items():
        if text is None:
            yield f"the name {name} is gone: the present template has no such figure, and no formula of yours reads it"
        else:
            yield f"the name {name} now stands for {text}"


def _follow_parts(book: Package, left: set[str], change: Any, atlas: Atlas, found: Findings) -> None:
    """Formulas in every part but our sheets and theirs: sheets, charts, rules, tables, pivot tables."""
    titles = {part: title for title, part in package_parts.sheet_parts(book).items()}
    skipped = merging.only_from(book, left)
    for part in list(book):
        if part in skipped or not part.startswith("xl/") or not part.endswith(".xml") or part == package_parts.WORKBOOK:
            continue
        xml = book.read(part)
        try:
            text = xml.decode("utf-8")
        except UnicodeDecodeError:
            found.problems.append(f"{part} is not in UTF-8; open the book in Excel and save it")
            continue
        place = titles.get(part, part)
        for source in pivot_sources(text):
            if follow("=" + source, Place(place), atlas, {}, found) != "=" + source:
                found.problems.append(f"{place} makes a pivot table of {source}, which moved; make it of names instead")
        book.write(part, follow_part(text, place, change, found).encode("utf-8"))


def _refuse_vba(book: Package) -> Iterator[str]:
    """Macros of the trader's own would be lost with the old project."""
    if _VBA not in book:
        raise UpgradeError(f"{book.path} has no macros left in it: save it as .xlsx, or take a new workbook")
    try:
        held = modules(book.read(_VBA))
    except ValueError as error:
        raise UpgradeError(f"{book.path}: {error}; export your macros, and take a new workbook") from error
    ours = {module.name: module.code for module in wrappers.modules((), addin=False)}
    documents = set(merging.code_names(book))
    foreign = [
        name for name, code in held.items() if name not in ours and code and (name not in documents or procedures(code))
    ]
    foreign += [
        n for n, code in held.items() if n == "ThisWorkbook" and procedures(code) - procedures(ours[n]) - _EARLIER
    ]
    if foreign:
        raise UpgradeError(
            f"{book.path} holds macros of your own, in {', '.join(foreign)}: they would be lost. Export these modules, "
            "remove them, bring the book up, and import them again"
        )
    if book.relationships(_VBA):
        yield "the macros' digital signature is gone: the macros are new"


# The outcome


def _differing(found: Findings, atlas: Atlas, made: Contents) -> str:
    """Figures that the trader's formulas read and that are not what they were."""
    changed = []
    for asked in sorted(found.read):
        now = atlas.find(asked)
        if now is None:
            continue
        before = (atlas.old.cell(asked.sheet, *place).value for place in asked.places())
        after = (made.cell(now.sheet, *place).value for place in now.places())
        if now.size != asked.size or not all(_alike(a, b) for a, b in zip(before, after, strict=True)):
            changed.append(atlas.name_of(asked) or references.written(asked, "A1:A1" if asked.size > 1 else "A1"))
    return ", ".join(changed[:_SHOWN]) + (f" and {len(changed) - _SHOWN} more" if len(changed) > _SHOWN else "")


def _alike(a: Any, b: Any) -> bool:
    numbers = [x for x in (a, b) if isinstance(x, (int, float)) and not isinstance(x, bool)]
    if len(numbers) == 2:
        return math.isclose(*numbers, rel_tol=_ALIKE, abs_tol=_ALIKE)
    return a == b or {a, b} <= {None, ""}


def _overwritten(old: Contents, new: Contents) -> Iterator[str]:
    """Results that the trader replaced by something of his own, where the present template computes them again."""
    for name, where in sorted(old.names.items()):
        now = new.names.get(name)
        if where.sheet in old.sheets and where.size == 1 and now is not None:
            mine, theirs = old.cell(where.sheet, where.top, where.left), new.cell(now.sheet, now.top, now.left)
            if theirs.formula and not mine.formula:
                yield f"{name} is computed again: you had {mine.value} in place of its formula"


def _unprotected(book: Package, parts: dict[str, str]) -> Iterator[str]:
    """Sheets of ours that may hold more of the trader than inputs."""
    for title, part in parts.items():
        if b"sheetProtection" not in book.read(part):
            yield f"our sheet {title} was unprotected: what you changed beside yellow cells is only in the old book"
        if any(way.kind in ("comments", "threadedComment") for way in book.relationships(part)):
            yield f"your comments on our sheet {title} are only in the old book"


def _written(book: Package, out: Path | None, notes: tuple[str, ...]) -> Upgrade:
    path = book.path
    kept = None
    refuse_open(path)
    try:
        if out is None:
            kept = _beside(path)
            with kept.open("xb") as file:
                file.write(path.read_bytes())
                file.flush()
                os.fsync(file.fileno())
        book.save(out or path)
    except OSError as error:
        raise UpgradeError(f"{out or path} cannot be written ({error}); the book is as it was") from error
    return Upgrade(out or path, True, kept, notes)


def _beside(path: Path) -> Path:
    """A free name for the book as it was."""
    endings = ("", *(f"-{n}" for n in range(2, 10_000)))
    names = (path.with_name(f"{path.stem}.before-upgrade{ending}{path.suffix}") for ending in endings)
    return next(name for name in names if not name.exists())


def _listed(lines: list[str]) -> str:
    lines = list(dict.fromkeys(lines))
    more = [f"- and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
    return "\n".join([*(f"- {line}" for line in lines[:_SHOWN]), *more])
