"""What a worker process evaluates; it loads the formulas and nothing of the server."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from xlalvh.formulas import registry
from xlalvh.formulas.errors import CellError
from xlalvh.formulas.explain import Cell
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
    """Rows from Excel as formulas take them: one cell is a value.

    >>> inward([[1.0]]), inward([[1.0, None]])
    (1.0, ((1.0, None),))
    """
    if not isinstance(cells, list):
        return cells
    if len(cells) == 1 and len(cells[0]) == 1:
        return cells[0][0]
    return tuple(tuple(row) for row in cells)


def _cell(asked: Asked) -> Cell:
    def resolve(reference: str) -> Any:
        if reference in asked.values:
            return inward(asked.values[reference])
        return CellError("#VALUE!", f"{reference} is not known")

    return Cell(asked.formula or "", resolve, asked.date_1904)
