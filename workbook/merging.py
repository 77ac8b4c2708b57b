"""New sheets of ours in a trader's file: their parts, styles and texts go in, the file's own parts stay as they are.

The trader's file is the base. Cells of his own sheets point into its lists of formats and texts by number, so these
lists only grow, and the numbers in our new sheets are changed.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Mapping

from lxml import etree

from workbook import template
from workbook.package_lists import merge_styles, merge_texts
from workbook.package_parts import WORKBOOK, Element, R, main, parsed, serialized, sheet_parts, template_stamp
from xlalvh.hosts.excel.opc import Package, Relationship

_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_CUSTOM_PART = "docProps/custom.xml"
_HELP = "{8193D73E-4604-4355-AFF4-8A2333D13BE4}"  # the extension with the function wizard's help
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # of every custom property
# Children of `workbook` in the order that the schema asks for, as far as we put some in.
_BEFORE_NAMES = ("sheets", "functionGroups", "externalReferences")


def merge(book: Package, new: Package, names: Mapping[str, str | None], *, recalculate: bool) -> None:
    """Put every sheet of `new` into `book`, in place of the one with its title or beside its neighbour.

    Parameters
    ----------
    book : Package
        The trader's, changed here.
    new : Package
        What the builder made, of the same kind.
    names : mapping
        Text for names of the trader that must change; None for those that must go.
    recalculate : bool
        Whether a program that opens the book must compute all formulas first.
    """
    if "xl/metadata.xml" in new or any(r.kind == "externalLink" for r in new.relationships(WORKBOOK)):
        raise NotImplementedError("the template has dynamic arrays or external links: carry their lists over here")
    before = _reachable(book)
    root, theirs = parsed(book, WORKBOOK), parsed(new, WORKBOOK)
    old_parts, new_parts = sheet_parts(book), sheet_parts(new)
    formats, texts = merge_styles(book, new), merge_texts(book, new)
    sheets = root.find(main("sheets"))
    order = list(sheets)
    active = _active(root, order)
    codes = _code_names(book, old_parts, new_parts)
    ways = {r.id: r for r in book.relationships(WORKBOOK) if r.kind != "calcChain"}
    kinds = {r.target: r for r in new.relationships(WORKBOOK)}
    previous = None
    for title, part in new_parts.items():
        element = next((sheet for sheet in order if sheet.get("name") == title), None)
        if element is None:
            element = _new_sheet(sheets, previous, title, ways)
        copied = _copy_tree(book, new, part)
        ident = element.get(f"{{{R}}}id")
        ways[ident] = Relationship(ident, kinds[part].type, copied)
        sheet = parsed(new, part)
        _point(sheet, formats, texts)
        _look(sheet, active == title or (previous is None and active is None), codes.get(title))
        book.write(copied, serialized(sheet))
        previous = element
    book.set_relationships(WORKBOOK, ways.values())
    _names(root, theirs, order, new_parts, names)
    _keep_active(root, active)
    _functions(root, theirs)
    _calculation(root, theirs, recalculate=recalculate)
    if "xl/vbaProject.bin" in new:
        root.find(main("workbookPr")).set("codeName", "ThisWorkbook")
    book.write(WORKBOOK, serialized(root))
    _stamp(book, new)
    _titles(book)
    for gone in before - _reachable(book):
        book.remove(gone)


def code_names(book: Package) -> tuple[str, ...]:
    """Names that a VBA project calls the sheets by, in their order."""
    found = (_code_name(book, part) for part in sheet_parts(book).values())
    return tuple(name for name in found if name)


def _code_name(book: Package, part: str) -> str:
    found = re.search(rb'<(?:\w+:)?sheetPr\b[^>]*\bcodeName="([^"]*)"', book.read(part))
    return found[1].decode("utf-8") if found else ""


def _code_names(book: Package, old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """What the project calls our sheets: as before; new sheets get a free name."""
    taken = {title: _code_name(book, part) for title, part in old.items()}
    used = {name.lower() for name in taken.values()}
    numbers = (n for n in range(1, 10_000) if f"sheet{n}" not in used)
    return {title: taken.get(title) or f"Sheet{next(numbers)}" for title in new}


def _new_sheet(sheets: Element, previous: Element, title: str, ways: Mapping[str, Relationship]) -> Element:
    """An entry for a sheet that the book did not have, after our sheet before it."""
    number = max((int(sheet.get("sheetId")) for sheet in sheets), default=0) + 1
    ident = next(f"rId{n}" for n in range(1, 100_000) if f"rId{n}" not in ways)
    element = etree.Element(main("sheet"), name=title, sheetId=str(number))
    element.set(f"{{{R}}}id", ident)
    sheets.insert(0 if previous is None else sheets.index(previous) + 1, element)
    return element


def only_from(package: Package, parts: Collection[str]) -> set[str]:
    """Some parts, and the parts that nothing else leads to."""
    return _reachable(package) - _reachable(package, parts)


def _reachable(package: Package, without: Collection[str] = ()) -> set[str]:
    """Parts that some relationship leads to, by a way that avoids those named."""
    found: set[str] = set()
    waiting = [""]
    while waiting:
        for way in package.relationships(waiting.pop()):
            if not way.external and way.target in package and way.target not in {*found, *without}:
                found.add(way.target)
                waiting.append(way.target)
    return found


def _copy_tree(book: Package, new: Package, part: str, done: dict[str, str] | None = None) -> str:
    """Copy a part and what it leads to under free names; its name in the book."""
    done = {} if done is None else done
    if part in done:
        return done[part]
    folder, name = posixpath.split(part)
    stem, ending = re.sub(r"\d+(?=\.)", "", name).rsplit(".", 1)
    free = next(n for i in range(1, 100_000) if (n := f"{folder}/{stem}{i}.{ending}") not in book)
    done[part] = free
    book.write(free, new.read(part), new.content_type(part))
    ways = new.relationships(part)
    if ways:
        targets = [way if way.external else _leading_to(way, _copy_tree(book, new, way.target, done)) for way in ways]
        book.set_relationships(free, targets)
    return free


def _leading_to(way: Relationship, target: str) -> Relationship:
    return Relationship(way.id, way.type, target)


def _point(sheet: Element, formats: tuple[list[int], list[int]], texts: list[int]) -> None:
    """Make the numbers of formats and texts in a sheet those of the book."""
    cells, conditional = formats
    for tag, name in (("c", "s"), ("row", "s"), ("col", "style")):
        for element in sheet.iter(main(tag)):
            if element.get(name) is not None or tag == "c":
                element.set(name, str(cells[int(element.get(name, "0"))]))
            if tag == "c" and element.get("t") == "s":
                value = element.find(main("v"))
                value.text = str(texts[int(value.text)])
    for rule in sheet.iter(main("cfRule")):
        if rule.get("dxfId") is not None:
            rule.set("dxfId", str(conditional[int(rule.get("dxfId"))]))


def _look(sheet: Element, selected: bool, code: str | None) -> None:
    """Only the active sheet is selected: typing into one of several selected sheets writes into all of them."""
    for view in sheet.iter(main("sheetView")):
        view.attrib.pop("tabSelected", None)
        if selected:
            view.set("tabSelected", "1")
    properties = sheet.find(main("sheetPr"))
    if properties is not None and properties.get("codeName") is not None and code:
        properties.set("codeName", code)


# The workbook part


def _active(root: Element, order: list[Element]) -> str | None:
    view = root.find(f"{main('bookViews')}/{main('workbookView')}")
    number = int(view.get("activeTab", "0")) if view is not None else 0
    return order[number].get("name") if number < len(order) else None


def _keep_active(root: Element, active: str | None) -> None:
    titles = [sheet.get("name") for sheet in root.find(main("sheets"))]
    for view in root.iterfind(f"{main('bookViews')}/{main('workbookView')}"):
        view.set("activeTab", str(titles.index(active) if active in titles else 0))
        view.attrib.pop("firstSheet", None)


def _names(
    root: Element,
    theirs: Element,
    order: list[Element],
    new_parts: Mapping[str, str],
    changes: Mapping[str, str | None],
) -> None:
    """Names of the present template, and the trader's own; those of one sheet follow it to its new number."""
    titles = [sheet.get("name") for sheet in root.find(main("sheets"))]
    theirs_titles = list(new_parts)
    ours = root.find(main("definedNames"))
    old = list(ours) if ours is not None else []
    if ours is None:
        ours = etree.Element(main("definedNames"))
        _insert_after(root, ours, _BEFORE_NAMES)
    fresh = list(theirs.iterfind(f"{main('definedNames')}/{main('definedName')}"))
    for element in fresh:
        if element.get("localSheetId") is not None:
            element.set("localSheetId", str(titles.index(theirs_titles[int(element.get("localSheetId"))])))
    given = {_scope(element) for element in fresh}
    kept = []
    for element in old:
        name = element.get("name")
        local = element.get("localSheetId")
        if local is not None:
            title = order[int(local)].get("name")
            if title in new_parts and name.startswith("_xlnm."):
                continue  # print areas and the like of the sheets that were replaced
            element.set("localSheetId", str(titles.index(title)))
        if _scope(element) in given or (name in changes and changes[name] is None):
            continue
        if name in changes:
            element.text = changes[name]
        kept.append(element)
    for element in old:
        ours.remove(element)
    for element in sorted([*kept, *fresh], key=_scope):
        ours.append(element)


