"""The stock way: xlwings' own generator, converters and ``call_udf`` on `xlalvh.udfs`."""

from __future__ import annotations

import io
import re
from typing import Any
from unittest.mock import MagicMock

import pytest

from tests.formulas.expected import EXPECTED, differences, tolerance
from tests.hosts.excel import com
from tests.hosts.excel.test_server import arguments
from xlalvh.formulas import CellError, catalogue
from xlalvh.formulas.registry import HELP_LIMIT

MODULE = "xlalvh.udfs"


@pytest.fixture(scope="module")
def python() -> Any:
    with com.stand_ins(is_range=lambda value: isinstance(value, com.FakeRange)) as found:
        yield found


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_example_from_ranges(python: Any, name: str) -> None:
    """Values and areas arrive as ranges, as stock wrappers send them."""
    given = [a if a == com.MISSING else com.fake_range(a) for a in arguments(catalogue[name])]
    answer = python.CallUDF(MODULE, name, tuple(given))
    rows = answer if isinstance(answer, list) and isinstance(answer[0], list) else [answer]
    flat = [cell for row in rows for cell in (row if isinstance(row, list) else [row])]
    expected = EXPECTED[name]
    wanted = (
        [c for row in expected for c in (row if isinstance(row, tuple) else (row,))]
        if isinstance(expected, tuple)
        else [expected]
    )
    wanted = [c.code if isinstance(c, CellError) else c for c in wanted]
    assert not differences(tuple(flat), tuple(wanted), tolerance(name))


def test_errors_show_as_text(python: Any) -> None:
    cells = com.fake_range(((90.0,), (None,), (com.hresult(2036),)))
    assert python.CallUDF(MODULE, "ALVH_PRICE", ("P", cells, 100.0, 0.0, 0.2, com.MISSING)) == [
        [10.0],
        ["#N/A"],
        ["#NUM!"],
    ]


def test_explain_looks_into_the_cell(python: Any) -> None:
    cell = com.fake_range(None, '=ALVH_PRICE("P",B2,100,0,0.2)', {"B2": -5.0})
    assert "forward is -5 (from B2)" in python.CallUDF(MODULE, "ALVH_EXPLAIN", (cell,))


def test_xlwings_writes_a_wrapper_and_help_for_every_formula(python: Any) -> None:
    from xlwings import udfs

    import xlalvh.udfs

    out = io.StringIO()
    book = MagicMock()
    book.Name = "book.xlsm"
    udfs.generate_vba_wrapper(MODULE, xlalvh.udfs, out, book)
    signatures = dict(re.findall(r"^Function (\w+)\((.*)\)$", out.getvalue(), re.M))
    assert signatures == {
        entry.name: ", ".join(("Optional " if a.optional else "") + a.name for a in entry.arguments)
        for entry in catalogue.values()
    }
    for entry in catalogue.values():
        info = getattr(xlalvh.udfs, entry.name).__xlfunc__
        assert info["ret"]["doc"] == entry.help
        assert info["category"] == f"ALVH {entry.category}"
        assert all(0 < len(argument["doc"]) <= HELP_LIMIT for argument in info["args"])
