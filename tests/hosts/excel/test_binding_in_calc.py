"""Formulas that name the add-in's file are set again, in Calc's VBA runtime: then the book's own functions answer."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator

import pytest
import xlsxwriter

from tests.hosts.excel.conftest import reached_by
from tests.hosts.excel.runtime import Live, replaced
from xlalvh.hosts.calc.session import CalcSession
from xlalvh.hosts.excel import package

PRICE = '[1]!ALVH_PRICE("P",{},100,0,0.2)'


@pytest.fixture
def lost(bare_calc: CalcSession, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A book with stale values: a formula, an array, a text that looks like one, and a formula on a protected sheet."""
    path = tmp_path_factory.mktemp("binding") / "book.xlsm"
    file = xlsxwriter.Workbook(str(path))
    first, second = file.add_worksheet(), file.add_worksheet()
    first.write_column("A1", [90.0, 95.0, 99.0])
    first.write_formula("B1", "=1+" + PRICE.format("A1"), None, -1)
    first.write_array_formula("C1:C3", "{=" + PRICE.format("A1:A3") + "}", None, -1)
    first.write_string("B2", "see [1]!ALVH_PRICE")
    first.write_formula("B3", "=A1*2", None, 180)
    second.write_formula("A1", "=" + PRICE.format("Sheet1!A2"), None, -1)
    second.protect("")
    with reached_by("com.py") as pipe:
        file.add_vba_project(io.BytesIO(replaced(("Sheet1", "Sheet2"), pipe)), True)
        file.set_vba_name("ThisWorkbook")
        for i, sheet in enumerate((first, second), 1):
            sheet.set_vba_name(f"Sheet{i}")
        file.close()
        package.link(path)
        book = bare_calc.open(path, macros=True)
        live = Live(book)
        live.wait()
        yield live
        book.close()


def until(holds: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 60.0
    while not holds():
        assert time.monotonic() < give_up
        time.sleep(0.2)


@pytest.mark.parametrize("macro", ["AlvhBindFormulas", "TestOpened"], ids=["button", "opening"])
def test_formulas_that_name_the_file_find_the_functions(lost: Live, macro: str) -> None:
    assert lost.book.read("Sheet1", "B1") == [[-1.0]]
    lost.run(macro)
    until(lambda: lost.book.read("Sheet2", "A1") == [[5.0]])
    assert lost.book.read("Sheet1", "B1:B3") == [[11.0], ["see [1]!ALVH_PRICE"], [180.0]]
    assert lost.book.formulas("Sheet1", "B1") == [['=1+ALVH_PRICE("P";A1;100;0;0.2)']]
    assert lost.book.read("Sheet1", "C1:C3") == [[10.0], [5.0], [1.0]]
    assert lost.book.formulas("Sheet1", "C1:C3") == [['{=ALVH_PRICE("P";A1:A3;100;0;0.2)}']] * 3
    until(lambda: lost.text("status") == "xlalvh: 3 formulas with ALVH functions were set again")
    assert lost.lever("TestProtected") == 1.0
    lost.book.write("Sheet1", "A1", 80.0)
    assert lost.book.read("Sheet1", "B1:C1") == [[21.0, 20.0]]
