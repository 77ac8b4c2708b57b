"""What a worker process evaluates; it loads the formulas and nothing of the server."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from xlalvh.formulas import registry
from xlalvh.formulas.cells import Cell, as_error
from xlalvh.formulas.errors import CellError
from xlalvh.formulas.registry import Kind
from xlalvh.hosts.declared import rows


@dataclass(frozen=True)
class Asked:
    """What a call says beside its arguments.

    Parameters
    ----------
    date_1904 : bool
        Whether the book counts dates from 1904.
    formula : str, optional
        Formula text of the cell that an argument refers to, where the formula takes a reference.
    values : dict
        Values of the references in that text: rows of cells.
    """

    date_1904: bool = False
    formula: str | None = None
    values: dict[str, Any] = field(default_factory=dict)


def answer(name: str, cells: tuple[Any, ...], asked: Asked) -> list[list[Any]]:
    """Rows of a formula's result."""
    kinds = [argument.kind for argument in registry.catalogue[name].arguments]
    given = [
        _cell(asked) if kind is Kind.REFERENCE and asked.formula is not None else inward(cell)
        for kind, cell in zip(kinds, cells, strict=False)
    ]
    return rows(registry.call(name, given, date_1904=asked.date_1904))


def inward(cells: Any) -> Any:
    """What xlwings makes of a range, as formulas take it: one cell is a value, a flat list one row.

    >>> inward(["P", {"type": "Error", "basicValue": "#NUM!"}]), inward([[1.0], [""]]), inward([[1.0]])
    ((('P', CellError('#NUM!', 'the cell holds #NUM!')),), ((1.0,), ('',)), 1.0)
    """
    if not isinstance(cells, list):
        return _value(cells)
    rows = tuple(tuple(map(_value, row)) for row in (cells if isinstance(cells[0], list) else [cells]))
    return rows[0][0] if len(rows) == len(rows[0]) == 1 else rows


def _value(cell: Any) -> Any:
    """A cell's value; Excel sends errors, dates of data types and the like as objects."""
    if not isinstance(cell, dict):
        return cell
    value = cell["basicValue"]
    return as_error(value) or value


def _cell(asked: Asked) -> Cell:
    def resolve(reference: str) -> Any:
        if reference in asked.values:
            return inward(asked.values[reference])
        return CellError("#VALUE!", f"{reference} is not known")

    return Cell(asked.formula or "", resolve, asked.date_1904)
