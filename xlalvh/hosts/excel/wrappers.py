"""The VBA of our files: one function a formula, written from the catalogue, and the modules beneath them."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import xlwings

from xlalvh.formulas import catalogue
from xlalvh.formulas.registry import Formula, Kind
from xlalvh.hosts.excel.vba_project import Module, ModuleKind

FUNCTIONS = "AlvhFunctions"
FIRST_GROUP = 20  # the first category of functions that is not Excel's own
GROUP = "ALVH {}"
_FIXED = ("AlvhServer", "AlvhHost", "AlvhMacros", "AlvhRefreshing", "AlvhPaper", "AlvhSheets", "AlvhBinding")
_OF_ADDIN = ("AlvhRibbon",)
_WORDS = ("step",)  # arguments that are words of For loops: Calc's Basic refuses them, VBA may


def groups() -> tuple[str, ...]:
    """Categories of the catalogue in its order, as the function wizard names them."""
    return tuple(dict.fromkeys(GROUP.format(entry.category) for entry in catalogue.values()))


def functions() -> str:
    """The module of functions."""
    return "\n\n".join(["Option Explicit", *("\n".join(_function(entry)) for entry in catalogue.values())])


def modules(sheets: tuple[str, ...], *, addin: bool) -> tuple[Module, ...]:
    """Every module of a file.

    Parameters
    ----------
    sheets : tuple of str
        Code names of the sheets.
    addin : bool
        Whether the file is the add-in, which looks after the formulas of every book.
    """
    return (
        Module("ThisWorkbook", _text("AddIn.cls" if addin else "Book.cls"), ModuleKind.WORKBOOK),
        *(Module(name, "", ModuleKind.SHEET) for name in sheets),
        Module(FUNCTIONS, functions()),
        *(Module(name, _text(f"{name}.bas")) for name in _FIXED + (_OF_ADDIN if addin else ())),
        Module("xlwings", xlwings_module()),
    )


def xlwings_module() -> str:
    """xlwings' own module, unchanged but for its name attribute, which `Module` writes."""
    source = (Path(xlwings.__file__).parent / "xlwings.bas").read_text("cp1252")
    first, _, rest = source.partition("\n")
    if first.strip() != 'Attribute VB_Name = "xlwings"':
        raise ValueError(f"xlwings.bas begins with {first!r}; this needs xlwings 0.37.8")
    return rest


def _text(name: str) -> str:
    return resources.files("xlalvh.hosts.excel").joinpath("vba", name).read_text("utf-8")


def _function(entry: Formula) -> Iterator[str]:
    group = FIRST_GROUP + groups().index(GROUP.format(entry.category))
    names = [f"{a.name}_" if a.name in _WORDS else a.name for a in entry.arguments]
    parameters = ", ".join(
        f"{'Optional ' if a.optional else ''}ByVal {name} As Variant"
        for a, name in zip(entry.arguments, names, strict=True)
    )
    call = "AlvhExplain" if any(a.kind is Kind.REFERENCE for a in entry.arguments) else "AlvhCall"
    yield f"Public Function {entry.name}({parameters}) As Variant"
    yield f'Attribute {entry.name}.VB_Description = "{entry.help.replace(chr(34), 2 * chr(34))}"'
    yield f'Attribute {entry.name}.VB_ProcData.VB_Invoke_Func = " \\n{group}"'
    yield f'    {entry.name} = {call}("{entry.name}", Array({", ".join(names)}))'
    yield "End Function"
