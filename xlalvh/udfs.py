"""The formulas with xlwings' decorators, for "Import Functions" of the xlwings add-in in any book.

Our own files need none of this: they bring faster wrappers. What differs here is xlwings': errors show as text such as
``#NUM!``, dates count from 1900 whatever the book says, and each book starts its own Python.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import xlwings

from xlalvh.formulas import catalogue, registry
from xlalvh.formulas.cells import Cell, plain
from xlalvh.formulas.registry import Formula, Kind
from xlalvh.hosts.declared import argument_help, rows, signature
from xlalvh.hosts.excel.server import inward


def _declared(entry: Formula) -> Callable[..., Any]:
    """The function of a formula, with the signature, help and category that xlwings reads."""

    def function(*given: Any) -> Any:
        cells = [
            _cell(value) if argument.kind is Kind.REFERENCE else inward(value)
            for argument, value in zip(entry.arguments, given, strict=False)
        ]
        return rows(plain(registry.call(entry.name, cells)))

    function.__name__ = function.__qualname__ = entry.name
    function.__doc__ = entry.help
    function.__signature__ = signature(entry)  # type: ignore[attr-defined]
    declared: Callable[..., Any] = xlwings.ret("raw")(function)
    for argument in entry.arguments:
        convert: Any = xlwings.Range if argument.kind is Kind.REFERENCE else "raw"
        declared = xlwings.arg(argument.name, convert, doc=argument_help(argument))(declared)
    # Last, for xlwings.arg and xlwings.ret set the category back.
    return xlwings.func(category=f"ALVH {entry.category}")(declared)


def _cell(reference: Any) -> Cell:
    """A range of xlwings as what ``ALVH_EXPLAIN`` looks into."""

    def resolve(text: str) -> Any:
        found = reference.sheet.api.Evaluate(text)
        return inward(getattr(found, "Value2", found))

    return Cell(reference.formula, resolve)


globals().update({name: _declared(entry) for name, entry in catalogue.items()})
