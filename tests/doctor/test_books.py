"""Books with each trouble, made as XML parts; the shipped ones have none."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.conftest import ROOT
from workbook.template import PROPERTY
from xlalvh import __version__
from xlalvh.doctor import books
from xlalvh.doctor.check import Check, State, diagnose

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def relationships(**targets: str) -> str:
    items = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/x" Target="{target}"'
        + (' TargetMode="External"' if target.startswith(("file:", "http", "C:")) else "")
        + "/>"
        for name, target in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}">{items}</Relationships>'


def make(
    folder: Path,
    formulas: dict[str, str] | None = None,
    *,
    link: str = "",
    table: str = "",
    shows: str = "1",
    stamp: str = "",
    mode: str = "auto",
) -> Path:
    """A book of one sheet with these formulas, as Excel would have saved it."""
    path = folder / "book.xlsx"
    cells = "".join(
        f'<c r="{cell}"><f>{text.replace("&", "&amp;").replace("<", "&lt;")}</f><v>{shows}</v></c>'
        for cell, text in (formulas or {}).items()
    )
    references = '<externalReferences><externalReference r:id="e1"/></externalReferences>' if link else ""
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="My sheet" sheetId="1" '
        f'r:id="s1"/></sheets>{references}<calcPr calcMode="{mode}"/></workbook>',
        "xl/_rels/workbook.xml.rels": relationships(s1="worksheets/sheet1.xml", e1="externalLinks/externalLink1.xml"),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData><row>{cells}</row></sheetData></worksheet>',
    }
    if link:
        parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = relationships(r1=link)
    if table:
        parts["xl/worksheets/_rels/sheet1.xml.rels"] = relationships(t1="../tables/table1.xml")
        parts["xl/tables/table1.xml"] = f'<table xmlns="{MAIN}" ref="{table}"/>'
    if stamp:
        parts["docProps/custom.xml"] = (
            f'<Properties><property name="{PROPERTY}"><lpwstr>{stamp}</lpwstr></property></Properties>'
        )
    with ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


def found(path: Path) -> dict[str, Check]:
    return {check.link.partition(": ")[2]: check for check in diagnose(books.checks(path))}


@pytest.mark.parametrize("name", ["alvh.xlsx", "alvh.xlsm"])
def test_the_shipped_books_have_no_trouble(name: str) -> None:
    path = ROOT / "workbook" / name
    before = path.read_bytes()
    checks = found(path)
    assert {check.state for check in checks.values()} <= {State.OK, State.NOT_APPLICABLE}
    assert "calls of" in checks["names of functions"].found
    assert path.read_bytes() == before


PRICE = 'ALVH_PRICE("C",A1,B1,1,0.2)'


@pytest.mark.parametrize(("formula", "link", "state", "told"), [
    (PRICE, "", State.OK, "1 calls of the add-in's"),
    (f"[1]!{PRICE}", "file:///C:\\XLSTART\\xlalvh.xlam", State.OK, "1 through links"),
    (f"_xludf.{PRICE}", "", State.FAULT, "_xludf.ALVH_PRICE in My sheet!A1"),
    (f"ORG.XLALVH.ALVH.{PRICE}", "", State.FAULT, "ORG.XLALVH.ALVH.ALVH_PRICE in My sheet!A1"),
    ("ALVH_FUTURE_THING(1)", "", State.FAULT, "which this version does not have"),
    ('CONCAT("ALVH_NOTHING(",1)', "", State.NOT_APPLICABLE, "no formula uses"),
    ("MY_ALVH_PRICE(1)", "", State.NOT_APPLICABLE, "no formula uses"),
])  # fmt: skip
def test_names_of_functions(tmp_path: Path, formula: str, link: str, state: State, told: str) -> None:
    check = found(make(tmp_path, {"A1": formula}, link=link))["names of functions"]
    assert check.state is state
    assert told in check.found


def test_a_copied_sheet_is_found_by_the_book_that_it_calls(tmp_path: Path) -> None:
    cells = {f"A{i}": f"1+[1]!{PRICE}" for i in range(1, 6)}
    checks = found(make(tmp_path, cells, link="file:///C:\\Users\\me\\Documents\\my%20old%20alvh.xlsm"))
    assert checks["copied sheets"].state is State.FAULT
    assert "my old alvh.xlsm: My sheet!A1, My sheet!A2, My sheet!A3 and 2 more" in checks["copied sheets"].found
    assert "Change Source" in checks["copied sheets"].remedy
    assert checks["other links"].state is State.WARNING


def test_a_link_to_the_add_in_is_no_trouble(tmp_path: Path) -> None:
    checks = found(make(tmp_path, {"A1": f"[1]!{PRICE}"}, link="C:\\x\\XLSTART\\XLALVH.XLAM"))
    assert checks["copied sheets"].state is State.OK
    assert checks["other links"].state is State.OK


@pytest.mark.parametrize(("cell", "formula", "state"), [
    ("B3", "ALVH_GREEKS(A1,A2,A3,A4,A5)", State.FAULT),
    ("D3", "ALVH_GREEKS(A1,A2,A3,A4,A5)", State.OK),
    ("B3", PRICE, State.OK),
])  # fmt: skip
def test_a_spill_inside_a_table(tmp_path: Path, cell: str, formula: str, state: State) -> None:
    assert found(make(tmp_path, {cell: formula}, table="A1:C9"))["tables"].state is state


def test_names_that_excel_did_not_know(tmp_path: Path) -> None:
    check = found(make(tmp_path, {"C4": PRICE}, shows="#NAME?"))["unknown names"]
    assert check.state is State.FAULT
    assert "My sheet!C4" in check.found


def test_manual_calculation(tmp_path: Path) -> None:
    assert found(make(tmp_path, mode="manual"))["calculation"].state is State.WARNING


@pytest.mark.parametrize(
    ("stamp", "state"), [("", State.NOT_APPLICABLE), (f"{__version__} ab", State.OK), ("0.0.1 ab", State.WARNING)]
)
def test_the_templates_version(tmp_path: Path, stamp: str, state: State) -> None:
    assert found(make(tmp_path, stamp=stamp))["template"].state is state


def test_mark_of_the_web(tmp_path: Path) -> None:
    path = make(tmp_path)
    assert found(path)["mark of the web"].state is State.OK
    Path(f"{path}:Zone.Identifier").write_text("[ZoneTransfer]\nZoneId=3\n")
    assert found(path)["mark of the web"].state is State.FAULT


def test_onedrive(tmp_path: Path) -> None:
    folder = tmp_path / "OneDrive - Firm"
    folder.mkdir()
    assert found(make(folder))["place"].state is State.WARNING


@pytest.mark.parametrize(("content", "told"), [
    (None, "cannot be read"),
    (b"text", "no Excel file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "encrypted, or of Excel 97-2003"),
])  # fmt: skip
def test_files_that_cannot_be_read(tmp_path: Path, content: bytes | None, told: str) -> None:
    path = tmp_path / "book.xlsx"
    if content is not None:
        path.write_bytes(content)
    (check,) = diagnose(books.checks(path))
    assert check.state is State.FAULT
    assert told in check.found


def test_a_damaged_part(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook>")
    (check,) = diagnose(books.checks(path))
    assert "damaged" in check.found
