"""The macros, executed in Calc's VBA runtime: what they do to cells. What is replaced there stands in `runtime`."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.hosts.excel.runtime import Live, replaced
from xlalvh.hosts.calc.session import CalcSession


@pytest.fixture(scope="module")
def book(bare_calc: CalcSession, pipe: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    path = tmp_path_factory.mktemp("macros") / "book.xlsm"
    file = xlsxwriter.Workbook(str(path))
    sheets = [file.add_worksheet(), file.add_worksheet("Market")]
    for name, area in (
        ("a_cell", "$A$1"), ("a_row", "$A$2:$C$2"), ("a_table", "$A$3:$B$5"), ("refresh_count", "$D$1"), ("refresh_status", "$D$2"),
    ):
        file.define_name(name, f"=Market!{area}")
    sheets[1].write_number("D1", 4)
    sheets[1].write_number("B2", 5)
    sheets[1].protect("", {"format_columns": True})
    file.add_vba_project(io.BytesIO(replaced(("Sheet1", "Sheet2"), pipe)), True)
    file.set_vba_name("ThisWorkbook")
    for i, sheet in enumerate(sheets, 1):
        sheet.set_vba_name(f"Sheet{i}")
    file.close()
    opened = bare_calc.open(path, macros=True)
    found = Live(opened)
    found.wait()
    yield found
    opened.close()


def until(holds: Callable[[], bool], what: Callable[[], Any]) -> None:
    give_up = time.monotonic() + 30.0
    while not holds():
        assert time.monotonic() < give_up, what()
        time.sleep(0.2)


def market(book: Live) -> list[list[Any]]:
    return book.book.read("Market", "A1:D5")

def test_x(book):
    print(market(book))
    book.run("AlvhRefresh")
    for _ in range(6):
        time.sleep(1)
        print(book.lever("TestStatusBar"), market(book))
    book.run("AlvhUndo")
    time.sleep(1)
    print(book.lever("TestStatusBar"), market(book))
    print(book.book.formulas("Market", "A1:D5"))
    assert 0
