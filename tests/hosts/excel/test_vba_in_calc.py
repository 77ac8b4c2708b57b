"""The VBA of the macro workbook, executed: Calc's VBA runtime runs it, and it reaches our Python through xlwings.

What Calc lacks is replaced in the copy that it opens: xlwings' module, whose ``#If`` keeps Calc from the whole project,
and AlvhHost by stand-ins, ``Value2`` by ``Value``. There ``CVErr(2036)`` shows as the text "Error 2036", an error cell
in a range arrives as 0, and nobody refuses a call that lacks an argument.
"""

from __future__ import annotations

import io
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.conftest import ROOT, missing
from tests.formulas.expected import EXPECTED, differences, tolerance
from workbook.book import column
from xlalvh.formulas import catalogue
from xlalvh.formulas.cells import grid
from xlalvh.hosts.calc import locate
from xlalvh.hosts.calc.session import CalcBook, CalcSession, ProgramMissingError
from xlalvh.hosts.excel import wrappers
from xlalvh.hosts.excel.vba_project import Module, vba_project

HERE = Path(__file__).parent

XLWINGS = """
Public Function XLPyDLLActivateAuto(ByRef Result As Variant, Optional ByVal Config As String = "", \
Optional ByVal mode As Long = 1) As Long
    Dim resolver As Object
    Set resolver = CreateUnoService("com.sun.star.bridge.UnoUrlResolver")
    Set Result = resolver.resolve("uno:pipe,name={pipe};urp;server")
End Function
"""
HOST = r"""
Public Function AlvhHome() As String
    AlvhHome = "C:\Users\me\xlalvh"
End Function
Public Function AlvhLoadLibrary(ByVal home As String) As Boolean
    AlvhLoadLibrary = True
End Function
Public Sub AlvhRecalculate()
End Sub
' The two-dimensional array that COM makes of rows, which come here as an array of arrays.
Public Function AsCom(ByVal answer As Variant) As Variant
    Dim result() As Variant, r As Long, c As Long
    AsCom = answer
    If Not IsArray(answer) Then Exit Function
    If Not IsArray(answer(0)) Then Exit Function
    ReDim result(0 To UBound(answer), 0 To UBound(answer(0)))
    For r = 0 To UBound(answer)
        For c = 0 To UBound(answer(0))
            result(r, c) = answer(r)(c)
        Next c
    Next r
    AsCom = result
End Function
"""
CALL = "server.CallUDF(PYTHON_MODULE, question, (values))"
LEVERS = """
Public Function TestRuns(n)
    TestRuns = AlvhRuns()
End Function
"""


def replaced(sheets: tuple[str, ...], pipe: str) -> bytes:
    """The project with what Calc lacks replaced."""
    stand_ins = {"xlwings": XLWINGS.replace("{pipe}", pipe), "AlvhHost": HOST}
    modules = [
        Module(
            m.name, stand_ins.get(m.name, m.code.replace(".Value2", ".Value").replace(CALL, f"AsCom({CALL})")), m.kind
        )
        for m in wrappers.modules(sheets, addin=False)
    ]
    return vba_project("xlalvh", [*modules, Module("Levers", LEVERS)])


class Live:
    """An empty book with the project, open in Calc."""

    def __init__(self, book: CalcBook) -> None:
        self.book = book
        self._row = 0
        self.next = 30  # a free column

    def one(self, formula: str) -> Any:
        """What a fresh cell shows."""
        self._row += 1
        self.book.write("Sheet1", f"Z{self._row}", formula)
        return self.book.read("Sheet1", f"Z{self._row}")[0][0]

    def lever(self, name: str) -> Any:
        return self.one(f"={name}({self._row})")

    def wait(self) -> None:
        """Until the server object is there."""
        give_up = time.monotonic() + 30.0
        while self.lever("TestRuns") != 1.0:
            assert time.monotonic() < give_up
            time.sleep(0.1)

    def array(self, area: str, formula: str) -> list[list[Any]]:
        self.book.write_array("Sheet1", area, formula)
        return self.book.read("Sheet1", area)


@pytest.fixture(scope="module")
def bare_calc() -> Iterator[CalcSession]:
    """A Calc without our add-in, whose functions would come before those of a file."""
    try:
        session = CalcSession(bare=True)
        session.__enter__()
    except ProgramMissingError as error:
        missing(str(error))
    yield session
    session.__exit__(None, None, None)


@pytest.fixture(scope="module")
def pipe(bare_calc: CalcSession) -> Iterator[str]:
    """Where Calc finds the stand-in for the Python process that xlwings' library starts."""
    name = f"xlalvh-test-{uuid.uuid4().hex}"
    process = subprocess.Popen(
        [str(locate.calc_python()), str(HERE / "acceptor.py"), name, sys.executable, str(HERE / "com.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**locate.environment(), "PYTHONPATH": str(ROOT)},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    yield name
    process.stdin.close()
    process.wait(10)
    process.stdout.close()


@pytest.fixture(scope="module")
def live(bare_calc: CalcSession, pipe: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    path = tmp_path_factory.mktemp("vba") / "book.xlsm"
    file = xlsxwriter.Workbook(str(path))
    sheet = file.add_worksheet()
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
