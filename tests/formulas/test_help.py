"""The Help group."""

from __future__ import annotations

import sys

import numpy as np

import xlalvh
from xlalvh.formulas import CellError, alvh_explain, alvh_version, catalogue
from xlalvh.formulas.cells import Cell


def test_explain_takes_the_cell_that_a_host_hands_over() -> None:
    cell = Cell('=ALVH_PRICE("P",A1,4000,0.1,0.2)', {"A1": "x"}.__getitem__)
    assert alvh_explain(cell).startswith("#VALUE! ALVH_PRICE: forward is 'x' (from A1)")


def test_explain_of_a_value_says_what_to_give() -> None:
    error = alvh_explain(4200.0)
    assert isinstance(error, CellError)
    assert error.code == "#VALUE!"
    assert "give one cell as a reference" in error.message


def test_the_example_explains_a_failure() -> None:
    assert "strike is -5" in alvh_explain(**catalogue["ALVH_EXPLAIN"].example)


def test_version_names_what_runs() -> None:
    words = alvh_version()
    assert words.startswith(f"xlalvh {xlalvh.__version__}, Python {sys.version_info[0]}.{sys.version_info[1]}.")
    assert f"NumPy {np.__version__}" in words
