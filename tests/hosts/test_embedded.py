"""The embedded engine on a small book made here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from xlalvh.formulas import alvh_price
from xlalvh.hosts.embedded import evaluate

FORMULAS = {
    "B1": '=ALVH_PRICE("C",100,A1,1,0.2)',
    "B2": '=ALVH_PRICE("C",100,A2,1,0.2)',
    "B3": '=ALVH_PRICE("C",100,A3,1,0.2)',
    "B4": '=ALVH_PRICE("C",100,A9,1,0.2)',
    "B5": '=IFERROR(B2,"caught")',
    "B6": "=ISNUMBER(B2)",
    "B7": "=ALVH_EXPLAIN(B2)",
    "B8": "=ALVH_EXPLAIN(B1)",
    "B9": '=ALVH_VEGA("C",100,B2,1,0.2)',
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path: Path = tmp_path_factory.mktemp("embedded") / "book.xlsx"
    with xlsxwriter.Workbook(path) as file:
        sheet = file.add_worksheet("Sums")
        sheet.write("A1", 95.0)
        sheet.write("A2", -95.0)
        sheet.write("A3", "ninety-five")
        for cell, text in FORMULAS.items():
            sheet.write_formula(cell, text)
        sheet.write_dynamic_array_formula("D1:D3", '=ALVH_PRICE("C",100,A1:A3,1,0.2)')
    wanted = [("Sums", cell) for cell in (*FORMULAS, "D1", "D2", "D3")]
    return {cell: value for (_, cell), value in evaluate(path, wanted).items()}


def test_a_price_is_pythons(found: dict[str, Any]) -> None:
    assert found["B1"] == pytest.approx(alvh_price("C", 100.0, 95.0, 1.0, 0.2), rel=1e-14)


@pytest.mark.parametrize(("cell", "code"), [("B2", "#NUM!"), ("B3", "#VALUE!"), ("B4", "#N/A"), ("B9", "#NUM!")])
def test_failures_are_errors(found: dict[str, Any], cell: str, code: str) -> None:
    assert found[cell] == code


def test_errors_are_seen_by_ordinary_functions(found: dict[str, Any]) -> None:
    assert found["B5"] == "caught"
    assert found["B6"] is False


def test_a_bad_element_spoils_itself_only(found: dict[str, Any]) -> None:
    assert [found["D1"], found["D2"], found["D3"]] == [found["B1"], "#NUM!", "#VALUE!"]


def test_explain_says_why(found: dict[str, Any]) -> None:
    assert found["B7"].startswith("#NUM! ALVH_PRICE: strike is -95; it must be above 0")
    assert found["B8"] == "no failure"
