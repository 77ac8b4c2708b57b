"""Every formula through xlwings' own entry point, over HTTPS."""

from __future__ import annotations

import json
from typing import Any

import anyio
import numpy as np
import pytest

from tests.formulas.expected import EXPECTED, differences, tolerance
from tests.hosts.server.conftest import Served
from xlalvh.formulas import CellError, catalogue
from xlalvh.formulas.cells import Cell, grid
from xlalvh.hosts.declared import argument_help
from xlalvh.hosts.server import functions
from xlalvh.hosts.server.worker import Asked

CODES = {"Value": "#VALUE!", "Num": "#NUM!", "NotAvailable": "#N/A"}


def sent(value: Any) -> Any:
    """A value as Excel sends it: every argument is rows of cells, one left out is null."""
    return None if value is None else grid(value, "x").rows()


def shown(result: list[list[Any]]) -> Any:
    """What the cells show, errors as `CellError`; one cell is its value."""
    rows = tuple(
        tuple(CellError(CODES[cell["errorType"]], "") if isinstance(cell, dict) else cell for cell in row)
        for row in result
    )
    return rows[0][0] if len(rows) == len(rows[0]) == 1 else rows


def example(name: str) -> dict[str, Any]:
    """The call of a formula's example."""
    entry = catalogue[name]
    given = [entry.example.get(argument.name) for argument in entry.arguments]
    cells = [value for value in given if isinstance(value, Cell)]
    body: dict[str, Any] = {"func_name": name, "args": [sent(0 if isinstance(v, Cell) else v) for v in given]}
    if cells:
        body["cell"] = {"formula": cells[0].formula, "values": {}}
    return json.loads(json.dumps(body, default=np.generic.item))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_example_equals_an_independent_value(served: Served, name: str) -> None:
    status, answer = served.post("/call", example(name))
    assert status == 200
    found, expected = shown(answer["result"]), EXPECTED[name]
    if isinstance(expected, tuple) and not isinstance(expected[0], tuple):
        found = tuple(cell for row in found for cell in row)
    assert not differences(found, expected, tolerance(name))


def test_no_formula_is_left_out() -> None:
    assert catalogue.keys() - EXPECTED.keys() == {"ALVH_EXPLAIN"}  # has a test of its own, below


@pytest.mark.parametrize("name", catalogue)
def test_metadata_is_the_catalogue(served: Served, name: str) -> None:
    status, body, headers = served.get("/functions.json", Origin="https://excel.officeapps.live.com")
    assert status == 200
    assert headers["Access-Control-Allow-Origin"] == "*"
    found = {entry["id"]: entry for entry in json.loads(body)["functions"]}
    assert found.keys() == catalogue.keys()
    entry = catalogue[name]
    assert (found[name]["name"], found[name]["description"]) == (name, entry.help)
    assert [(p["name"], p["description"], p.get("optional", False)) for p in found[name]["parameters"]] == [
        (a.name, argument_help(a), a.optional) for a in entry.arguments
    ]
    assert "volatile" not in found[name]["options"]


ERROR = {"type": "Error", "basicType": "Error", "basicValue": "#NUM!", "errorType": "Num"}


def test_blank_zero_text_and_errors_are_kept_apart(served: Served) -> None:
    cells = [[90], [""], [None], [0], ["90"], [ERROR], [ERROR | {"basicValue": "#DIV/0!"}], [True]]
    found = shown(served.call("ALVH_PRICE", [["P"]], cells, [[100]], [[0]], [[0.2]]))
    assert [c.code if isinstance(c, CellError) else c for (c,) in found] == [
        10.0, "#N/A", "#N/A", "#NUM!", "#VALUE!", "#NUM!", "#VALUE!", "#VALUE!",
    ]  # fmt: skip


def test_a_row_with_a_column_makes_a_grid(served: Served) -> None:
    found = served.call("ALVH_PRICE", [["P"]], [[80], [90]], [[95, 100, 110]], [[0]], [[0.2]], None)
    assert found == [[15.0, 20.0, 30.0], [5.0, 10.0, 20.0]]


def test_one_blank_cell_leaves_an_optional_argument_out(served: Served) -> None:
    full = served.call("ALVH_PRICE", [["P"]], [[90]], [[100]], [[0.5]], [[0.2]])
    assert served.call("ALVH_PRICE", [["P"]], [[90]], [[100]], [[0.5]], [[0.2]], [[""]]) == full
    assert served.call("ALVH_PRICE", [["P"]], [[90]], [[100]], [[0.5]], [[0.2]], None) == full


@pytest.mark.parametrize(("date_1904", "serial"), [(False, 46101.0), (True, 46101.0 - 1462.0)])
def test_dates_follow_the_books_system(served: Served, date_1904: bool, serial: float) -> None:
    """2026-03-20 in either system."""
    assert served.call("ALVH_SPX_EXPIRY", [[2026]], [[3]], date_1904=date_1904) == [[serial]]


def test_explain_takes_a_formula_and_the_values_of_its_references(served: Served) -> None:
    formula = '=ALVH_PRICE("P",B2,strike,B2*0,0.2)'
    assert served.post("/references", {"formula": formula}) == (200, {"references": ["B2", "strike"]})
    cell = {"formula": formula, "values": {"B2": [[100]], "strike": [[-5]]}}
    assert "ALVH_PRICE: strike is -5 (from strike)" in served.call("ALVH_EXPLAIN", [[0]], cell=cell)[0][0]
    assert shown(served.call("ALVH_EXPLAIN", [[0]])).code == "#VALUE!"


@pytest.mark.parametrize("cell", [None, "", "text", True, 1e308, -1, ERROR, float("nan"), float("inf"), 10**400])
def test_only_plain_values_leave(served: Served, cell: Any) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    for entry in catalogue.values():
        for cells in (cell if cell is None else [[cell]], [[cell, 1.0]]):
            status, answer = served.post("/call", {"func_name": entry.name, "args": [cells for _ in entry.arguments]})
            assert status == 200, (entry.name, answer)
            json.loads(json.dumps(answer), parse_constant=refuse)
            flat = [value for row in answer["result"] for value in row]
            assert all(isinstance(v, (float, str, bool)) or v["errorType"] in CODES for v in flat)


def test_a_call_that_takes_too_long_is_ended_and_the_next_works(monkeypatch: pytest.MonkeyPatch) -> None:
    async def calls() -> Any:
        quick = ("P", 90.0, 100.0, 0.0, 0.2)
        await functions.evaluate("ALVH_PRICE", quick, Asked())
        monkeypatch.setattr(functions, "LIMIT", 0.05)
        with pytest.raises(TimeoutError):
            await functions.evaluate("ALVH_PRICE", ("P", [[90.0]] * 100_000, 100.0, 0.0, 0.2), Asked())
        monkeypatch.undo()
        return await functions.evaluate("ALVH_PRICE", quick, Asked())

    assert anyio.run(calls) == [[10.0]]