def _scope(element: Element) -> tuple[str, int]:
    return element.get("name").lower(), int(element.get("localSheetId", "-1"))


def _functions(root: Element, theirs: Element) -> None:
    """The categories and the help of the function wizard, of the present catalogue; a file without macros has none."""
    groups = theirs.find(main("functionGroups"))
    if groups is None:
        return
    for old in root.findall(main("functionGroups")):
        root.remove(old)
    _insert_after(root, groups, ("sheets",))
    for extension in root.findall(f"{main('extLst')}/{main('ext')}"):
        if extension.get("uri") == _HELP:
            extension.getparent().remove(extension)
    for extension in theirs.iterfind(f"{main('extLst')}/{main('ext')}"):
        if root.find(main("extLst")) is None:
            etree.SubElement(root, main("extLst"))
        root.find(main("extLst")).append(extension)
    rest = root.find(main("extLst"))
    if rest is not None and not len(rest):
        root.remove(rest)


def _calculation(root: Element, theirs: Element, *, recalculate: bool) -> None:
    properties = root.find(main("calcPr"))
    if properties is None:
        properties = theirs.find(main("calcPr"))
        _insert_after(root, properties, (*_BEFORE_NAMES, "definedNames"))
    if recalculate:
        properties.set("fullCalcOnLoad", "1")


