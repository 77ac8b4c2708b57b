"""A Calc book of single-cell formulas against the same in Calc's own functions, and one array call."""

from __future__ import annotations

import numpy as np

from tests.benchmarks import environment
from tests.benchmarks.report import Times
from xlalvh.hosts.calc.session import CalcBook, CalcSession

COUNT = 2_000
ROUNDS = 7
NATIVE, SINGLE, ARRAY = "Calc's own functions", "a formula a cell", "one array call"
_SHEET = "Sheet1"
_TOLERANCE = 1e-7

_D1 = "(LN(A{i}/B{i})/(D{i}*SQRT(C{i}))+D{i}*SQRT(C{i})/2)"
_N1, _N2 = f"NORM.S.DIST({_D1};TRUE())", f"NORM.S.DIST({_D1}-D{{i}}*SQRT(C{{i}});TRUE())"
_FORMULAS = {
    NATIVE: f"=EXP(-E{{i}}*C{{i}})*(A{{i}}*{_N1}-B{{i}}*{_N2})",
    SINGLE: '=ALVH_PRICE("C";A{i};B{i};C{i};D{i};E{i})',
    ARRAY: '=ALVH_PRICE("C";A1:A{n};B1:B{n};C1:C{n};D1:D{n};E1:E{n})',
}


def measure() -> Times:
    """Seconds of a recalculation, one a round.

    Raises
    ------
    ProgramMissingError
        Where there is no Calc.
    """
    with np.load(environment.sample()) as sample:
        columns = [sample[name][:COUNT] for name in ("forward", "strike", "years", "vol", "rate")]
    inputs = [[repr(x) for x in row] for row in zip(*(column.tolist() for column in columns), strict=True)]
    found: Times = {}
    with CalcSession() as calc:
        books = {name: _book(calc, name, inputs) for name in _FORMULAS}
        shown = {name: np.array(book.read(_SHEET, f"F1:F{COUNT}"), dtype=float) for name, book in books.items()}
        for name, values in shown.items():
            if not np.allclose(values, shown[NATIVE], rtol=_TOLERANCE, atol=_TOLERANCE):
                raise AssertionError(f"{name} does not show what Calc's own functions show")
        for _ in range(ROUNDS):
            for name, book in books.items():
                found.setdefault(name, []).append(book.recalculate())
    return found


def _book(calc: CalcSession, name: str, inputs: list[list[str]]) -> CalcBook:
    book = calc.open()
    book.write_formulas(_SHEET, f"A1:E{COUNT}", inputs)
    if name == ARRAY:
        book.write_array(_SHEET, f"F1:F{COUNT}", _FORMULAS[name].format(n=COUNT))
    else:
        book.write_formulas(_SHEET, f"F1:F{COUNT}", [[_FORMULAS[name].format(i=i)] for i in range(1, COUNT + 1)])
    return book
