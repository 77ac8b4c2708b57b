"""The catalogue as Calc sees it: the UNO interface, and the table that the component reads.

Calc passes every argument as ``any``, so that a cell, a range, text and an omitted argument all arrive. A
`Kind.REFERENCE` argument is the cell itself. Every result is rows of ``any``, one number being one row of one: Calc
refuses an array inside a plain ``any`` that comes from Python. Formulas that need to know the calling document (its
date system, its names) get it as a last argument, which Calc fills in and shows to nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xlalvh.formulas import catalogue
from xlalvh.formulas.registry import Argument, Formula, Kind

MODULE = ("org", "xlalvh")
INTERFACE = "XAlvh"
SERVICE = "Alvh"
PREFIX = ".".join((*MODULE, SERVICE)).upper() + "."

_CELL_RANGE = "com::sun::star::table::XCellRange"
_DOCUMENT = "com::sun::star::beans::XPropertySet"
_NEEDS_DOCUMENT = (Kind.REFERENCE, Kind.DATE, Kind.MOMENT)


def programmatic(name: str) -> str:
    """The name under which Calc's files hold a formula.

    >>> programmatic("ALVH_PRICE")
    'ORG.XLALVH.ALVH.ALVH_PRICE'
    """
    return PREFIX + name


def needs_document(entry: Formula) -> bool:
    """Whether the formula takes or gives dates or cells, which only the calling document explains."""
    return entry.gives_date or any(a.kind in _NEEDS_DOCUMENT for a in entry.arguments)


def idl(formulas: Mapping[str, Formula] = catalogue) -> str:
    """The UNO interface definition of all formulas, for ``unoidl-write``."""
    methods = "\n".join(f"        {_method(entry)}" for entry in formulas.values())
    opening = " ".join(f"module {name} {{" for name in MODULE)
    closing = " ".join("};" for _ in MODULE)
    return (
        f"{opening}\n    interface {INTERFACE} {{\n{methods}\n    }};\n"
        f"    service {SERVICE} : {INTERFACE};\n{closing}\n"
    )


def table(command: Sequence[str], formulas: Mapping[str, Formula] = catalogue) -> dict[str, Any]:
    """What the component reads at start: its names, the helper's command, and the wizard help of every formula."""
    return {
        "service": ".".join((*MODULE, SERVICE)),
        "interface": ".".join((*MODULE, INTERFACE)),
        "prefix": PREFIX,
        "command": list(command),
        "functions": {
            entry.name: {
                "help": f"{entry.help} {entry.result}",
                "category": entry.category,
                "document": needs_document(entry),
                "arguments": [_argument(a) for a in entry.arguments],
            }
            for entry in formulas.values()
        },
    }


def _method(entry: Formula) -> str:
    # Numbered, for an argument's own name may be a word of the language (long, any, property).
    words = [f"[in] {_CELL_RANGE if a.kind is Kind.REFERENCE else 'any'} a{i}" for i, a in enumerate(entry.arguments)]
    if needs_document(entry):
        words.append(f"[in] {_DOCUMENT} document")
    return f"sequence< sequence<any> > {entry.name}({', '.join(words)});"


def _argument(argument: Argument) -> dict[str, Any]:
    unit = f", {argument.unit}" if argument.unit else ""
    optional = "; may be left out" if argument.optional else ""
    return {
        "name": argument.name,
        "help": f"{argument.help}{unit}{optional}",
        "reference": argument.kind is Kind.REFERENCE,
    }
