"""Questions and answers of the helper, as JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from xlalvh.formulas import registry
from xlalvh.hosts.calc.answers import answer


def ask(*question: Any) -> Any:
    return json.loads(answer(json.dumps(question)))


def test_a_call() -> None:
    # An option at expiry is worth its intrinsic value.
    assert ask("ALVH_PRICE", ["C", 110.0, 100.0, 0.0, 0.2], False) == 10.0


def test_a_bad_element_spoils_itself_only() -> None:
    rows = ask("ALVH_PRICE", ["C", 110.0, [[100.0], [-1.0], ["x"], [""], [105.0]], 0.0, 0.2], False)
    assert rows == [[10.0], [{"error": "#NUM!"}], [{"error": "#VALUE!"}], [{"error": "#N/A"}], [5.0]]


def test_void_arguments_are_omitted() -> None:
    assert ask("ALVH_PRICE", ["C", 110.0, 100.0, 0.0, 0.2, None], False) == 10.0
    assert ask("ALVH_PRICE", ["C", 110.0, None, 0.0, 0.2], False) == {"error": "#N/A"}


def test_error_cells_go_through() -> None:
    assert ask("ALVH_PRICE", ["C", {"error": "#N/A"}, 100.0, 0.0, 0.2], False) == {"error": "#N/A"}


def test_a_cell_is_looked_into() -> None:
    formula = "=ALVH_PRICE(A1,110,100,0,vol)"
    assert ask(formula) == ["A1", "vol"]
    cell = {"formula": formula, "values": [["A1", "Q"], ["vol", 0.2]]}
    assert ask("ALVH_EXPLAIN", [cell], False).startswith("#VALUE! ALVH_PRICE: right is 'Q' (from A1)")
    cell["values"] = [["A1", {"error": "#DIV/0!"}], ["vol", 0.2]]
    assert "look at A1 first" in ask("ALVH_EXPLAIN", [cell], False)


@pytest.mark.parametrize(
    ("result", "answered"),
    [((1.0, None, "a"), [[1.0, "", "a"]]), (((1.0,), (None,)), [[1.0], [""]]), (None, ""), (True, True)],
)
def test_flat_arrays_are_one_row_and_blanks_empty_text(
    result: Any, answered: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "call", lambda *args, **options: result)
    assert ask("ALVH_ANY", [], False) == answered


def test_a_fault_of_our_own_is_not_available(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*args: Any, **options: Any) -> None:
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr(registry, "call", fail)
    assert ask("ALVH_PRICE", [], False) == {"error": "#N/A"}
    assert "a fault" in capsys.readouterr().err
