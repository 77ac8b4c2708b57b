"""The Help group: why a cell failed, and what is running."""

from __future__ import annotations

import platform
from typing import Any

import numpy as np

import xlalvh
from xlalvh.formulas.cells import Cell
from xlalvh.formulas.errors import CellError, value_error
from xlalvh.formulas.registry import Argument, Kind, formula

HELP = "Help"


@formula(
    category=HELP,
    help="Why a cell with ALVH_ formulas fails: the first failure, its argument, the value received and the remedy.",
    arguments=(Argument("reference", Kind.REFERENCE, "the cell to explain, as a reference"),),
    result='One text; "no failure" where nothing fails.',
    source="the cell's own formula, evaluated again",
    example={"reference": Cell('=ALVH_PRICE("P",4200,-5,0.12,0.19)', lambda reference: None)},
)
def alvh_explain(reference: Any) -> str | CellError:
    if not (hasattr(reference, "formula") and hasattr(reference, "resolve")):
        raise value_error("reference is a value; give one cell as a reference, such as ALVH_EXPLAIN(B2)")
    from xlalvh.formulas import explain

    date_1904 = getattr(reference, "date_1904", False)
    return explain.explain(reference.formula, reference.resolve, date_1904=date_1904)


@formula(
    category=HELP,
    help="Versions of what is running.",
    arguments=(),
    result="One text: xlalvh, Python, NumPy, SciPy.",
    source="the running program",
    example={},
)
def alvh_version() -> str:
    from importlib.metadata import version

    return (
        f"xlalvh {xlalvh.__version__}, Python {platform.python_version()}, NumPy {np.__version__}, "
        f"SciPy {version('scipy')}"
    )
