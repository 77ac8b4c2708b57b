"""The add-in's JavaScript, executed by Node.js against the running server; `excel.mjs` stands for Excel."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import missing
from tests.formulas.expected import EXPECTED, differences, tolerance
from tests.hosts.server.conftest import Served
from tests.hosts.server.test_functions import example
from xlalvh.formulas import CellError, catalogue

GONE = '=ALVH_PRICE("P",gone!A1,100,1,0.2)'
DRIVER = Path(__file__).with_name("excel.mjs")


def page(served: Served, **given: Any) -> dict[str, Any]:
    """What the page does, given a token, calls, cells."""
    node = shutil.which("node")
    if node is None:
        missing("there is no Node.js to run the add-in's page")
    given = {"address": f"https://localhost:{served.port}", "token": served.token} | given
    done = subprocess.run(
        [str(node), str(DRIVER)],
        input=json.dumps(given), capture_output=True, text=True, check=True, timeout=120,
        env=os.environ | {"NODE_EXTRA_CA_CERTS": str(served.home / "serve" / "certificate.pem")},
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def price(*forward: Any) -> dict[str, Any]:
    return {"name": "ALVH_PRICE", "args": [[["P"]], [[cell] for cell in forward], [[100]], [[0]], [[0.2]], None]}


def test_every_formula_gives_its_value(served: Served) -> None:
    names = sorted(EXPECTED)
    calls = [{"name": name, "args": example(name)["args"]} for name in names]
    done = page(served, calls=calls)
    assert done["names"] == list(catalogue)
    for name, rows in zip(names, done["results"], strict=True):
        found = tuple(
            tuple(CellError(cell["error"], "") if isinstance(cell, dict) else cell for cell in row) for row in rows
        )
        flat = tuple(cell for row in found for cell in row)
        expected = EXPECTED[name] if isinstance(EXPECTED[name], tuple) else (EXPECTED[name],)
        assert not differences(found if isinstance(expected[0], tuple) else flat, expected, tolerance(name)), name


def test_failures_are_excels_errors(served: Served) -> None:
    (found,) = page(served, calls=[price(90, -1, "", "text")])["results"]
    assert [cell["error"] if isinstance(cell, dict) else cell for (cell,) in found] == [10, "#NUM!", "#N/A", "#VALUE!"]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"token": None}, "enter the server's token"),
        ({"token": "wrong"}, "the token is wrong"),
        ({"fetchFrom": "https://localhost:9"}, "the server does not answer; start it with xlalvh serve"),
    ],
)
def test_a_call_that_fails_is_not_available_and_says_why(served: Served, given: dict[str, Any], reason: str) -> None:
    (found,) = page(served, calls=[price(90)], **given)["results"]
    assert found["error"] == "#N/A"
    assert reason in found["message"]


def test_five_hundred_cells_at_once(served: Served) -> None:
    assert page(served, calls=[price(90)] * 500)["results"] == [[[10]]] * 500


@pytest.mark.parametrize(("date1904", "serial"), [(False, 46101), (True, 46101 - 1462)])
def test_dates_follow_the_books_system(served: Served, date1904: bool, serial: int) -> None:
    call = {"name": "ALVH_SPX_EXPIRY", "args": [[[2026]], [[3]]]}
    assert page(served, calls=[call], date1904=date1904)["results"] == [[[serial]]]


def test_explain_reads_the_cell_and_its_references(served: Served) -> None:
    formula = "=ALVH_PRICE(\"P\",'My sheet'!$B$2,strike,D1,0.2)"
    sheets = {
        "Sheet1": {"A1": {"formula": formula}, "A2": {"formula": GONE}, "D1": {"values": [[1]]}},
        "My sheet": {"B2": {"values": [[100]]}, "C3": {"values": [[-5]]}},
    }  # fmt: skip
    calls = [{"name": "ALVH_EXPLAIN", "args": [[["#NUM!"]]], "address": f"Sheet1!{cell}"} for cell in ("A1", "A2")]
    first, second = page(served, calls=calls, sheets=sheets, names={"strike": ["My sheet", "C3"]})["results"]
    assert "ALVH_PRICE: strike is -5 (from strike)" in first[0][0]
    assert "gone!A1" in second[0][0]


def test_the_pane_tries_the_token_and_calculates(served: Served) -> None:
    wrong = page(served, token=None, form="wrong")
    assert (wrong["calculated"], "the token is wrong" in wrong["told"]) == (0, True)
    right = page(served, token=None, form=f" {served.token} ")
    assert (right["calculated"], right["told"].startswith("Connected: xlalvh ")) == (1, True)
