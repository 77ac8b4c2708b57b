"""The VBA source: parsed with a grammar that is not ours, and its rules."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import Any

import pytest
import xlwings
from antlr4 import CommonTokenStream, InputStream
from antlr4.error.ErrorListener import ErrorListener
from antlr4_vba.vbaLexer import vbaLexer
from antlr4_vba.vbaParser import vbaParser

from xlalvh.formulas import catalogue
from xlalvh.hosts.excel import package, paper, process, refresh, server, wrappers
from xlalvh.hosts.excel.vba_project import Module

MODULES = {m.name: m for m in wrappers.modules(("Sheet1",), addin=False)}
ADDIN = {m.name: m for m in wrappers.modules(("Sheet1",), addin=True)}
OURS = [m for m in MODULES.values() if m.name not in ("xlwings", "Sheet1")]
OURS += [ADDIN["ThisWorkbook"], ADDIN["AlvhRibbon"]]


class _Faults(ErrorListener):
    def __init__(self) -> None:
        self.found: list[str] = []

    def syntaxError(self, recognizer: Any, symbol: Any, line: int, column: int, message: str, error: Any) -> None:  # noqa: N802
        self.found.append(f"line {line}: {message[:100]}")


def faults(code: str) -> list[str]:
    """What the grammar of [MS-VBAL] cannot read of a module's code."""
    listener = _Faults()
    lexer = vbaLexer(InputStream('Attribute VB_Name = "Code"\r\n' + code))
    parser = vbaParser(CommonTokenStream(lexer))
    for reader in (lexer, parser):
        reader.removeErrorListeners()
        reader.addErrorListener(listener)
    parser.startRule()
    return listener.found


@pytest.mark.parametrize("module", OURS, ids=lambda m: m.name)
def test_grammar_reads_every_module(module: Module) -> None:
    assert not faults("\r\n".join(module.code.splitlines()) + "\r\n")


def test_grammar_finds_a_fault() -> None:
    assert faults("Sub X()\r\n    If a = Then\r\nEnd Sub\r\n")


def test_every_formula_has_a_function() -> None:
    code = MODULES[wrappers.FUNCTIONS].code
    found = dict(re.findall(r"^Public Function (\w+)\((.*)\) As Variant$", code, re.M))
    assert list(found) == list(catalogue)
    for entry in catalogue.values():
        parameters = re.findall(r"(Optional )?ByVal (\w+) As Variant", found[entry.name])
        assert [(bool(optional), name.rstrip("_")) for optional, name in parameters] == [
            (a.optional, a.name) for a in entry.arguments
        ]


def test_lines_fit_the_editor() -> None:
    """VBA takes 1,023 characters a line, and Windows-1252."""
    for module in OURS:
        module.source.encode("cp1252")
        assert max(map(len, module.source.splitlines())) <= 1023


def test_help_attributes_fit_the_wizard() -> None:
    code = MODULES[wrappers.FUNCTIONS].code
    described = dict(re.findall(r'^Attribute (\w+)\.VB_Description = "(.*)"$', code, re.M))
    assert {name: text.replace('""', '"') for name, text in described.items()} == {
        entry.name: entry.help for entry in catalogue.values()
    }
    grouped = dict(re.findall(r'^Attribute (\w+)\.VB_ProcData\.VB_Invoke_Func = " \\n(\d+)"$', code, re.M))
    assert {name: wrappers.groups()[int(group) - 20] for name, group in grouped.items()} == {
        entry.name: f"ALVH {entry.category}" for entry in catalogue.values()
    }


def test_xlwings_module_is_xlwings_own() -> None:
    theirs = (Path(xlwings.__file__).parent / "xlwings.bas").read_bytes()
    assert MODULES["xlwings"].source.encode("cp1252") == theirs
    assert f'XLWINGS_VERSION As String = "{xlwings.__version__}"'.encode() in theirs


def test_vba_and_python_agree() -> None:
    """Every question that VBA asks is a function there, and the other way round."""
    for name, python in (("AlvhServer", server), ("AlvhRefreshing", refresh), ("AlvhPaper", paper)):
        code = MODULES[name].code + MODULES["AlvhMacros"].code.replace(f'"{python.__name__}"', "PYTHON_MODULE")
        assert f'PYTHON_MODULE As String = "{python.__name__}"' in code
        asked = set(re.findall(r'AlvhAsk\(PYTHON_MODULE, "(\w+)"', code))
        tree = ast.parse(inspect.getsource(python))
        offered = {
            f.name
            for f in tree.body
            if isinstance(f, ast.FunctionDef) and f.decorator_list and not f.name.startswith("_")
        }
        assert asked == offered
    assert "Chr$(1)" in MODULES["AlvhServer"].code
    assert chr(1) == server.MARK


def test_command_is_one_for_every_book() -> None:
    """xlwings' library keys its processes by the command; it takes 2,047 bytes of it."""
    code = MODULES["AlvhServer"].code
    command = re.search(r"Function ServerCommand.*?End Function", code, re.S)
    assert command
    assert "ThisWorkbook" not in command[0]
    assert "pythonw.exe" in command[0]
    assert "-I -c" in command[0]
    assert f"from {process.__name__} import {process.serve.__name__};" in command[0]
    assert "$(CLSID)" in command[0]


def test_cells_never_start_a_process() -> None:
    code = MODULES["AlvhServer"].code
    cells = re.search(r"Public Function AlvhAsk\(.*?End Function", code, re.S)
    assert cells
    assert "Connected(NEVER_START)" in cells[0]
    assert "NEVER_START As Long = 0" in code
    assert len(re.findall(r"Connected\(START\)", code)) == 1
    assert "Volatile" not in "".join(m.code for m in OURS)


def test_every_button_runs_a_macro_that_is_there() -> None:
    """On the ribbon each button's name is its macro's; the macro workbook has none of the ribbon's module."""
    buttons = set(re.findall(r'<button id="(\w+)"', package._ribbon().decode()))
    cases = dict(re.findall(r'Case "(\w+)": (\w+)', ADDIN["AlvhRibbon"].code))
    assert {name: name for name in buttons} == cases
    macros = set(re.findall(r"^Public Sub (\w+)\(\)", MODULES["AlvhMacros"].code, re.M))
    assert buttons <= macros
    assert macros - buttons == {"AlvhStart", "AlvhLook"}  # those of the clock
    assert "AlvhRibbon" not in MODULES


def test_what_the_clock_calls_is_taken_back_before_a_book_closes() -> None:
    """A macro that is due opens its book again."""
    assert "Application.OnTime" not in "".join(m.code for m in OURS if m.name != "AlvhServer")
    closing = re.search(r"Workbook_BeforeClose.*?End Sub", MODULES["ThisWorkbook"].code, re.S)
    assert closing
    assert "AlvhPauseClock" in closing[0]
