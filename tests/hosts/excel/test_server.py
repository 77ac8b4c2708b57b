"""What Excel's values become in Python and back, through xlwings' own ``CallUDF``, for every formula."""

from __future__ import annotations

import math
import subprocess
import sys
import time
from typing import Any

import numpy as np
import pytest

from tests.formulas.expected import EXPECTED, differences, tolerance
from tests.hosts.excel.com import MISSING, hresult
from xlalvh.formulas import CellError, catalogue
from xlalvh.formulas.cells import grid
from xlalvh.formulas.registry import Formula
from xlalvh.hosts.excel import server

MODULE = "xlalvh.hosts.excel.server"
TEXT = {2015: "#VALUE!", 2036: "#NUM!", 2042: "#N/A"}


def sent(value: Any) -> Any:
    """A value as VBA sends it: numbers are floats, a range is rows of cells."""
    if isinstance(value, (tuple, list, np.ndarray)):
        return tuple(tuple(sent(cell) for cell in row) for row in grid(value, "x").rows())
    if value is None or isinstance(value, (str, bool)):
        return value
    return float(value)


def shown(answer: Any) -> Any:
    """An answer as VBA's ``WithErrors`` shows it, errors as `CellError`."""

    def one(cell: Any) -> Any:
        return CellError(TEXT[int(cell[1:])], "") if isinstance(cell, str) and cell[:1] == server.MARK else cell

    if isinstance(answer, list) and answer[0] == server.MARK:
        rows, columns, *cells = answer[1:]
        return tuple(tuple(map(one, cells[i * columns : (i + 1) * columns])) for i in range(rows))
    if isinstance(answer, list):
        return tuple(tuple(map(one, row)) for row in (answer if isinstance(answer[0], list) else [answer]))
    return one(answer)


def arguments(entry: Formula) -> list[Any]:
    return [sent(entry.example[a.name]) if a.name in entry.example else MISSING for a in entry.arguments]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_example_equals_an_independent_value(python: Any, name: str) -> None:
    found = shown(python.CallUDF(MODULE, "answer", (name, False, *arguments(catalogue[name]))))
    expected = EXPECTED[name]
    if isinstance(expected, tuple) and not isinstance(expected[0], tuple):
        flat = [cell for row in found for cell in row]
        assert not differences(tuple(flat), expected, tolerance(name))
    else:
        assert not differences(found, expected, tolerance(name))


@pytest.mark.parametrize("cell", [MISSING, None, "text", True, 1e308, -1.0, ((None, hresult(2042)),), hresult(2029)])
@pytest.mark.parametrize("entry", catalogue.values(), ids=lambda e: e.name)
def test_only_plain_values_leave(python: Any, entry: Formula, cell: Any) -> None:
    answer = python.CallUDF(MODULE, "answer", (entry.name, False, *(cell for _ in entry.arguments)))
    flat: list[Any] = [answer]
    while any(isinstance(item, list) for item in flat):
        flat = [x for item in flat for x in (item if isinstance(item, list) else [item])]
    assert all(type(item) in (float, int, str, bool) for item in flat)
    assert all(math.isfinite(item) for item in flat if isinstance(item, float))


def price(python: Any, forward: Any, *, date_1904: bool = False) -> Any:
    return shown(python.CallUDF(MODULE, "answer", ("ALVH_PRICE", date_1904, "P", forward, 100.0, 0.0, 0.2, MISSING)))


def test_blank_zero_text_and_errors_are_kept_apart(python: Any) -> None:
    cells = ((90.0,), (None,), (0.0,), ("90",), (hresult(2007),), (hresult(2036),), (hresult(2042),), (True,))
    codes = [c.code if isinstance(c, CellError) else c for (c,) in price(python, cells)]
    assert codes == [10.0, "#N/A", "#NUM!", "#VALUE!", "#VALUE!", "#NUM!", "#N/A", "#VALUE!"]


def test_one_error_is_its_number_and_an_array_without_errors_is_plain(python: Any) -> None:
    raw = python.CallUDF(MODULE, "answer", ("ALVH_PRICE", False, "P", -1.0, 100.0, 0.0, 0.2))
    assert raw == "\x012036"
    assert python.CallUDF(MODULE, "answer", ("ALVH_PRICE", False, "P", ((90.0,), (95.0,)), 100.0, 0.0, 0.2)) == [
        [10.0],
        [5.0],
    ]


def test_whole_numbers_of_vba_code_are_numbers(python: Any) -> None:
    assert price(python, 90) == 10.0


def test_dates_follow_the_books_system(python: Any) -> None:
    """2026-03-20: serial 46101, and 1,462 days less in a book that counts from 1904."""
    for date_1904, serial in ((False, 46101.0), (True, 46101.0 - 1462.0)):
        assert python.CallUDF(MODULE, "answer", ("ALVH_SPX_EXPIRY", date_1904, 2026.0, 3.0)) == serial


def test_explain_takes_a_formula_and_the_values_of_its_references(python: Any) -> None:
    formula = '=ALVH_PRICE("P",B2,strike,B2*0,0.2)'
    assert python.CallUDF(MODULE, "references", (formula,)) == "B2\nstrike"
    told = python.CallUDF(MODULE, "explain", (formula, False, 100.0, -5.0))
    assert told.startswith("#NUM! ALVH_PRICE: strike is -5 (from strike)")
    assert python.CallUDF(MODULE, "references", ("5",)) == "\x012015"


def test_a_fault_of_ours_is_not_available(python: Any) -> None:
    assert python.CallUDF(MODULE, "explain", ("=A1", False)) == "\x012042"  # a value too few


def test_ten_thousand_calls() -> None:
    start = time.perf_counter()
    answers = [server.answer("ALVH_PRICE", False, "P", 90.0, 100.0, 0.0, 0.2) for _ in range(10_000)]
    assert time.perf_counter() - start < 60
    assert all(answer == [[10.0]] for answer in answers)


def test_a_hundred_thousand_rows(python: Any) -> None:
    start = time.perf_counter()
    answer = python.CallUDF(MODULE, "answer", ("ALVH_PRICE", False, "P", ((90.0,),) * 100_000, 100.0, 0.0, 0.2))
    assert time.perf_counter() - start < 60
    assert answer == [[10.0]] * 100_000


def test_a_call_that_hangs_ends_the_process() -> None:
    """Excel then gets error 0x800706BA, shows #N/A and starts another."""
    code = f"from {MODULE} import guarded; import {MODULE} as s, time; s.LIMIT = 0.5; guarded(lambda: time.sleep(60))"
    start = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, timeout=30)
    assert done.returncode == 1
    assert time.monotonic() - start < 60
