"""What runs our VBA in Calc: stand-ins for what Calc lacks, and a book with the project.

Replaced by stand-ins are xlwings' module, whose ``#If`` keeps Calc from the whole project, and AlvhHost but for its
recalculation. ``Value2`` is ``Value`` here, the message box and the status bar are texts. Calc shows an array's formula
in braces and a file's number apart from the name, and tells neither an array nor an error cell. In Calc ``CVErr(2036)``
shows as the text "Error 2036", an error cell in a range arrives as 0, and nobody refuses a call that lacks an argument.
"""

from __future__ import annotations

import re
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
Public Told As String, Said As String
Public Function AlvhHome() As String
    AlvhHome = "C:\Users\me\xlalvh"
End Function
Public Function AlvhLoadLibrary(ByVal home As String) As Boolean
    AlvhLoadLibrary = True
End Function
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
Public Sub Tell(ByVal text, Optional ByVal buttons, Optional ByVal title)
    Told = text
End Sub
Public Function IsArrayCell(ByVal cell As Object) As Boolean
    IsArrayCell = Left$(cell.Formula, 2) = "={"
End Function
Public Function AsExcel(ByVal formula As String) As String
    AsExcel = Replace(formula, "[1] ALVH", "[1]!ALVH")
    If Left$(AsExcel, 2) = "={" Then AsExcel = Mid$(AsExcel, 2) ' one cell's; of many, the braces stand alone
    If Left$(AsExcel, 1) = "{" Then AsExcel = Mid$(AsExcel, 2, Len(AsExcel) - 2)
End Function
Public Function AsShown(ByVal cell As Object) As Variant
    AsShown = cell.Value
    If cell.Text = "#NAME?" Then AsShown = CVErr(2029)
End Function
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
_OTHERWISE = {
    "AlvhServer": ((re.escape(CALL), f"AsCom({CALL})"),),
    "AlvhRefreshing": ((r"(?m)^( *)(Application\.StatusBar)( = .*)$", r"\1\2\3\n\1Said\3"),),
    "AlvhMacros": ((r"\bMsgBox ", "Tell "), (r"Application\.Workbooks\.Open path", 'Told = "opened " & path')),
    "AlvhBinding": (
        (r"book\.IsAddin Or book\.HasVBProject", "False"),
        (r"(\w+(?:\.Cells\(1, 1\))?)\.HasArray", r"IsArrayCell(\1)"),
        (r"(texts\(r, c\)|\b(?:cell|area)(?:\.Cells\(1, 1\))?\.Formula\b(?! =))", r"AsExcel(\1)"),
        (r"cell\.Cells\(1, 1\)\.Value\b", "AsShown(cell.Cells(1, 1))"),
    ),
}
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
Public Function TestWaits(n)
    TestWaits = AlvhWaits(ThisWorkbook)
End Function
Public Function TestProtected(n)
    TestProtected = ThisWorkbook.Worksheets(2).ProtectContents
End Function
Public Sub TestOpened()
    AlvhOpened ThisWorkbook
End Sub
Public Function TestText(n, name)
    Select Case name
        Case "told": TestText = Told
        Case "status": TestText = Said
        Case "template": TestText = AlvhAsk("xlalvh.hosts.excel.refresh", "template", Array())
        Case "addin": TestText = AlvhMacro("x")
    End Select
End Function
"""


def replaced(sheets: tuple[str, ...], pipe: str, file: Path | str = "") -> bytes:
    """The project with what Calc lacks replaced; `file` is what the user names for a new workbook."""
    written = wrappers.modules(sheets, addin=False)
    host = next(m.code for m in written if m.name == "AlvhHost")
    recalculation = re.search(r"^Public Sub AlvhRecalculate\(.*?^End Sub$", host, re.M | re.S)
    assert recalculation
    stand_ins = {
        "xlwings": XLWINGS.replace("{pipe}", pipe),
        "AlvhHost": HOST.replace("{file}", str(file)) + recalculation[0],
    }
    modules = [Module(m.name, stand_ins.get(m.name) or _in_calc(m), m.kind) for m in written]
    return vba_project("xlalvh", [*modules, Module("Levers", LEVERS)])


def _in_calc(module: Module) -> str:
    code = module.code.replace(".Value2", ".Value")
    for found, instead in _OTHERWISE.get(module.name, ()):
        code, count = re.subn(found, instead, code)
        assert count, f"{module.name} has no longer {found}"
    return code


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
        """What a function without arguments gives now: Calc asks again only where the text is another."""
        return self.one(f"={name}({self._row})")

    def text(self, name: str) -> str:
        return str(self.one(f'=TestText({self._row};"{name}")'))

    def wait(self) -> None:
        """Until the server object is there."""
        give_up = time.monotonic() + 90.0
        while self.lever("TestRuns") != 1.0:
            assert time.monotonic() < give_up
            time.sleep(0.1)

    def run(self, macro: str) -> None:
        """Have a macro run as a button would run it, once none runs: Calc would run it amid the other."""
        give_up = time.monotonic() + 60.0
        time.sleep(0.5)
        while self.one(f'=TestMacro({self._row};"{macro}")') != 1.0:
            assert time.monotonic() < give_up
            time.sleep(0.1)

    def array(self, area: str, formula: str) -> list[list[Any]]:
        self.book.write_array("Sheet1", area, formula)
        return self.book.read("Sheet1", area)
