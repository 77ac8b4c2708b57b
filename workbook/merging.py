"""New sheets of ours in a trader's file: their parts, styles and texts go in, the file's own parts stay as they are.

The trader's file is the base. Cells of his own sheets point into its lists of formats and texts by number, so these
lists only grow, and the numbers in our new sheets are changed.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from lxml import etree

from workbook import template
from xlalvh.hosts.excel.opc import Package, PackageError, Relationship

WORKBOOK = "xl/workbook.xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_CUSTOM_PART = "docProps/custom.xml"
_HELP = "{8193D73E-4604-4355-AFF4-8A2333D13BE4}"  # the extension with the function wizard's help
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # of every custom property
_FIRST_OWN_FORMAT = 164  # number formats below it are Excel's
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
# Children of `workbook` in the order that the schema asks for, as far as we put some in.
_BEFORE_NAMES = ("sheets", "functionGroups", "externalReferences")
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)

Element = Any  # lxml has no types


def parsed(package: Package, part: str) -> Element:
    """The root element of a part."""
    try:
        return etree.fromstring(package.read(part), _PARSER)
    except etree.XMLSyntaxError as error:
        raise PackageError(f"{package.path} is damaged in {part} ({error}); take a copy that opens") from error


def main(tag: str) -> str:
    """A tag of SpreadsheetML, with its namespace."""
    return f"{{{_MAIN}}}{tag}"


def sheet_parts(package: Package) -> dict[str, str]:
    """Titles of the sheets, in their order, with their parts.

    Raises
    ------
    PackageError
        Where the file is no workbook that can be worked on.
    """
    root = parsed(package, WORKBOOK)
    if root.tag == f"{{{_STRICT}}}workbook":
        raise PackageError(f"{package.path} is Strict Open XML: save it as an ordinary .xlsx or .xlsm")
    targets = {r.id: r.target for r in package.relationships(WORKBOOK)}
    sheets = root.find(main("sheets"))
    if sheets is None:
        raise PackageError(f"{package.path} is no workbook: it lists no sheets")
    return {sheet.get("name"): targets[sheet.get(f"{{{_R}}}id")] for sheet in sheets}


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
    formats, texts = _merge_styles(book, new), _merge_texts(book, new)
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
        ident = element.get(f"{{{_R}}}id")
        ways[ident] = Relationship(ident, kinds[part].type, copied)
        sheet = parsed(new, part)
        _point(sheet, formats, texts)
        _look(sheet, active == title or (previous is None and active is None), codes.get(title))
        book.write(copied, _bytes(sheet))
        previous = element
    book.set_relationships(WORKBOOK, ways.values())
    _names(root, theirs, order, new_parts, names)
    _keep_active(root, active)
    _functions(root, theirs)
    _calculation(root, theirs, recalculate=recalculate)
    if "xl/vbaProject.bin" in new:
        root.find(main("workbookPr")).set("codeName", "ThisWorkbook")
    book.write(WORKBOOK, _bytes(root))
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
    element.set(f"{{{_R}}}id", ident)
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


# Styles and texts


def _merge_styles(book: Package, new: Package) -> tuple[list[int], list[int]]:
    """Add the new formats to the book's; what number each of cellXfs and of dxfs has there."""
    part, other = (_part(package, "styles") for package in (book, new))
    root, theirs = parsed(book, part), parsed(new, other)
    number_formats = _merge_number_formats(root, theirs)
    lists = {tag: _merge_list(root, theirs, tag) for tag in ("fonts", "fills", "borders")}
    attributes = {"fontId": lists["fonts"], "fillId": lists["fills"], "borderId": lists["borders"]}

    def point(xf: Element) -> None:
        for name, numbers in attributes.items():
            xf.set(name, str(numbers[int(xf.get(name, "0"))]))
        given = int(xf.get("numFmtId", "0"))
        xf.set("numFmtId", str(number_formats.get(given, given)))
        xf.set("xfId", "0")

    formats = _merge_list(root, theirs, "cellXfs", point)
    conditional = _merge_list(root, theirs, "dxfs")
    book.write(part, _bytes(root))
    return formats, conditional


def _merge_number_formats(root: Element, theirs: Element) -> dict[int, int]:
    ours = root.find(main("numFmts"))
    if ours is None:
        ours = etree.Element(main("numFmts"))
        root.insert(0, ours)
    known = {e.get("formatCode"): int(e.get("numFmtId")) for e in ours}
    following = max([_FIRST_OWN_FORMAT - 1, *known.values()]) + 1
    numbers = {}
    for element in theirs.iterfind(f"{main('numFmts')}/{main('numFmt')}"):
        code = element.get("formatCode")
        if code not in known:
            known[code] = following
            etree.SubElement(ours, main("numFmt"), numFmtId=str(following), formatCode=code)
            following += 1
        numbers[int(element.get("numFmtId"))] = known[code]
    ours.set("count", str(len(ours)))
    if not len(ours):
        root.remove(ours)
    return numbers


