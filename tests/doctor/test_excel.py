"""The comparison, with Calc in the place of Excel; what touches Excel itself cannot run here."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl.utils import coordinate_to_tuple

from tests.conftest import ROOT
from tests.fake_windows import FakeWindows
from xlalvh.doctor import excel
from xlalvh.doctor.check import State, diagnose
from xlalvh.hosts.calc.session import CalcSession
from xlalvh.hosts.excel.windows import EXCEL_PROGRAM

BOOK = ROOT / "workbook" / "alvh.xlsx"


def changed(path: Path, sheet: str, cell: str, value: str) -> None:
    """Give one formula cell of a file another stored value."""
    whole = path.with_suffix(".whole")
    shutil.move(path, whole)
    with ZipFile(whole) as old, ZipFile(path, "w", ZIP_DEFLATED) as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename == f"xl/worksheets/{sheet}.xml":
                text, count = re.subn(rf'(<c r="{cell}"[^>]*>.*?<v>)[^<]*', rf"\g<1>{value}", data.decode(), count=1)
                assert count == 1
                data = text.encode()
            new.writestr(item, data)


def test_calc_shows_what_the_template_stores(calc: CalcSession) -> None:
    finding = excel.compared(calc, BOOK)
    assert finding.state is State.OK, finding.found
    assert int(re.search(r"all (\d+) formula cells", finding.found)[1]) > 1500


def test_a_stored_value_that_is_wrong_is_named_with_its_cell(calc: CalcSession, tmp_path: Path) -> None:
    path = tmp_path / "wrong.xlsx"
    shutil.copy(BOOK, path)
    wanted = excel.stored(path)
    cell = next(place for (sheet, place), value in wanted.items() if sheet == "Sizing" and isinstance(value, float))
    with ZipFile(path) as archive:
        names = re.findall(r'<sheet name="(\w+)"', archive.read("xl/workbook.xml").decode())
    changed(path, f"sheet{names.index('Sizing') + 1}", cell, "123456789")
    finding = excel.compared(calc, path)
    assert finding.state is State.FAULT
    assert re.match(rf"1 of \d+ formula cells differ: Sizing!{cell} shows .* where 123456789", finding.found)


class Starting:
    """A program whose cells show #N/A until the third look, as Excel's do while Python starts."""

    def __init__(self, wanted: excel.Values) -> None:
        self.wanted, self.looks, self.closed = wanted, 0, False

    def open(self, path: Path) -> Starting:
        return self

    def recalculate(self) -> None:
        self.looks += 1

    def read(self, sheet: str, area: str) -> list[list[Any]]:
        rows: list[list[Any]] = [[None] * 60 for _ in range(3000)]
        for (name, cell), value in self.wanted.items():
            row, column = coordinate_to_tuple(cell)
            if name == sheet:
                rows[row - 1][column - 1] = value if self.looks >= 3 else "#N/A"
        return rows

    def close(self) -> None:
        self.closed = True


def test_cells_that_wait_for_python_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "_PAUSE", 0.0)
    program = Starting(excel.stored(BOOK))
    assert excel.compared(program, BOOK).state is State.OK
    assert (program.looks, program.closed) == (3, True)
    monkeypatch.setattr(excel, "_START", 0.0)
    program.looks = -5
    finding = excel.compared(program, BOOK)
    assert finding.state is State.FAULT
    assert "shows '#N/A' where" in finding.found


@pytest.mark.parametrize(("one", "other", "same"), [
    (1.0, 1.0 + 1e-9, True), (1.0, 1.001, False), (0.0, 1e-9, True), (None, "", True), (0.0, "", False),
    ("#N/A", "#N/A", True), ("#N/A", "#NUM!", False), (True, 1.0, True), ("hold", "hold", True), (3, 3.0, True),
])  # fmt: skip
def test_what_counts_as_the_same(one: Any, other: Any, same: bool) -> None:
    assert bool(excel.differences({("S", "A1"): one}, {("S", "A1"): other})) is not same


def test_a_busy_excel_is_asked_again_and_another_error_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    class BusyError(Exception):
        hresult = -2147418111  # RPC_E_CALL_REJECTED, 0x80010001

    monkeypatch.setattr(excel, "_PAUSE", 0.0001)
    tries = iter([BusyError(), BusyError(), 5])

    def call() -> Any:
        result = next(tries)
        if isinstance(result, Exception):
            raise result
        return result

    assert excel.patiently(call) == 5
    with pytest.raises(ZeroDivisionError):
        excel.patiently(lambda: 1 / 0)

    def always() -> None:
        raise BusyError

    with pytest.raises(BusyError):
        excel.patiently(always, attempts=3)


class Com:
    """What xlwings gives for a book, with the values that COM gives."""

    def __init__(self, value: Any) -> None:
        self.sheets = {"S": self}
        self.api = self
        self.Value2 = value

    def range(self, area: str) -> Com:
        return self


def test_com_values_become_what_is_stored() -> None:
    rows = ((1.5, None), (-2146826246, "hold"))  # 0x800A07FA is #N/A
    book = excel.ExcelBook(Com(rows))
    wanted = {("S", cell): None for cell in ("A1", "B1", "A2", "B2")}
    assert list(excel.engine.read(book, wanted).values()) == [1.5, None, "#N/A", "hold"]
    assert excel.ExcelBook(Com(2.5)).read("S", "A1") == [[2.5]]


def test_elsewhere_one_line_says_so(tmp_path: Path) -> None:
    (check,) = diagnose(excel.checks(None))
    assert check.state is State.NOT_APPLICABLE
    machine = FakeWindows(tmp_path)
    machine.registry[EXCEL_PROGRAM] = {}
    (check,) = diagnose(excel.checks(machine))
    assert check.state is State.FAULT
    machine.write(EXCEL_PROGRAM, "", "C:\\EXCEL.EXE")
    assert list(excel.checks(machine)) == [
        "Excel: workbook with macros",
        "Excel: refresh",
        "Excel: .xlsx with plain names",
        "Excel: .xlsx with linked names",
        "Excel: xlwings' own wrappers",
        "Excel: function wizard",
    ]


def test_the_files_are_built_away_from_the_users() -> None:
    files = excel._Files()
    book = files.path("alvh.xlsm")
    assert book is not None
    assert book.read_bytes() == (ROOT / "workbook" / "alvh.xlsm").read_bytes()
    assert (files.folder / "xlalvh.xlam").is_file()
    assert files.path("alvh.xlsx") is not None
    assert "sample" in (files.folder / "data" / "settings.toml").read_text()
    assert files.path("no such.xlsx") is None
