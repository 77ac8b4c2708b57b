"""What a formula looks like to xlwings, on Excel for Windows and on its server: signature, help, answers as rows."""

from __future__ import annotations

import inspect
from typing import Any

from xlalvh.formulas.errors import CellError
from xlalvh.formulas.registry import Argument, Formula


def signature(entry: Formula, *more: inspect.Parameter) -> inspect.Signature:
    """The Python signature that xlwings reads, an optional argument being None where it is left out."""
    own = [
        inspect.Parameter(
            argument.name,
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            default=None if argument.optional else inspect.Parameter.empty,
        )
        for argument in entry.arguments
    ]
    return inspect.Signature([*own, *more])


def argument_help(argument: Argument) -> str:
    """What the wizard says of an argument."""
    return argument.help + (f" ({argument.unit})" if argument.unit else "")


def rows(result: Any) -> list[list[Any]]:
    """A plain result as rows of cells: an error is its text, a blank empty text.

    >>> rows((1.0, CellError("#NUM!", ""), None))
    [[1.0, '#NUM!', '']]
    """
    if not isinstance(result, tuple):
        result = ((result,),)
    return [[_shown(cell) for cell in row] for row in (result if isinstance(result[0], tuple) else (result,))]


def _shown(cell: Any) -> Any:
    if isinstance(cell, CellError):
        return cell.code
    return "" if cell is None else cell
