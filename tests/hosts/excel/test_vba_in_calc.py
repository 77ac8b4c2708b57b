"""The wrappers of the macro workbook, executed: Calc's VBA runtime runs them, and they reach Python through xlwings.

What is replaced in the copy that Calc opens, and what differs there, stands in `runtime`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
import xlsxwriter

from tests.formulas.expected import EXPECTED, differences, tolerance
from tests.hosts.excel.conftest import reached_by
from tests.hosts.excel.runtime import Live, replaced
from workbook.book import column
from xlalvh.formulas import catalogue
from xlalvh.formulas.cells import grid
from xlalvh.hosts.calc.session import CalcSession


@pytest.fixture(scope="module")
def live(bare_calc: CalcSession, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    path = tmp_path_factory.mktemp("vba") / "book.xlsm"
    file = xlsxwriter.Workbook(str(path))
    sheet = file.add_worksheet()
    with reached_by("com.py") as pipe:
        file.add_vba_project(io.BytesIO(replaced(("Sheet1",), pipe)), True)
        file.set_vba_name("ThisWorkbook")
        sheet.set_vba_name("Sheet1")
        file.close()
        book = bare_calc.open(path, macros=True)
        found = Live(book)
        found.wait()  # Workbook_Open had Excel's OnTime start the process
        yield found
        book.close()


def test_scalars_blanks_and_errors(live: Live) -> None:
    assert live.one('=ALVH_PRICE("P";90;100;0;0.2)') == 10.0
    assert live.one('=ALVH_PRICE("P";90;100;1;0.2;0.05)') < live.one('=ALVH_PRICE("P";90;100;1;0.2)')
    assert live.one('=ALVH_PRICE("P";-90;100;0;0.2)') == "Error 2036"
    assert live.one('=ALVH_PRICE("P";A1;100;0;0.2)') == "Error 2042"
    assert live.one('=ALVH_PRICE("P";"x";100;0;0.2)') == "Error 2015"
    assert str(live.one("=ALVH_VERSION()")).startswith("xlalvh ")


def test_arrays_of_numbers_and_of_errors(live: Live) -> None:
    for row, value in enumerate((90.0, None, 95.0, "x"), 1):
        live.book.write("Sheet1", f"A{row}", value)
    good = live.array("C1:C1", '=ALVH_PRICE("P";A1:A1;100;0;0.2)')
    assert good == [[10.0]]
    mixed = live.array("D1:D4", '=ALVH_PRICE("P";A1:A4;100;0;0.2)')
    assert mixed == [[10.0], ["Error 2042"], [5.0], ["Error 2015"]]
    table = live.array("F1:N2", '=ALVH_GREEKS("P";A1;100;0;0.2)')
    assert table[0][:2] == ["price", "delta"], table
    assert table[1][:2] == [10.0, -1.0]
    outer = live.array("F4:H5", '=ALVH_PRICE("P";{90|95};{100;110;120};0;0.2)')
    assert outer == [[10.0, 20.0, 30.0], [5.0, 15.0, 25.0]]


def test_whole_columns_end_with_the_used_range(live: Live) -> None:
    for row, value in enumerate((90.0, None, 95.0), 1):
        live.book.write("Sheet1", f"A{row}", value)
    assert live.array("P1:P3", '=ALVH_PRICE("P";A:A;100;0;0.2)') == [[10.0], ["Error 2042"], [5.0]]


def test_explain_sends_formula_and_values(live: Live) -> None:
    live.book.write("Sheet1", "A8", -5.0)
    live.book.write("Sheet1", "B8", '=ALVH_PRICE("P";A8;100;0;0.2)')
    assert str(live.one("=ALVH_EXPLAIN(B8)")).startswith("#NUM! ALVH_PRICE: forward is -5 (from A8)")
    assert live.one("=ALVH_EXPLAIN(A1:A2)") == "Error 2015"
    assert live.one("=ALVH_EXPLAIN(5)") == "Error 2015"


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_example_from_cells(live: Live, name: str) -> None:
    entry, words = catalogue[name], []
    for argument in entry.arguments:
        if argument.name not in entry.example:
            words.append("")
            continue
        rows = grid(entry.example[argument.name], argument.name).rows()
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                live.book.write("Sheet1", f"{column(live.next + c)}{r + 1}", _written(cell))
        words.append(f"{column(live.next)}1:{column(live.next + len(rows[0]) - 1)}{len(rows)}")
        live.next += len(rows[0])
    while words and not words[-1]:
        words.pop()
    expected = EXPECTED[name]
    rows = expected if isinstance(expected, tuple) else ((expected,),)
    rows = rows if isinstance(rows[0], tuple) else tuple((cell,) for cell in rows)
    area = f"{column(live.next)}1:{column(live.next + len(rows[0]) - 1)}{len(rows)}"
    live.next += len(rows[0])
    found = live.array(area, f"={name}({';'.join(words)})")
    assert not differences(tuple(map(tuple, found)), rows, tolerance(name)), found


def _written(cell: Any) -> Any:
    return float(cell) if isinstance(cell, (bool, int, float)) else cell
