"""The lists of a workbook file that cells point into by number: formats and shared texts. They only grow."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from workbook.package_parts import MAIN, WORKBOOK, Element, main, parsed, part_of, serialized
from xlalvh.hosts.excel.opc import Package, PackageError, Relationship

_FIRST_OWN_FORMAT = 164  # number formats below it are Excel's


def merge_styles(book: Package, new: Package) -> tuple[list[int], list[int]]:
    """Add the new formats to the book's; what number each of cellXfs and of dxfs has there."""
    part, other = (part_of(package, "styles") for package in (book, new))
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
    book.write(part, serialized(root))
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


def merge_texts(book: Package, new: Package) -> list[int]:
    """Add the new shared texts to the book's; what number each has there."""
    added = parsed(new, part_of(new, "sharedStrings"))
    part = next((r.target for r in book.relationships(WORKBOOK) if r.kind == "sharedStrings"), "")
    if not part:
        part = "xl/sharedStrings.xml"
        way = next(r for r in new.relationships(WORKBOOK) if r.kind == "sharedStrings")
        ways = book.relationships(WORKBOOK)
        ident = next(f"rId{n}" for n in range(1, 100_000) if f"rId{n}" not in {r.id for r in ways})
        book.set_relationships(WORKBOOK, [*ways, Relationship(ident, way.type, part)])
        book.write(part, serialized(etree.Element(main("sst"), nsmap={None: MAIN})), new.content_type(way.target))
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
    book.write(part, serialized(root))
    return numbers


def _canonical(element: Element) -> bytes:
    return etree.tostring(element, method="c14n2", strip_text=False)
