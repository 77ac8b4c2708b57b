"""Parts of a workbook file as XML: what the sheets are, where a part stands, what the file says of its template."""

from __future__ import annotations

from typing import Any

from lxml import etree

from workbook import template
from xlalvh.hosts.excel.opc import Package, PackageError

WORKBOOK = "xl/workbook.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
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
    return f"{{{MAIN}}}{tag}"


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
    found = {sheet.get("name"): targets.get(sheet.get(f"{{{R}}}id"), "") for sheet in sheets}
    lost = [title for title, part in found.items() if part not in package]
    if lost:
        raise PackageError(f"{package.path} is damaged: its sheet {lost[0]} is missing; take a copy that opens")
    return found


def template_stamp(package: Package) -> str:
    """What the book says of the template it was made from; empty where it says nothing."""
    part = next((r.target for r in package.relationships() if r.kind == "custom-properties"), "")
    if part not in package:
        return ""
    for element in parsed(package, part):
        if element.get("name") == template.PROPERTY:
            return "".join(element.itertext())
    return ""


def part_of(package: Package, kind: str) -> str:
    """The workbook's part of a kind, such as styles."""
    for way in package.relationships(WORKBOOK):
        if way.kind == kind:
            return way.target
    raise PackageError(f"{package.path} has no {kind}; open it in Excel, save it, and try again")


def serialized(root: Element) -> bytes:
    """The bytes of a part."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