def _merge_list(root: Element, theirs: Element, tag: str, point: Callable[[Element], None] | None = None) -> list[int]:
    """Add the members of a list to the book's, equal ones once; their numbers there."""
    added = theirs.find(main(tag))
    if added is None or not len(added):
        return []
    ours = root.find(main(tag))
    if ours is None:
        raise PackageError(f"the book's styles have no {tag}; open it in Excel, save it, and try again")
    known: dict[bytes, int] = {}
    for i, element in enumerate(ours):
        known.setdefault(_canonical(element), i)
    numbers = []
    for element in added:
        if point is not None:
            point(element)
        key = _canonical(element)
        if key not in known:
            known[key] = len(ours)
            ours.append(element.__copy__())
        numbers.append(known[key])
    ours.set("count", str(len(ours)))
    return numbers


def _merge_texts(book: Package, new: Package) -> list[int]:
    """Add the new shared texts to the book's; what number each has there."""
    added = parsed(new, _part(new, "sharedStrings"))
    part = next((r.target for r in book.relationships(WORKBOOK) if r.kind == "sharedStrings"), "")
    if not part:
        part = "xl/sharedStrings.xml"
        way = next(r for r in new.relationships(WORKBOOK) if r.kind == "sharedStrings")
        ways = book.relationships(WORKBOOK)
        ident = next(f"rId{n}" for n in range(1, 100_000) if f"rId{n}" not in {r.id for r in ways})
        book.set_relationships(WORKBOOK, [*ways, Relationship(ident, way.type, part)])
        book.write(part, _bytes(etree.Element(main("sst"), nsmap={None: _MAIN})), new.content_type(way.target))
    root = parsed(book, part)
    known: dict[bytes, int] = {}
    items = root.findall(main("si"))
    for i, element in enumerate(items):
        known.setdefault(_canonical(element), i)
    numbers, count = [], len(items)
    for element in added:
        key = _canonical(element)
        if key not in known:
            known[key] = count
            root.insert(count, element.__copy__())
            count += 1
        numbers.append(known[key])
    root.attrib.pop("count", None)  # how often texts are used, which changes; both may be left out
    root.attrib.pop("uniqueCount", None)
    book.write(part, _bytes(root))
    return numbers


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


def template_stamp(package: Package) -> str:
    """What the book says of the template it was made from; empty where it says nothing."""
    part = next((r.target for r in package.relationships() if r.kind == "custom-properties"), "")
    if part not in package:
        return ""
    for element in parsed(package, part):
        if element.get("name") == template.PROPERTY:
            return "".join(element.itertext())
    return ""


def _stamp(book: Package, new: Package) -> None:
    way = next(r for r in new.relationships() if r.kind == "custom-properties")
    part = next((r.target for r in book.relationships() if r.kind == "custom-properties"), "")
    if not part:
        part = _CUSTOM_PART
        ways = book.relationships()
        ident = next(f"rId{n}" for n in range(1, 100_000) if f"rId{n}" not in {r.id for r in ways})
        book.set_relationships("", [*ways, Relationship(ident, way.type, part)])
        empty = etree.Element(f"{{{_CUSTOM}}}Properties", nsmap={None: _CUSTOM, "vt": _TYPES})
        book.write(part, _bytes(empty), new.content_type(way.target))
    root = parsed(book, part)
    element = next((e for e in root if e.get("name") == template.PROPERTY), None)
    if element is None:
        number = max((int(e.get("pid")) for e in root), default=1) + 1
        element = etree.SubElement(root, f"{{{_CUSTOM}}}property", fmtid=_FORMAT_ID, pid=str(number))
        element.set("name", template.PROPERTY)
    for child in list(element):
        element.remove(child)
    etree.SubElement(element, f"{{{_TYPES}}}lpwstr").text = template_stamp(new)
    book.write(part, _bytes(root))


def _titles(book: Package) -> None:
    """The list of sheets and names in the file's properties, which any program that saves it makes anew."""
    part = next((r.target for r in book.relationships() if r.kind == "extended-properties"), "")
    if part in book:
        root = parsed(book, part)
        for element in list(root):
            if etree.QName(element).localname in ("HeadingPairs", "TitlesOfParts"):
                root.remove(element)
        book.write(part, _bytes(root))


def _part(package: Package, kind: str) -> str:
    for way in package.relationships(WORKBOOK):
        if way.kind == kind:
            return way.target
    raise PackageError(f"{package.path} has no {kind}; open it in Excel, save it, and try again")


def _canonical(element: Element) -> bytes:
    return etree.tostring(element, method="c14n2", strip_text=False)


def _bytes(root: Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