def _insert_after(root: Element, element: Element, tags: Iterable[str]) -> None:
    """Behind the last child that has one of the tags."""
    places = [i for i, child in enumerate(root) if child.tag in {main(tag) for tag in tags}]
    root.insert(places[-1] + 1, element)


# Properties of the document


def _stamp(book: Package, new: Package) -> None:
    way = next(r for r in new.relationships() if r.kind == "custom-properties")
    part = next((r.target for r in book.relationships() if r.kind == "custom-properties"), "")
    if not part:
        part = _CUSTOM_PART
        ways = book.relationships()
        ident = next(f"rId{n}" for n in range(1, 100_000) if f"rId{n}" not in {r.id for r in ways})
        book.set_relationships("", [*ways, Relationship(ident, way.type, part)])
        empty = etree.Element(f"{{{_CUSTOM}}}Properties", nsmap={None: _CUSTOM, "vt": _TYPES})
        book.write(part, serialized(empty), new.content_type(way.target))
    root = parsed(book, part)
    element = next((e for e in root if e.get("name") == template.PROPERTY), None)
    if element is None:
        number = max((int(e.get("pid")) for e in root), default=1) + 1
        element = etree.SubElement(root, f"{{{_CUSTOM}}}property", fmtid=_FORMAT_ID, pid=str(number))
        element.set("name", template.PROPERTY)
    for child in list(element):
        element.remove(child)
    etree.SubElement(element, f"{{{_TYPES}}}lpwstr").text = template_stamp(new)
    book.write(part, serialized(root))


def _titles(book: Package) -> None:
    """The list of sheets and names in the file's properties, which any program that saves it makes anew."""
    part = next((r.target for r in book.relationships() if r.kind == "extended-properties"), "")
    if part in book:
        root = parsed(book, part)
        for element in list(root):
            if etree.QName(element).localname in ("HeadingPairs", "TitlesOfParts"):
                root.remove(element)
        book.write(part, serialized(root))
