"""What runs our VBA in Calc: stand-ins for what Calc lacks, and a book with the project.

xlwings' module, whose ``#If`` keeps Calc from the whole project, and AlvhHost are replaced by stand-ins, ``Value2`` by
``Value``. In Calc ``CVErr(2036)`` shows as the text "Error 2036", an error cell in a range arrives as 0, and nobody
refuses a call that lacks an argument.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from xlalvh.hosts.calc.session import CalcBook
from xlalvh.hosts.excel import wrappers
from xlalvh.hosts.excel.vba_project import Module, vba_project

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
Public Function AlvhText(ByVal text As String) As String
    AlvhText = "'" & text
End Function
Public Sub AlvhOfferUndo(ByVal text As String, ByVal macro As String)
End Sub
Public Sub AlvhEscape(ByVal macro As String)
End Sub
Public Function AlvhAskForFile() As String
    AlvhAskForFile = "{file}"
End Function
Public Function AlvhBook() As Object
    Set AlvhBook = ThisWorkbook
End Function
Public Function AlvhUnlock(ByVal sheet As Object) As Variant
    If Not sheet.ProtectContents Then Exit Function
    sheet.Unprotect
    AlvhUnlock = Array(True)
End Function
Public Sub AlvhLock(ByVal sheet As Object, ByVal was As Variant)
    If IsArray(was) Then sheet.Protect
End Sub
Public Function AlvhCountsFrom1904(ByVal book As Object) As Boolean
End Function
Public Sub AlvhConsole(ByVal command As String)
    Err.Raise 5
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
CALL = "server.CallUDF(place, question, (values))"
LEVERS = """
Public Function TestRuns(n)
    TestRuns = AlvhRuns()
End Function
Public Function TestMacro(n, name)
    Application.OnTime Now, AlvhMacro(name)
    TestMacro = 1
End Function
Public Function TestUnqualified(text)
    TestUnqualified = AlvhUnqualified(text)
End Function
Public Function TestText(n, name)
    Select Case name
        Case "template": TestText = AlvhAsk("xlalvh.hosts.excel.refresh", "template", Array())
        Case "addin": TestText = AlvhMacro("x")
    End Select
End Function
"""


def replaced(sheets: tuple[str, ...], pipe: str, file: Path | str = "") -> bytes:
    """The project with what Calc lacks replaced; `file` is what the user names for a new workbook."""
    stand_ins = {"xlwings": XLWINGS.replace("{pipe}", pipe), "AlvhHost": HOST.replace("{file}", str(file))}
    modules = [
        Module(
            m.name, stand_ins.get(m.name, m.code.replace(".Value2", ".Value").replace(CALL, f"AsCom({CALL})")), m.kind
        )
        for m in wrappers.modules(sheets, addin=False)
    ]
    return vba_project("xlalvh", [*modules, Module("Levers", LEVERS)])


class Live:
    """A book with the project, open in Calc. What is tried goes to Sheet1, or to the one cell given."""

    def __init__(self, book: CalcBook, cell: tuple[str, str] | None = None) -> None:
        self.book = book
        self._cell = cell
        self._row = 0
        self.next = 30  # a free column

    def one(self, formula: str) -> Any:
        """What a fresh cell shows."""
        self._row += 1
        sheet, cell = self._cell or ("Sheet1", f"Z{self._row}")
        self.book.write(sheet, cell, formula)
        return self.book.read(sheet, cell)[0][0]

    def lever(self, name: str) -> Any:
        return self.one(f"={name}({self._row})")

    def wait(self) -> None:
        """Until the server object is there."""
        give_up = time.monotonic() + 30.0
        while self.lever("TestRuns") != 1.0:
            assert time.monotonic() < give_up
            time.sleep(0.1)

    def run(self, macro: str) -> None:
        """Have a macro run as a button would run it, once none runs: Calc would run it amid the other."""
        give_up = time.monotonic() + 10.0
        time.sleep(0.5)
        while self.one(f'=TestMacro({self._row};"{macro}")') != 1.0:
            assert time.monotonic() < give_up
            time.sleep(0.1)

    def array(self, area: str, formula: str) -> list[list[Any]]:
        self.book.write_array("Sheet1", area, formula)
        return self.book.read("Sheet1", area)
